// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace kittiwake::smtp
{

/**
 * A message, piece by piece, as it travels. Every line ends in CRLF, whatever it ended in before: a server that takes a
 * bare LF for the end of a line would take what follows a lonely dot for commands (SMTP smuggling, CVE-2023-51764).
 * With dots set, lines that begin with one get another (RFC 5321 section 4.5.2).
 */
class ContentEncoder
{
public:
    enum class Dots { Stuffed, Plain };

    explicit ContentEncoder(Dots dots) : m_dots(dots) { }

    [[nodiscard]] QByteArray encode(const QByteArray &bytes);
    /** What makes the last line complete: a message that is empty or ends in CRLF needs nothing. */
    [[nodiscard]] QByteArray finish();

private:
    Dots m_dots;
    bool m_isLineStart = true;
    bool m_hasCarriageReturn = false; ///< came last and is not written yet
};

} // namespace kittiwake::smtp
