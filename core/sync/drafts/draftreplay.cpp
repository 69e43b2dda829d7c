// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftreplay.h"

#include "core/mime/headers.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/drafts/draftcontent.h"
#include "core/sync/operations/journal.h"
#include "core/sync/operations/replayerrors.h"
#include "core/sync/operations/rolefolder.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** Without UIDPLUS and REPLACE each version stays on the server, marked \Deleted, until somebody expunges: so few. */
constexpr std::chrono::minutes pauseWithoutUidPlus{10};

Failure notWanted()
{
    return failure(ErrorKind::Cancelled, {}, QCoreApplication::translate("core", "This was given up."));
}

} // namespace

DraftReplay::DraftReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync,
                         const store::PendingOperation &operation)
    : m_environment(environment), m_pending(pending), m_sync(sync), m_record(operation)
{
}

/** As it is now: meanwhile the person may have gone on writing, or have sent or discarded it. */
Result<void> DraftReplay::read()
{
    const auto operation = DraftOperation::fromBytes(m_record.kind, m_record.payload);
    if (!operation)
        return notWanted();
    m_operation = *operation;
    if (!m_operation.draft.isValid()) {
        m_server = m_operation.server;
        return {};
    }
    const auto row = m_pending.draft(m_operation.draft);
    if (!row)
        return failure(row.error());
    if (!*row || (*row)->push != m_record.id || (*row)->outgoing.isValid())
        return notWanted();
    m_row = **row;
    m_server = DraftServer::fromBytes(m_row.server);
    if (!m_server.identity.isValid())
        m_server.identity = m_row.id;
    return {};
}

/** Committed before a version is sent: whoever finds this after a crash looks before storing another one. */
Result<void> DraftReplay::write()
{
    m_row.server = m_server.toBytes();
    auto done = m_pending.inTransaction([this]() -> Result<void> {
        const auto added = m_pending.replace({}, m_removals);
        if (!added)
            return failure(added.error());
        return m_pending.putDraft(m_row);
    });
    if (done)
        m_removals.clear();
    return done;
}

/** Where the drafts of the account are, or its templates; made, where it has no such folder. */
Result<MailboxId> DraftReplay::folder()
{
    const auto tree = m_environment.store.mailboxes(m_record.account);
    if (!tree)
        return failure(tree.error());
    if (tree->empty())
        return failure(foldersUnknownError({}));
    if (!m_operation.draft.isValid()) {
        // What is to go is where it was put.
        const auto found = findFolder(m_environment.store, m_record.account, m_server.mailbox);
        if (!found)
            return failure(found.error());
        m_name = m_server.mailbox;
        return found->value_or(MailboxId());
    }
    const DraftFolder drafts = draftFolder(*tree, kindOf(m_row));
    m_name = drafts.name;
    if (drafts.id.isValid())
        return drafts.id;
    const auto waiting = m_pending.list(m_record.account);
    if (!waiting)
        return failure(waiting.error());
    const bool isMade = std::any_of(waiting->begin(), waiting->end(), [&drafts](const store::PendingOperation &one) {
        const auto folder = FolderOperation::fromBytes(one.kind, one.payload);
        return folder && folder->mailbox == drafts.name && one.state != store::OperationState::Done;
    });
    if (!isMade) {
        const auto added
            = m_pending.add(Journal::rolePart(m_record.account, drafts.name, drafts.delimiter, drafts.role));
        if (!added)
            return failure(added.error());
    }
    return MailboxId(); // Soon: that operation is carried out before this one is tried again.
}

async::Task<Result<void>> DraftReplay::run()
{
    if (auto known = read(); !known)
        co_return known;
    const auto mailbox = folder();
    if (!mailbox)
        co_return failure(mailbox.error());
    if (!mailbox->isValid())
        co_return Result<void>(); // The whole folder has gone, or is about to be made.
    m_mailbox = *mailbox;
    const auto lease = co_await m_sync.borrow(m_mailbox);
    if (!lease)
        co_return failure(lease.error());
    m_hasBegun = true;
    if (auto known = read(); !known)
        co_return known;
    if (m_operation.draft.isValid()) {
        Result<void> pushed = co_await push(*lease);
        co_return pushed;
    }
    Result<void> removed = co_await remove(*lease);
    co_return removed;
}

/** Messages from that UID on, by their Message-IDs. */
async::Task<Result<std::vector<DraftReplay::Found>>> DraftReplay::scan(const Lease &lease, Uid from)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    // Courier tells of what came into an open mailbox when it is asked only, and has not got it until then.
    const auto asked = co_await client->noop();
    if (!asked)
        co_return failure(asked.error());
    client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    imap::FetchItems items;
    items.envelope = true;
    items.size = true;
    items.flags = true;
    std::vector<Found> found;
    const imap::FetchSink sink = [&found](imap::FetchedMessage &&message) {
        // What could not be expunged, for want of UIDPLUS, is superseded all the same.
        const bool isDeleted = message.flags && message.flags->has(mail::SystemFlag::Deleted);
        if (message.envelope && !isDeleted)
            found.push_back({message.uid, mime::cleanMessageId(message.envelope->messageId), message.size.value_or(0)});
    };
    imap::UidSet wanted = imap::UidSet::from(from);
    if (m_server.base && m_server.base->uid.isValid())
        wanted.add(m_server.base->uid);
    const auto fetched = co_await client->fetch(wanted, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    // "n:*" names the last message even when its UID is below n (RFC 9051 section 9, seq-range): it does no harm.
    co_return found;
}

/** Its old version goes, once the new one is there: as an operation of its own, so that nothing stops it. */
void DraftReplay::supersede(const DraftVersion &version)
{
    if (!version.uid.isValid())
        return;
    MoveOperation gone;
    gone.kind = mail::MoveKind::Expunge;
    gone.source = m_name;
    gone.uidValidity = m_server.validity;
    store::MessageIdentity identity;
    identity.messageId = version.messageId;
    identity.size = version.size;
    gone.messages.push_back({version.uid, identity, {}});
    store::PendingOperation operation;
    operation.account = m_record.account;
    operation.kind = mail::moveKindName(gone.kind);
    operation.payload = gone.toBytes();
    operation.createdAt = m_environment.clock.wall().toMSecsSinceEpoch();
    m_removals.push_back(std::move(operation));
}

/** What has become of what we know, and whether somebody else has stored a version. */
Result<void> DraftReplay::compare(const Lease &lease, const std::vector<Found> &found)
{
    if (m_server.mailbox != m_name || m_server.validity != lease.uidValidity()) {
        // Its numbers mean other messages now: what was there is known by its Message-ID alone.
        if (m_server.base)
            m_server.base->uid = {};
        m_server.mailbox = m_name;
        m_server.validity = lease.uidValidity();
    }
    const auto find = [&found](const auto &isIt) -> const Found * {
        const auto it = std::find_if(found.begin(), found.end(), isIt);
        return it == found.end() ? nullptr : &*it;
    };
    const Found *base = nullptr;
    if (m_server.base) {
        const DraftVersion known = *m_server.base;
        base = find([&known](const Found &one) {
            return known.uid.isValid() ? one.uid == known.uid
                                       : !known.messageId.isEmpty() && one.messageId == known.messageId;
        });
        if (base != nullptr)
            m_server.base = *base;
    }
    if (!m_server.attempt.isEmpty()) {
        const Found *attempt = find([this](const Found &one) { return one.messageId == m_server.attempt; });
        if (attempt != nullptr) {
            if (base != nullptr && base->uid != attempt->uid)
                supersede(*base);
            settle(lease, *attempt);
            base = attempt;
        }
        m_server.giveUpAttempt(); // settle() has cleared it where it was found
    }
    const Found *other = nullptr;
    for (const Found &one : found) {
        const bool isLate = m_server.isLate(one.messageId);
        if (isLate)
            supersede(one);
        const bool isOurs = isLate || (base != nullptr && one.uid == base->uid);
        // Another program may store its version under the Message-ID that the draft had.
        const bool belongs = draftIdentity(one.messageId) == m_server.identity
            || (m_server.base && !one.messageId.isEmpty() && one.messageId == m_server.base->messageId);
        if (!isOurs && belongs && (other == nullptr || one.uid > other->uid))
            other = &one;
        m_server.seen = std::max(m_server.seen, one.uid);
    }
    if (other != nullptr)
        part(*other);
    if (m_server.base && base == nullptr) {
        m_server.isLost = m_server.isLost || other == nullptr;
        m_server.base.reset();
    }
    return write();
}

/** What is written here goes on as a draft of its own, and what is written there stays. */
void DraftReplay::part(const DraftVersion &other)
{
    m_server.identity = mail::DraftId::make(m_environment.random);
    m_server.isConflict = true;
    m_server.other = other.uid;
}

/** The server has what was attempted. */
void DraftReplay::settle(const Lease &lease, const DraftVersion &stored)
{
    m_server.mailbox = m_name;
    m_server.validity = lease.uidValidity();
    m_server.base = stored;
    m_server.attempt.clear();
    m_row.synced = m_server.attempted;
    m_row.syncedAt = m_environment.clock.wall().toMSecsSinceEpoch();
}

async::Task<Result<void>> DraftReplay::push(const Lease &lease)
{
    // A new draft cannot have been there before.
    const bool isNew = m_server.isEmpty() && !m_server.seen.isValid();
    const bool isRenumbered = m_server.mailbox != m_name || m_server.validity != lease.uidValidity();
    imap::Client *client = lease.client();
    const auto selected = client == nullptr ? std::nullopt : client->selected();
    if (!selected)
        co_return failure(connectionLostError());
    Uid from(isRenumbered ? 1 : m_server.seen.value() + 1);
    if (isNew && selected->uidNext.isValid())
        from = selected->uidNext;
    const auto found = co_await scan(lease, from);
    if (!found)
        co_return failure(found.error());
    if (auto known = read(); !known)
        co_return known;
    if (auto compared = compare(lease, *found); !compared)
        co_return compared;
    if (m_row.synced == m_row.revision)
        co_return Result<void>();
    client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const bool canReplace = client->capabilities().has("REPLACE");
    const bool canExpunge = client->capabilities().has("UIDPLUS") || client->isEnabled("IMAP4REV2");
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    const bool isSoon = now - m_row.syncedAt < std::chrono::milliseconds(pauseWithoutUidPlus).count();
    if (!canReplace && !canExpunge && m_row.isOpen && m_server.base && isSoon)
        co_return Result<void>(); // once more when it is closed, or later
    auto text = readDraftText(m_row);
    if (!text)
        co_return failure(text.error());
    m_server.attempt = draftMessageId(m_server.identity, text->composition.from, m_environment.random);
    m_server.attempted = m_row.revision;
    auto bytes = draftMessage(m_pending, std::move(*text), m_server.attempt, now);
    if (!bytes)
        co_return failure(bytes.error());
    if (const auto tooLarge = tooLargeError(*client, m_name, static_cast<std::uint64_t>(bytes->size())))
        co_return failure(*tooLarge);
    if (auto noted = write(); !noted)
        co_return noted;
    const Uid replaced = canReplace && m_server.base ? m_server.base->uid : Uid();
    const auto sent = co_await send(lease, std::move(*bytes), replaced);
    if (!sent)
        co_return failure(sent.error());
    const auto verified = co_await verify(lease);
    co_return verified;
}

async::Task<Result<void>> DraftReplay::send(const Lease &lease, QByteArray message, Uid replaced)
{
    imap::AppendOptions options;
    options.flags.set(mail::SystemFlag::Draft);
    options.flags.set(mail::SystemFlag::Seen);
    const mail::MailboxName name = m_name;
    if (replaced.isValid()) {
        imap::Client *client = lease.client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        const auto done = co_await client->replace(replaced, name, message, options);
        if (done) {
            m_isReplaced = true;
            co_return Result<void>();
        }
        // Another device may have taken the old version away in this very moment.
        if (done.error().kind != ErrorKind::ServerRefused)
            co_return failure(done.error());
    }
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const auto reply = co_await client->append(name, message, options);
    if (!reply)
        co_return failure(targetRefusedError(reply.error(), name));
    co_return Result<void>();
}

/** The server has taken it: where it is now, and away with what it supersedes. */
async::Task<Result<void>> DraftReplay::verify(const Lease &lease)
{
    const std::optional<DraftVersion> before = m_server.base;
    const auto found = co_await scan(lease, Uid(m_server.seen.value() + 1));
    if (!found)
        co_return failure(found.error());
    const QByteArray attempt = m_server.attempt;
    const std::int64_t revision = m_server.attempted;
    const mail::DraftId identity = m_server.identity;
    // What is to go is known to pending.db by its Message-ID, whoever has discarded or sent the draft meanwhile.
    if (auto known = read(); !known)
        co_return known;
    m_server.attempted = revision;
    m_server.identity = identity;
    // Not to be seen yet, on a server that had confirmed it: its Message-ID finds it the next time.
    DraftVersion stored{{}, attempt, 0};
    const auto it
        = std::find_if(found->begin(), found->end(), [&attempt](const Found &one) { return one.messageId == attempt; });
    if (it != found->end())
        stored = *it;
    settle(lease, stored);
    if (before && !m_isReplaced)
        supersede(*before);
    for (const Found &one : *found) {
        if (m_server.isLate(one.messageId))
            supersede(one);
        // In the moment between looking and storing.
        else if (one.messageId != attempt && draftIdentity(one.messageId) == identity && one.uid > m_server.seen)
            part(one);
    }
    for (const Found &one : *found)
        m_server.seen = std::max(m_server.seen, one.uid);
    co_return write();
}

} // namespace kittiwake::sync
