// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace kittiwake::ui
{

/**
 * Makes the window of `widget` draw, from its first showing, in the way that Qt WebEngine's pages need. Without it Qt
 * makes the native window anew when the first page comes into it: the window flashes, loses the keyboard and gets
 * another id. Where there is no usable OpenGL, pages are drawn in software for as long as the program runs.
 * Call it before the window is shown. Starts neither Qt WebEngine nor Qt's QML engine. UI thread.
 */
void reservePageSurface(QWidget &widget);

} // namespace kittiwake::ui
