// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/qtstreamfactory.h"

#include "core/net/hostname.h"
#include "core/net/qtstream.h"
#include "core/net/trust.h"

#include <QCoreApplication>
#include <QSslConfiguration>

namespace kittiwake::net
{

QtStreamFactory::QtStreamFactory(Clock &clock, Certificates systemCertificates, AddressRace::Lookup lookup)
    : m_clock(clock), m_readSystemCertificates(std::move(systemCertificates)), m_lookup(std::move(lookup))
{
}

Result<QSslConfiguration> QtStreamFactory::configuration(const TlsPolicy &policy, Trusted trusted)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!policy.caFile.isEmpty()) {
        const Result<QList<QSslCertificate>> named = readCaFile(policy.caFile);
        if (!named)
            return failure(named.error());
        QList<QSslCertificate> certificates = *named;
        // Naming certificates switches off the loading of the system's on demand, so these are named too.
        if (trusted == Trusted::FileAndSystem) {
            if (!m_systemCertificates)
                m_systemCertificates = m_readSystemCertificates();
            certificates = *m_systemCertificates + *named;
        }
        configuration.setCaCertificates(certificates);
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
    // A failed upgrade by STARTTLS cannot be repeated on the same connection, so there everything is named at once.
    bool fileFirst
        = !policy.caFile.isEmpty() && mode == TlsMode::Implicit && !m_needSystemCertificates.contains(policy.caFile);
    while (true) {
        const Result<QSslConfiguration> tls
            = configuration(policy, fileFirst ? Trusted::FileOnly : Trusted::FileAndSystem);
        if (!tls)
            co_return failure(tls.error());
        auto stream = std::make_unique<QtStream>(m_clock, endpoint, *host, *tls, m_lookup);
        const Result<void> opened = co_await stream->open(mode);
        if (opened)
            co_return std::unique_ptr<ByteStream>(std::move(stream));
        if (!fileFirst || !stream->issuerIsUnknown())
            co_return failure(opened.error());
        fileFirst = false;
        m_needSystemCertificates.insert(policy.caFile);
    }
}

} // namespace kittiwake::net
