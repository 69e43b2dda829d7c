// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/net/bytestream.h"
#include "core/net/hostname.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QSslCertificate>

#include <memory>

namespace kittiwake::remote
{

/**
 * Names and connections apart, so that the very address that was checked is the one that is connected to (DNS
 * rebinding: a second look-up could give another one). Engine thread.
 */
class AddressConnector
{
public:
    AddressConnector() = default;
    AddressConnector(const AddressConnector &) = delete;
    AddressConnector &operator=(const AddressConnector &) = delete;
    virtual ~AddressConnector() = default;

    /** Errors: Network. */
    virtual async::Task<Result<QList<QHostAddress>>> resolve(net::HostName host) = 0;
    /**
     * What the host may be connected at: its addresses, or none where one of them is not public. A public name that
     * also has a private address is a trick, or a network that nobody outside is to look into. Errors: Network.
     */
    async::Task<Result<QList<QHostAddress>>> publicAddresses(net::HostName host);
    /** TLS on the port for https of that address; the certificate must be for host. Errors: Network, Tls. */
    virtual async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(QHostAddress address, net::HostName host) = 0;
};

/** By the system's resolver and QSslSocket. The clock outlives it. */
class QtAddressConnector final : public AddressConnector
{
public:
    /** trusted: authorities instead of those that the system trusts. */
    explicit QtAddressConnector(Clock &clock, std::uint16_t port = 443, QList<QSslCertificate> trusted = {})
        : m_clock(clock), m_port(port), m_trusted(std::move(trusted))
    {
    }
    ~QtAddressConnector() override;

    async::Task<Result<QList<QHostAddress>>> resolve(net::HostName host) override;
    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(QHostAddress address, net::HostName host) override;

private:
    Clock &m_clock;
    std::uint16_t m_port;
    QList<QSslCertificate> m_trusted;
    QObject m_context; ///< look-ups answer to it
};

} // namespace kittiwake::remote
