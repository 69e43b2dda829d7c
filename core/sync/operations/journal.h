// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/signal.h"
#include "core/async/taskscope.h"
#include "core/store/pendingstore.h"
#include "core/store/storechanges.h"
#include "core/sync/account/backoff.h"
#include "core/sync/account/environment.h"
#include "core/sync/drafts/draftserver.h"
#include "core/sync/operations/appendoperation.h"
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/folderoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "core/sync/operations/parsedoperations.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace kittiwake::sync
{

class AccountSync;
struct AccountStatus;
class Lease;
class MoveReplay;

/** How much waits, for a line in the window. */
struct PendingSummary {
    std::int64_t waiting = 0;
    std::int64_t failed = 0; ///< parked: they need the person

    bool operator==(const PendingSummary &) const = default;
};

/**
 * What people did, from the click to the server's confirmation. An action is durable in pending.db before anything
 * shows it; then it lies over the cached messages (store::OverlayWriter), and is replayed to the server in order, as
 * few commands as will do. What the server refuses for good is parked with its reason and delays nothing else. After a
 * start the overlay is made anew from pending.db, so the two databases need no common commit.
 * Engine thread. Destroying it stops at the next await; everything unconfirmed stays in pending.db.
 */
class Journal
{
public:
    using AccountFinder = std::function<AccountSync *(AccountId)>;

    /** The last actions that can be undone. */
    static constexpr std::size_t undoDepth = 20;

    /** All outlive the journal. changed: called after each change of what waits. */
    Journal(const Environment &environment, store::PendingStore &pending, AccountFinder findAccount,
            std::function<void()> changed);
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;
    ~Journal();

    /** Lays what waits over the cache, after a start and after the cache was dropped. */
    [[nodiscard]] Result<void> restore();
    /** Nothing is replayed while it is paused; what people do is still noted down. */
    void setPaused(bool paused) { m_isPaused = paused; }
    /** Replays what waits of all accounts as soon as it can. */
    void start();

    /**
     * Notes down that flags change, shows it, and replays it. Messages that are not in the cache, or as wanted
     * already, are left out; an invalid id means that none was left. Errors: Storage (nothing was changed then); Input
     * for an unknown mailbox.
     */
    [[nodiscard]] Result<OperationId> changeFlags(MailboxId mailbox, const imap::UidSet &uids,
                                                  const mail::FlagChange &change);
    /** The same without noting it down: a part of an action, for note(). None where nothing is left to do. */
    [[nodiscard]] Result<std::optional<store::PendingOperation>> flagsPart(MailboxId mailbox, const imap::UidSet &uids,
                                                                           const mail::FlagChange &change) const;
    [[nodiscard]] Result<std::optional<store::PendingOperation>>
    movePart(MailboxId mailbox, const imap::UidSet &uids, mail::MoveKind kind, const mail::MailboxName &target,
             MailboxId targetId, const mail::FlagChange &change) const;
    /**
     * Likewise the parts that mark a message wherever the account has it, by its Message-ID (with angle brackets): also
     * where another client puts it before the server has been told. They cannot be undone. Errors: Storage.
     */
    [[nodiscard]] Result<std::vector<store::PendingOperation>> markParts(AccountId account, const QByteArray &messageId,
                                                                         const mail::FlagChange &change) const;
    /**
     * Notes down an action as a whole, in one transaction, shows it, and replays it; it counts as one, and is undone as
     * one. Returns the operation that is done last, an invalid id for no parts.
     */
    [[nodiscard]] Result<OperationId> note(std::vector<store::PendingOperation> parts);
    /**
     * Puts a message into a mailbox. message: RFC 5322 with lines ended by CRLF, up to 64 MiB; it stays in pending.db
     * until the server has it. Errors as of changeFlags(); Input for what IMAP cannot carry.
     */
    [[nodiscard]] Result<OperationId> append(MailboxId mailbox, const QByteArray &message, const mail::Flags &flags,
                                             std::optional<std::int64_t> internalDate);
    /**
     * What a person does to a folder itself. name: as people see it; for Rename, to as well. Errors: Input for a name
     * that cannot be, is taken, or belongs to INBOX; Storage.
     */
    [[nodiscard]] Result<OperationId> createFolder(AccountId account, const QString &name);
    [[nodiscard]] Result<OperationId> renameFolder(MailboxId mailbox, const QString &to);
    [[nodiscard]] Result<OperationId> deleteFolder(MailboxId mailbox);
    [[nodiscard]] Result<OperationId> subscribeFolder(MailboxId mailbox, bool on);
    /** A folder for what has none yet (Archive, Junk, Trash): a part of the action that needs it, before the others. */
    [[nodiscard]] static store::PendingOperation rolePart(AccountId account, const mail::MailboxName &name,
                                                          QChar delimiter, mail::MailboxRole role);
    /** A parked move goes to another folder of the same account, and is tried again. Errors: Input; Storage. */
    [[nodiscard]] Result<void> retarget(OperationId operation, MailboxId target);
    /**
     * Notes down that messages leave their mailbox (or are copied), shows it, and replays it. target: of the same
     * account; none for MoveKind::Expunge. change: made to them before they go. Messages that are not in the cache, or
     * that target shows already, are left out; an invalid id means that none was left. Errors as of changeFlags().
     */
    [[nodiscard]] Result<OperationId> move(MailboxId mailbox, const imap::UidSet &uids, mail::MoveKind kind,
                                           MailboxId target, const mail::FlagChange &change);
    /**
     * Brings back what the last action changed: takes it back where the server has not heard of it, else does the
     * opposite. Returns the operation that does it, an invalid id where nothing has to be done. Errors: Input when
     * there is nothing to undo, or when it was for good; that action is then passed over the next time.
     */
    [[nodiscard]] Result<OperationId> undo();
    /** A parked operation again, or a waiting one at once. Errors: Input when there is no such operation. */
    [[nodiscard]] Result<void> retry(OperationId operation);
    /** Gives an operation up: messages are shown as the server has them. */
    [[nodiscard]] Result<void> drop(OperationId operation);

    /** Operations of the account were added to pending.db by the outbox: they are shown and replayed like others. */
    void adopt(AccountId account);
    /** What waits has changed outside of the journal: told also where there is as much of it as before. */
    void retell();

    /** Called when something about a draft has changed on the server, or was tried in vain. */
    using DraftHandler = std::function<void(const mail::DraftId &, const DraftServer &)>;
    void setDraftHandler(DraftHandler handler) { m_draftChanged = std::move(handler); }
    /** Between two versions of a draft on the server, while somebody writes. */
    void setDraftPause(std::chrono::milliseconds pause) { m_draftPause = pause; }

    /** Waits until the server has confirmed it, it is parked, or an attempt has failed that will be repeated. */
    [[nodiscard]] async::Task<store::OperationState> attempted(OperationId operation);
    [[nodiscard]] PendingSummary summary() const { return m_summary; }

    /** When the account has a connection again, what waits for one is tried at once. */
    void statusChanged(const AccountStatus &status);
    /** Messages came into the cache that something waiting is about. Before others are told of the changes. */
    void storeChanged(const store::StoreChanges &changes);
    /** The account is removed, and what waits for it. */
    [[nodiscard]] Result<void> forget(AccountId account);

private:
    struct Runner;
    struct Batch; ///< operations that share their commands
    struct Selection; ///< which operations go into a batch
    /** Mailboxes that were looked up for one overlay: most operations are about the same few. */
    struct Place {
        std::optional<MailboxId> mailbox;
        UidValidity uidValidity;
    };
    using Places = std::map<std::pair<QString, QByteArray>, Place>;

    Runner &runner(AccountId account);
    async::Task<void> run(AccountId account);
    [[nodiscard]] Result<std::optional<Batch>> nextBatch(AccountId account, const Runner &state) const;
    [[nodiscard]] std::optional<Clock::Duration> untilNextAttempt(AccountId account) const;
    async::Task<Result<void>> replay(Batch &batch);
    async::Task<void> replayMoves(Batch batch, Runner &state);
    async::Task<void> replayFolder(Batch batch, Runner &state);
    async::Task<void> replayAppend(Batch batch, Runner &state);
    async::Task<void> replayDraft(Batch batch, Runner &state);
    async::Task<void> replayMark(Batch batch, Runner &state);
    /** What is not where it was is looked for from now on (MarkOperation), and leaves batch. */
    void seekGone(Batch &batch, const Result<void> &result, Runner &state);
    [[nodiscard]] Result<void> settleDraft(const mail::DraftId &draft, store::PendingOperation &record, bool isDone);
    /** What an attempt at an operation that shares its commands with none has come to. */
    void settleOne(store::PendingOperation &record, const Result<void> &result, bool hasBegun, Runner &state) const;
    void show(const std::vector<store::PendingOperation> &noted);
    [[nodiscard]] Result<OperationId> undoAppend(store::PendingOperation operation);
    [[nodiscard]] Result<void> layAppend(store::CacheTransaction &transaction,
                                         const store::PendingOperation &operation);
    [[nodiscard]] static Result<void> keepWaiting(store::CacheTransaction &transaction, AccountId account,
                                                  const std::vector<store::PendingOperation> &operations);
    [[nodiscard]] Result<OperationId> noteFolder(AccountId account, const FolderOperation &operation, bool canBeUndone);
    [[nodiscard]] Result<OperationId> undoFolder(store::PendingOperation operation);
    [[nodiscard]] Result<OperationId> undoFlags(store::PendingOperation operation);
    [[nodiscard]] Result<void> layFolders(store::CacheTransaction &transaction, AccountId account,
                                          const std::vector<store::PendingOperation> &operations);
    [[nodiscard]] Result<store::MailboxRow> folder(MailboxId mailbox) const;
    [[nodiscard]] Result<void> isFree(AccountId account, const QString &name, MailboxId besides) const;
    void settleMoves(MoveReplay &replay, const Result<void> &result, Runner &state);
    /** Whether the overlay has been made anew with it. */
    [[nodiscard]] Result<bool> finishMoves(MoveReplay &replay, std::vector<store::PendingOperation> &records);
    /** Whether there were any. */
    [[nodiscard]] Result<bool> resolveFollowers(AccountId account, const store::PendingOperation &leader);
    [[nodiscard]] bool isReferenced(MoveReplay &replay, const imap::UidSet &uids) const;
    [[nodiscard]] bool mustStayHidden(const store::PendingOperation &operation) const;
    [[nodiscard]] Result<OperationId> undoMove(store::PendingOperation operation);
    [[nodiscard]] Result<OperationId> add(AccountId account, const MoveOperation &operation);
    [[nodiscard]] Result<OperationId> undoOne(store::PendingOperation operation);
    void tellWaiting(AccountId account);
    void recount();
    [[nodiscard]] Result<bool> resolveEnded(AccountId account);
    void layLater(AccountId account);
    static void laid(AccountId account, const Result<void> &result);
    [[nodiscard]] bool isReaddressed(const Batch &batch) const;
    void settle(Batch batch, const Result<void> &result, Runner &state);
    /** Of a batch of flags: those operations to which no refusal belongs are done. The rest stays in batch. */
    void settleTaken(Batch &batch, Runner &state);
    bool write(const store::PendingOperation &operation);
    void tell(OperationId operation, store::OperationState state);
    using CacheWork = std::function<Result<void>(store::CacheTransaction &)>;
    /** Makes the overlay anew, in one transaction with what first does. */
    [[nodiscard]] Result<void> lay(AccountId account, const std::vector<OperationId> &without = {},
                                   const CacheWork &first = {});
    [[nodiscard]] Result<void> layOver(store::CacheTransaction &transaction, const store::PendingOperation &operation,
                                       Places &places);
    [[nodiscard]] Result<void> layOver(store::CacheTransaction &transaction, AccountId account,
                                       const MoveOperation &operation, const imap::UidSet &uids, bool isMarked,
                                       Places &places);
    /** The mailbox, while it is the one that the operation speaks of. */
    [[nodiscard]] Result<std::optional<MailboxId>> placeOf(AccountId account, const mail::MailboxName &name,
                                                           UidValidity uidValidity) const;
    [[nodiscard]] Result<Place> lookUp(AccountId account, const mail::MailboxName &name, Places &places) const;
    void prune();

    Environment m_environment;
    store::PendingStore &m_pending;
    AccountFinder m_findAccount;
    std::function<void()> m_changed;
    DraftHandler m_draftChanged;
    std::chrono::milliseconds m_draftPause{15'000};
    PendingSummary m_summary;
    mutable ParsedOperations m_parsed;
    bool m_isPaused = false;
    std::set<AccountId> m_connected;
    bool m_hidesMarked = false; ///< messages that could not be expunged alone
    bool m_isLaying = false; ///< the changes that come are those of the overlay itself
    std::map<AccountId, std::unique_ptr<Runner>> m_runners;
    std::multimap<OperationId, async::Completion<store::OperationState>> m_waiting;
};

} // namespace kittiwake::sync
