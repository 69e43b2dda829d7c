// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/wirelines.h"

namespace kittiwake::mime
{

QByteArray withWireLines(const QByteArray &message)
{
    qsizetype missing = 0;
    for (qsizetype i = 0; i < message.size(); ++i) {
        const bool isLoneLf = message[i] == '\n' && (i == 0 || message[i - 1] != '\r');
        const bool isLoneCr = message[i] == '\r' && (i + 1 == message.size() || message[i + 1] != '\n');
        missing += isLoneLf || isLoneCr ? 1 : 0;
    }
    if (missing == 0)
        return message;
    QByteArray result;
    result.reserve(message.size() + missing);
    for (qsizetype i = 0; i < message.size(); ++i) {
        const char octet = message[i];
        if (octet == '\n' && (i == 0 || message[i - 1] != '\r'))
            result.append('\r');
        result.append(octet);
        if (octet == '\r' && (i + 1 == message.size() || message[i + 1] != '\n'))
            result.append('\n');
    }
    return result;
}

} // namespace kittiwake::mime
