// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/content.h"

namespace kittiwake::smtp
{

QByteArray ContentEncoder::encode(const QByteArray &bytes)
{
    QByteArray result;
    result.reserve(bytes.size() + bytes.size() / 32 + 4);
    qsizetype begin = 0; // of what can be copied as it is
    const auto endLine = [&](qsizetype upTo) {
        result.append(bytes.constData() + begin, upTo - begin);
        result.append("\r\n");
        m_isLineStart = true;
        m_hasCarriageReturn = false;
    };
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (m_hasCarriageReturn) {
            // Nothing was copied since: the line ends here, with this LF or without one.
            begin = i;
            endLine(i);
            if (c == '\n') {
                begin = i + 1;
                continue;
            }
        }
        if (c == '\r' || c == '\n') {
            if (c == '\n') {
                endLine(i);
            } else {
                result.append(bytes.constData() + begin, i - begin);
                m_hasCarriageReturn = true;
            }
            begin = i + 1;
            continue;
        }
        if (m_isLineStart && c == '.' && m_dots == Dots::Stuffed)
            result.append('.');
        m_isLineStart = false;
    }
    if (!m_hasCarriageReturn)
        result.append(bytes.constData() + begin, bytes.size() - begin);
    return result;
}

QByteArray ContentEncoder::finish()
{
    if (!m_hasCarriageReturn && m_isLineStart)
        return {};
    m_hasCarriageReturn = false;
    m_isLineStart = true;
    return QByteArrayLiteral("\r\n");
}

} // namespace kittiwake::smtp
