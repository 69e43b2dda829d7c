// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/redirectwindow.h"

#include "ui/composer/addresstext.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/chromebar.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QAction>
#include <QCloseEvent>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace kittiwake::ui
{

RedirectWindow::RedirectWindow(ComposerBackend &backend, WindowSettings &settings, const Writing &redirect,
                               const QString &about, QWidget *parent)
    : QWidget(parent, Qt::Window), m_backend(backend), m_settings(settings), m_writing(redirect)
{
    m_writing.context.kind = engine::DraftContext::Kind::Redirect;
    m_isSaved = m_writing.draft.isValid(); // it came back from the outbox
    if (!m_isSaved)
        m_writing.draft = m_backend.newDraft();
    build(about);
    fillIdentities();
    m_recipients->setRecipients(m_writing.composition);
    connect(m_recipients, &RecipientRows::suggestionsWanted, this, [this](RecipientField *field, const QString &typed) {
        m_backend.suggestPeople(typed).then(field, [field, typed](const Result<mail::AddressList> &people) {
            if (people)
                field->setSuggestions(typed, *people);
        });
    });
    connect(&m_backend, &ComposerBackend::identitiesChanged, this, &RedirectWindow::fillIdentities);
    connect(m_trouble, &Banner::actionTriggered, m_trouble, &QWidget::hide);
    updateState();
    m_recipients->field(RecipientRows::Row::To).lineEdit()->setFocus();
}

RedirectWindow::~RedirectWindow() = default;

void RedirectWindow::build(const QString &about)
{
    setObjectName(QStringLiteral("redirectWindow"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowIcon(applicationIcon());
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    const QString subject = m_writing.composition.subject.trimmed().isEmpty()
        ? tr("a message without subject")
        : isolated(m_writing.composition.subject, 200);
    setWindowTitle(tr("Redirect: %1", "subject").arg(oneLine(m_writing.composition.subject, 200)));
    auto *bar = new ChromeBar(this);
    bar->setFixedHeight(qMax(44, fontMetrics().height() + 24));
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(theme::margins(12, 0, 12, 1));
    m_send = new QPushButton(tr("Redirect"), bar);
    m_send->setObjectName(QStringLiteral("sendButton"));
    m_send->setDefault(true);
    m_send->setToolTip(
        tr("Redirect (%1)").arg(QKeySequence(Qt::CTRL | Qt::Key_Return).toString(QKeySequence::NativeText)));
    connect(m_send, &QPushButton::clicked, this, &RedirectWindow::send);
    m_state = new QLabel(bar);
    m_state->setObjectName(QStringLiteral("redirectState"));
    m_state->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_send);
    row->addStretch(1);
    row->addWidget(m_state);
    auto *go = new QAction(this);
    go->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    connect(go, &QAction::triggered, this, &RedirectWindow::send);
    auto *leave = new QAction(this);
    leave->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_W), QKeySequence(Qt::Key_Escape)});
    connect(leave, &QAction::triggered, this, &QWidget::close);
    addActions({go, leave});

    m_fromRow = new QWidget(this);
    auto *from = new QHBoxLayout(m_fromRow);
    from->setContentsMargins(theme::margins(20, 2, 12, 3));
    from->setSpacing(theme::padding);
    auto *label = new QLabel(tr("From"), m_fromRow);
    label->setForegroundRole(QPalette::PlaceholderText);
    m_from = new QComboBox(m_fromRow);
    m_from->setObjectName(QStringLiteral("identity"));
    m_from->setAccessibleName(tr("From"));
    m_from->setFrame(false);
    label->setBuddy(m_from);
    from->addWidget(label);
    from->addWidget(m_from);
    from->addStretch(1);
    m_recipients = new RecipientRows(this);
    const int widest = qMax(m_recipients->labelWidth(), label->sizeHint().width());
    m_recipients->setLabelWidth(widest);
    label->setFixedWidth(widest);
    m_trouble = new Banner(this);
    m_trouble->setObjectName(QStringLiteral("redirectTrouble"));
    m_trouble->setVisible(false);

    auto *what = new QLabel(this);
    what->setObjectName(QStringLiteral("redirectAbout"));
    what->setTextFormat(Qt::PlainText);
    what->setWordWrap(true);
    what->setContentsMargins(theme::margins(20, 12, 20, 16));
    what->setForegroundRole(QPalette::PlaceholderText);
    what->setText(about.isEmpty() ? tr("%1 goes to them just as it is.", "subject").arg(subject)
                                  : tr("%1 by %2 goes to them just as it is. Whoever answers it, answers its author.",
                                       "subject, name and address")
                                        .arg(subject, about));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (QWidget *part : {static_cast<QWidget *>(bar), static_cast<QWidget *>(m_trouble), m_fromRow,
                          static_cast<QWidget *>(m_recipients), static_cast<QWidget *>(what)})
        layout->addWidget(part);
    layout->addStretch(1);
    resize(620, 260);
}

void RedirectWindow::fillIdentities()
{
    const QSignalBlocker quiet(m_from);
    m_identities = m_backend.identities();
    m_from->clear();
    int chosen = -1;
    for (const WriterIdentity &one : m_identities) {
        m_from->addItem(shownAddress(one.from));
        const bool isMeant = one.account == m_writing.context.account
            && (m_writing.context.identity.isEmpty() || one.key == m_writing.context.identity);
        if (chosen < 0 && isMeant)
            chosen = m_from->count() - 1;
    }
    m_from->setCurrentIndex(m_identities.empty() ? -1 : qMax(0, chosen));
    m_fromRow->setVisible(m_identities.size() > 1);
}

void RedirectWindow::setOriginal(const QByteArray &bytes)
{
    m_writing.composition.attachments = {mime::ForwardedMessage{m_writing.composition.subject, bytes}};
    updateState();
}

void RedirectWindow::updateState()
{
    const bool isThere = !m_writing.composition.attachments.empty();
    const bool isHopeless = m_trouble->isVisible() && !isThere;
    m_state->setText(isThere || isHopeless ? QString() : tr("Fetching the message…"));
    m_send->setEnabled(isThere && !m_isBusy);
    m_recipients->setEnabled(!m_isBusy);
    m_from->setEnabled(!m_isBusy);
}

void RedirectWindow::showTrouble(const QString &sentence)
{
    m_trouble->showMessage(theme::Tone::Warning, sentence, tr("Close"));
    updateState();
}

void RedirectWindow::setBusy(bool busy)
{
    m_isBusy = busy;
    updateState();
}

void RedirectWindow::send()
{
    if (m_isBusy || m_writing.composition.attachments.empty())
        return;
    m_trouble->setVisible(false);
    const int index = m_from->currentIndex();
    if (index < 0 || index >= static_cast<int>(m_identities.size())) {
        showTrouble(tr("No account can send mail. Add a server for outgoing mail to an account in the settings."));
        return;
    }
    if (m_recipients->focusInvalid()) {
        showTrouble(tr("One of the recipients is not an email address. Correct it or take it away, then send again."));
        return;
    }
    if (m_recipients->isEmpty()) {
        m_recipients->field(RecipientRows::Row::To).lineEdit()->setFocus();
        showTrouble(tr("Say who gets the message, then send again."));
        return;
    }
    const WriterIdentity &who = m_identities[static_cast<std::size_t>(index)];
    m_writing.context.account = who.account;
    m_writing.context.identity = who.key;
    m_writing.composition.from = who.from;
    m_recipients->takeRecipients(m_writing.composition);
    m_writing.composition.replyTo.clear();
    setBusy(true);
    m_backend.saveDraft({m_writing.draft, m_writing.context, m_writing.composition})
        .then(this, [this](const Result<engine::DraftState> &state) { handleSaved(state); });
}

void RedirectWindow::handleSaved(const Result<engine::DraftState> &state)
{
    if (!state) {
        hasFailed(state.error().userText);
        return;
    }
    m_isSaved = true;
    if (!state->notice.isEmpty()) { // too large to go along
        hasFailed(state->notice);
        return;
    }
    engine::DraftSendRequest request;
    request.id = m_writing.draft;
    request.undoSeconds = m_settings.undoSeconds();
    m_backend.sendDraft(request).then(this, [this](const Result<engine::SendReport> &report) {
        if (!report) {
            hasFailed(report.error().userText);
            return;
        }
        m_isSaved = false; // it is the outbox's now
        Q_EMIT sent({report->operation, m_writing.composition.subject, m_settings.undoSeconds(), 0});
        close();
    });
}

void RedirectWindow::hasFailed(const QString &sentence)
{
    setVisible(true);
    setBusy(false);
    showTrouble(sentence);
}

void RedirectWindow::closeEvent(QCloseEvent *event)
{
    if (m_isBusy && m_isSaved) {
        event->ignore(); // handed over at this moment
        return;
    }
    event->accept();
    if (m_isSaved)
        m_backend.discardDraft(m_writing.draft);
}

} // namespace kittiwake::ui
