// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderview.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/welcomepage.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/safetext.h"

#include <QStackedWidget>

/** What the window says about accounts and folders: when they change, and what is wrong with them. */
namespace kittiwake::ui
{

void MainWindow::handleAccounts()
{
    const bool any = !m_source.accounts().empty();
    m_pages->setCurrentIndex(any ? 1 : 0);
    if (!any) {
        m_welcome->setFocus();
        m_reader->showNothing();
        m_listModel->open({});
    }
    m_actions->check->setEnabled(any);
    m_actions->switcher->setEnabled(any);
    handleStatus();
}

void MainWindow::handleTree()
{
    const MailboxId open = m_listModel->mailbox();
    if (open.isValid() && m_tree->mailbox(open)) {
        m_folders->select(open);
        updateHead();
        handleStatus(); // it may be true as of later
        return;
    }
    // What was open last, or INBOX.
    const WindowSettings::OpenMailbox last = m_settings.lastMailbox();
    MailboxId chosen = m_tree->firstMailbox();
    for (const MailboxId id : m_tree->allMailboxes()) {
        const store::MailboxRow *row = m_tree->mailbox(id);
        if (row->account == last.account && row->name.text == last.name)
            chosen = id;
    }
    openMailbox(chosen);
}

void MainWindow::updateHead()
{
    const store::MailboxRow *row = m_tree->mailbox(m_listModel->mailbox());
    m_messages->setMailbox(row);
    m_reader->setUnreadAvailable(row && row->unseen > 0);
    updateTitle();
}

void MainWindow::updateTitle()
{
    const store::MailboxRow *row = m_tree->mailbox(m_listModel->mailbox());
    if (!row) {
        setWindowTitle(tr("Kittiwake"));
        return;
    }
    const QString label = oneLine(mailboxLabel(*row), 100);
    if (m_reader->message().isValid()) {
        const QString subject = oneLine(m_reader->row().header.subject, 100);
        setWindowTitle(
            tr("%1 – %2 – Kittiwake", "subject, folder").arg(subject.isEmpty() ? tr("(no subject)") : subject, label));
    } else if (row->unseen > 0) {
        setWindowTitle(
            tr("%1 (%2) – Kittiwake", "folder, unread messages").arg(label, locale().toString(qlonglong(row->unseen))));
    } else {
        setWindowTitle(tr("%1 – Kittiwake", "folder").arg(label));
    }
}

void MainWindow::handleStatus()
{
    std::vector<engine::AccountStatus> statuses;
    for (const accounts::Account &account : m_source.accounts())
        statuses.push_back(m_source.status(account.id));
    const store::MailboxRow *shown = m_tree->mailbox(m_listModel->mailbox());
    const ActivitySummary summary
        = summarize(statuses, locale(), shown ? std::optional<std::int64_t>(shown->syncedAt) : std::nullopt,
                    m_pending->summary(), m_pending->sending());
    m_activityLine->setSummary(summary);
    m_activityBrief->setSummary(summary);

    // A banner while something is wrong; it goes when that does.
    using State = engine::AccountStatus::State;
    const auto wrong = std::find_if(statuses.begin(), statuses.end(), [](const auto &status) {
        return status.error && (status.state == State::NeedsUser || status.state == State::Waiting);
    });
    if (wrong == statuses.end()) {
        m_bannerDelay.stop();
        m_bannerAccount = {};
        m_accountBanner->setVisible(false);
        return;
    }
    const bool needsUser = wrong->state == State::NeedsUser;
    const bool told = m_bannerAccount == wrong->account;
    if (!needsUser && !told && sender() != &m_bannerDelay) {
        if (!m_bannerDelay.isActive())
            m_bannerDelay.start();
        return;
    }
    m_bannerAccount = wrong->account;
    const bool password = needsUser && wrong->error->kind == ErrorKind::Auth;
    m_accountBanner->showMessage(needsUser ? theme::Tone::Error : theme::Tone::Warning, wrong->error->userText,
                                 password ? tr("Change password…") : tr("Try again now"));
}

} // namespace kittiwake::ui
