// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/flagreplay.h"

#include "core/base/log.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace kittiwake::sync
{

namespace
{

/** So often others may change messages between the look at them and the STORE; then they get it unconditionally. */
constexpr int mostConditions = 3;

/** Why the server would not keep the change, before it is asked: STORE says OK to flags that it forgets. */
std::optional<Error> refusedBefore(const imap::SelectedMailbox &selected, const mail::FlagChange &change)
{
    if (selected.readOnly)
        return refusal(selected.name,
                       QCoreApplication::translate("core",
                                                   "This folder cannot be changed with this account: the "
                                                   "server opens it for reading only."));
    const std::uint32_t bits = change.add.systemBits() | change.remove.systemBits();
    bool canKeep = (bits & ~selected.permanentFlags.systemBits()) == 0;
    for (const QByteArray &keyword : change.add.keywords())
        canKeep = canKeep && (selected.newKeywords || selected.permanentFlags.hasKeyword(keyword));
    if (!canKeep)
        return refusal(selected.name,
                       QCoreApplication::translate("core", "The server does not keep this mark in this folder."));
    return std::nullopt;
}

/** CONDSTORE (RFC 7162), in the mailbox that is open. */
bool tellsModSeq(const imap::Client &client)
{
    const auto selected = client.selected();
    return selected && selected->highestModSeq.isValid()
        && (client.capabilities().has("CONDSTORE") || client.capabilities().has("QRESYNC"));
}

} // namespace

FlagReplay::FlagReplay(const Environment &environment, store::PendingStore &pending, const Lease &lease,
                       MailboxId mailbox, const std::vector<store::PendingOperation> &records,
                       const std::vector<FlagOperation> &flags)
    : m_environment(environment), m_pending(pending), m_lease(lease), m_mailbox(mailbox),
      m_validity(lease.uidValidity()), m_records(records), m_flags(flags)
{
    imap::UidSet fresh; // What is asked for the first time is no echo of an earlier attempt.
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto progress = FlagProgress::fromBytes(records[i].progress);
        if (progress && progress->since.isValid() && progress->uidValidity == m_validity)
            m_doubts.push_back({flags[i].uids(), std::move(*progress)});
        else
            fresh.unite(flags[i].uids());
    }
    // What the last attempt knew of a message counts.
    std::sort(m_doubts.begin(), m_doubts.end(),
              [](const Doubt &left, const Doubt &right) { return left.progress.since > right.progress.since; });
    for (Doubt &doubt : m_doubts) {
        doubt.uids.subtract(fresh);
        fresh.unite(doubt.uids);
    }
}

/** Committed before the first STORE: who undoes it after a crash must not take it for something nobody has heard of. */
Result<void> FlagReplay::noteSent()
{
    const imap::Client *client = m_lease.client();
    // Without it nobody can tell later what came after what.
    const bool hasModSeq = client != nullptr && tellsModSeq(*client);
    std::vector<std::pair<OperationId, QByteArray>> notes;
    for (std::size_t i = 0; i < m_records.size(); ++i) {
        const auto known = m_pending.find(m_records[i].id);
        if (!known)
            return failure(known.error());
        const auto progress = *known ? FlagProgress::fromBytes((*known)->progress) : std::nullopt;
        if (!*known || (progress && (progress->since.isValid() || !hasModSeq)))
            continue;
        FlagProgress first;
        if (hasModSeq) {
            const std::vector<store::UidRange> ranges = rangesOf(m_flags[i].uids());
            const auto messages = m_environment.store.serverFlags(m_mailbox, ranges);
            if (!messages)
                return failure(messages.error());
            first = FlagProgress::of(m_validity, *messages);
        }
        notes.emplace_back(m_records[i].id, first.toBytes());
    }
    return notes.empty() ? Result<void>() : m_pending.setProgress(notes);
}

async::Task<Result<void>> FlagReplay::run()
{
    if (auto noted = noteSent(); !noted)
        co_return noted;
    Result<void> all;
    const std::vector<FlagGroup> groups = coalesced(m_flags);
    for (const FlagGroup &group : groups) {
        FlagGroup one = group;
        const Result<void> stored = co_await tryGroup(std::move(one));
        if (stored)
            continue;
        if (stored.error().kind != ErrorKind::ServerRefused && stored.error().kind != ErrorKind::Input) {
            m_refused = {};
            co_return stored;
        }
        m_refused.unite(group.uids);
        if (all)
            all = stored;
    }
    co_return all;
}

async::Task<Result<void>> FlagReplay::tryGroup(FlagGroup group)
{
    const imap::Client *client = m_lease.client();
    const auto selected = client == nullptr ? std::nullopt : client->selected();
    if (!selected)
        co_return failure(connectionLostError());
    if (const auto error = refusedBefore(*selected, group.change))
        co_return failure(*error);
    const Result<void> stored = co_await storeGroup(std::move(group));
    co_return stored;
}

async::Task<Result<void>> FlagReplay::storeGroup(FlagGroup group)
{
    imap::UidSet sure = group.uids;
    for (const Doubt &doubt : m_doubts)
        sure.subtract(doubt.uids);
    if (!sure.isEmpty()) {
        const auto stored = co_await storeChange(sure, group.change, ModSeq());
        if (!stored)
            co_return failure(stored.error());
        FlagGroup told{sure, group.change};
        const Result<void> asked = co_await askSilent(std::move(told));
        if (!asked)
            co_return asked;
    }
    for (const Doubt &doubt : m_doubts) {
        Doubt mine = doubt;
        mine.uids.intersect(group.uids);
        if (mine.uids.isEmpty())
            continue;
        const Result<void> stored = co_await storeDoubtful(std::move(mine), group.change);
        if (!stored)
            co_return stored;
    }
    co_return Result<void>();
}

async::Task<Result<void>> FlagReplay::storeDoubtful(Doubt doubt, mail::FlagChange change)
{
    for (int round = 0; !doubt.uids.isEmpty(); ++round) {
        const auto now = co_await look(doubt.uids);
        if (!now)
            co_return failure(now.error());
        std::vector<Uid> present;
        ModSeq highest;
        for (const store::FlagUpdate &message : *now) {
            present.push_back(message.uid);
            highest = std::max(highest, message.modseq);
        }
        doubt.uids.intersect(imap::UidSet::fromUids(present));
        const imap::UidSet done = doneBefore(doubt.progress, *now, change);
        if (!done.isEmpty())
            qCDebug(logSync) << "changed before, or taken back since:" << done.toBytes();
        doubt.uids.subtract(done);
        if (doubt.uids.isEmpty())
            break;
        const ModSeq since = round < mostConditions ? highest : ModSeq();
        const auto left = co_await storeChange(doubt.uids, change, since);
        if (!left)
            co_return failure(left.error());
        FlagGroup told{doubt.uids, change};
        told.uids.subtract(*left);
        const Result<void> asked = co_await askSilent(std::move(told));
        if (!asked)
            co_return asked;
        doubt.uids.intersect(*left);
    }
    co_return Result<void>();
}

/** Returns those that have changed since, and were left alone; none where since is none. */
async::Task<Result<imap::UidSet>> FlagReplay::storeChange(imap::UidSet uids, mail::FlagChange flags, ModSeq since)
{
    imap::UidSet left;
    const std::array<imap::StoreChange::Kind, 2> kinds{imap::StoreChange::Kind::Remove, imap::StoreChange::Kind::Add};
    for (const auto kind : kinds) {
        imap::StoreChange change;
        change.kind = kind;
        change.flags = kind == imap::StoreChange::Kind::Add ? flags.add : flags.remove;
        // The answers tell what the messages are like now, with what others have changed meanwhile.
        change.echo = true;
        if (change.flags == mail::Flags() || uids.isEmpty())
            continue;
        if (since.isValid())
            change.unchangedSince = since.value();
        imap::Client *client = m_lease.client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        const auto stored = co_await client->store(uids, change);
        if (!stored)
            co_return failure(stored.error());
        if (since.isValid()) {
            left = stored->notModified;
            left.intersect(uids);
            uids.subtract(left);
        }
        since = ModSeq(); // By now they have changed: it was us.
    }
    co_return left;
}

/** What the messages are like, from the server, and into the cache. Those that are gone are left out. */
async::Task<Result<std::vector<store::FlagUpdate>>> FlagReplay::look(imap::UidSet uids)
{
    imap::Client *client = m_lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    imap::FetchItems items;
    items.flags = true;
    items.modseq = tellsModSeq(*client);
    std::vector<store::FlagUpdate> updates;
    const imap::FetchSink sink = [&updates, &uids](imap::FetchedMessage &&message) {
        if (message.flags && uids.contains(message.uid))
            updates.push_back({message.uid, *message.flags, message.modseq});
    };
    const auto fetched = co_await client->fetch(uids, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    auto written = m_environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        const auto done = transaction.setFlags(m_mailbox, m_validity, updates);
        return done ? Result<void>() : failure(done.error());
    });
    if (!written)
        co_return failure(written.error());
    co_return updates;
}

/** Some servers say OK and nothing else: then ask, or the list would show the old state again. */
async::Task<Result<void>> FlagReplay::askSilent(FlagGroup group)
{
    const std::vector<store::UidRange> ranges = rangesOf(group.uids);
    const auto known = m_environment.store.serverFlags(m_mailbox, ranges);
    if (!known)
        co_return failure(known.error());
    std::vector<Uid> silent;
    for (const store::FlagUpdate &message : *known) {
        if (!group.change.undoneFor(message.flags).isEmpty())
            silent.push_back(message.uid);
    }
    if (silent.empty())
        co_return Result<void>();
    // Perhaps it told, and the end of the connection came with it: looked at again, before it counts as done.
    if (m_lease.client() == nullptr)
        co_return failure(connectionLostError());
    const imap::UidSet asked = imap::UidSet::fromUids(silent);
    const auto told = co_await look(asked);
    co_return told ? Result<void>() : failure(told.error());
}

/** STORE says OK to messages that are not there (RFC 9051 section 6.4.9), so those that did not echo are asked about.
 */
async::Task<Result<imap::UidSet>> FlagReplay::gone()
{
    imap::UidSet silent;
    for (const FlagOperation &one : m_flags) {
        if (!one.sought)
            continue;
        silent.unite(one.uids());
        for (const FlagGroup &group : one.groups) {
            const std::vector<store::UidRange> ranges = rangesOf(group.uids);
            const auto known = m_environment.store.serverFlags(m_mailbox, ranges);
            if (!known)
                co_return failure(known.error());
            for (const store::FlagUpdate &message : *known) {
                if (group.change.undoneFor(message.flags).isEmpty())
                    silent.subtract(imap::UidSet(message.uid));
            }
        }
    }
    if (silent.isEmpty())
        co_return silent;
    const auto there = co_await look(silent);
    if (!there)
        co_return failure(there.error());
    for (const store::FlagUpdate &message : *there)
        silent.subtract(imap::UidSet(message.uid));
    co_return silent;
}

} // namespace kittiwake::sync
