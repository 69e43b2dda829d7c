// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/address.h"

#include <algorithm>

namespace kittiwake::mail
{

namespace
{

/** Also what only looks blank: Braille blank (CVE-2022-1834), Hangul fillers. */
bool isInvisible(QChar character)
{
    switch (character.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        break;
    }
    switch (character.unicode()) {
    case 0x115f:
    case 0x1160:
    case 0x2800:
    case 0x3164:
    case 0xffa0:
        return true;
    default:
        return false;
    }
}

} // namespace

bool Address::isValid() const
{
    const qsizetype at = address.lastIndexOf(QLatin1Char('@'));
    if (at <= 0 || at == address.size() - 1 || address.size() > 320)
        return false;
    return std::none_of(address.begin(), address.end(), isInvisible)
        && std::none_of(address.begin(), address.end(),
                        [](QChar c) { return c == u'<' || c == u'>' || c == u',' || c == u';'; });
}

} // namespace kittiwake::mail
