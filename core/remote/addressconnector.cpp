// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/addressconnector.h"

#include "core/async/completion.h"
#include "core/net/qtstream.h"
#include "core/remote/addressrules.h"

#include <QCoreApplication>
#include <QHostInfo>

#include <algorithm>

namespace kittiwake::remote
{

async::Task<Result<QList<QHostAddress>>> AddressConnector::publicAddresses(net::HostName host)
{
    QList<QHostAddress> addresses;
    if (host.isAddress()) {
        addresses.append(QHostAddress(host.wire()));
    } else {
        const Result<QList<QHostAddress>> found = co_await resolve(host);
        if (!found)
            co_return failure(found.error());
        addresses = *found;
    }
    if (!std::all_of(addresses.begin(), addresses.end(), isPublicAddress))
        addresses.clear();
    co_return addresses;
}

QtAddressConnector::~QtAddressConnector() = default;

async::Task<Result<QList<QHostAddress>>> QtAddressConnector::resolve(net::HostName host)
{
    const async::Completion<QHostInfo> answer(m_clock);
    QHostInfo::lookupHost(host.wire(), &m_context, [answer](const QHostInfo &info) { answer.complete(info); });
    const QHostInfo info = co_await answer;
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
        co_return failure(
            ErrorKind::Network, host.wire(),
            QCoreApplication::translate("core", "The server %1 was not found; check the network.").arg(host.wire()),
            info.errorString());
    }
    co_return info.addresses();
}

async::Task<Result<std::unique_ptr<net::ByteStream>>> QtAddressConnector::connect(QHostAddress address,
                                                                                  net::HostName host)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!m_trusted.isEmpty())
        tls.setCaCertificates(m_trusted);
    // Nobody is to be recognised by the session of an earlier connection.
    tls.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    // The stream asks for no address: it is told the one that was checked. Where a proxy stands in front, that one
    // connects, and looks the name up by itself.
    const net::AddressRace::Lookup told
        = [address](const QString &, QObject *context, std::function<void(const QHostInfo &)> tell) {
              QHostInfo info;
              info.setAddresses({address});
              QMetaObject::invokeMethod(
                  context, [tell = std::move(tell), info] { tell(info); }, Qt::QueuedConnection);
          };
    auto stream = std::make_unique<net::QtStream>(m_clock, net::Endpoint{host.wire(), m_port}, host, tls, told);
    const Result<void> opened = co_await stream->open(net::TlsMode::Implicit);
    if (!opened)
        co_return failure(opened.error());
    co_return std::unique_ptr<net::ByteStream>(std::move(stream));
}

} // namespace kittiwake::remote
