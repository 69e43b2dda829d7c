// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/engine/actiontypes.h"
#include "core/sync/operations/journal.h"

#include <functional>
#include <optional>

namespace kittiwake::engine
{

/** The person's actions as requests of the engine. Part of EngineCore; engine thread. */
class Actions
{
public:
    enum class Replay {
        Yes,
        No, ///< only note down ("--offline")
    };

    Actions(const sync::Environment &environment, store::PendingStore &pending, sync::Journal::AccountFinder finder,
            std::function<void(const PendingSummary &)> changed, Replay replay);

    async::Task<Result<ActionReport>> changeFlags(FlagRequest request);
    async::Task<Result<ActionReport>> move(MoveRequest request);
    async::Task<Result<ActionReport>> append(AppendRequest request);
    async::Task<Result<ActionReport>> changeFolder(FolderRequest request);
    async::Task<Result<ActionReport>> retarget(OperationId operation, MailboxId target);
    async::Task<Result<ActionReport>> undo(bool wait);
    async::Task<Result<ActionReport>> retry(OperationId operation);
    async::Task<Result<void>> drop(OperationId operation);
    async::Task<Result<std::vector<PendingAction>>> pending();
    /** Replays what waits for the account, once. */
    async::Task<void> drain(AccountId account);

    [[nodiscard]] sync::Journal &journal() { return m_journal; }

    /** What pending.db holds, without those that are done. */
    [[nodiscard]] static std::vector<PendingAction> list(const std::vector<store::PendingOperation> &operations);

private:
    using Chosen = std::vector<std::pair<MailboxId, imap::UidSet>>;
    /** What a request comes to for the messages of one mailbox. */
    struct Course {
        mail::MoveKind kind = mail::MoveKind::Move;
        mail::MailboxName target; ///< in the server's terms; empty: for good, or (isMarkOnly) nowhere
        MailboxId targetId; ///< none: it is still to be made
        std::optional<store::PendingOperation> folder; ///< makes it
        mail::FlagChange change;
        bool isMarkOnly = false; ///< they stay, and only change goes to the server
    };

    [[nodiscard]] Result<Chosen> chosen(const std::vector<MessageId> &messages, MailboxId mailbox,
                                        const QByteArray &uids) const;
    [[nodiscard]] Result<imap::UidSet> shownOf(MailboxId mailbox, const imap::UidSet &uids) const;
    [[nodiscard]] Result<Chosen> byPlace(MailboxId mailbox, const imap::UidSet &uids) const;
    [[nodiscard]] Result<Course> courseOf(const MoveRequest &request, MailboxId mailbox) const;
    [[nodiscard]] Result<void> courseTo(mail::MailboxRole role, const std::vector<store::MailboxRow> &tree,
                                        Course &course) const;
    [[nodiscard]] Result<OperationId> empty(MailboxId mailbox);
    async::Task<Result<ActionReport>> report(OperationId operation, bool wait);

    const sync::Environment &m_environment;
    store::PendingStore &m_pending;
    Replay m_replay;
    sync::Journal m_journal;
};

} // namespace kittiwake::engine
