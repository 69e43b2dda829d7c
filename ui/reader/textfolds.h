// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/textlines.h"

#include <vector>

class QTextDocument;

namespace kittiwake::ui
{

/**
 * Which quotes of a text are folded, and which of its lines are out of sight therefore. Lines are numbered as blocks of
 * the document are.
 */
class TextFolds
{
public:
    /** All unfolded. */
    void setFolds(std::vector<mime::TextFold> folds);
    [[nodiscard]] bool isEmpty() const { return m_folds.empty(); }
    /** The fold that begins at a line, or null. */
    [[nodiscard]] const mime::TextFold *at(int line) const;
    [[nodiscard]] bool isFolded(int line) const;
    [[nodiscard]] bool anyFolded() const;

    void toggle(QTextDocument &document, int line);
    void foldAll(QTextDocument &document, bool folded);
    /** Brings a line into sight that is within folded quotes. */
    void reveal(QTextDocument &document, int line);

private:
    [[nodiscard]] std::size_t indexOf(int line) const; ///< m_folds.size(): none begins there
    void apply(QTextDocument &document) const;

    std::vector<mime::TextFold> m_folds; ///< by their first line
    std::vector<bool> m_folded;
};

} // namespace kittiwake::ui
