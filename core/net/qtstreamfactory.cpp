// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/qtstreamfactory.h"

#include "core/net/hostname.h"
#include "core/net/qtstream.h"
#include "core/net/trust.h"

#include <QCoreApplication>
#include <QSslConfiguration>

namespace kittiwake::net
{

QtStreamFactory::QtStreamFactory(Clock &clock) : m_clock(clock) { }

Result<QSslConfiguration> QtStreamFactory::configuration(const TlsPolicy &policy)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!policy.caFile.isEmpty()) {
        const Result<QList<QSslCertificate>> trusted = readCaFile(policy.caFile);
        if (!trusted)
            return failure(trusted.error());
        // Naming certificates switches off the loading of the system's on demand, so these are named too.
        if (!m_systemCertificates)
            m_systemCertificates = QSslConfiguration::systemCaCertificates();
        configuration.setCaCertificates(*m_systemCertificates + *trusted);
    }
    return configuration;
}

async::Task<Result<std::unique_ptr<ByteStream>>> QtStreamFactory::connect(Endpoint endpoint, TlsMode mode,
                                                                          TlsPolicy policy)
{
    Result<HostName> host = HostName::parse(endpoint.host);
    if (!host)
        co_return failure(host.error());
    if (endpoint.port == 0) {
        co_return failure(ErrorKind::Input, endpoint.text(),
                          QCoreApplication::translate("core", "The port of %1 is missing; give one from 1 to 65535.")
                              .arg(endpoint.host));
    }
    const Result<QSslConfiguration> tls = configuration(policy);
    if (!tls)
        co_return failure(tls.error());
    auto stream = std::make_unique<QtStream>(m_clock, endpoint, std::move(*host), *tls);
    const Result<void> opened = co_await stream->open(mode);
    if (!opened)
        co_return failure(opened.error());
    co_return std::unique_ptr<ByteStream>(std::move(stream));
}

} // namespace kittiwake::net
