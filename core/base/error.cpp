// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

namespace kittiwake
{

QString errorKindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Network:
        return QStringLiteral("network");
    case ErrorKind::Tls:
        return QStringLiteral("tls");
    case ErrorKind::Auth:
        return QStringLiteral("auth");
    case ErrorKind::Protocol:
        return QStringLiteral("protocol");
    case ErrorKind::ServerRefused:
        return QStringLiteral("refused");
    case ErrorKind::Storage:
        return QStringLiteral("storage");
    case ErrorKind::Cancelled:
        return QStringLiteral("cancelled");
    case ErrorKind::Input:
        return QStringLiteral("input");
    }
    return QStringLiteral("unknown");
}

QDebug operator<<(QDebug debug, const Error &error)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << errorKindName(error.kind) << " at " << error.where << ": " << error.userText << " ["
                              << error.detail << ']';
    return debug;
}

} // namespace kittiwake
