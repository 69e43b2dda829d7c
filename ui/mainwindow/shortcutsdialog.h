// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <vector>

class QAction;

namespace kittiwake::ui
{

/** F1: every command that has a shortcut, and the keys of the lists and the reader. */
class ShortcutsDialog final : public QDialog
{
    Q_OBJECT

public:
    ShortcutsDialog(const std::vector<QAction *> &actions, QWidget *parent);
};

} // namespace kittiwake::ui
