// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/tabletext.h"

#include <QString>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

bool isBoxLetter(char16_t unit)
{
    return unit >= 0x2500 && unit <= 0x259F;
}

bool isSign(char16_t unit)
{
    return (unit > 0x20 && unit < 0x30) || (unit > 0x39 && unit < 0x41) || (unit > 0x5A && unit < 0x61)
        || (unit > 0x7A && unit < 0x7F);
}

bool isRule(QStringView text)
{
    bool hasJoint = false;
    int length = 0;
    for (const QChar c : text) {
        const char16_t unit = c.unicode();
        if (unit == u'+' || unit == u'|' || unit == u' ')
            hasJoint = true;
        else if (unit != u'-' && unit != u'=' && unit != u'_' && unit != u':' && unit != u'~')
            return false;
        ++length;
    }
    return hasJoint && length >= 4;
}

/** Two blanks behind the end of a sentence are how some people type. */
bool endsSentence(QChar c)
{
    return c == u'.' || c == u'!' || c == u'?' || c == u':' || c == u';' || c == u',' || c == u')' || c == u'"';
}

} // namespace

void TableText::add(QStringView line)
{
    ++m_lines;
    if (line.startsWith(QLatin1String("@@ -")) || line.startsWith(QLatin1String("diff --git "))
        || (line.startsWith(QLatin1String("*** ")) && line.endsWith(QLatin1String(" ****"))))
        m_isPatch = true;
    while (!line.isEmpty() && line.back().isSpace())
        line.chop(1);
    const QStringView text = line.trimmed();
    if (isRule(text))
        ++m_ruled;

    int bars = 0;
    int boxes = 0;
    int signs = 0;
    int others = 0;
    int blanks = 0; // at the place that is looked at
    bool inText = false;
    bool isGapped = false;
    bool isAligned = false;
    std::array<bool, columns> ends{};
    QChar beforeGap;
    int column = 0;
    for (const QChar c : line) {
        const char16_t unit = c.unicode();
        if (unit == u' ' || unit == u'\t' || unit == 0xA0) {
            blanks += unit == u'\t' ? 8 - column % 8 : 1;
            column += unit == u'\t' ? 8 - column % 8 : 1;
            continue;
        }
        if (blanks > 0) {
            const bool isGap = inText && (blanks >= 3 || (blanks == 2 && !endsSentence(beforeGap)));
            if (isGap)
                isGapped = true;
            // The first text of a line may stand in its second column.
            if ((isGap || (!inText && blanks >= 6)) && column < columns) {
                ends[static_cast<std::size_t>(column)] = true;
                isAligned = isAligned || m_before[static_cast<std::size_t>(column)];
            }
        }
        blanks = 0;
        inText = true;
        beforeGap = c;
        ++column;
        bars += unit == u'|' ? 1 : 0;
        if (isBoxLetter(unit))
            ++boxes;
        else if (isSign(unit))
            ++signs;
        else
            ++others;
    }
    m_framed += boxes >= 2 ? 1 : 0;
    m_barred += bars >= 2 ? 1 : 0;
    m_gapped += isGapped ? 1 : 0;
    m_aligned += isAligned ? 1 : 0;
    // Not a row of dots or dashes, which people draw under headings, and no lone smiley.
    const bool sameSigns
        = !text.isEmpty() && std::all_of(text.begin(), text.end(), [&](QChar c) { return c == text.front(); });
    m_drawn += !sameSigns && signs >= 3 && signs > 2 * others ? 1 : 0;
    m_before = ends;
}

bool TableText::isTable() const
{
    if (m_isPatch)
        return true;
    if (m_lines < 2)
        return false;
    if (m_framed >= 2 || m_barred >= 2 || (m_ruled >= 1 && m_barred + m_gapped >= 1))
        return true;
    if (m_gapped >= 2 && m_aligned >= 1 && 2 * (m_gapped + m_ruled) >= m_lines)
        return true;
    return m_drawn >= 2 && 2 * (m_drawn + m_ruled) >= m_lines;
}

} // namespace kittiwake::mime
