// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/journalrunner.h"
#include "core/sync/operations/replayerrors.h"

#include <algorithm>

/** What is replayed next. */
namespace kittiwake::sync
{

namespace
{

/** More are split into several rounds, so that each leaves a trace of what is done. */
constexpr std::size_t largestBatch = 500;

/**
 * Messages are to be removed, old versions of drafts perhaps: they go before the next version comes. Otherwise, where
 * the connection breaks after each version, all of them would stay there. A few that cannot go now hold up nothing.
 */
bool hasRemovals(const std::vector<store::PendingBrief> &briefs, std::int64_t now)
{
    constexpr int few = 2;
    const QString removal = mail::moveKindName(mail::MoveKind::Expunge);
    int waiting = 0;
    return std::any_of(briefs.begin(), briefs.end(), [&](const store::PendingBrief &brief) {
        return brief.kind == removal && brief.state == store::OperationState::Queued
            && (!isToCome(brief.nextAttemptAt, now) || ++waiting > few);
    });
}

} // namespace

/** Gathers a batch from the operations as they come: what is skipped must not be overtaken by others of its messages.
 */
struct Journal::Selection {
    /** Messages of one mailbox that an operation speaks of, or a folder. */
    struct Subject {
        mail::MailboxName mailbox;
        UidValidity uidValidity;
        imap::UidSet uids;
        std::optional<mail::MailboxName> target = {};
        std::optional<FolderOperation> folder = {};

        [[nodiscard]] bool touches(const FolderOperation &operation) const
        {
            return operation.touches(mailbox.text) || (target && operation.touches(target->text))
                || (folder && !folder->to.text.isEmpty() && operation.touches(folder->to.text));
        }
        [[nodiscard]] bool isSubscription() const
        {
            return folder
                && (folder->kind == FolderOperation::Kind::Subscribe
                    || folder->kind == FolderOperation::Kind::Unsubscribe);
        }
        [[nodiscard]] bool overlaps(const Subject &other) const
        {
            // It is about a name: it neither waits for what is to be done to messages there nor holds that up.
            if ((isSubscription() && !other.folder) || (other.isSubscription() && !folder))
                return false;
            if (folder)
                return other.touches(*folder);
            if (other.folder)
                return touches(*other.folder);
            if (mailbox != other.mailbox || uidValidity != other.uidValidity)
                return false;
            imap::UidSet both = uids;
            both.intersect(other.uids);
            return !both.isEmpty();
        }
    };

    [[nodiscard]] bool isBlocked(const Subject &subject) const
    {
        return std::any_of(later.begin(), later.end(), [&](const Subject &one) { return one.overlaps(subject); });
    }
    [[nodiscard]] bool belongs(const FlagOperation &flags) const
    {
        return batch.operations.empty()
            || (!batch.flags.empty() && batch.flags.front().mailbox == flags.mailbox
                && batch.flags.front().uidValidity == flags.uidValidity);
    }
    /** Copies and moves do not mix; the same message twice is two things to do. */
    [[nodiscard]] bool belongs(const MoveOperation &move, const Subject &subject) const
    {
        if (batch.operations.empty())
            return true;
        if (batch.moves.empty())
            return false;
        const MoveOperation &first = batch.moves.front();
        return first.source == move.source && first.uidValidity == move.uidValidity && first.target == move.target
            && mail::takesAway(first.kind) == mail::takesAway(move.kind) && !first.searchFrom.isValid()
            && !move.searchFrom.isValid()
            && std::none_of(taken.begin(), taken.end(), [&](const Subject &one) { return one.overlaps(subject); });
    }

    Batch batch;
    std::vector<Subject> later;
    std::vector<Subject> taken;
};

Result<std::optional<Journal::Batch>> Journal::nextBatch(AccountId account, const Runner &state) const
{
    const auto briefs = m_pending.briefs(account);
    if (!briefs)
        return failure(briefs.error());
    Selection selection;
    std::optional<Batch> version; ///< of a draft, where nothing else can be done
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    for (const store::PendingBrief &brief : *briefs) {
        if (brief.state != store::OperationState::Queued)
            continue;
        const auto record = m_pending.find(brief.id);
        if (!record)
            return failure(record.error());
        if (!*record)
            continue;
        const store::PendingOperation &operation = **record;
        Selection::Subject subject;
        const auto &[flags, move, progress] = m_parsed.of(operation);
        const bool isFlags = flags.has_value();
        auto folder = isFlags || move ? std::nullopt : FolderOperation::fromBytes(operation.kind, operation.payload);
        auto append = AppendOperation::fromBytes(operation.kind, operation.payload);
        auto draft = DraftOperation::fromBytes(operation.kind, operation.payload);
        auto mark = MarkOperation::fromBytes(operation.kind, operation.payload);
        if (isFlags) {
            subject = {flags->mailbox, flags->uidValidity, flags->uids()};
        } else if (move) {
            subject = {move->source, move->uidValidity, move->uids(), move->target};
        } else if (folder) {
            subject.mailbox = folder->mailbox;
            subject.folder = folder;
        } else if (append) {
            subject.target = append->mailbox;
        } else if (draft) {
            subject.target = draft->server.mailbox;
        } else if (!mark) { // of no folder yet
            continue; // A newer program's: it waits for that one.
        }
        if (move && move->follows.isValid()) {
            // Of no messages yet, but its folders must not go.
            selection.later.push_back({move->source, {}, {}, move->target, {}});
            continue; // Until it is known what there is to bring back (settleMoves()).
        }
        // What waits must not be overtaken by what comes later of the same messages; the others go on.
        if (isToCome(operation.nextAttemptAt, now) || selection.isBlocked(subject)) {
            selection.later.push_back(std::move(subject));
            continue;
        }
        if (draft && draft->draft.isValid() && hasRemovals(*briefs, now)) {
            if (!version)
                version = Batch{.operations = {operation}, .drafts = {*draft}};
            continue;
        }
        if (folder || append || draft || mark) { // each by itself
            if (!selection.batch.operations.empty())
                break;
            selection.batch.operations.push_back(operation);
            if (folder)
                selection.batch.folders.push_back(std::move(*folder));
            else if (append)
                selection.batch.appends.push_back(std::move(*append));
            else if (draft)
                selection.batch.drafts.push_back(std::move(*draft));
            else
                selection.batch.marks.push_back(std::move(*mark));
            break;
        }
        if (isFlags ? !selection.belongs(*flags) : !selection.belongs(*move, subject))
            break;
        selection.batch.operations.push_back(operation);
        if (isFlags)
            selection.batch.flags.push_back(*flags);
        else
            selection.batch.moves.push_back(*move);
        selection.taken.push_back(std::move(subject));
        if (state.isAlone || selection.batch.operations.size() >= largestBatch)
            break;
    }
    if (selection.batch.operations.empty())
        return version;
    return std::optional(std::move(selection.batch));
}

std::optional<Clock::Duration> Journal::untilNextAttempt(AccountId account) const
{
    const auto all = m_pending.briefs(account);
    if (!all)
        return std::nullopt;
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    std::optional<Clock::Duration> soonest;
    for (const store::PendingBrief &operation : *all) {
        if (operation.state != store::OperationState::Queued || !isToCome(operation.nextAttemptAt, now))
            continue;
        const Clock::Duration pause(operation.nextAttemptAt - now);
        soonest = soonest ? std::min(*soonest, pause) : pause;
    }
    return soonest;
}

} // namespace kittiwake::sync
