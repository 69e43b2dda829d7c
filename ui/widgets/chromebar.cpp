// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chromebar.h"

#include "ui/widgets/theme.h"

#include <QPainter>

namespace kittiwake::ui
{

void ChromeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::chrome(palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme::border(palette()));
}

} // namespace kittiwake::ui
