// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/signal.h"
#include "core/async/taskscope.h"
#include "core/store/pendingstore.h"
#include "core/store/storechanges.h"
#include "core/sync/account/backoff.h"
#include "core/sync/account/environment.h"
#include "core/sync/operations/flagoperation.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

class AccountSync;
class Lease;

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
    /**
     * Brings back what the last action changed: takes it back where the server has not heard of it, else does the
     * opposite. Returns the operation that does it, an invalid id where nothing has to be done. Errors: Input when
     * there is nothing to undo.
     */
    [[nodiscard]] Result<OperationId> undo();
    /** A parked operation again, or a waiting one at once. Errors: Input when there is no such operation. */
    [[nodiscard]] Result<void> retry(OperationId operation);
    /** Gives an operation up: messages are shown as the server has them. */
    [[nodiscard]] Result<void> drop(OperationId operation);

    /** Waits until the server has confirmed it, it is parked, or an attempt has failed that will be repeated. */
    [[nodiscard]] async::Task<store::OperationState> attempted(OperationId operation);
    [[nodiscard]] PendingSummary summary() const { return m_summary; }

    /** The account has a connection again: what waits for one is tried at once. */
    void connected(AccountId account);
    /** Messages came into the cache that something waiting is about. Before others are told of the changes. */
    void storeChanged(const store::StoreChanges &changes);
    /** The account is removed, and what waits for it. */
    [[nodiscard]] Result<void> forget(AccountId account);

private:
    struct Runner;
    struct Batch; ///< operations that share their commands

    Runner &runner(AccountId account);
    async::Task<void> run(AccountId account);
    [[nodiscard]] Result<std::optional<Batch>> nextBatch(AccountId account, const Runner &state) const;
    [[nodiscard]] std::optional<Clock::Duration> untilNextAttempt(AccountId account) const;
    async::Task<Result<void>> replay(const Batch &batch);
    async::Task<Result<void>> storeFlags(const Lease &lease, MailboxId mailbox, const Batch &batch);
    void settle(Batch batch, const Result<void> &result, Runner &state);
    void write(store::PendingOperation operation);
    [[nodiscard]] Result<void> lay(AccountId account, const std::vector<OperationId> &without = {});
    [[nodiscard]] Result<void> layOver(store::CacheTransaction &transaction, const store::PendingOperation &operation);
    [[nodiscard]] Result<OperationId> add(AccountId account, const FlagOperation &operation,
                                          const std::vector<FlagGroup> &undo);
    void prune();
    void recount();

    Environment m_environment;
    store::PendingStore &m_pending;
    AccountFinder m_findAccount;
    std::function<void()> m_changed;
    PendingSummary m_summary;
    bool m_isPaused = false;
    bool m_isLaying = false; ///< the changes that come are those of the overlay itself
    std::map<AccountId, std::unique_ptr<Runner>> m_runners;
    std::multimap<OperationId, async::Completion<store::OperationState>> m_waiting;
};

} // namespace kittiwake::sync
