// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mainwindow/panelayout.h"
#include "ui/mainwindow/windowactions.h"
#include "ui/mainwindow/windowsettings.h"
#include "ui/messagewindow/readercontext.h"
#include "ui/models/mailboxtreemodel.h"
#include "ui/models/messagelistmodel.h"

#include <QMainWindow>

class QStackedWidget;
class QToolButton;

namespace kittiwake::ui
{

class ActivityButton;
class ActivityPanel;
class Banner;
class ComposerBackend;
class Composers;
class Filing;
class FolderActions;
class FolderView;
class Marks;
class MessageListPane;
class PendingActions;
class ReaderCommands;
class ReaderPane;
class Switcher;
class UndoSend;
class WelcomePage;

/**
 * The window: folders, messages and reader on a MailSource, and the commands that tie them together. It starts no work
 * that it waits for.
 */
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    /** profile: where window.ini is; empty: nothing is remembered. The source must live longer than the window. */
    MainWindow(MailSource &source, const QString &profile, QWidget *parent = nullptr);
    ~MainWindow() override;

    void openMailbox(MailboxId mailbox);
    void openMessage(MessageId message);
    /** Once the window is there: what the first HTML message would have to wait for. */
    void warmUp();
    void setLayoutChoice(LayoutChoice choice);
    /** The clock that dates are told from; for tests and pictures. */
    void setNow(const std::function<QDateTime()> &now);

    /** Messages can be written. It must live longer than the window. */
    void setWriting(ComposerBackend &backend);
    /** Null before setWriting(). */
    [[nodiscard]] Composers *composers() const { return m_composers; }

    [[nodiscard]] const WindowActions &actions() const { return *m_actions; }
    [[nodiscard]] ReaderContext &readerContext() { return m_context; }
    [[nodiscard]] WindowSettings &settings() { return m_settings; }
    [[nodiscard]] MessageListPane &messageList() { return *m_messages; }
    [[nodiscard]] MessageListModel &messageModel() { return *m_listModel; }
    [[nodiscard]] ReaderPane &reader() { return *m_reader; }
    [[nodiscard]] PaneLayout &panes() { return *m_panes; }

Q_SIGNALS:
    void schemeChosen(kittiwake::ui::theme::Scheme scheme);

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QWidget *buildToolbar();
    QWidget *buildFolderPane();
    void connectActions();
    void connectPanes();
    void handleTree();
    void handleAccounts();
    void handleStatus();
    void showChosen(MessageId message);
    void updateHead();
    void updateTitle();
    void updateMode();
    void updateActions();
    void connectFiling();
    void showDone(const QString &sentence, bool canBeUndone);
    void confirmDeletion(int messages);
    void chooseTarget();
    void chooseOtherTarget(const engine::PendingAction &action);
    [[nodiscard]] const store::MailboxRow *dropTarget(const QPoint &global) const;
    void pageOn();
    void cyclePane(bool forward);
    void connectReading();
    void connectWriting();
    bool openAsDraft();
    void openIdentities(AccountId account, QWidget *parent);
    [[nodiscard]] bool isInTemplates() const;
    void followLink(const QUrl &target);
    void toggleFullScreen();
    void openChosen();
    void openSwitcher();
    void addAccount();
    void verify(AccountId account, const QString &mailbox, const QString &what);
    void changePassword(AccountId account);
    void openSettings();
    void showAbout();
    void showActionError(const QString &text, OperationId operation = {}, bool isMessage = false);
    void askToQuit();
    void chooseScheme(theme::Scheme scheme);

    MailSource &m_source;
    ReaderContext m_context;
    WindowSettings &m_settings;
    ReadQueue m_queue;
    MailboxTreeModel *m_tree;
    MessageListModel *m_listModel;
    std::unique_ptr<WindowActions> m_actions;

    QStackedWidget *m_pages;
    WelcomePage *m_welcome;
    Banner *m_accountBanner;
    Banner *m_actionBanner;
    Banner *m_sentBanner;
    Banner *m_leftOpenBanner;
    Marks *m_marks;
    Filing *m_filing = nullptr;
    FolderActions *m_folderActions = nullptr;
    FolderView *m_folders;
    MessageListPane *m_messages;
    ReaderPane *m_reader;
    ReaderCommands *m_reading = nullptr;
    Composers *m_composers = nullptr;
    UndoSend *m_undoSend = nullptr;
    PaneLayout *m_panes = nullptr;
    ActivityButton *m_activityLine;
    ActivityButton *m_activityBrief;
    PendingActions *m_pending;
    ActivityPanel *m_activityPanel;
    Switcher *m_switcher;
    QToolButton *m_backButton = nullptr;
    AccountId m_bannerAccount;
    OperationId m_bannerOperation; ///< what the action banner tells of; invalid: of something that was not noted
    bool m_quitsAnyway = false; ///< although changes wait
    bool m_startedReading = false;
    QTimer m_bannerDelay;
    bool m_bannerUndoes = false; ///< the action banner's button is Undo
    QTimer m_actionTold; ///< how long the banner says what was done
    QTimer m_midnight;
};

} // namespace kittiwake::ui
