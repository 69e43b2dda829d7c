// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/net/bytestream.h"

#include <QSslCertificate>
#include <QSslConfiguration>

#include <optional>

namespace kittiwake::net
{

/**
 * Connections of the product: QSslSocket, TLS 1.2 or newer, the peer verified against the host name as typed. Lives in
 * the engine thread and needs its event loop; coroutines are resumed through the clock, and the clock's time limits the
 * connection (20 s until it is usable, 20 s for an upgrade by startTls()). The clock outlives the factory and its
 * streams; streams may outlive the factory. Proxies of the system are honoured, except for this computer itself.
 */
class QtStreamFactory final : public StreamFactory
{
public:
    explicit QtStreamFactory(Clock &clock);

    /**
     * Errors: Network (not found, refused, silent), Tls (certificate or handshake), Input (unusable host or port, CA
     * file missing or without a certificate).
     */
    async::Task<Result<std::unique_ptr<ByteStream>>> connect(Endpoint endpoint, TlsMode mode,
                                                             TlsPolicy policy) override;

private:
    [[nodiscard]] Result<QSslConfiguration> configuration(const TlsPolicy &policy);

    Clock &m_clock;
    std::optional<QList<QSslCertificate>> m_systemCertificates; ///< read once, when a policy names a file
};

} // namespace kittiwake::net
