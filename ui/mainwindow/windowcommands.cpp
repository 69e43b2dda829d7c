// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that carries out its commands.
#include "ui/accounts/accountdialog.h"
#include "ui/accounts/passworddialog.h"
#include "ui/folders/folderview.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/filing.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/marks.h"
#include "ui/mainwindow/pendingtext.h"
#include "ui/mainwindow/shortcutsdialog.h"
#include "ui/mainwindow/switcher.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/readerpane.h"
#include "ui/settings/settingsdialog.h"
#include "ui/verify/verifydialog.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QApplication>
#include <QCloseEvent>
#include <QKeyEvent>
#include <QMessageBox>
#include <QToolButton>

namespace kittiwake::ui
{

void MainWindow::connectActions()
{
    const WindowActions &a = *m_actions;
    connect(a.check, &QAction::triggered, this, [this] { m_source.checkNow(); });
    connect(a.switcher, &QAction::triggered, this, &MainWindow::openSwitcher);
    connect(a.nextUnread, &QAction::triggered, this, [this] { m_messages->selectUnread(true); });
    connect(a.previousUnread, &QAction::triggered, this, [this] { m_messages->selectUnread(false); });
    connect(a.nextPane, &QAction::triggered, this, [this] { cyclePane(true); });
    connect(a.previousPane, &QAction::triggered, this, [this] { cyclePane(false); });
    connect(a.back, &QAction::triggered, this, [this] { m_panes->goBack(); });
    connectReading();
    connect(a.toggleRead, &QAction::triggered, m_marks, &Marks::toggleRead);
    connect(a.toggleStar, &QAction::triggered, m_marks, &Marks::toggleStar);
    connect(m_marks, &Marks::changed, this, &MainWindow::updateActions);
    connectFiling();
    connect(a.addAccount, &QAction::triggered, this, &MainWindow::addAccount);
    connect(a.settings, &QAction::triggered, this, &MainWindow::openSettings);
    connect(a.shortcuts, &QAction::triggered, this,
            [this] { (new ShortcutsDialog(m_actions->commands(), this))->open(); });
    connect(a.about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(a.quit, &QAction::triggered, qApp, &QApplication::closeAllWindows);
    connect(a.layouts, &QActionGroup::triggered, this,
            [this](QAction *chosen) { setLayoutChoice(static_cast<LayoutChoice>(chosen->data().toInt())); });
    connect(a.schemes, &QActionGroup::triggered, this,
            [this](QAction *chosen) { chooseScheme(static_cast<theme::Scheme>(chosen->data().toInt())); });
    connect(m_accountBanner, &Banner::actionTriggered, this, [this] {
        const engine::AccountStatus status = m_source.status(m_bannerAccount);
        const bool password = status.state == engine::AccountStatus::State::NeedsUser && status.error
            && status.error->kind == ErrorKind::Auth;
        if (password)
            changePassword(m_bannerAccount);
        else
            m_source.checkNow();
    });
    connect(m_reader, &ReaderPane::linkActivated, this, &MainWindow::followLink);
    connectWriting();

    for (QAction *action : a.layouts->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(m_settings.layout()));
    for (QAction *action : a.schemes->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(m_settings.scheme()));
}

void MainWindow::verify(AccountId account, const QString &mailbox, const QString &what)
{
    engine::VerifyRequest request;
    request.account = account;
    if (!mailbox.isEmpty())
        request.mailboxes = {mailbox};
    (new VerifyDialog(m_source, request, what, this))->show();
}

void MainWindow::setNow(const std::function<QDateTime()> &now)
{
    m_messages->view().messageDelegate().setNow(now);
    m_reader->setNow(now);
}

void MainWindow::setLayoutChoice(LayoutChoice choice)
{
    m_settings.setLayout(choice);
    m_panes->setChoice(choice);
    for (QAction *action : m_actions->layouts->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(choice));
}

void MainWindow::chooseScheme(theme::Scheme scheme)
{
    m_settings.setScheme(scheme);
    for (QAction *action : m_actions->schemes->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(scheme));
    Q_EMIT schemeChosen(scheme);
}

void MainWindow::updateMode()
{
    const bool compact = m_panes->mode() == PaneLayout::Mode::Compact;
    m_backButton->setVisible(compact && m_panes->pane() != PaneLayout::Pane::Folders);
    m_messages->setRowStyle(m_panes->mode() == PaneLayout::Mode::Classic ? RowStyle::Columns : RowStyle::TwoLines);
    updateActions();
}

void MainWindow::updateActions()
{
    const bool reading = m_reader->message().isValid();
    for (QAction *action : {m_actions->openInWindow, m_actions->viewHeaders, m_actions->viewSource})
        action->setEnabled(reading);
    const bool readable = m_reader->state() == ReaderPane::State::Showing;
    for (QAction *action :
         {m_actions->find, m_actions->findNext, m_actions->findPrevious, m_actions->print, m_actions->savePdf})
        action->setEnabled(readable);
    for (QAction *action : {m_actions->compose, m_actions->fromTemplate})
        action->setEnabled(m_composers != nullptr);
    m_actions->editTemplate->setVisible(isInTemplates());
    m_actions->editTemplate->setEnabled(m_composers != nullptr && m_messages->currentMessage().isValid());
    for (QAction *action : m_actions->answers())
        action->setEnabled(readable && m_composers != nullptr);
    const bool chosen = m_messages->currentMessage().isValid() || m_messages->hasSeveral();
    const store::MailboxRow *open = m_tree->mailbox(m_listModel->mailbox());
    m_filing->setRole(open ? open->role : mail::MailboxRole::None);
    for (QAction *action : {m_actions->remove, m_actions->removeForEver, m_actions->junk, m_actions->moveTo})
        action->setEnabled(chosen);
    m_actions->archive->setEnabled(chosen && open && open->role != mail::MailboxRole::Archive);
    m_actions->remove->setText(m_filing->isInTrash() ? tr("Delete for good…") : tr("Delete"));
    m_actions->junk->setText(m_filing->isInJunk() ? tr("Not junk") : tr("Junk"));
    m_actions->toggleRead->setEnabled(chosen);
    m_actions->toggleRead->setText(chosen && !m_marks->isUnread() ? tr("Mark as unread") : tr("Mark as read"));
    m_actions->toggleStar->setEnabled(chosen);
    m_actions->toggleStar->setText(chosen && m_marks->isStarred() ? tr("Remove star") : tr("Star"));
    m_actions->back->setEnabled(m_panes && m_panes->mode() == PaneLayout::Mode::Compact
                                && m_panes->pane() != PaneLayout::Pane::Folders);
    const bool list = m_listModel->mailbox().isValid();
    m_actions->nextUnread->setEnabled(list);
    m_actions->previousUnread->setEnabled(list);
}

/** Space: a page, then the next unread message. */
void MainWindow::pageOn()
{
    if (!m_reader->pageDown())
        m_messages->selectUnread(true);
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier && m_listModel->mailbox().isValid()) {
        pageOn();
        return;
    }
    QMainWindow::keyPressEvent(event);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && m_messages)
        m_messages->view().viewport()->update();
}

void MainWindow::cyclePane(bool forward)
{
    const std::array<QWidget *, 3> panes{m_folders, &m_messages->view(), m_reader};
    std::size_t current = 0;
    for (std::size_t i = 0; i < panes.size(); ++i) {
        if (panes[i]->isAncestorOf(QApplication::focusWidget()) || panes[i] == QApplication::focusWidget())
            current = i;
    }
    const std::size_t next = (current + (forward ? 1 : panes.size() - 1)) % panes.size();
    m_panes->showPane(static_cast<PaneLayout::Pane>(next));
    if (panes[next] == m_reader)
        m_reader->focusText();
    else
        panes[next]->setFocus(Qt::TabFocusReason);
}

void MainWindow::openSwitcher()
{
    std::vector<SwitcherEntry> entries;
    for (const MailboxId id : m_tree->allMailboxes()) {
        const store::MailboxRow *row = m_tree->mailbox(id);
        const QString label = oneLine(mailboxLabel(*row), 200);
        const QString parent = oneLine(row->name.parent(row->delimiter), 200);
        entries.push_back({icon(mailboxIcon(row->role)), label, parent, [this, id] {
                               openMailbox(id);
                               m_panes->showPane(PaneLayout::Pane::Messages);
                               m_messages->view().setFocus();
                           }});
    }
    for (QAction *action : m_actions->commands()) {
        if (!action->isEnabled() || action == m_actions->switcher)
            continue;
        const QIcon symbol = action->icon().isNull() ? icon(QStringLiteral("command")) : action->icon();
        entries.push_back({symbol, action->text(), action->shortcut().toString(QKeySequence::NativeText),
                           [action] { action->trigger(); }});
    }
    for (const QActionGroup *group : {m_actions->layouts, m_actions->schemes}) {
        const QString hint = group == m_actions->layouts ? tr("Arrangement") : tr("Colours");
        for (QAction *action : group->actions())
            entries.push_back(
                {icon(QStringLiteral("columns-3")), action->text(), hint, [action] { action->trigger(); }});
    }
    m_switcher->open(std::move(entries));
}

void MainWindow::addAccount()
{
    auto *dialog = new AccountDialog(m_source, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::changePassword(AccountId account)
{
    for (const accounts::Account &known : m_source.accounts()) {
        if (known.id == account)
            (new PasswordDialog(m_source, known, this))->open();
    }
}

void MainWindow::openSettings()
{
    auto *dialog = new SettingsDialog(m_source, m_settings, this);
    connect(dialog, &SettingsDialog::addAccountRequested, this, &MainWindow::addAccount);
    connect(dialog, &SettingsDialog::passwordRequested, this, &MainWindow::changePassword);
    connect(dialog, &SettingsDialog::identitiesRequested, dialog,
            [this, dialog](AccountId account) { openIdentities(account, dialog); });
    connect(dialog, &SettingsDialog::schemeChosen, this, &MainWindow::chooseScheme);
    connect(dialog, &SettingsDialog::layoutChosen, this, &MainWindow::setLayoutChoice);
    connect(dialog, &SettingsDialog::readDelayChosen, this, [this](int milliseconds) {
        m_settings.setReadDelay(milliseconds);
        m_marks->setReadDelay(milliseconds);
    });
    connect(dialog, &SettingsDialog::undoChosen, this, [this](int seconds) { m_settings.setUndoSeconds(seconds); });
    connect(dialog, &SettingsDialog::richChosen, this, [this](bool on) { m_settings.setComposerRich(on); });
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Kittiwake"));
    box->setIconPixmap(applicationIcon().pixmap(64, 64));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Kittiwake %1").arg(QCoreApplication::applicationVersion()));
    box->setInformativeText(tr("A desktop mail program for IMAP. Free software under the GNU General Public License, "
                               "version 3 or later. Icons by Lucide."));
    box->open();
}

/** operation: the panel says more about it. isMessage: of the outbox, and can be written on. */
void MainWindow::showActionError(const QString &text, OperationId operation, bool isMessage)
{
    m_actionTold.stop();
    m_bannerUndoes = false;
    m_bannerOperation = operation;
    m_actionBanner->showMessage(theme::Tone::Warning, oneLine(text, 400),
                                operation.isValid() ? tr("Details") : tr("Close"),
                                isMessage && m_composers != nullptr ? tr("Edit message") : QString());
    m_actionBanner->setVisible(true);
}

/** Says what waits, and that it is kept. */
void MainWindow::askToQuit()
{
    if (findChild<QMessageBox *>(QStringLiteral("quitQuestion")))
        return;
    auto *box = new QMessageBox(QMessageBox::Information, tr("Kittiwake"), pendingText(m_pending->summary()),
                                QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("quitQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("They are kept on this computer, and made on the server when Kittiwake runs the next "
                               "time and can reach it."));
    auto *quit = box->addButton(tr("Quit"), QMessageBox::AcceptRole);
    box->setDefaultButton(quit);
    box->setEscapeButton(box->addButton(tr("Stay"), QMessageBox::RejectRole));
    connect(quit, &QAbstractButton::clicked, this, [this] {
        m_quitsAnyway = true;
        close();
    });
    box->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    // A session that ends is not held up by a question: what waits is safe in any case.
    if (m_pending->summary().waiting > 0 && !m_quitsAnyway && !qApp->isSavingSession()) {
        event->ignore();
        askToQuit();
        return;
    }
    m_settings.setGeometry(saveGeometry());
    m_panes->save();
    QMainWindow::closeEvent(event);
}

} // namespace kittiwake::ui
