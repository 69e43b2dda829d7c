// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace kittiwake::ui
{

/** What the window shows while there is no account. */
class WelcomePage final : public QWidget
{
    Q_OBJECT

public:
    explicit WelcomePage(QWidget *parent = nullptr);

Q_SIGNALS:
    void addAccountRequested();
};

} // namespace kittiwake::ui
