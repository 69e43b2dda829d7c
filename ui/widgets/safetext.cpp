// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/safetext.h"

namespace kittiwake::ui
{

namespace
{

bool isBlank(QChar c)
{
    switch (c.unicode()) {
    case 0x115f: // Hangul Choseong filler
    case 0x1160: // Hangul Jungseong filler
    case 0x2800: // Braille blank
    case 0x3164: // Hangul filler
    case 0xffa0: // halfwidth Hangul filler
        return true;
    default:
        return c.isSpace();
    }
}

bool isDropped(QChar c)
{
    switch (c.unicode()) {
    case 0x00ad: // soft hyphen
    case 0x034f: // combining grapheme joiner
    case 0x180e: // Mongolian vowel separator
    case 0x200b: // zero width space; the joiners 200C and 200D belong to words and emoji
    case 0x2060: // word joiner
    case 0xfeff: // zero width no-break space
        return true;
    default:
        break;
    }
    const char16_t u = c.unicode();
    const bool bidi
        = u == 0x061c || u == 0x200e || u == 0x200f || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069);
    return bidi || c.category() == QChar::Other_Control;
}

} // namespace

QString oneLine(const QString &text, qsizetype limit)
{
    QString result;
    bool blank = false;
    for (const QChar c : text) {
        if (isBlank(c)) {
            blank = true;
            continue;
        }
        if (isDropped(c))
            continue;
        if (blank && !result.isEmpty())
            result += QLatin1Char(' ');
        blank = false;
        result += c;
        if (result.size() >= limit) {
            if (result.back().isHighSurrogate())
                result.chop(1);
            return result + QChar(0x2026);
        }
    }
    return result;
}

QString isolated(const QString &text, qsizetype limit)
{
    return QChar(0x2068) + oneLine(text, limit) + QChar(0x2069);
}

} // namespace kittiwake::ui
