// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/menubutton.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QToolButton>

namespace kittiwake::ui
{

QToolButton *makeMenuButton(QWidget *bar, QMenu *menu, const QString &iconName, const QString &name)
{
    auto *button = new QToolButton(bar);
    button->setObjectName(QStringLiteral("menuButton"));
    button->setAutoRaise(true);
    button->setIcon(icon(iconName));
    button->setIconSize({theme::toolIcon, theme::toolIcon});
    button->setMinimumSize(34, 32);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(menu);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(name);
    button->setToolTip(name);
    return button;
}

} // namespace kittiwake::ui
