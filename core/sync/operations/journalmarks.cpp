// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/journalrunner.h"
#include "core/sync/operations/markreplay.h"

#include <algorithm>

/** Marks of a message wherever it is. */
namespace kittiwake::sync
{

namespace
{

/** Attempts at finding one message while the server answers, a quarter of an hour with their pauses. */
constexpr int mostAttempts = 10;

} // namespace

Result<std::vector<store::PendingOperation>> Journal::markParts(AccountId account, const QByteArray &messageId,
                                                                const mail::FlagChange &change) const
{
    std::vector<store::PendingOperation> parts;
    const auto places = m_environment.store.findMessages(account, messageId);
    if (!places)
        return failure(places.error());
    for (const store::MessagePlace &place : *places) {
        const imap::UidSet uid(place.uid);
        const auto known = m_environment.store.shownMessages(place.mailbox, rangesOf(uid));
        if (!known)
            return failure(known.error());
        auto part = flagsPart(place.mailbox, uid, change);
        if (!part)
            qCDebug(logSync) << "not marked:" << part.error(); // no server has it yet
        if (!part || !*part)
            continue;
        auto flags = FlagOperation::fromBytes((*part)->payload);
        if (flags && !known->empty()) {
            flags->sought = SoughtMessage{known->front().identity, {}};
            (*part)->payload = flags->toBytes();
        }
        parts.push_back(std::move(**part));
    }
    if (places->empty() && !messageId.isEmpty()) {
        store::PendingOperation part;
        part.account = account;
        part.kind = QString::fromLatin1(MarkOperation::kind);
        part.payload = MarkOperation{{{messageId, 0, 0}, {}}, change}.toBytes();
        parts.push_back(std::move(part));
    }
    for (store::PendingOperation &part : parts) {
        part.undo.clear(); // it follows from something else, and goes with that
        part.createdAt = m_environment.clock.wall().toMSecsSinceEpoch();
    }
    return parts;
}

void Journal::seekGone(Batch &batch, const Result<void> &result, Runner &state)
{
    // Its folder is another one, or there is none: that concerns the whole batch.
    const bool isAllGone = !batch.hasBegun && outcomeOf(result, batch.hasBegun, 0) == Outcome::Refused;
    Batch rest;
    std::vector<store::PendingOperation> sought;
    for (std::size_t i = 0; i < batch.operations.size(); ++i) {
        imap::UidSet gone = batch.flags[i].uids();
        if (!isAllGone)
            gone.intersect(batch.gone);
        if (batch.flags[i].sought && !gone.isEmpty()) {
            store::PendingOperation &record = sought.emplace_back(std::move(batch.operations[i]));
            record.kind = QString::fromLatin1(MarkOperation::kind);
            record.payload = soughtElsewhere(batch.flags[i]).toBytes();
            record.progress.clear();
            record.nextAttemptAt = 0;
            continue;
        }
        rest.operations.push_back(std::move(batch.operations[i]));
        rest.flags.push_back(std::move(batch.flags[i]));
    }
    batch.operations = std::move(rest.operations);
    batch.flags = std::move(rest.flags);
    if (sought.empty())
        return;
    for (store::PendingOperation &operation : sought) {
        const auto known = m_pending.find(operation.id);
        if (known && !*known)
            continue; // given up meanwhile
        const auto noted = known ? m_pending.update(operation) : Result<void>(failure(known.error()));
        if (!noted) {
            qCWarning(logSync) << noted.error();
            state.isPostponed = true; // for ever while the disk is full
        }
    }
    laid(sought.front().account, lay(sought.front().account));
}

async::Task<void> Journal::replayMark(Batch batch, Runner &state)
{
    const store::PendingOperation before = batch.operations.front();
    const MarkOperation mark = batch.marks.front();
    AccountSync *sync = m_findAccount(before.account);
    if (sync == nullptr) {
        state.isPostponed = true; // It is being removed.
        co_return;
    }
    const bool isConnected = m_connected.contains(before.account);
    Result<std::optional<MessageAt>> place;
    const bool isGivenUp = mark.message.left.size() >= SoughtMessage::mostPlaces || before.attempts >= mostAttempts;
    if (!isGivenUp)
        place = co_await locate(m_environment, *sync, before.account, mark.message);
    const auto known = m_pending.find(before.id);
    if (!known) {
        qCWarning(logSync) << known.error();
        state.isPostponed = true;
        co_return;
    }
    if (!*known)
        co_return; // given up meanwhile
    store::PendingOperation record = **known;
    if (!place) {
        qCInfo(logSync) << "mark:" << place.error();
        settleOne(record, failure(place.error()), isConnected, state);
        if (!isConnected)
            record.attempts = before.attempts;
        // Nobody has to do anything about it.
        if (record.state == store::OperationState::Failed)
            record.state = store::OperationState::Done;
    } else if (*place) {
        record.kind = QString::fromLatin1(FlagOperation::kind);
        record.payload = FlagOperation{(**place).mailbox,
                                       (**place).validity,
                                       {{imap::UidSet((**place).uid), mark.change}},
                                       mark.message}
                             .toBytes();
        record.nextAttemptAt = 0;
    } else {
        qCInfo(logSync) << "what was to be marked is nowhere any more";
        settleOne(record, Result<void>(), true, state);
    }
    const bool isWritten = place && *place ? m_pending.update(record).has_value() : write(record);
    if (!isWritten)
        state.isPostponed = true; // for ever while the disk is full
    laid(record.account, lay(record.account));
    prune();
    recount();
}

} // namespace kittiwake::sync
