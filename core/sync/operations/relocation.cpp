// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/relocation.h"

#include "core/sync/operations/appendoperation.h"
#include "core/sync/operations/flagoperation.h"

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

bool isOpen(const store::PendingOperation &operation)
{
    return operation.state != store::OperationState::Done;
}

/** The messages that have moved, as an operation on the mailbox where they are now; they leave operation. */
std::optional<FlagOperation> takeMoved(FlagOperation &operation, const Relocation &relocation)
{
    if (operation.mailbox != relocation.from || operation.uidValidity != relocation.fromValidity)
        return std::nullopt;
    FlagOperation moved{relocation.to, relocation.toValidity, {}, operation.sought};
    for (FlagGroup &group : operation.groups) {
        std::vector<Uid> gone;
        std::vector<Uid> arrived;
        for (const auto &[from, to] : relocation.pairs) {
            if (group.uids.contains(from)) {
                gone.push_back(from);
                arrived.push_back(to);
            }
        }
        if (gone.empty())
            continue;
        group.uids.subtract(imap::UidSet::fromUids(gone));
        moved.groups.push_back({imap::UidSet::fromUids(arrived), group.change});
    }
    std::erase_if(operation.groups, [](const FlagGroup &group) { return group.uids.isEmpty(); });
    return moved.groups.empty() ? std::nullopt : std::optional(moved);
}

std::optional<MoveOperation> takeMoved(MoveOperation &operation, const Relocation &relocation)
{
    if (operation.follows.isValid() || operation.source != relocation.from
        || operation.uidValidity != relocation.fromValidity)
        return std::nullopt;
    MoveOperation moved = operation;
    moved.source = relocation.to;
    moved.uidValidity = relocation.toValidity;
    moved.messages.clear();
    std::erase_if(operation.messages, [&](const MovedMessage &message) {
        const auto place = relocation.pairs.find(message.uid);
        if (place == relocation.pairs.end())
            return false;
        moved.messages.push_back(message);
        moved.messages.back().uid = place->second;
        return true;
    });
    return moved.messages.empty() ? std::nullopt : std::optional(moved);
}

/** What a change of flags that waits says now, and what was split off. */
bool relocateFlags(store::PendingOperation &record, FlagOperation operation, const std::vector<Relocation> &relocations,
                   std::vector<store::PendingOperation> &added)
{
    std::vector<FlagOperation> parts;
    for (const Relocation &relocation : relocations) {
        if (auto moved = takeMoved(operation, relocation))
            parts.push_back(std::move(*moved));
    }
    if (parts.empty())
        return false;
    if (!operation.groups.empty())
        parts.push_back(std::move(operation));
    record.payload = parts.front().toBytes();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        store::PendingOperation another = record;
        another.action = actionOf(record);
        another.payload = parts[i].toBytes();
        added.push_back(std::move(another));
    }
    return true;
}

/** What a move that waits says now, and what was split off: each with what is known of its own messages. */
bool relocateMove(store::PendingOperation &record, MoveOperation move, const std::vector<Relocation> &relocations,
                  std::vector<store::PendingOperation> &added)
{
    MoveProgress progress = MoveProgress::fromBytes(record.progress);
    std::vector<std::pair<MoveOperation, MoveProgress>> parts;
    for (const Relocation &relocation : relocations) {
        if (auto moved = takeMoved(move, relocation))
            parts.emplace_back(std::move(*moved), takeKnown(progress, relocation));
    }
    if (parts.empty())
        return false;
    if (!move.messages.empty())
        parts.emplace_back(std::move(move), std::move(progress));
    const OperationId action = actionOf(record);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        store::PendingOperation part = record;
        part.payload = parts[i].first.toBytes();
        part.progress = parts[i].second == MoveProgress() ? QByteArray() : parts[i].second.toBytes();
        if (i > 0) {
            part.action = action;
            added.push_back(std::move(part));
            continue;
        }
        record = std::move(part);
    }
    return true;
}

bool relocateUndo(store::PendingOperation &record, const std::vector<Relocation> &relocations)
{
    std::vector<FlagOperation> parts;
    bool isChanged = false;
    for (FlagOperation &operation : FlagOperation::listFromBytes(record.undo)) {
        for (const Relocation &relocation : relocations) {
            if (auto moved = takeMoved(operation, relocation)) {
                parts.push_back(std::move(*moved));
                isChanged = true;
            }
        }
        if (!operation.groups.empty())
            parts.push_back(std::move(operation));
    }
    if (isChanged)
        record.undo = FlagOperation::listToBytes(parts);
    return isChanged;
}

/** Where the messages of an earlier move are now. */
bool relocateDone(store::PendingOperation &record, const std::vector<Relocation> &relocations)
{
    MoveProgress progress = MoveProgress::fromBytes(record.progress);
    std::vector<MovedPart> parts;
    bool isChanged = false;
    for (const MovedPart &part : progress.done) {
        std::map<Uid, Uid> rest = part.isVerified ? pairsOf(part.pairs) : std::map<Uid, Uid>();
        bool isTouched = false;
        for (const Relocation &relocation : relocations) {
            if (part.mailbox != relocation.from || part.pairs.validity != relocation.fromValidity)
                continue;
            std::map<Uid, Uid> moved;
            for (const auto &[origin, place] : rest) {
                if (const auto next = relocation.pairs.find(place); next != relocation.pairs.end())
                    moved.emplace(origin, next->second);
            }
            if (moved.empty())
                continue;
            isTouched = true;
            for (const auto &[origin, place] : moved)
                rest.erase(origin);
            parts.push_back({relocation.to,
                             codeOf(relocation.toValidity, moved),
                             {},
                             true,
                             part.hasOriginal,
                             part.isMovedOn || relocation.to != relocation.from});
        }
        isChanged = isChanged || isTouched;
        if (!isTouched)
            parts.push_back(part);
        else if (!rest.empty())
            parts.push_back({part.mailbox, codeOf(part.pairs.validity, rest), part.searchFrom, true, part.hasOriginal,
                             part.isMovedOn});
    }
    if (!isChanged)
        return false;
    progress.done = std::move(parts);
    record.progress = progress.toBytes();
    return true;
}

/** Where a message is now that was put there. */
bool relocateAppended(store::PendingOperation &record, const std::vector<Relocation> &relocations)
{
    AppendProgress progress = AppendProgress::fromBytes(record.progress);
    if (isOpen(record) || !progress.uid.isValid())
        return false;
    for (const Relocation &relocation : relocations) {
        if (progress.mailbox != relocation.from || progress.validity != relocation.fromValidity)
            continue;
        const auto place = relocation.pairs.find(progress.uid);
        if (place == relocation.pairs.end())
            continue;
        progress.mailbox = relocation.to;
        progress.validity = relocation.toValidity;
        progress.uid = place->second;
        record.progress = progress.toBytes();
        return true;
    }
    return false;
}

} // namespace

MoveProgress takeKnown(MoveProgress &progress, const Relocation &relocation)
{
    MoveProgress known;
    std::vector<Uid> gone;
    std::vector<Uid> arrived;
    for (const auto &[from, to] : relocation.pairs) {
        if (progress.inFlight.contains(from)) {
            gone.push_back(from);
            arrived.push_back(to);
        }
    }
    if (!gone.empty()) {
        progress.inFlight.subtract(imap::UidSet::fromUids(gone));
        known.inFlight = imap::UidSet::fromUids(arrived);
        known.targetValidity = progress.targetValidity;
        known.targetNext = progress.targetNext;
        known.others = progress.others;
    }
    for (MovedPart &part : progress.done) {
        std::map<Uid, Uid> mine;
        std::map<Uid, Uid> rest = part.hasOriginal ? pairsOf(part.pairs) : std::map<Uid, Uid>();
        for (const auto &[from, to] : relocation.pairs) {
            if (const auto copy = rest.find(from); copy != rest.end()) {
                mine.emplace(to, copy->second);
                rest.erase(copy);
            }
        }
        if (mine.empty())
            continue;
        known.done.push_back(part);
        known.done.back().pairs = codeOf(part.pairs.validity, mine);
        part.pairs = codeOf(part.pairs.validity, rest);
    }
    std::erase_if(progress.done, [](const MovedPart &part) { return part.hasOriginal && part.pairs.source.empty(); });
    return known;
}

std::vector<Relocation> relocationsOf(const MoveOperation &operation, const MoveProgress &progress)
{
    std::vector<Relocation> result;
    if (!mail::takesAway(operation.kind))
        return result;
    for (const MovedPart &part : progress.done) {
        if (!part.isVerified || part.hasOriginal)
            continue;
        result.push_back(
            {operation.source, operation.uidValidity, part.mailbox, part.pairs.validity, pairsOf(part.pairs)});
    }
    return result;
}

bool relocate(store::PendingOperation &operation, const std::vector<Relocation> &relocations,
              std::vector<store::PendingOperation> &added)
{
    bool isChanged = false;
    if (operation.kind == QLatin1String(FlagOperation::kind)) {
        if (isOpen(operation)) {
            if (auto flags = FlagOperation::fromBytes(operation.payload))
                isChanged = relocateFlags(operation, std::move(*flags), relocations, added);
        }
        return relocateUndo(operation, relocations) || isChanged;
    }
    if (AppendOperation::isKind(operation.kind))
        return relocateAppended(operation, relocations);
    if (!MoveOperation::isKind(operation.kind))
        return false;
    isChanged = relocateDone(operation, relocations);
    if (isOpen(operation)) {
        if (auto move = MoveOperation::fromBytes(operation.kind, operation.payload))
            isChanged = relocateMove(operation, std::move(*move), relocations, added) || isChanged;
    }
    return isChanged;
}

bool refersTo(const store::PendingOperation &operation, const mail::MailboxName &mailbox, UidValidity validity,
              const imap::UidSet &uids)
{
    const auto touches = [&](const mail::MailboxName &name, UidValidity named, imap::UidSet set) {
        if (name != mailbox || named != validity)
            return false;
        set.intersect(uids);
        return !set.isEmpty();
    };
    std::vector<FlagOperation> flags = FlagOperation::listFromBytes(operation.undo);
    if (isOpen(operation)) {
        if (auto waiting = FlagOperation::fromBytes(operation.payload))
            flags.push_back(std::move(*waiting));
        const auto move = MoveOperation::fromBytes(operation.kind, operation.payload);
        if (move && touches(move->source, move->uidValidity, move->uids()))
            return true;
    }
    for (const FlagOperation &one : flags) {
        for (const FlagGroup &group : one.groups) {
            if (touches(one.mailbox, one.uidValidity, group.uids))
                return true;
        }
    }
    if (operation.progress.isEmpty())
        return false;
    if (AppendOperation::isKind(operation.kind)) {
        const AppendProgress put = AppendProgress::fromBytes(operation.progress);
        return put.uid.isValid() && touches(put.mailbox, put.validity, imap::UidSet(put.uid));
    }
    const MoveProgress progress = MoveProgress::fromBytes(operation.progress);
    return std::any_of(progress.done.begin(), progress.done.end(), [&](const MovedPart &part) {
        return touches(part.mailbox, part.pairs.validity,
                       imap::UidSet(imap::SequenceSet::fromRanges(part.pairs.destination)));
    });
}

std::vector<MoveOperation> reverseOf(const MoveOperation &operation, const MoveProgress &progress)
{
    std::map<Uid, const MovedMessage *> messages;
    for (const MovedMessage &message : operation.messages)
        messages.emplace(message.uid, &message);
    std::vector<MoveOperation> result;
    for (const MovedPart &part : progress.done) {
        if (part.hasOriginal) // They have not left their source: bringing the copy back would be one too many there.
            continue;
        MoveOperation back;
        const bool isCopy = !mail::takesAway(operation.kind);
        // Somebody else has moved it on: it is not ours to take any more.
        if (isCopy && part.mailbox != *operation.target && !part.isMovedOn)
            continue;
        back.kind = isCopy ? mail::MoveKind::Expunge : mail::MoveKind::Move;
        back.source = part.mailbox;
        back.uidValidity = part.pairs.validity;
        if (isCopy) {
            back.original = operation.source;
            back.originalValidity = operation.uidValidity;
        } else {
            back.target = operation.source;
        }
        // Where the server told nothing that could be believed, they are looked for where they must be.
        if (!part.isVerified)
            back.searchFrom = part.searchFrom.isValid() ? part.searchFrom : Uid(1);
        const std::map<Uid, Uid> places = pairsOf(part.pairs);
        for (const imap::NumberRange &range : part.pairs.source) {
            for (auto message = messages.lower_bound(Uid(range.first));
                 message != messages.end() && message->first <= Uid(range.last); ++message) {
                const auto place = places.find(message->first);
                // It was to be copied to where it still was: there is no copy, and it may be the only one.
                if (isCopy && part.mailbox == operation.source && part.pairs.validity == operation.uidValidity
                    && place != places.end() && place->second == message->first)
                    continue;
                MovedMessage moved = *message->second;
                moved.uid = place == places.end() ? Uid() : place->second;
                if (isCopy)
                    moved.original = message->first;
                moved.change = {message->second->change.remove, message->second->change.add};
                back.messages.push_back(std::move(moved));
            }
        }
        if (!back.messages.empty() && back.uidValidity.isValid())
            result.push_back(std::move(back));
    }
    return result;
}

} // namespace kittiwake::sync
