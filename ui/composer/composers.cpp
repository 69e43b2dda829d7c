// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/composers.h"

#include "core/mime/mailto.h"
#include "core/spell/platform.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/signature.h"
#include "ui/spell/spelling.h"
#include "ui/widgets/inworker.h"

#include <QTimer>

#include <algorithm>
#include <memory>

namespace kittiwake::ui
{

namespace
{

/** An answer needs little that the list of messages does not have; who writes it is not to wait for a slow server. */
constexpr int headerPatienceMs = 400;

} // namespace

Composers::Composers(ComposerBackend &backend, WindowSettings &settings, QObject *parent)
    : QObject(parent), m_backend(backend), m_settings(settings),
      m_spelling(new Spelling(backend, spell::dictionaryFolders(), this))
{
}

Composers::~Composers()
{
    for (const QPointer<ComposerWindow> &window : m_windows)
        delete window;
    for (const QPointer<RedirectWindow> &window : m_redirects)
        delete window;
}

std::vector<ComposerWindow *> Composers::windows() const
{
    return alive(m_windows);
}

ComposerWindow *Composers::open(const Writing &writing)
{
    // A draft is open once: two windows would overwrite each other.
    for (ComposerWindow *window : windows()) {
        if (writing.draft.isValid() && window->draft() == writing.draft) {
            window->setVisible(true);
            window->raise();
            window->activateWindow();
            return window;
        }
    }
    std::erase_if(m_windows, [](const QPointer<ComposerWindow> &window) { return window.isNull(); });
    auto *window = new ComposerWindow(m_backend, m_settings, writing);
    m_windows.emplace_back(window);
    connect(window, &ComposerWindow::sent, this, &Composers::sent);
    connect(window, &ComposerWindow::discarded, this, &Composers::discarded);
    connect(window, &ComposerWindow::otherVersionWanted, this,
            [this, window](MailboxId mailbox, Uid uid) { openOther(window, mailbox, uid); });
    window->setSpelling(*m_spelling);
    window->show();
    window->activateWindow();
    window->focusFirst();
    return window;
}

ComposerWindow *Composers::begin(Writing writing)
{
    const std::vector<WriterIdentity> own = m_backend.identities();
    auto who = std::find_if(own.begin(), own.end(), [&writing](const WriterIdentity &one) {
        return one.account == writing.context.account
            && (writing.context.identity.isEmpty() || one.key == writing.context.identity);
    });
    if (who == own.end())
        who = own.begin();
    if (who != own.end()) {
        writing.context.account = who->account;
        writing.context.identity = who->key;
        if (writing.composition.replyTo.empty())
            writing.composition.replyTo = who->replyTo;
        addSignature(writing, *who);
    }
    return open(writing);
}

ComposerWindow *Composers::writeNew(AccountId account)
{
    Writing writing;
    writing.context.account = account;
    writing.context.isRich = m_settings.isComposerRich();
    return begin(writing);
}

bool Composers::openMailto(const QByteArray &uri)
{
    const auto asked = mime::parseMailto(uri);
    if (!asked)
        return false;
    Writing writing;
    writing.composition = *asked;
    begin(writing);
    return true;
}

void Composers::answer(MailSource &source, const ReadMessage &message, Answer how)
{
    if (how == Answer::Redirect) {
        redirect(source, message);
        return;
    }
    if (how == Answer::ForwardAttached || how == Answer::EditAsNew) {
        writeWhole(source, message, how);
        return;
    }
    const auto once = std::make_shared<bool>(false);
    // The window that the message is read in may close meanwhile, with a source of its own.
    const auto go = [this, from = QPointer(&source), message, how, once](const QByteArray &header) {
        if (std::exchange(*once, true))
            return;
        ReadMessage known = message;
        known.header = header;
        write(from, known, how);
    };
    // The list's address is nowhere but in the header.
    const bool needsHeader = how == Answer::ReplyList;
    source.fetchRaw(message.row.id, true).then(this, [this, go, needsHeader](const Result<QByteArray> &header) {
        if (header || !needsHeader)
            go(header.value_or(QByteArray()));
        else
            Q_EMIT failed(header.error().userText);
    });
    if (!needsHeader)
        QTimer::singleShot(headerPatienceMs, this, [go] { go({}); });
}

void Composers::write(const QPointer<MailSource> &source, const ReadMessage &message, Answer how)
{
    if (how == Answer::ReplyList && !listOf(message).isValid()) {
        Q_EMIT failed(tr("This message came over no mailing list that says where to write to. Reply to all instead."));
        return;
    }
    const auto work = [message, how, own = m_backend.identities(), rich = m_settings.isComposerRich()] {
        switch (how) {
        case Answer::ReplyAll:
            return replyTo(message, mime::ReplyTo::All, own, rich);
        case Answer::ReplyList:
            return replyTo(message, mime::ReplyTo::List, own, rich);
        case Answer::Forward:
            return forwardOf(message, own, rich);
        default:
            return replyTo(message, mime::ReplyTo::Sender, own, rich);
        }
    };
    const bool hasFiles = how == Answer::Forward && !message.content.attachments.empty();
    inWorker(work).then(this, [this, source, id = message.row.id, hasFiles](const Writing &writing) {
        ComposerWindow *window = begin(writing);
        if (hasFiles && source)
            fetchFiles(*source, id, window);
    });
}

void Composers::writeWhole(MailSource &source, const ReadMessage &message, Answer how)
{
    source.fetchRaw(message.row.id, false).then(this, [this, message, how](const Result<QByteArray> &raw) {
        if (!raw) {
            Q_EMIT failed(raw.error().userText);
            return;
        }
        const auto work = [message, how, bytes = *raw, own = m_backend.identities()] {
            return how == Answer::EditAsNew ? editAsNew(message, bytes, own) : forwardAttached(message, bytes, own);
        };
        inWorker(work).then(this, [this](const Writing &writing) { open(writing); });
    });
}

/** The text can be written meanwhile; it is not sent before they are there. */
void Composers::fetchFiles(MailSource &source, MessageId message, ComposerWindow *window)
{
    OutgoingBar *bar = &window->files();
    bar->expect(tr("Fetching the attachments…"));
    source.fetchRaw(message, false).then(window, [window, bar](const Result<QByteArray> &raw) {
        if (!raw) {
            bar->arrived({});
            window->showTrouble(
                tr("The attachments of the message could not be fetched. %1").arg(raw.error().userText));
            return;
        }
        inWorker([bytes = *raw] {
            return forwardedFiles(bytes);
        }).then(window, [bar](const std::vector<mime::OutgoingPart> &parts) { bar->arrived(parts); });
    });
}

void Composers::take(const Result<engine::OpenedDraft> &opened)
{
    if (!opened) {
        Q_EMIT failed(opened.error().userText);
        return;
    }
    if (opened->content.context.kind == engine::DraftContext::Kind::Redirect) {
        RedirectWindow *window = openRedirect(writingOf(*opened), {});
        if (!opened->state.notice.isEmpty())
            window->showTrouble(opened->state.notice);
        return;
    }
    // A quote of many megabytes is taken apart in a worker.
    inWorker([draft = *opened] { return writingOf(draft); }).then(this, [this](const Writing &writing) {
        ComposerWindow *window = open(writing);
        if (!writing.state.notice.isEmpty())
            window->showTrouble(writing.state.notice);
    });
}

void Composers::takeBack(OperationId operation)
{
    m_backend.takeBack(operation).then(this, [this](const Result<engine::OpenedDraft> &opened) { take(opened); });
}

void Composers::openDraft(MessageId message)
{
    m_backend.openDraft(message).then(this, [this](const Result<engine::OpenedDraft> &opened) { take(opened); });
}

void Composers::lookForLeftOpen()
{
    m_backend.drafts().then(this, [this](const Result<std::vector<engine::DraftInfo>> &drafts) {
        if (!drafts)
            return;
        m_leftOpen.clear();
        QString subject;
        for (const engine::DraftInfo &draft : *drafts) {
            if (draft.isOpen || draft.state.place == engine::DraftState::Place::Outbox)
                continue;
            m_leftOpen.push_back(draft.state.id);
            subject = draft.subject;
        }
        if (!m_leftOpen.empty())
            Q_EMIT leftOpen(static_cast<int>(m_leftOpen.size()), subject);
    });
}

void Composers::openLeftOpen()
{
    for (const mail::DraftId &draft : std::exchange(m_leftOpen, {}))
        m_backend.openDraft(draft).then(this, [this](const Result<engine::OpenedDraft> &opened) { take(opened); });
}

} // namespace kittiwake::ui
