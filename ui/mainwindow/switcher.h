// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QIcon>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace kittiwake::ui
{

/** Something that the switcher can go to or do. */
struct SwitcherEntry {
    QIcon icon;
    QString name;
    QString hint; ///< where it is, or its shortcut
    std::function<void()> run;
};

/** Ctrl+K: any folder or command by typing some of its letters. Goes away when it loses the keyboard. */
class Switcher final : public QFrame
{
    Q_OBJECT

public:
    explicit Switcher(QWidget *window);

    /** Shows itself over the window with these entries. */
    void open(std::vector<SwitcherEntry> entries);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void filter();
    void run(int row);
    [[nodiscard]] int heightFor(int lines) const;

    QLineEdit *m_typed;
    QListWidget *m_list;
    std::vector<SwitcherEntry> m_entries;
    std::vector<std::size_t> m_shown;
};

} // namespace kittiwake::ui
