// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/drafts.h"

#include "core/base/log.h"
#include "core/engine/draftstate.h"
#include "core/mail/templates.h"
#include "core/mime/compositionreader.h"

namespace kittiwake::engine
{

Drafts::Drafts(const Parts &parts, StateHandler changed)
    : m_parts(parts), m_changed(std::move(changed)),
      m_box(parts.environment, parts.pending,
            {[this](AccountId account) { m_parts.journal.adopt(account); },
             [this](const mail::DraftId &id) { tell(id); }},
            m_parts.pause)
{
    m_parts.journal.setDraftPause(m_parts.pause);
    m_parts.journal.setDraftHandler(
        [this](const mail::DraftId &id, const sync::DraftServer &server) { pushed(id, server); });
    m_parts.mailing.setDraftHooks({[this](const sync::Outgoing &outgoing) { return removalOf(outgoing); },
                                   [this](const sync::Outgoing &outgoing) { return accepted(outgoing); },
                                   [this] { followOutbox(); }});
}

Drafts::~Drafts()
{
    m_parts.journal.setDraftHandler({});
    m_parts.mailing.setDraftHooks({});
}

DraftState Drafts::stateOf(const store::DraftRow &row) const
{
    DraftState state = draftState(m_parts.pending, row);
    const sync::DraftServer server = sync::DraftServer::fromBytes(row.server);
    const auto mailbox = m_parts.environment.store.findMailbox(row.account, server.mailbox);
    if (mailbox && *mailbox && server.base)
        state.mailbox = **mailbox;
    if (mailbox && server.isConflict)
        state.otherMailbox = mailbox->value_or(MailboxId());
    return state;
}

Result<DraftState> Drafts::state(const mail::DraftId &id) const
{
    const auto row = m_parts.pending.draft(id);
    if (!row)
        return failure(row.error());
    DraftState gone;
    gone.id = id;
    return *row ? stateOf(**row) : gone;
}

void Drafts::tell(const mail::DraftId &id)
{
    const auto now = state(id);
    if (!now)
        qCWarning(logEngine) << now.error();
    else if (m_changed)
        m_changed(*now);
}

void Drafts::pushed(const mail::DraftId &id, const sync::DraftServer &server)
{
    if (const auto awaited = m_awaited.find(id); awaited != m_awaited.end())
        awaited->second = server;
    tell(id);
}

/** The account is removed: what was written for it is of no use any more. */
Result<void> Drafts::forget(AccountId account)
{
    const auto rows = m_parts.pending.drafts(account);
    if (!rows)
        return failure(rows.error());
    for (const store::DraftRow &row : *rows) {
        if (auto removed = m_parts.pending.removeDraft(row.id); !removed)
            return removed;
        tell(row.id);
    }
    return {};
}

async::Task<Result<QStringList>> Drafts::knownWords()
{
    co_return m_parts.pending.knownWords();
}

async::Task<Result<void>> Drafts::setKnownWord(QString word, bool known)
{
    co_return m_parts.pending.setKnownWord(word, known);
}

async::Task<Result<DraftState>> Drafts::save(DraftContent content)
{
    const auto saved = m_box.save(content.id, content.context, content.composition);
    if (!saved)
        co_return failure(saved.error());
    co_return stateOf(*saved);
}

async::Task<Result<DraftState>> Drafts::close(mail::DraftId id, bool wait)
{
    const auto closed = m_box.close(id);
    if (!closed)
        co_return failure(closed.error());
    const auto row = m_parts.pending.draft(id);
    if (!row)
        co_return failure(row.error());
    if (!wait || m_parts.isPaused || !*row || !(*row)->push.isValid())
        co_return state(id);
    const AccountId account = (*row)->account;
    m_awaited[id] = {};
    const store::OperationState attempted = co_await m_parts.journal.attempted((*row)->push);
    Q_UNUSED(attempted)
    const sync::DraftServer server = m_awaited[id];
    m_awaited.erase(id);
    auto now = state(id);
    if (now && now->place == DraftState::Place::Nowhere && server.base) {
        now->account = account;
        now->place = DraftState::Place::Server;
        const auto mailbox = m_parts.environment.store.findMailbox(account, server.mailbox);
        now->mailbox = mailbox ? mailbox->value_or(MailboxId()) : MailboxId();
        now->uid = server.base->uid;
        now->identity = server.identity;
        now->isConflict = server.isConflict;
        if (server.isConflict)
            now->notice = draftConflictSentence();
    }
    co_await settled(account);
    co_return now;
}

/** What goes from the server because of it has been tried too. */
async::Task<void> Drafts::settled(AccountId account)
{
    const auto briefs = m_parts.pending.briefs(account);
    OperationId last;
    if (briefs) {
        for (const store::PendingBrief &brief : *briefs) {
            if (!sync::Outbox::isMessage(brief.kind) && brief.state == store::OperationState::Queued
                && brief.nextAttemptAt == 0)
                last = brief.id;
        }
    }
    if (!last.isValid() || m_parts.isPaused)
        co_return;
    const store::OperationState attempted = co_await m_parts.journal.attempted(last);
    Q_UNUSED(attempted)
}

async::Task<Result<void>> Drafts::discard(mail::DraftId id, bool wait)
{
    const auto row = m_parts.pending.draft(id);
    if (!row)
        co_return failure(row.error());
    const AccountId account = *row ? (*row)->account : m_box.adoptedBy(id);
    const auto gone = m_box.discard(id);
    if (!gone)
        co_return failure(gone.error());
    // Its removal looks first, and is carried out by a second operation then.
    if (wait && account.isValid()) {
        co_await settled(account);
        co_await settled(account);
    }
    co_return Result<void>();
}

async::Task<Result<std::vector<DraftInfo>>> Drafts::list()
{
    const auto rows = m_parts.pending.drafts();
    if (!rows)
        co_return failure(rows.error());
    std::vector<DraftInfo> result;
    for (const store::DraftRow &row : *rows) {
        DraftInfo info = describeDraft(m_parts.pending, row);
        info.state = stateOf(row);
        info.isOpen = m_box.isOpen(row.id);
        result.push_back(std::move(info));
    }
    co_return result;
}

async::Task<Result<OpenedDraft>> Drafts::open(mail::DraftId id)
{
    auto loaded = m_box.load(id);
    if (!loaded)
        co_return failure(loaded.error());
    co_return OpenedDraft{{id, std::move(loaded->context), std::move(loaded->composition)}, stateOf(loaded->row)};
}

/** Whose address it is from answers; the first identity where that is nobody's. */
DraftContext Drafts::contextFor(AccountId account, const mime::Composition &composition) const
{
    DraftContext context;
    context.account = account;
    context.isRich = !composition.html.isEmpty();
    if (const auto known = m_parts.findAccount(account)) {
        const auto identity = accounts::identityWithAddress(accounts::identitiesOf(*known), composition.from.address);
        context.identity = identity ? identity->key : QString();
    }
    return context;
}

async::Task<Result<OpenedDraft>> Drafts::openMessage(MessageId message)
{
    const auto place = m_parts.access.locate(message);
    if (!place)
        co_return failure(place.error());
    Result<OpenedDraft> opened = co_await openFrom(*place);
    co_return opened;
}

async::Task<Result<OpenedDraft>> Drafts::openFrom(MessageRef message)
{
    const auto target = m_parts.access.target(message);
    if (!target)
        co_return failure(target.error());
    const auto row = m_parts.environment.store.mailbox(target->mailbox);
    if (!row || !*row)
        co_return failure(row ? MessageAccess::goneError({}) : row.error());
    const mail::MailboxName name = (*row)->name;
    const auto here = m_box.findVersion(target->account, name, target->uidValidity, target->uid);
    if (!here)
        co_return failure(here.error());
    const bool isAdopted = m_box.adoptedBy(*here).isValid();
    if (here->isValid() && !isAdopted) {
        Result<OpenedDraft> local = co_await open(*here);
        co_return local;
    }
    const auto bytes = co_await m_parts.messages.raw(message, false);
    if (!bytes)
        co_return failure(bytes.error());
    mime::ReadComposition read = mime::readComposition(*bytes, mime::ReadAs::Draft);
    sync::DraftServer server;
    const QByteArray messageId = read.composition.messageId;
    server.identity = sync::draftIdentity(messageId);
    if (!server.identity.isValid())
        server.identity = sync::adoptedIdentity(messageId);
    OpenedDraft opened;
    // Opened twice, it is one and the same.
    opened.content.id = isAdopted ? *here : mail::DraftId::make(m_parts.environment.random);
    if (!server.identity.isValid())
        server.identity = opened.content.id;
    server.mailbox = name;
    server.validity = target->uidValidity;
    server.base = sync::DraftVersion{target->uid, messageId, static_cast<std::uint64_t>(bytes->size())};
    m_box.adopt(opened.content.id, target->account, server);
    read.composition.messageId.clear();
    opened.content.context = contextFor(target->account, read.composition);
    if (mail::isTemplatesMailbox(name, (*row)->delimiter))
        opened.content.context.kind = DraftContext::Kind::Template;
    for (const QByteArray &id : read.forwards)
        opened.content.context.origins.push_back({DraftOrigin::How::Forwards, target->account, {}, id});
    for (const QByteArray &id : read.composition.inReplyTo)
        opened.content.context.origins.push_back({DraftOrigin::How::Answers, target->account, {}, id});
    opened.content.composition = std::move(read.composition);
    opened.state.id = opened.content.id;
    opened.state.identity = server.identity;
    opened.state.account = target->account;
    opened.state.place = DraftState::Place::Server;
    opened.state.mailbox = target->mailbox;
    opened.state.uid = target->uid;
    co_return opened;
}

async::Task<Result<OpenedDraft>> Drafts::editAsNew(MessageId message)
{
    const auto place = m_parts.access.locate(message);
    if (!place)
        co_return failure(place.error());
    const auto target = m_parts.access.target(*place);
    if (!target)
        co_return failure(target.error());
    const AccountId account = target->account;
    const auto bytes = co_await m_parts.messages.raw(*place, false);
    if (!bytes)
        co_return failure(bytes.error());
    mime::ReadComposition read = mime::readComposition(*bytes, mime::ReadAs::New);
    OpenedDraft opened;
    opened.content.id = mail::DraftId::make(m_parts.environment.random);
    opened.content.context = contextFor(account, read.composition);
    if (const auto known = m_parts.findAccount(account))
        read.composition.from = accounts::identityOf(*known, opened.content.context.identity).from();
    opened.content.composition = std::move(read.composition);
    opened.state.id = opened.content.id;
    opened.state.account = account;
    co_return opened;
}

} // namespace kittiwake::engine
