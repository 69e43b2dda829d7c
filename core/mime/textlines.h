// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace kittiwake::mime
{

/** What one line of a plain text is, so that it can be shown as it is meant. */
struct TextLine {
    std::uint8_t depth = 0; ///< of quotes, at most TextLimits::depth
    bool isSignature = false; ///< below "-- " (RFC 3676 section 4.3), up to the end or the next quote
    bool isFixed = false; ///< of a table, a drawing or a patch: letters of one width, never wrapped
    bool isRightToLeft = false;

    bool operator==(const TextLine &) const = default;
};

/** Lines that are folded together: what a reply quotes, and what that quotes. The first line stays in sight. */
struct TextFold {
    int first = 0; ///< number of the first line
    int last = 0;
};

struct TextLimits {
    static constexpr int depth = 20;
    static constexpr qsizetype lineCharacters = 4000; ///< longer lines are shown in pieces: to lay one out takes long
    static constexpr int foldLines = 4; ///< shorter quotes are no trouble
};

/** A text taken apart into lines, in order: lines[n] is about the n-th line of text. */
struct ArrangedText {
    QString text; ///< as it was, with line ends put into lines that are too long
    std::vector<TextLine> lines; ///< one for each line of text
};

/**
 * Finds quotes, the signature, tables and the direction of each paragraph (the one of most of its letters; a line that
 * has letters of one direction only goes its own way). text as MessageContent::plainText. Linear in its length.
 */
[[nodiscard]] ArrangedText arrangeText(const QString &text);

/** Where quotes begin and end, outer ones before inner ones. Linear. */
[[nodiscard]] std::vector<TextFold> findFolds(const std::vector<TextLine> &lines);

} // namespace kittiwake::mime
