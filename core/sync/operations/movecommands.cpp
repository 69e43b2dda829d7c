// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"
#include "core/sync/account/hearnews.h"
#include "core/sync/operations/movereplay.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

/** What a replayed move says to the server. */
namespace kittiwake::sync
{

namespace
{

/** MESSAGELIMIT=n (RFC 9738 section 3): more are not worked on in one command. */
std::uint64_t commandLimit(const imap::Client &client)
{
    for (const QByteArray &name : client.capabilities().names()) {
        if (!name.startsWith("MESSAGELIMIT="))
            continue;
        bool isNumber = false;
        const std::uint64_t limit = name.mid(13).toULongLong(&isNumber);
        if (isNumber && limit > 0)
            return limit;
    }
    return MoveReplay::largestChunk;
}

bool hasExtension(const imap::Client &client, const char *name)
{
    return client.capabilities().has(name) || client.isEnabled("IMAP4REV2");
}

/** Of uids, those that this session has been told of. */
async::Task<Result<imap::UidSet>> toldOf(const Lease &lease, imap::UidSet uids)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const auto known = client->quirks().sequenceNumbersLie ? std::nullopt : client->knownUids();
    if (known) {
        uids.intersect(*known);
        co_return uids;
    }
    imap::FetchItems items;
    items.flags = true;
    std::vector<Uid> found;
    const imap::FetchSink sink = [&found](imap::FetchedMessage &&message) { found.push_back(message.uid); };
    const auto fetched = co_await client->fetch(uids, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    imap::UidSet present = imap::UidSet::fromUids(found);
    present.intersect(uids);
    co_return present;
}

async::Task<Result<imap::UidSet>> presentOf(const Lease &lease, imap::UidSet uids)
{
    const auto told = co_await toldOf(lease, uids);
    if (!told)
        co_return failure(told.error());
    if (told->count() == uids.count())
        co_return *told;
    // Another connection may have been told of what came since, and this one not yet. What is not there after this has
    // gone.
    const auto asked = co_await hearNews(lease);
    if (!asked)
        co_return failure(asked.error());
    Result<imap::UidSet> present = co_await toldOf(lease, uids);
    co_return present;
}

} // namespace

async::Task<Result<Lease>> MoveReplay::borrowSource()
{
    Result<Lease> lease = co_await m_sync.borrow(m_source);
    if (lease && lease->uidValidity() != first().uidValidity)
        co_return failure(madeAnewError(first().source));
    m_hasBegun = m_hasBegun || lease;
    co_return lease;
}

async::Task<Result<MoveReplay::Sent>> MoveReplay::send(std::vector<Slot> slots, imap::UidSet leaveOut)
{
    const auto lease = co_await borrowSource();
    if (!lease)
        co_return failure(lease.error());
    const imap::UidSet wanted = uidsOf(slots);
    const auto present = co_await presentOf(*lease, wanted);
    if (!present)
        co_return failure(present.error());
    const imap::Client *client = lease->client();
    const auto selected = client == nullptr ? std::nullopt : client->selected();
    if (!selected)
        co_return failure(connectionLostError());
    if (takesAway() && selected->readOnly)
        co_return failure(refusal(first().source,
                                  QCoreApplication::translate("core",
                                                              "This folder cannot be changed with this account: the "
                                                              "server opens it for reading only.")));
    Sent sent;
    sent.present = *present;
    imap::UidSet rest = *present;
    rest.subtract(leaveOut);
    sent.sent = rest.takeLargest(commandLimit(*client));
    slots = slotsOf(slots, sent.sent);
    // Who takes it back from here on must not take it for something of which nobody has heard.
    if (!m_target.isValid() && !sent.sent.isEmpty()) {
        if (auto noted = note(slots, sent, false); !noted)
            co_return failure(noted.error());
    }
    if (m_target.isValid() && !sent.sent.isEmpty()) {
        const auto done = co_await sendTo(*lease, slots, sent);
        if (!done)
            co_return failure(done.error());
    }
    co_return sent;
}

async::Task<Result<void>> MoveReplay::sendTo(const Lease &lease, const std::vector<Slot> &slots, Sent &sent)
{
    const mail::MailboxName target = *first().target;
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const imap::StatusItems items{imap::StatusItem::UidNext, imap::StatusItem::UidValidity};
    const auto status = co_await client->status(target, items);
    if (!status && status.error().kind != ErrorKind::ServerRefused)
        co_return failure(status.error());
    if (!status && imap::isRefusal(status.error(), imap::SimpleCode::NonExistent))
        co_return failure(targetRefusedError(status.error(), target));
    if (status) {
        sent.validity = status->uidValidity;
        sent.next = status->uidNext;
    }
    const auto state = m_environment.store.state(m_target);
    const UidValidity known = state && *state ? (*state)->uidValidity : UidValidity();
    // Another client may have renamed the one that was meant, and made a new one: a copy would be in the wrong place.
    m_isTargetOther = !m_isTargetSeen && known.isValid() && sent.validity.isValid() && known != sent.validity;
    if (m_isTargetOther)
        co_return failure(ErrorKind::Cancelled, target.text,
                          QCoreApplication::translate("core", "The folder has changed on the server meanwhile."));
    if (!sent.next.isValid()) { // NetEase and others tell no UIDNEXT: then from the one that is known.
        if (state && *state) {
            sent.validity = (*state)->uidValidity;
            sent.next = (*state)->uidNext;
        }
    }
    if (!sent.next.isValid())
        sent.next = Uid(1);
    sent.isMoved = takesAway() && hasExtension(*client, "MOVE");
    if (auto noted = note(slots, sent, !sent.isMoved); !noted)
        co_return noted;
    const auto changed = co_await changeFlags(lease, slots);
    if (!changed)
        co_return failure(changed.error());
    client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    auto command = sent.isMoved ? client->move(sent.sent, target) : client->copy(sent.sent, target);
    const auto reply = co_await command;
    if (!reply)
        co_return failure(targetRefusedError(reply.error(), target));
    for (const imap::CopyUidCode &code : reply->copyUids) {
        if (code.isConsistent() && (!sent.validity.isValid() || code.validity == sent.validity))
            sent.hints.push_back(code);
    }
    sent.mayBePart = std::holds_alternative<imap::MessageLimitCode>(reply->code);
    if (sent.isMoved && sent.mayBePart) {
        const auto left = co_await presentOf(lease, sent.sent);
        if (!left)
            co_return failure(left.error());
        sent.sent.subtract(*left);
    }
    co_return Result<void>();
}

/** Before they go, so that the marks travel with them. A mark that the server does not keep is no reason to stay. */
async::Task<Result<void>> MoveReplay::changeFlags(const Lease &lease, const std::vector<Slot> &slots)
{
    std::vector<std::pair<imap::StoreChange, imap::UidSet>> commands;
    const auto want = [&commands](imap::StoreChange::Kind kind, const mail::Flags &flags, Uid uid) {
        if (flags == mail::Flags())
            return;
        for (auto &[change, uids] : commands) {
            if (change.kind == kind && change.flags == flags)
                return uids.add(uid);
        }
        imap::StoreChange change;
        change.kind = kind;
        change.flags = flags;
        commands.emplace_back(change, imap::UidSet(uid));
    };
    for (const Slot &slot : slots) {
        const MovedMessage &message = messageOf(slot);
        want(imap::StoreChange::Kind::Remove, message.change.remove, message.uid);
        want(imap::StoreChange::Kind::Add, message.change.add, message.uid);
    }
    for (const auto &[change, uids] : commands) {
        imap::Client *client = lease.client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        const auto stored = co_await client->store(uids, change);
        if (!stored && stored.error().kind != ErrorKind::ServerRefused)
            co_return failure(stored.error());
    }
    co_return Result<void>();
}

async::Task<Result<void>> MoveReplay::takeAway(imap::UidSet uids)
{
    const auto lease = co_await borrowSource();
    if (!lease)
        co_return failure(lease.error());
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    // Without UIDPLUS there is only EXPUNGE, for all that anybody has marked (RFC 9051 section 6.4.3): to look first
    // whether only ours are marked proves nothing about the moment in which it is carried out. So they stay, marked,
    // and are not shown any more.
    const bool canExpunge = hasExtension(*client, "UIDPLUS");
    imap::StoreChange change;
    change.flags.set(mail::SystemFlag::Deleted);
    change.echo = !canExpunge; // What stays is to be in the cache as it is.
    const auto stored = co_await client->store(uids, change);
    if (!stored)
        co_return failure(stored.error());
    if (canExpunge) {
        client = lease->client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        const auto expunged = co_await client->expungeUids(uids);
        if (!expunged)
            co_return failure(expunged.error());
    }
    for (Item &item : m_items) {
        imap::UidSet mine = item.operation.uids();
        mine.intersect(uids);
        if (!canExpunge)
            item.progress.marked.unite(mine);
        else if (!m_target.isValid())
            item.progress.removed.unite(mine);
    }
    co_return Result<void>();
}

} // namespace kittiwake::sync
