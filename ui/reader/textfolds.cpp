// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/textfolds.h"

#include <QTextBlock>
#include <QTextDocument>

#include <algorithm>

namespace kittiwake::ui
{

void TextFolds::setFolds(std::vector<mime::TextFold> folds)
{
    m_folds = std::move(folds);
    m_folded.assign(m_folds.size(), false);
}

std::size_t TextFolds::indexOf(int line) const
{
    const auto found = std::lower_bound(m_folds.begin(), m_folds.end(), line,
                                        [](const mime::TextFold &fold, int first) { return fold.first < first; });
    if (found == m_folds.end() || found->first != line)
        return m_folds.size();
    return static_cast<std::size_t>(found - m_folds.begin());
}

const mime::TextFold *TextFolds::at(int line) const
{
    const std::size_t index = indexOf(line);
    return index == m_folds.size() ? nullptr : &m_folds[index];
}

bool TextFolds::isFolded(int line) const
{
    const std::size_t index = indexOf(line);
    return index < m_folds.size() && m_folded[index];
}

bool TextFolds::anyFolded() const
{
    return std::find(m_folded.begin(), m_folded.end(), true) != m_folded.end();
}

void TextFolds::toggle(QTextDocument &document, int line)
{
    const std::size_t index = indexOf(line);
    if (index == m_folds.size())
        return;
    m_folded[index] = !m_folded[index];
    apply(document);
}

void TextFolds::foldAll(QTextDocument &document, bool folded)
{
    m_folded.assign(m_folds.size(), folded);
    apply(document);
}

void TextFolds::reveal(QTextDocument &document, int line)
{
    bool changed = false;
    for (std::size_t index = 0; index < m_folds.size() && m_folds[index].first < line; ++index) {
        if (m_folded[index] && m_folds[index].last >= line) {
            m_folded[index] = false;
            changed = true;
        }
    }
    if (changed)
        apply(document);
}

void TextFolds::apply(QTextDocument &document) const
{
    int hiddenUntil = -1; // number of the last line that the folds so far take out of sight
    std::size_t next = 0;
    int from = -1;
    int to = -1;
    int line = -1;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        ++line;
        const bool visible = line > hiddenUntil;
        while (next < m_folds.size() && m_folds[next].first <= line) {
            if (m_folded[next] && m_folds[next].first == line)
                hiddenUntil = std::max(hiddenUntil, m_folds[next].last);
            ++next;
        }
        if (block.isVisible() == visible)
            continue;
        block.setVisible(visible);
        if (from < 0)
            from = block.position();
        to = block.position() + block.length();
    }
    // The document's layout counts the lines that are in sight.
    if (from >= 0)
        document.markContentsDirty(from, to - from);
}

} // namespace kittiwake::ui
