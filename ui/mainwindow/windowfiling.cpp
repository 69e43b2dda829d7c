// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderactions.h"
#include "ui/folders/folderview.h"
#include "ui/mainwindow/activity.h"
#include "ui/mainwindow/filing.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/marks.h"
#include "ui/mainwindow/switcher.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QMessageBox>
#include <QPushButton>

/** The part of MainWindow that takes messages away, and says what was done. */
namespace kittiwake::ui
{

namespace
{

constexpr int toldForMs = 10'000; // as long as sending can be undone

} // namespace

void MainWindow::connectFiling()
{
    const WindowActions &a = *m_actions;
    m_filing = new Filing(m_source, *m_marks, *m_messages, this);
    connect(a.archive, &QAction::triggered, m_filing, &Filing::archive);
    connect(a.remove, &QAction::triggered, m_filing, &Filing::remove);
    connect(a.removeForEver, &QAction::triggered, m_filing, &Filing::removeForEver);
    connect(a.junk, &QAction::triggered, m_filing, &Filing::toggleJunk);
    connect(a.moveTo, &QAction::triggered, this, &MainWindow::chooseTarget);
    connect(m_filing, &Filing::confirmationNeeded, this, &MainWindow::confirmDeletion);
    connect(m_filing, &Filing::done, this, &MainWindow::showDone);
    m_context.file = [this](const store::MessageRow &message, mail::MoveKind kind) {
        const store::MailboxRow *mailbox = m_tree->mailbox(message.mailbox);
        return m_filing->fileOne(message.id, mailbox ? mailbox->role : mail::MailboxRole::None, kind);
    };
    const auto failed = [this](const Error &error) { showActionError(error.userText); };
    connect(m_filing, &Filing::failed, this, failed);
    connect(m_marks, &Marks::failed, this, failed);
    m_folderActions = new FolderActions(m_source, *m_tree, *m_folders, this);
    connect(m_folderActions, &FolderActions::failed, this, failed);
    connect(m_folderActions, &FolderActions::done, this, &MainWindow::showDone);
    connect(m_pending, &PendingActions::targetWanted, this, &MainWindow::chooseOtherTarget);
    connect(&m_messages->view(), &MessageListView::draggedTo, this, [this](const QPoint &global) {
        m_folders->hoverAt(global);
        m_messages->view().showDropAllowed(dropTarget(global) != nullptr);
    });
    connect(&m_messages->view(), &MessageListView::droppedAt, this, [this](const QPoint &global) {
        m_folders->hoverAt({-1, -1});
        if (const store::MailboxRow *target = dropTarget(global))
            m_filing->moveTo(target->id, oneLine(mailboxLabel(*target), 100));
    });
    connect(&m_messages->view(), &MessageListView::dragGivenUp, this, [this] { m_folders->hoverAt({-1, -1}); });
    m_actionTold.setSingleShot(true);
    m_actionTold.setInterval(toldForMs);
    connect(&m_actionTold, &QTimer::timeout, m_actionBanner, &QWidget::hide);
    connect(m_actionBanner, &Banner::actionTriggered, this, [this] {
        m_actionBanner->hide();
        if (m_bannerUndoes)
            m_actions->undo->trigger();
        else if (m_bannerOperation.isValid())
            m_activityPanel->openAt(m_activityLine->isVisible() ? m_activityLine : m_activityBrief);
    });
    connect(m_actionBanner, &Banner::secondActionTriggered, this, [this] {
        m_actionBanner->hide();
        m_pending->edit(m_bannerOperation);
    });
    // What was undone need not be offered any more.
    connect(a.undo, &QAction::triggered, this, [this] {
        if (m_bannerUndoes)
            m_actionBanner->hide();
        m_marks->undo();
    });
}

void MainWindow::showDone(const QString &sentence, bool canBeUndone)
{
    m_bannerOperation = {};
    m_bannerUndoes = canBeUndone;
    m_actionBanner->showMessage(theme::Tone::Info, sentence, canBeUndone ? tr("Undo") : tr("Close"));
    m_actionBanner->setVisible(true);
    m_actionTold.start();
}

void MainWindow::confirmDeletion(int messages)
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Delete for good"),
                                tr("Delete %Ln message(s) for good?", nullptr, messages), QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("confirmDeletion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("They are not put into the Trash, and this cannot be undone."));
    QPushButton *remove = box->addButton(tr("Delete for good"), QMessageBox::DestructiveRole);
    remove->setObjectName(QStringLiteral("deleteForGood"));
    box->setDefaultButton(QMessageBox::Cancel);
    connect(remove, &QAbstractButton::clicked, m_filing, &Filing::confirmed);
    box->open();
}

/** The folder there, if it can take what the list shows. */
const store::MailboxRow *MainWindow::dropTarget(const QPoint &global) const
{
    const store::MailboxRow *open = m_tree->mailbox(m_listModel->mailbox());
    const store::MailboxRow *target = m_tree->mailbox(m_folders->mailboxAt(global));
    const bool takes
        = open && target && target->selectable && target->id != open->id && target->account == open->account;
    return takes ? target : nullptr;
}

void MainWindow::chooseTarget()
{
    const store::MailboxRow *open = m_tree->mailbox(m_listModel->mailbox());
    if (open == nullptr)
        return;
    std::vector<SwitcherEntry> entries;
    for (const MailboxId id : m_tree->allMailboxes()) {
        const store::MailboxRow *row = m_tree->mailbox(id);
        if (row->account != open->account || id == open->id || !row->selectable)
            continue;
        const QString label = oneLine(mailboxLabel(*row), 200);
        entries.push_back(
            {icon(mailboxIcon(row->role)), label, oneLine(row->name.parent(row->delimiter), 200), [this, id, label] {
                 m_filing->moveTo(id, label);
                 m_messages->view().setFocus();
             }});
    }
    m_switcher->open(std::move(entries));
}

/** For what was refused, because its folder has gone for instance. */
void MainWindow::chooseOtherTarget(const engine::PendingAction &action)
{
    m_activityPanel->hide();
    std::vector<SwitcherEntry> entries;
    for (const MailboxId id : m_tree->allMailboxes()) {
        const store::MailboxRow *row = m_tree->mailbox(id);
        if (row->account != action.account || !row->selectable || row->name.text == action.mailbox)
            continue;
        entries.push_back({icon(mailboxIcon(row->role)), oneLine(mailboxLabel(*row), 200),
                           oneLine(row->name.parent(row->delimiter), 200),
                           [this, id, operation = action.id] { m_pending->retarget(operation, id); }});
    }
    m_switcher->open(std::move(entries));
}

} // namespace kittiwake::ui
