// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/journal.h"
#include "core/sync/operations/replayerrors.h"

#include <QScopedValueRollback>

#include <algorithm>

/** How the journal's operations show. */
namespace kittiwake::sync
{

Result<void> Journal::lay(AccountId account, const std::vector<OperationId> &without, const CacheWork &first)
{
    const auto all = m_pending.list(account);
    if (!all)
        return failure(all.error());
    m_parsed.keepOnly(*all);
    const QScopedValueRollback laying(m_isLaying, true);
    return m_environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        if (first) {
            if (auto done = first(transaction); !done)
                return done;
        }
        auto cleared = transaction.clearOverlay(account);
        if (!cleared)
            return cleared;
        auto folders = layFolders(transaction, account, *all);
        if (!folders)
            return folders;
        auto kept = keepWaiting(transaction, account, *all);
        if (!kept)
            return kept;
        Places places; // all of one account
        for (const store::PendingOperation &operation : *all) {
            if (operation.state == store::OperationState::Failed
                || std::find(without.begin(), without.end(), operation.id) != without.end())
                continue;
            auto laid = layOver(transaction, operation, places);
            if (!laid)
                return laid;
        }
        return {};
    });
}

Result<std::optional<MailboxId>> Journal::placeOf(AccountId account, const mail::MailboxName &name,
                                                  UidValidity uidValidity) const
{
    auto mailbox = m_environment.store.findMailbox(account, name);
    if (!mailbox || !*mailbox)
        return mailbox;
    const auto state = m_environment.store.state(**mailbox);
    if (!state)
        return failure(state.error());
    // The same UIDs under another UIDVALIDITY are other messages.
    if (!*state || (*state)->uidValidity != uidValidity)
        return std::optional<MailboxId>();
    return mailbox;
}

Result<Journal::Place> Journal::lookUp(AccountId account, const mail::MailboxName &name, Places &places) const
{
    const auto [known, isNew] = places.try_emplace({name.text, name.wire});
    if (!isNew)
        return known->second;
    const auto mailbox = m_environment.store.findMailbox(account, name);
    if (!mailbox)
        return failure(mailbox.error());
    if (!*mailbox)
        return known->second;
    const auto state = m_environment.store.state(**mailbox);
    if (!state)
        return failure(state.error());
    known->second = {*mailbox, *state ? (*state)->uidValidity : UidValidity()};
    return known->second;
}

Result<void> Journal::layOver(store::CacheTransaction &transaction, const store::PendingOperation &operation,
                              Places &places)
{
    const bool isDone = operation.state == store::OperationState::Done;
    if (MoveOperation::isKind(operation.kind)) {
        // Those that are done are nearly all that there are, and are asked about whenever anything is laid.
        if (isDone && !MoveProgress::hasMarked(operation.progress))
            return {};
        const auto &[flags, move, progress] = m_parsed.of(operation);
        // What is only supposed to be under a UID is shown when it has been looked at.
        if (!move || (!isDone && (move->follows.isValid() || move->searchFrom.isValid())))
            return {};
        if (!progress.marked.isEmpty()) {
            m_hidesMarked = true;
            auto hidden = layOver(transaction, operation.account, *move, progress.marked, true, places);
            if (!hidden)
                return hidden;
        }
        if (isDone || !mail::takesAway(move->kind))
            return {};
        // Where the copy is already, it is what shows.
        const imap::UidSet copied = progress.copied();
        if (!copied.isEmpty()) {
            auto hidden = layOver(transaction, operation.account, *move, copied, true, places);
            if (!hidden)
                return hidden;
        }
        imap::UidSet waiting = move->uids();
        waiting.subtract(progress.settled());
        waiting.subtract(copied);
        return layOver(transaction, operation.account, *move, waiting, false, places);
    }
    if (AppendOperation::isKind(operation.kind))
        return layAppend(transaction, operation);
    const auto *flags = isDone ? nullptr : &m_parsed.of(operation).flags;
    if (flags == nullptr || !*flags)
        return {};
    const FlagOperation &change = **flags;
    const auto place = lookUp(operation.account, change.mailbox, places);
    if (!place)
        return failure(place.error());
    // The same UIDs under another UIDVALIDITY are other messages.
    if (!place->mailbox || place->uidValidity != change.uidValidity)
        return {};
    for (const FlagGroup &group : change.groups) {
        const auto done
            = transaction.overlay(*place->mailbox, change.uidValidity, rangesOf(group.uids), {group.change, false, {}});
        if (!done)
            return failure(done.error());
    }
    return {};
}

/** isMarked: they are in the target already, and their originals could not be expunged, or not yet. */
Result<void> Journal::layOver(store::CacheTransaction &transaction, AccountId account, const MoveOperation &operation,
                              const imap::UidSet &uids, bool isMarked, Places &places)
{
    const auto source = lookUp(account, operation.source, places);
    if (!source)
        return failure(source.error());
    if (!source->mailbox || source->uidValidity != operation.uidValidity)
        return {};
    MailboxId target;
    if (operation.target && !isMarked) {
        const auto found = lookUp(account, *operation.target, places);
        if (!found)
            return failure(found.error());
        target = found->mailbox.value_or(MailboxId());
    }
    std::vector<std::pair<mail::FlagChange, std::vector<Uid>>> groups;
    for (const MovedMessage &message : operation.messages) {
        if (!uids.contains(message.uid))
            continue;
        const auto same = std::find_if(groups.begin(), groups.end(),
                                       [&](const auto &group) { return group.first == message.change; });
        if (same == groups.end())
            groups.push_back({message.change, {message.uid}});
        else
            same->second.push_back(message.uid);
    }
    for (const auto &[change, members] : groups) {
        const std::vector<store::UidRange> ranges = rangesOf(imap::UidSet::fromUids(members));
        const auto done = transaction.overlay(*source->mailbox, operation.uidValidity, ranges, {change, true, target});
        if (!done)
            return failure(done.error());
    }
    return {};
}

/** They have \Deleted, and are on the server until some other client expunges them. */
bool Journal::mustStayHidden(const store::PendingOperation &operation) const
{
    if (!MoveOperation::isKind(operation.kind) || !MoveProgress::hasMarked(operation.progress))
        return false;
    const auto &[flags, move, progress] = m_parsed.of(operation);
    if (!move)
        return false;
    const auto tree = m_environment.store.mailboxes(operation.account);
    if (!tree || tree->empty())
        return true; // The cache was dropped: it comes back.
    const auto mailbox = m_environment.store.findMailbox(operation.account, move->source);
    if (!mailbox)
        return true;
    // A dropped cache knows INBOX first, then all names, then the messages of one after the other.
    if (!*mailbox)
        return isUnlisted(*tree);
    const auto state = m_environment.store.state(**mailbox);
    if (!state || !*state || !(*state)->uidValidity.isValid())
        return true;
    if ((*state)->uidValidity != move->uidValidity)
        return false;
    if (!(*state)->complete)
        return true;
    for (const store::UidRange &range : rangesOf(progress.marked)) {
        const auto left = m_environment.store.uidsAndFlags(**mailbox, range);
        if (!left || !left->empty())
            return true;
    }
    return false;
}

} // namespace kittiwake::sync
