// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

#include <vector>

namespace kittiwake::spell
{

/** Where a word stands in a line, in UTF-16 units. */
struct WordRange {
    qsizetype start = 0;
    qsizetype length = 0;

    bool operator==(const WordRange &) const = default;
};

/**
 * The words of a line that a dictionary can judge. Left out are links, addresses, paths, names of files and domains,
 * what stands in `backquotes` or looks like code (calls, options, camelCase, under_scores, words with digits), short
 * words in capitals (NATO), single letters, words of more than 64 letters, and writing without blanks between words
 * (Chinese, Thai …). Apostrophes and hyphens within a word belong to it. Linear.
 */
[[nodiscard]] std::vector<WordRange> wordsToCheck(QStringView line);

/** As a dictionary has it: with the straight apostrophe, without soft hyphens. */
[[nodiscard]] QString dictionaryForm(QStringView word);

} // namespace kittiwake::spell
