// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/reader/findbar.h"

#include <QString>

#include <vector>

class QPlainTextEdit;

namespace kittiwake::ui
{

/**
 * Finds a text in a QPlainTextEdit, whatever the case of its letters, and marks all matches, the current one more than
 * the others. Matches do not overlap and do not go over line ends. At most maxMatches are counted.
 */
class TextSearch
{
public:
    static constexpr int maxMatches = 5000;

    explicit TextSearch(QPlainTextEdit &view) : m_view(view) { }

    /** isNew: from the top of what is in sight; otherwise from the current match on, round the end. */
    FindResult find(const QString &text, bool backward, bool isNew);
    void clear();

private:
    void collect(const QString &text);
    void mark();

    QPlainTextEdit &m_view;
    std::vector<int> m_matches; ///< positions in the document
    int m_length = 0;
    int m_current = -1;
    bool m_isComplete = true;
};

} // namespace kittiwake::ui
