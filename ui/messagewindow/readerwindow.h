// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/messagewindow/localsource.h"

#include <QWidget>

class QHBoxLayout;
class QMenu;

namespace kittiwake::ui
{

class ReaderCommands;
class ReaderPane;
struct ReaderContext;

/** One message in a window of its own: of an account, of a file, or one that was attached to another. */
class ReaderWindow final : public QWidget
{
    Q_OBJECT

public:
    /** All must live longer than the window. It deletes itself when it is closed. */
    ReaderWindow(MailSource &source, const store::MessageRow &row, ReaderContext &context, QWidget *parent);
    /** The same with a source of its own. */
    ReaderWindow(std::unique_ptr<LocalSource> source, ReaderContext &context, QWidget *parent);
    ~ReaderWindow() override;

    [[nodiscard]] ReaderPane &reader() { return *m_reader; }
    [[nodiscard]] ReaderCommands &commands() { return *m_commands; }

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void build(const store::MessageRow &row);
    QAction *add(const char *name, const QString &title, const QString &iconName, const QList<QKeySequence> &keys,
                 std::function<void()> run);
    void toggleFullScreen();
    void file(mail::MoveKind kind);
    void escape();

    std::unique_ptr<LocalSource> m_own;
    MailSource &m_source;
    ReaderContext &m_context;
    ReaderPane *m_reader = nullptr;
    ReaderCommands *m_commands = nullptr;
    QMenu *m_menu = nullptr;
    QWidget *m_bar = nullptr;
    QHBoxLayout *m_row = nullptr;
};

} // namespace kittiwake::ui
