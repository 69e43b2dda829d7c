// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/drafts/draftbox.h"
#include "core/sync/drafts/draftreplay.h"
#include "core/sync/operations/journalrunner.h"

/** Drafts on their way to the server, and away from it. */
namespace kittiwake::sync
{

async::Task<void> Journal::replayDraft(Batch batch, Runner &state)
{
    const store::PendingOperation before = batch.operations.front();
    AccountSync *sync = m_findAccount(before.account);
    if (sync == nullptr) {
        state.isPostponed = true; // It is being removed.
        co_return;
    }
    DraftReplay replay(m_environment, m_pending, *sync, before);
    const Result<void> result = co_await replay.run();
    if (!result)
        qCInfo(logSync) << "draft:" << result.error();
    const mail::DraftId draft = batch.drafts.front().draft;
    const auto known = m_pending.find(before.id);
    if (!known)
        state.isPostponed = true; // what cannot be read is tried again, but not at once
    if (known && *known) {
        store::PendingOperation record = **known;
        settleOne(record, result, replay.hasBegun(), state);
        const auto written
            = m_pending.inTransaction([&]() -> Result<void> { return settleDraft(draft, record, result.has_value()); });
        if (!written) {
            qCWarning(logSync) << written.error();
            state.isPostponed = true; // for ever while the disk is full
        }
        tell(record.id, record.state);
    }
    laid(before.account, lay(before.account)); // the old version is not shown any more
    if (result)
        sync->refresh(replay.mailbox());
    if (draft.isValid() && m_draftChanged)
        m_draftChanged(draft, replay.server());
    prune();
    recount();
}

/** What becomes of a draft and of the operation that brings it to the server, after an attempt. */
Result<void> Journal::settleDraft(const mail::DraftId &draft, store::PendingOperation &record, bool isDone)
{
    const auto found = draft.isValid() ? m_pending.draft(draft) : Result<std::optional<store::DraftRow>>(std::nullopt);
    if (!found)
        return failure(found.error());
    const bool isWanted = *found && (*found)->push == record.id && !(*found)->outgoing.isValid();
    if (draft.isValid() && !isWanted)
        return m_pending.remove(record.id);
    if (!draft.isValid() || !isDone)
        return m_pending.update(record);
    store::DraftRow row = **found;
    if (row.synced != row.revision) {
        // Somebody went on writing meanwhile, or there is no folder yet: never at once, or nothing else would be done.
        const auto size = m_pending.draftPartsSize(row.id);
        const auto pause
            = row.isOpen ? DraftBox::pauseFor(m_draftPause, size.value_or(0)) : std::chrono::milliseconds(1000);
        record.state = store::OperationState::Queued;
        record.attempts = 0;
        record.nextAttemptAt = m_environment.clock.wall().toMSecsSinceEpoch() + pause.count();
        return m_pending.update(record);
    }
    if (auto removed = m_pending.remove(record.id); !removed)
        return removed;
    if (!row.isOpen)
        return m_pending.removeDraft(row.id); // the server has it
    row.push = {};
    return m_pending.putDraft(row);
}

} // namespace kittiwake::sync
