// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/hostname.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QUrl>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace kittiwake::net
{

namespace
{

constexpr qsizetype longestName = 253; // RFC 1035 section 2.3.4, without the final dot
constexpr qsizetype longestLabel = 63;
constexpr qsizetype namesShown = 5;
constexpr qsizetype charactersShown = 64;

bool isHostCharacter(QChar c)
{
    // The underscore is in no host name by the book (RFC 952), and in some names of local networks all the same.
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-' || c == u'_';
}

bool isWireName(const QString &name)
{
    if (name.isEmpty() || name.size() > longestName)
        return false;
    const QStringList labels = name.split(u'.');
    return std::all_of(labels.cbegin(), labels.cend(), [](const QString &label) {
        return !label.isEmpty() && label.size() <= longestLabel
            && std::all_of(label.cbegin(), label.cend(), isHostCharacter);
    });
}

struct FreeX509 {
    void operator()(X509 *certificate) const { X509_free(certificate); }
};

QString shown(const QString &name)
{
    QString clean;
    for (const QChar c : name.left(charactersShown))
        clean += c.isPrint() ? c : QChar(QChar::ReplacementCharacter);
    if (name.size() > charactersShown)
        clean += QChar(u'…');
    return clean;
}

} // namespace

Result<HostName> HostName::parse(const QString &typed)
{
    HostName host;
    QString text = typed.trimmed();
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.mid(1, text.size() - 2);
    if (const QHostAddress address(text); !address.isNull()) {
        host.m_wire = address.toString();
        host.m_isAddress = true;
        return host;
    }
    if (text.endsWith(u'.'))
        text.chop(1);
    // The bound comes first: IDN mapping of a hostile text is not linear everywhere.
    if (text.size() <= longestName) {
        host.m_wire = QString::fromLatin1(QUrl::toAce(text));
        if (host.m_wire.isEmpty())
            host.m_wire = text.toLower();
    }
    if (!isWireName(host.m_wire)) {
        return failure(ErrorKind::Input, shown(typed),
                       QCoreApplication::translate("core", "“%1” cannot be the name of a server; check its spelling.")
                           .arg(shown(typed)));
    }
    return host;
}

bool HostName::isLoopback() const
{
    if (m_isAddress)
        return QHostAddress(m_wire).isLoopback();
    // RFC 6761 section 6.3
    return m_wire == u"localhost" || m_wire.endsWith(u".localhost");
}

bool HostName::isNamedIn(const QSslCertificate &certificate) const
{
    const QByteArray der = certificate.toDer();
    const auto *bytes = reinterpret_cast<const unsigned char *>(der.constData());
    const std::unique_ptr<X509, FreeX509> x509(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
    if (!x509)
        return false;
    const QByteArray name = m_wire.toLatin1();
    if (m_isAddress)
        return X509_check_ip_asc(x509.get(), name.constData(), 0) == 1;
    return X509_check_host(x509.get(), name.constData(), static_cast<size_t>(name.size()),
                           X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr)
        == 1;
}

QStringList certificateNames(const QSslCertificate &certificate)
{
    QStringList all;
    const auto alternatives = certificate.subjectAlternativeNames();
    for (auto it = alternatives.cbegin(); it != alternatives.cend(); ++it) {
        if (it.key() == QSsl::DnsEntry || it.key() == QSsl::IpAddressEntry)
            all.append(it.value());
    }
    if (all.isEmpty())
        all = certificate.subjectInfo(QSslCertificate::CommonName);
    all.removeDuplicates();
    all.sort();
    QStringList names;
    for (const QString &name : all.first(std::min(all.size(), namesShown)))
        names.append(shown(name));
    if (all.size() > namesShown)
        names.append(QStringLiteral("…"));
    return names;
}

} // namespace kittiwake::net
