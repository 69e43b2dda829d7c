// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/extensions.h"

namespace kittiwake::smtp
{

namespace
{

constexpr qsizetype mostMechanisms = 50;

bool isKeyword(const QByteArray &word)
{
    if (word.isEmpty() || word.size() > 64)
        return false;
    for (const char c : word) {
        const bool known = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!known)
            return false;
    }
    return true;
}

void addMechanisms(Extensions &result, const QByteArrayList &words)
{
    for (const QByteArray &word : words) {
        if (isKeyword(word) && !result.authMechanisms.contains(word) && result.authMechanisms.size() < mostMechanisms)
            result.authMechanisms.append(word);
    }
}

} // namespace

Extensions Extensions::fromHello(const Reply &reply)
{
    Extensions result;
    for (qsizetype i = 1; i < reply.lines.size(); ++i) {
        QByteArray line = reply.lines[i].toUpper().simplified();
        // "AUTH=LOGIN PLAIN": what servers said before there was a standard; old ones say only that.
        if (line.startsWith("AUTH="))
            line[4] = ' ';
        QByteArrayList words = line.split(' ');
        const QByteArray keyword = words.takeFirst();
        if (!isKeyword(keyword))
            continue;
        result.keywords.append(keyword);
        if (keyword == "STARTTLS") {
            result.startTls = true;
        } else if (keyword == "PIPELINING") {
            result.pipelining = true;
        } else if (keyword == "8BITMIME") {
            result.eightBitMime = true;
        } else if (keyword == "SMTPUTF8") {
            result.smtpUtf8 = true;
        } else if (keyword == "DSN") {
            result.dsn = true;
        } else if (keyword == "CHUNKING") {
            result.chunking = true;
        } else if (keyword == "ENHANCEDSTATUSCODES") {
            result.enhancedStatusCodes = true;
        } else if (keyword == "SIZE") {
            result.sizeKnown = true;
            bool ok = false;
            const qulonglong limit = words.value(0).toULongLong(&ok);
            if (ok && limit > 0) // 0: there is no fixed limit (RFC 1870 section 4)
                result.largestMessage = limit;
        } else if (keyword == "AUTH") {
            addMechanisms(result, words);
        }
    }
    return result;
}

} // namespace kittiwake::smtp
