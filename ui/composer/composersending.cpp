// SPDX-License-Identifier: GPL-3.0-or-later
// How a ComposerWindow is left: the message is sent, kept as a draft, or thrown away.
#include "ui/composer/attachmentwords.h"
#include "ui/composer/composertext.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/widgets/banner.h"

#include <QCloseEvent>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>

#include <utility>

namespace kittiwake::ui
{

namespace
{

/** So many people do not know each other. */
constexpr std::size_t manyRecipients = 20;

} // namespace

void ComposerWindow::send()
{
    sendNow(0);
}

void ComposerWindow::sendAt(std::int64_t time)
{
    sendNow(time);
}

void ComposerWindow::sendNow(std::int64_t notBefore)
{
    if (m_isSending || m_isOver)
        return;
    if (isTemplate()) {
        saveAsTemplate();
        return;
    }
    m_askedFor = notBefore;
    m_question->setVisible(false);
    if (!mayBeSent())
        return;
    if (m_files->isBusy()) {
        // A file that was dropped a moment ago goes along.
        connect(
            m_files, &OutgoingBar::ready, this, [this, notBefore] { sendNow(notBefore); }, Qt::SingleShotConnection);
        return;
    }
    m_trouble->setVisible(false);
    setBusy(true);
    m_keeper->touch(); // also where nothing was changed: what is sent is what was last saved
    m_keeper->finish([this, notBefore](const Result<void> &saved) {
        if (!saved) {
            setBusy(false);
            showTrouble(saved.error().userText);
            return;
        }
        engine::DraftSendRequest request;
        request.id = m_draft;
        request.undoSeconds = m_settings.undoSeconds();
        request.notBefore = notBefore;
        m_backend.sendDraft(request).then(
            this, [this, notBefore](const Result<engine::SendReport> &report) { handleSent(report, notBefore); });
    });
}

void ComposerWindow::setBusy(bool busy)
{
    m_isSending = busy;
    for (QWidget *widget :
         {static_cast<QWidget *>(m_sendButton), static_cast<QWidget *>(m_laterButton),
          static_cast<QWidget *>(m_headArea), static_cast<QWidget *>(m_text), static_cast<QWidget *>(m_filesArea)})
        widget->setEnabled(!busy);
}

/** Whether nothing stands against it; else what does is said, and the keyboard is where it can be mended. */
bool ComposerWindow::mayBeSent()
{
    using Row = RecipientRows::Row;
    if (m_identities.empty()) {
        showTrouble(tr("No account can send mail. Add a server for outgoing mail to an account in the settings; the "
                       "message is kept as a draft."));
        return false;
    }
    if (m_recipients->focusInvalid()) {
        showTrouble(tr("One of the recipients is not an email address. Correct it or take it away, then send again."));
        return false;
    }
    if (m_recipients->isEmpty()) {
        m_recipients->field(Row::To).lineEdit()->setFocus();
        showTrouble(tr("Say who gets the message, then send again."));
        return false;
    }
    if (m_subject->text().trimmed().isEmpty()
        && ask(Question::NoSubject, tr("The message has no subject."), tr("Send without"), tr("Write one")))
        return false;
    if (m_files->parts().empty() && mentionsAttachment(m_text->plainText())
        && ask(Question::NoAttachment, tr("You write about an attachment, and there is none."), tr("Send without"),
               tr("Attach files…")))
        return false;
    const std::size_t visible = m_recipients->visibleRecipients();
    if (visible >= manyRecipients
        && ask(Question::ManySeeEachOther,
               tr("%Ln people will see each other's addresses.", nullptr, static_cast<int>(visible)), tr("Send anyway"),
               tr("Hide them (Bcc)")))
        return false;
    const auto shown
        = [this](std::int64_t octets) { return locale().formattedDataSize(octets, 1, QLocale::DataSizeSIFormat); };
    return !(m_files->isOverLimit()
             && ask(Question::TooLarge,
                    tr("The attachments take %1 on their way, and your mail server said that it takes no more than %2: "
                       "it will probably refuse the message.",
                       "sizes")
                        .arg(shown(m_files->sizeOnWay()), shown(static_cast<std::int64_t>(m_files->limit()))),
                    tr("Try anyway"), tr("Go on writing")));
}

/** Whether the question has to be answered first. */
bool ComposerWindow::ask(Question question, const QString &text, const QString &go, const QString &other)
{
    if (m_answered.contains(question))
        return false;
    m_asked = question;
    m_question->showMessage(theme::Tone::Warning, text, go, other);
    // The keyboard goes to the answer that does no harm.
    const QList<QPushButton *> buttons = m_question->findChildren<QPushButton *>();
    if (!buttons.isEmpty())
        buttons.back()->setFocus(Qt::OtherFocusReason);
    return true;
}

void ComposerWindow::answerQuestion(bool go)
{
    m_question->setVisible(false);
    if (go) {
        m_answered.insert(m_asked);
        sendNow(m_askedFor);
        return;
    }
    switch (m_asked) {
    case Question::NoSubject:
        m_subject->setFocus();
        break;
    case Question::NoAttachment:
        attach();
        break;
    case Question::ManySeeEachOther:
        m_recipients->moveVisibleToBcc();
        m_text->focusText();
        break;
    case Question::TooLarge:
        m_text->focusText();
        break;
    }
}

void ComposerWindow::handleSent(const Result<engine::SendReport> &report, std::int64_t notBefore)
{
    if (!report) {
        setBusy(false);
        setVisible(true);
        showTrouble(report.error().userText);
        return;
    }
    m_isOver = true;
    m_keeper->stop();
    Q_EMIT sent({report->operation, m_subject->text(), m_settings.undoSeconds(), notBefore});
    close();
    deleteLater(); // also where it was closed while it was handed over
}

void ComposerWindow::discard()
{
    if (m_isSending || m_isOver)
        return;
    const Writing last = writing();
    const bool isKept = m_keeper->wasSaved() || !m_keeper->isSaved();
    m_isOver = true;
    m_keeper->stop();
    setVisible(false);
    const auto end = [this, last, byPerson = m_changed] {
        if (byPerson)
            Q_EMIT discarded(last);
        deleteLater();
    };
    if (!isKept) {
        end();
        return;
    }
    m_backend.discardDraft(m_draft).then(this, [this, end](const Result<void> &done) {
        if (done)
            return end();
        m_isOver = false;
        setVisible(true);
        showTrouble(done.error().userText);
    });
}

void ComposerWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setComposerGeometry(saveGeometry());
    event->accept();
    if (m_isOver) {
        deleteLater();
        return;
    }
    if (m_isSending)
        return; // handleSent() closes it, or shows it again
    const bool isEmpty = m_recipients->isEmpty() && m_subject->text().trimmed().isEmpty() && m_text->isEmpty()
        && m_files->parts().empty();
    if (isEmpty && m_changed) {
        m_changed = false; // whoever erases everything wants none of it
        discard();
        return;
    }
    if (m_keeper->isSaved() && !m_keeper->wasSaved()) {
        m_isOver = true;
        deleteLater();
        return;
    }
    // It is out of sight at once, and comes back where it cannot be kept.
    m_keeper->finish([this](const Result<void> &saved) {
        QMetaObject::invokeMethod(
            this, [this, saved] { finishClosing(saved); }, Qt::QueuedConnection);
    });
}

void ComposerWindow::finishClosing(const Result<void> &saved)
{
    if (saved) {
        m_isOver = true;
        m_keeper->stop();
        m_backend.closeDraft(m_draft);
        deleteLater();
        return;
    }
    setVisible(true);
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Kittiwake"), tr("The message could not be kept as a draft."),
                                QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("notKept"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(saved.error().userText);
    QPushButton *stay = box->addButton(tr("Go on writing"), QMessageBox::RejectRole);
    QPushButton *lose = box->addButton(tr("Close without keeping"), QMessageBox::DestructiveRole);
    lose->setObjectName(QStringLiteral("closeAnyway"));
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    connect(lose, &QAbstractButton::clicked, this, [this] {
        m_isOver = true;
        m_keeper->stop();
        close();
    });
    box->open();
}

} // namespace kittiwake::ui
