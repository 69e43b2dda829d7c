// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

class QAction;

namespace kittiwake::ui
{

/** The way to the switcher in the middle of the toolbar: looks like a field to type into, and opens one. */
class SwitcherField final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit SwitcherField(QAction *action, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QAction *m_action;
};

} // namespace kittiwake::ui
