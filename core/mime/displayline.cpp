// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headers.h"

#include <QChar>

namespace kittiwake::mime
{

namespace
{

enum class Kind {
    Visible,
    Blank, ///< becomes a space
    Vanishing, ///< becomes nothing
    Joiner, ///< U+200C, U+200D: needed by Persian, Indic scripts and emoji, a hiding place everywhere else
    Selector, ///< chooses the look of the character before it
    Mark, ///< drawn on the character before it
    Invalid, ///< becomes U+FFFD
};

/// More marks than any language stacks would paint over the neighbouring lines.
constexpr int maxMarks = 6;

bool isInvisibleLetter(char32_t c)
{
    switch (c) {
    case 0x115F: // Hangul fillers
    case 0x1160:
    case 0x3164:
    case 0xFFA0:
    case 0x200B: // zero-width space
    case 0x2060: // word joiner
    case 0x2061: // invisible operators
    case 0x2062:
    case 0x2063:
    case 0x2064:
    case 0x2800: // Braille blank, CVE-2022-1834
    case 0xFEFF: // byte order mark, once a zero-width space
    case 0x1D159: // null note head
        return true;
    default:
        return false;
    }
}

/// Of category Cf, yet drawn: Arabic and Kaithi number signs and their like.
bool isVisibleFormat(char32_t c)
{
    return (c >= 0x0600 && c <= 0x0605) || c == 0x06DD || c == 0x070F || c == 0x0890 || c == 0x0891 || c == 0x08E2
        || c == 0x110BD || c == 0x110CD;
}

Kind kindOf(char32_t c)
{
    if (c > 0x20 && c < 0x7F)
        return Kind::Visible;
    if (c <= 0xA0)
        return Kind::Blank;
    if (c < 0x300)
        return c == 0xAD ? Kind::Vanishing : Kind::Visible;
    if (c == 0x200C || c == 0x200D)
        return Kind::Joiner;
    if ((c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF))
        return Kind::Selector;
    if (isInvisibleLetter(c))
        return Kind::Blank;
    if (c == 0x034F || c == 0x17B4 || c == 0x17B5)
        return Kind::Vanishing;
    if ((c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF))
        return Kind::Invalid;
    switch (QChar::category(c)) {
    case QChar::Separator_Space:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_Control:
        return Kind::Blank;
    case QChar::Other_Format: // bidi controls among them
        return isVisibleFormat(c) ? Kind::Visible : Kind::Vanishing;
    case QChar::Other_Surrogate:
        return Kind::Invalid;
    case QChar::Mark_NonSpacing:
    case QChar::Mark_Enclosing:
        return Kind::Mark;
    default:
        return Kind::Visible;
    }
}

bool isPlainLine(QStringView text)
{
    char16_t previous = u' ';
    for (const QChar character : text) {
        const char16_t unit = character.unicode();
        if (unit < 0x20 || unit > 0x7E || (unit == u' ' && previous == u' '))
            return false;
        previous = unit;
    }
    return text.isEmpty() || previous != u' ';
}

class LineBuilder
{
public:
    explicit LineBuilder(qsizetype size) { m_out.reserve(size); }

    void add(char32_t c)
    {
        switch (kindOf(c)) {
        case Kind::Blank:
            m_blank = true;
            m_joiner = 0;
            return;
        case Kind::Vanishing:
            return;
        case Kind::Joiner:
            // Kept only between two characters beyond ASCII; which one follows is not known yet.
            if (!m_blank && m_last >= 0x300)
                m_joiner = c;
            return;
        case Kind::Selector:
            if (m_blank || m_last == 0 || m_selected)
                return;
            put(c);
            m_selected = true;
            return;
        case Kind::Mark:
            if (++m_marks > maxMarks)
                return;
            putJoinedTo(c);
            return;
        case Kind::Invalid:
            visible(0xFFFD);
            return;
        case Kind::Visible:
            visible(c);
            return;
        }
    }

    [[nodiscard]] qsizetype size() const { return m_out.size(); }
    [[nodiscard]] QString take() { return std::move(m_out); }

private:
    void visible(char32_t c)
    {
        m_marks = 0;
        putJoinedTo(c);
        m_last = c;
        m_selected = false;
    }

    void putJoinedTo(char32_t c)
    {
        if (m_blank) {
            if (!m_out.isEmpty())
                m_out += u' ';
            m_blank = false;
        } else if (m_joiner != 0 && c >= 0x300) {
            put(m_joiner);
        }
        m_joiner = 0;
        put(c);
    }

    void put(char32_t c)
    {
        if (QChar::requiresSurrogates(c)) {
            m_out += QChar(QChar::highSurrogate(c));
            m_out += QChar(QChar::lowSurrogate(c));
        } else {
            m_out += QChar(static_cast<char16_t>(c));
        }
    }

    QString m_out;
    char32_t m_last = 0;
    char32_t m_joiner = 0;
    int m_marks = 0;
    bool m_blank = false;
    bool m_selected = false;
};

} // namespace

QString displayLine(QStringView text)
{
    if (text.size() <= HeaderLimits::characters && isPlainLine(text))
        return text.toString();
    LineBuilder line(std::min(text.size(), HeaderLimits::characters));
    for (qsizetype at = 0; at < text.size(); ++at) {
        char32_t c = text[at].unicode();
        if (QChar::isHighSurrogate(c) && at + 1 < text.size() && text[at + 1].isLowSurrogate()) {
            c = QChar::surrogateToUcs4(text[at], text[at + 1]);
            ++at;
        }
        line.add(c);
        // Room for a character, its joiner and a blank, so that no pair is cut.
        if (line.size() >= HeaderLimits::characters - 4) {
            line.add(0x2026);
            break;
        }
    }
    return line.take();
}

} // namespace kittiwake::mime
