// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/bytestream.h"

#include <QCoreApplication>

namespace kittiwake::net
{

QString Endpoint::text() const
{
    // RFC 3986 section 3.2.2: an IPv6 address stands in brackets before a port.
    if (host.contains(u':') && !host.startsWith(u'['))
        return QStringLiteral("[%1]:%2").arg(host, QString::number(port));
    return QStringLiteral("%1:%2").arg(host, QString::number(port));
}

Result<void> ByteStream::startDeflateAfter(const QByteArray &received)
{
    if (received.isEmpty())
        return startDeflate();
    return failure(ErrorKind::Protocol, QStringLiteral("COMPRESS"),
                   QCoreApplication::translate("core", "The server sent data when it should have waited."),
                   QStringLiteral("%1 bytes behind the answer to COMPRESS").arg(received.size()));
}

} // namespace kittiwake::net
