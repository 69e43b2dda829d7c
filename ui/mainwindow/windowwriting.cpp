// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/templates.h"
#include "ui/composer/composers.h"
#include "ui/composer/undosend.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/mainwindow/pendingactions.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/messagewindow/readercommands.h"
#include "ui/settings/identitiesdialog.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/safetext.h"

#include <QAction>

/** The part of MainWindow that has messages written. */
namespace kittiwake::ui
{

void MainWindow::connectWriting()
{
    const WindowActions &a = *m_actions;
    connect(a.compose, &QAction::triggered, this, [this] {
        if (m_composers == nullptr)
            return;
        const store::MailboxRow *open = m_tree->mailbox(m_listModel->mailbox());
        m_composers->writeNew(open != nullptr ? open->account : AccountId());
    });
    const struct {
        QAction *action;
        Answer how;
    } answers[]{{a.reply, Answer::Reply},
                {a.replyAll, Answer::ReplyAll},
                {a.replyList, Answer::ReplyList},
                {a.forward, Answer::Forward},
                {a.forwardAttached, Answer::ForwardAttached},
                {a.redirect, Answer::Redirect},
                {a.editAsNew, Answer::EditAsNew}};
    for (const auto &one : answers)
        connect(one.action, &QAction::triggered, this, [this, how = one.how] { m_reading->answer(how); });
    connect(a.fromTemplate, &QAction::triggered, this, [this] {
        if (m_composers != nullptr)
            m_composers->showTemplates(this, mapToGlobal(QPoint(width() / 4, height() / 8)));
    });
    connect(a.editTemplate, &QAction::triggered, this, [this] {
        if (m_composers != nullptr && m_messages->currentMessage().isValid())
            m_composers->openDraft(m_messages->currentMessage());
    });
}

void MainWindow::setWriting(ComposerBackend &backend)
{
    m_composers = new Composers(backend, m_settings, this);
    m_context.composers = m_composers;
    m_undoSend = new UndoSend(*m_sentBanner, this);
    connect(m_composers, &Composers::sent, m_undoSend, &UndoSend::show);
    connect(m_composers, &Composers::discarded, m_undoSend, &UndoSend::showDiscarded);
    connect(m_composers, &Composers::failed, this, [this](const QString &sentence) { showActionError(sentence); });
    connect(m_undoSend, &UndoSend::takeBackWanted, m_composers, &Composers::takeBack);
    connect(m_undoSend, &UndoSend::writingWanted, m_composers, &Composers::open);
    connect(m_pending, &PendingActions::editWanted, m_composers, &Composers::takeBack);
    connect(m_composers, &Composers::leftOpen, this, [this](int count, const QString &subject) {
        const QString newest = subject.trimmed().isEmpty() ? tr("a message without subject") : isolated(subject, 60);
        m_leftOpenBanner->showMessage(
            theme::Tone::Info,
            count == 1 ? tr("You were writing %1 when Kittiwake ended. It was kept.").arg(newest)
                       : tr("You were writing %Ln message(s) when Kittiwake ended. They were kept.", nullptr, count),
            tr("Go on writing"), tr("Not now"));
    });
    connect(m_leftOpenBanner, &Banner::actionTriggered, this, [this] {
        m_leftOpenBanner->setVisible(false);
        m_composers->openLeftOpen();
    });
    connect(m_leftOpenBanner, &Banner::secondActionTriggered, m_leftOpenBanner, &QWidget::hide);
    m_composers->lookForLeftOpen();
    updateActions();
}

void MainWindow::openIdentities(AccountId account, QWidget *parent)
{
    for (const accounts::Account &one : m_source.accounts()) {
        if (one.id != account || m_composers == nullptr)
            continue;
        auto *dialog = new IdentitiesDialog(m_composers->backend(), account, one.email, parent);
        dialog->open();
        return;
    }
}

bool MainWindow::isInTemplates() const
{
    const store::MailboxRow *open = m_tree->mailbox(m_listModel->mailbox());
    return open != nullptr && mail::isTemplatesMailbox(open->name, open->delimiter);
}

/** In the folder of drafts a message is opened to go on with it; in that of templates a new one begins with it. */
bool MainWindow::openAsDraft()
{
    const store::MailboxRow *open = m_tree->mailbox(m_listModel->mailbox());
    const MessageId message = m_messages->currentMessage();
    if (m_composers != nullptr && message.isValid() && isInTemplates()) {
        m_composers->writeFromTemplate(message);
        return true;
    }
    if (m_composers == nullptr || open == nullptr || open->role != mail::MailboxRole::Drafts || !message.isValid())
        return false;
    m_composers->openDraft(message);
    return true;
}

void MainWindow::followLink(const QUrl &target)
{
    m_reading->followLink(target);
}

} // namespace kittiwake::ui
