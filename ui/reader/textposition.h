// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QPlainTextEdit;

namespace kittiwake::ui
{

/** Which part of the text is above the upper edge, 0 to 1; the same at any width and size of letters. */
[[nodiscard]] double textPosition(const QPlainTextEdit &view);
/** Puts the line that holds that position at the upper edge, or as far up as the text's end allows. */
void setTextPosition(QPlainTextEdit &view, double position);

} // namespace kittiwake::ui
