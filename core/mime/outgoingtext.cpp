// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/outgoingtext.h"

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

constexpr qsizetype longestLine = 998; // RFC 5322 section 2.1.1

} // namespace

bool isSevenBit(QByteArrayView bytes)
{
    qsizetype line = 0;
    for (const char byte : bytes) {
        if (byte == '\n') {
            line = 0;
            continue;
        }
        if (static_cast<unsigned char>(byte) >= 0x80 || byte == '\0')
            return false;
        if (byte != '\r' && ++line > longestLine)
            return false;
    }
    return true;
}

OutgoingText::OutgoingText(const QString &text) : m_bytes(text.toUtf8())
{
    if (!m_bytes.endsWith('\n'))
        m_bytes += '\n';
    m_bytes.replace('\r', QByteArray());
    const auto costly
        = std::count_if(m_bytes.begin(), m_bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    m_isAscii = costly == 0;
    if (isSevenBit(m_bytes))
        return;
    // Somewhat longer than base64, but a person can read it.
    if (costly <= m_bytes.size() / 3) {
        m_encoding = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
        return;
    }
    m_encoding = GMIME_CONTENT_ENCODING_BASE64;
    m_bytes.replace('\n', mimeLineEnd.toByteArray());
}

} // namespace kittiwake::mime
