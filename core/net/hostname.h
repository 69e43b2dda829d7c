// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSslCertificate>
#include <QString>
#include <QStringList>

namespace kittiwake::net
{

/** A server's name as a person typed it, in the form that name lookup, SNI and certificates use. */
class HostName
{
public:
    /**
     * Accepts names (IDN of any script, a final dot), IPv4 and IPv6 addresses (in brackets too). Errors: Input where no
     * server can be called so.
     */
    [[nodiscard]] static Result<HostName> parse(const QString &typed);

    /** ASCII, lower case: "xn--bcher-kva.example", "192.0.2.1", "2001:db8::1". */
    [[nodiscard]] const QString &wire() const { return m_wire; }
    [[nodiscard]] bool isAddress() const { return m_isAddress; }
    /** This computer itself, which no proxy stands in front of. */
    [[nodiscard]] bool isLoopback() const;
    /**
     * Whether the certificate is made out to this host: RFC 6125 section 6 as OpenSSL does it (the common name counts
     * only where there is no alternative name at all, a wildcard only as a whole first label).
     */
    [[nodiscard]] bool isNamedIn(const QSslCertificate &certificate) const;

private:
    QString m_wire;
    bool m_isAddress = false;
};

/**
 * The names a certificate is made out to, fit to be shown: without control characters, each elided to 64 characters,
 * five at most with an ellipsis for the rest.
 */
[[nodiscard]] QStringList certificateNames(const QSslCertificate &certificate);

} // namespace kittiwake::net
