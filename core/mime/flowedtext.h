// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace kittiwake::mime
{

/**
 * Text as a person types it, a line for each paragraph, as format=flowed (RFC 3676): wrapped at blanks to at most 76
 * characters where that is possible, lines that are wrapped end in a blank, stuffed where a line begins with a blank or
 * with "From ". Lines that begin with '>' are quotes of that depth, and wrapped as such. The signature mark "-- "
 * stays. joinFlowedLines() gives the text back, but for blanks at line ends. '\n' line ends on both sides. Linear.
 */
[[nodiscard]] QString flowedText(const QString &text);

} // namespace kittiwake::mime
