// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QMenu;
class QToolButton;
class QWidget;

namespace kittiwake::ui
{

/** The last button of a window's bar, with what has no button of its own. name: for the tooltip and screen readers. */
[[nodiscard]] QToolButton *makeMenuButton(QWidget *bar, QMenu *menu, const QString &iconName, const QString &name);

} // namespace kittiwake::ui
