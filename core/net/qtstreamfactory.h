// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/net/addressrace.h"
#include "core/net/bytestream.h"

#include <QSet>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <functional>
#include <optional>

namespace kittiwake::net
{

/**
 * Connections of the product: QSslSocket, TLS 1.2 or newer, the peer verified against the host name as typed. Lives in
 * the engine thread and needs its event loop; coroutines are resumed through the clock, and the clock's time limits the
 * connection (20 s until it is usable, 20 s for an upgrade by startTls()). Of a host with several addresses the first
 * one that answers is used (AddressRace). The clock outlives the factory and its
 * streams; streams may outlive the factory. Proxies of the system are honoured, except for this computer itself.
 */
class QtStreamFactory final : public StreamFactory
{
public:
    using Certificates = std::function<QList<QSslCertificate>()>;

    /**
     * systemCertificates: what this computer trusts, read when a policy names a file that is not enough. lookup: where
     * the addresses of names come from.
     */
    explicit QtStreamFactory(Clock &clock, Certificates systemCertificates = &QSslConfiguration::systemCaCertificates,
                             AddressRace::Lookup lookup = AddressRace::systemLookup());

    /**
     * Errors: Network (not found, refused, silent), Tls (certificate or handshake), Input (unusable host or port, CA
     * file missing or without a certificate).
     */
    async::Task<Result<std::unique_ptr<ByteStream>>> connect(Endpoint endpoint, TlsMode mode,
                                                             TlsPolicy policy) override;

private:
    /**
     * Reading the system's certificates takes Qt 90 ms of CPU (140 of them, November 2026). Where a policy names a file
     * it nearly always holds the server's authority, so that one is tried alone, and the system's as well only when it
     * was not enough.
     */
    enum class Trusted { FileOnly, FileAndSystem };
    [[nodiscard]] Result<QSslConfiguration> configuration(const TlsPolicy &policy, Trusted trusted);

    Clock &m_clock;
    Certificates m_readSystemCertificates;
    AddressRace::Lookup m_lookup;
    std::optional<QList<QSslCertificate>> m_systemCertificates; ///< read once
    QSet<QString> m_needSystemCertificates; ///< CA files without the authority of their server
};

} // namespace kittiwake::net
