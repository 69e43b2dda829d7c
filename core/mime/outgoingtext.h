// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gmime/gmime.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace kittiwake::mime
{

/** The end of a line in MIME (RFC 2045 section 2.1). */
inline constexpr QByteArrayView mimeLineEnd = "\r\n";

/** ASCII without NUL, in lines of at most 998 octets: what every server takes as it is (RFC 2045 section 2.7). */
[[nodiscard]] bool isSevenBit(QByteArrayView bytes);

/** A text on its way out: UTF-8, and the encoding that is the most readable of the short ones (RFC 2045 section 6). */
class OutgoingText
{
public:
    explicit OutgoingText(const QString &text);

    /** As the encoder wants them: with '\n' line ends, or CRLF for base64. */
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    [[nodiscard]] GMimeContentEncoding encoding() const { return m_encoding; }
    [[nodiscard]] bool isAscii() const { return m_isAscii; }

private:
    QByteArray m_bytes;
    GMimeContentEncoding m_encoding = GMIME_CONTENT_ENCODING_7BIT;
    bool m_isAscii = true;
};

} // namespace kittiwake::mime
