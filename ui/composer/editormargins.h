// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QScrollBar>

namespace kittiwake::ui
{

/** What is written gets no wider than in the reader, in device-independent pixels. */
inline constexpr int widestLetter = 760;

/** For setViewportMargins() of an editor: text of that width begins where lines begin, and the rest stays empty. */
[[nodiscard]] inline QMargins editorMargins(const QAbstractScrollArea &editor, int widestText)
{
    constexpr int side = 20;
    const int room = editor.width() - 2 * side - editor.verticalScrollBar()->sizeHint().width();
    const int end = side + qMax(0, room - widestText);
    return editor.isRightToLeft() ? QMargins(end, 14, side, 8) : QMargins(side, 14, end, 8);
}

} // namespace kittiwake::ui
