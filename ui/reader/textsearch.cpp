// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/textsearch.h"

#include "ui/widgets/theme.h"

#include <QPlainTextEdit>
#include <QTextBlock>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

// Marks are painted anew at each repaint; more than these nobody sees at once.
constexpr int maxMarks = 1000;

} // namespace

FindResult TextSearch::find(const QString &text, bool backward, bool isNew)
{
    if (text.isEmpty()) {
        clear();
        return {};
    }
    collect(text); // anew each time: the text may be another one by now
    const int count = static_cast<int>(m_matches.size());
    if (count == 0) {
        m_current = -1;
        mark();
        return {};
    }
    const QTextCursor cursor = m_view.textCursor();
    const int from = isNew ? m_view.cursorForPosition(QPoint(0, 0)).position() : cursor.selectionStart();
    const auto next = std::lower_bound(m_matches.begin(), m_matches.end(), from);
    int index = static_cast<int>(next - m_matches.begin());
    const bool isThis = index < count && m_matches[static_cast<std::size_t>(index)] == from && cursor.hasSelection();
    if (!isNew && backward)
        index = index == 0 ? count - 1 : index - 1;
    else if (!isNew && isThis)
        ++index;
    m_current = index % count;
    QTextCursor found(m_view.document());
    found.setPosition(m_matches[static_cast<std::size_t>(m_current)]);
    found.setPosition(m_matches[static_cast<std::size_t>(m_current)] + m_length, QTextCursor::KeepAnchor);
    m_view.setTextCursor(found);
    m_view.ensureCursorVisible();
    mark();
    return {m_current + 1, count, m_isComplete};
}

void TextSearch::clear()
{
    m_matches.clear();
    m_current = -1;
    m_view.setExtraSelections({});
    QTextCursor cursor = m_view.textCursor();
    if (cursor.hasSelection()) {
        cursor.setPosition(cursor.selectionStart());
        m_view.setTextCursor(cursor);
    }
}

void TextSearch::collect(const QString &text)
{
    m_matches.clear();
    m_isComplete = true;
    m_length = static_cast<int>(text.size());
    for (QTextBlock block = m_view.document()->begin(); block.isValid(); block = block.next()) {
        const QString line = block.text();
        qsizetype at = 0;
        while ((at = line.indexOf(text, at, Qt::CaseInsensitive)) >= 0) {
            if (m_matches.size() >= maxMatches) {
                m_isComplete = false;
                return;
            }
            m_matches.push_back(block.position() + static_cast<int>(at));
            at += text.size();
        }
    }
}

void TextSearch::mark()
{
    const QPalette palette = m_view.palette();
    const QColor star = theme::star(palette);
    QList<QTextEdit::ExtraSelection> marks;
    const int count = static_cast<int>(m_matches.size());
    const int first = std::clamp(m_current - maxMarks / 2, 0, std::max(0, count - maxMarks));
    for (int i = first; i < count && i < first + maxMarks; ++i) {
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(m_view.document());
        selection.cursor.setPosition(m_matches[static_cast<std::size_t>(i)]);
        selection.cursor.setPosition(m_matches[static_cast<std::size_t>(i)] + m_length, QTextCursor::KeepAnchor);
        selection.format.setBackground(theme::mix(palette.color(QPalette::Base), star, i == m_current ? 0.75 : 0.3));
        if (i == m_current)
            selection.format.setForeground(QColor(0x1b1b1f));
        marks.append(selection);
    }
    m_view.setExtraSelections(marks);
}

} // namespace kittiwake::ui
