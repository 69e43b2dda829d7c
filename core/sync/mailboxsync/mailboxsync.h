// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/signal.h"
#include "core/async/task.h"
#include "core/async/taskscope.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/imap/client/client.h"
#include "core/store/cachestore.h"
#include "core/sync/mailboxsync/headerbatch.h"
#include "core/sync/mailboxsync/pace.h"
#include "core/sync/planner/syncplan.h"
#include "core/sync/reports.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** What a sync of one mailbox did. */
struct MailboxOutcome {
    std::int64_t added = 0;
    std::int64_t removed = 0;
    std::int64_t changed = 0;
    QString path; ///< "full", "plain", "condstore"
    std::optional<FullResyncReason> reset; ///< why everything was forgotten first
};

/** A message that was found again, and the UID that it has now. */
struct MovedUid {
    Uid before;
    Uid now;

    bool operator==(const MovedUid &) const = default;
};

/** What whoever runs a sync wants to know while it runs. Every function may be empty. Engine thread. */
struct MailboxHooks {
    std::function<void(std::int64_t done, std::int64_t total)>
        progress; ///< headers in the cache, messages on the server
    std::function<bool()> yields; ///< asked between batches: true ends fetchMissing() early, to go on later
    std::function<void()> selected; ///< the mailbox is selected: others may fetch from it beside the comparison
    std::function<void()> firstPage; ///< the newest messages are committed
    /** After the commit; only what really changed. During a first sync, arrivals alone are told as Added. */
    std::function<void(WatchEvent::Kind kind, const std::vector<Uid> &uids)> changed;
    std::function<void()> wake; ///< needsCatchUp() or needsResync() became true, or error() is there
    /**
     * The mailboxes were listed a moment ago: one that has other UIDs is not another one that has taken its name. Where
     * they were not, open() asks for it instead of believing that (needsListing()).
     */
    bool isListed = false;
    /** UIDs under this UIDVALIDITY that something waits for: when they change, the messages are looked at closely. */
    std::function<Result<imap::UidSet>(UidValidity uidValidity)> awaited;
    /** Before the cache has it. moved: those of awaited() whose messages are found again; the others are not. */
    std::function<Result<void>(UidValidity before, UidValidity now, const std::vector<MovedUid> &moved)> renumbered;
};

/**
 * Keeps the cache of one mailbox equal to the server, on a client that has it selected. open() selects and compares,
 * fetchMissing() brings headers newest first, apply() takes what the server says by itself, catchUp() fetches arrivals.
 * Everything is written in transactions that leave the cache true, if not complete; a kill at any point costs a batch.
 *
 * Lives as long as the mailbox is open on the client, which outlives it. Engine thread.
 */
class MailboxSync
{
public:
    /** The newest page comes first and is small, so that the list has something to show; then as Pace says. */
    static constexpr std::uint64_t firstPageSize = 200;
    /** Headers in one transaction at most, give or take what one read brings: what a kill costs. */
    static constexpr std::size_t storeSize = 500;
    /** The server tells of the next ones while one is written to the store. Whatever is urgent waits for all of them.
     */
    static constexpr std::size_t flightsInAir = 3;
    /** Commands without a tagged answer, although all they asked for may be here (see Flight). */
    static constexpr std::size_t commandsInFlight = 8;

    MailboxSync(Clock &clock, imap::Client &client, store::CacheStore &store, MailboxId mailbox, mail::MailboxName name,
                MailboxHooks hooks);
    MailboxSync(const MailboxSync &) = delete;
    MailboxSync &operator=(const MailboxSync &) = delete;
    ~MailboxSync();

    [[nodiscard]] MailboxId mailbox() const { return m_mailbox; }
    [[nodiscard]] const mail::MailboxName &name() const { return m_name; }
    [[nodiscard]] UidValidity uidValidity() const { return m_state.uidValidity; }

    /**
     * SELECTs the mailbox and makes the cache forget what the server does not have any more and know the flags of what
     * it has. full: forget everything first. Errors: those of the client, Storage.
     */
    async::Task<Result<void>> open(bool full);
    /** Fetches the headers that open() found missing. True when all are there, false when hooks.yields ended it. */
    async::Task<Result<bool>> fetchMissing();
    /** Fetches what arrived since. */
    async::Task<Result<void>> catchUp();

    /** What the client said about this mailbox. Never suspends, never calls the client. */
    void apply(const imap::MailboxUpdate &update);
    [[nodiscard]] bool needsCatchUp() const { return m_arrived; }
    /** What the server said cannot be told by UID, or contradicts itself: open() again. */
    [[nodiscard]] bool needsResync() const { return m_resync; }
    /** open() has failed because another client may have given the mailbox another name. The cache is as it was. */
    [[nodiscard]] bool needsListing() const { return m_needsListing; }
    /** The store failed while applying an update. */
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /** All headers are there and nothing is known to be missing. */
    [[nodiscard]] bool isComplete() const { return m_open && m_missing.isEmpty() && m_flights.empty() && !m_arrived; }
    /**
     * Notes in the store that the cache equals the server, as of the last question whose answer proved it; where it
     * does not, needsResync() is true after it.
     */
    Result<void> confirm();
    /** A round trip is confirmed (imap::ProofHandler): all that had happened before askedAt has been told. */
    void proved(std::int64_t askedAt);
    [[nodiscard]] const MailboxOutcome &outcome() const { return m_outcome; }

private:
    class Flight;

    Result<LocalMailbox> readLocal();
    [[nodiscard]] SyncWay chooseWay(const LocalMailbox &local, bool full) const;
    [[nodiscard]] imap::SelectMode selectMode(const LocalMailbox &local, SyncWay way) const;
    [[nodiscard]] static RemoteMailbox remoteMailbox(const imap::SelectedMailbox &selected, SyncWay way);
    async::Task<Result<void>> compare(SyncPlan plan, const imap::SelectResult &selected, LocalMailbox local);
    async::Task<Result<void>> compareUids(bool newestFirst);
    async::Task<void> searchAll(async::Completion<Result<imap::UidSet>> done);
    async::Task<Result<void>> compareFlags();
    async::Task<Result<bool>> compareSince(LocalMailbox local);
    Result<bool> takeTold(const imap::SelectResult &selected, const LocalMailbox &local);
    Result<bool> finishTold(const std::vector<store::UidRange> &gone);
    Result<bool> addsUp();
    Result<void> relinkMissing(store::CacheTransaction &transaction);
    async::Task<Result<void>> refreshRelinked();
    void distrust(FullResyncReason reason, const QString &detail);
    void logFullResync(FullResyncReason reason, const QString &detail = {}) const;
    async::Task<Result<void>> fetchInto(std::shared_ptr<Flight> flight);
    struct FoundAgain;
    async::Task<Result<FoundAgain>> findAgain(UidValidity before, UidValidity now);
    [[nodiscard]] Result<bool> planAgain(LocalMailbox &local, const RemoteMailbox &remote, SyncAsked &asked,
                                         SyncPlan &plan);
    [[nodiscard]] UidValidity sessionValidity() const;
    Result<void> adopt(const RemoteMailbox &selected, const SyncPlan &plan, const FoundAgain &again);
    async::Task<Result<std::vector<store::UidRange>>> findGone();
    async::Task<Result<std::vector<store::UidRange>>> provenGone(std::vector<Uid> gone);
    Result<void> finishComparison(const std::vector<store::UidRange> &ranges);
    void launch(imap::UidSet uids, std::uint64_t newest = 0);
    [[nodiscard]] bool isPageInAir() const;
    void launchNewest();
    void launchNext();
    void launchMore();
    Result<void> storePiece(const std::shared_ptr<Flight> &flight);
    void noteLowestFetched();
    Result<void> reportProgress();
    Result<Uid> findNews(const LocalMailbox &local, const SyncPlan &plan) const;
    Result<void> insert(const HeaderBatch &batch, bool announce);
    Result<void> writeState(store::CacheTransaction &transaction);
    void report(WatchEvent::Kind kind, const std::vector<Uid> &uids) const;
    void wake() const;
    void onVanished(const imap::Vanished &vanished);
    void harvest(const imap::UidSet &gone);
    void onFlags(const imap::FlagsChanged &flags);
    [[nodiscard]] std::uint32_t newestOnly(std::int64_t exists) const;
    Result<void> dropOutOfWindow(std::vector<Uid> &removed) const;
    [[nodiscard]] bool hasLabels() const;
    void addLabelItems(imap::FetchItems &items) const;
    void takeLabels(const imap::FetchedMessage &message);
    Result<void> storeLabels();
    void noteError(const Result<void> &result);

    Clock &m_clock;
    imap::Client &m_client;
    store::CacheStore &m_store;
    MailboxId m_mailbox;
    mail::MailboxName m_name;
    MailboxHooks m_hooks;

    store::MailboxState m_state; ///< what the store has, and what is written next
    imap::UidSet m_missing; ///< on the server, not in the cache, not in flight
    std::deque<std::shared_ptr<Flight>> m_flights; ///< commands whose answers still come, oldest first
    async::Signal m_pieceReady; ///< set by flights
    Pace m_pace;
    bool m_firstPageAsked = false;
    Clock::Duration m_lastLanding{};
    Uid m_knownBelow; ///< UIDNEXT at the SELECT: messages from here on may be new to this connection; none: unknown
    Uid m_newsFrom; ///< what is fetched from this UID on has arrived since; the rest is a first sync's
    std::vector<store::LabelUpdate> m_labels; ///< told by the comparison, not stored yet
    std::vector<store::FlagUpdate> m_comparing; ///< differences found so far, in the order told
    std::int64_t m_provenAt = 0; ///< milliseconds since 1970 UTC: what was told since the SELECT is complete up to then
    bool m_isComparing = false;
    bool m_open = false; ///< the comparison is done: updates go to the store
    bool m_recheck = false; ///< something happened before the comparison began
    bool m_arrived = false;
    bool m_resync = false;
    bool m_needsListing = false;
    bool m_unseenTold = false; ///< what was told as changed has never been here
    bool m_comparesAll = false; ///< open() looked at every message
    bool m_isPass = false; ///< open() was not confirmed yet
    std::int64_t m_lacking = 0; ///< messages of the server that cannot be had
    imap::UidSet m_relinked; ///< turned up again; their flags are to be asked for
    std::optional<Error> m_error;
    MailboxOutcome m_outcome;
    async::TaskScope m_scope; ///< last: its tasks use everything above
};

} // namespace kittiwake::sync
