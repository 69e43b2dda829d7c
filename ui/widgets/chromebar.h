// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace kittiwake::ui
{

/** The bar at the top of a window: the ground of the chrome, with a hairline below. */
class ChromeBar final : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace kittiwake::ui
