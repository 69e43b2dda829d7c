// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mainwindow/pendingactions.h"

#include <QScrollArea>

namespace kittiwake::ui
{

/** The actions that wait for the server or were refused, each with what can be done about it. Part of the panel. */
class PendingList final : public QScrollArea
{
    Q_OBJECT

public:
    /** As the actions are now; made anew when they change. */
    PendingList(PendingActions &actions, int width, QWidget *parent);

    [[nodiscard]] QSize sizeHint() const override;

private:
    void addRow(const engine::PendingAction &action, QWidget *content);

    PendingActions &m_actions;
    int m_width;
};

} // namespace kittiwake::ui
