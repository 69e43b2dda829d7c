// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace kittiwake::mime
{

/** Line ends as '\n', without control characters other than tab and line end; trailing empty lines dropped. Linear. */
[[nodiscard]] QString normaliseText(QString text);

/**
 * format=flowed (RFC 3676): lines that end in a blank are joined with the next one of the same quote depth, stuffed
 * blanks are removed; quotes come out as "> " for each level. deleteSpace is DelSp=yes. text has '\n' line ends.
 */
[[nodiscard]] QString joinFlowedLines(const QString &text, bool deleteSpace);

} // namespace kittiwake::mime
