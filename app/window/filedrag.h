// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace kittiwake::app
{

/**
 * Drags a file out of the window. QDrag waits for the drop in an event loop of its own, so it is begun from the
 * program's: nothing of the window's own code is below it when it begins, and from may go meanwhile.
 */
void startFileDrag(QWidget *from, const QString &path);

} // namespace kittiwake::app
