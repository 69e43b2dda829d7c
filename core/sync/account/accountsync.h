// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/signal.h"
#include "core/async/taskscope.h"
#include "core/sync/account/backoff.h"
#include "core/sync/account/guest.h"
#include "core/sync/account/line.h"
#include "core/sync/account/statusring.h"
#include "core/sync/account/workqueue.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/reports.h"

#include <QHash>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** Told in the engine thread. Either may be empty. */
struct AccountHandlers {
    std::function<void(const AccountStatus &status)> status;
    std::function<void(const WatchEvent &event)> event;
};

/**
 * Keeps one account in sync over one connection where the server tells of everything by itself (NOTIFY), and otherwise
 * over two, as far as the provider likes that (Quirks::maxConnections):
 *
 * - Notified: the main line watches all mailboxes with none selected, and visits those of which it hears. The side line
 *   is there only while first syncs, or a mailbox that a person waits for, would keep the main line busy.
 * - Split: the main line stays in INBOX (IDLE) and asks about all others from time to time; the side line syncs those,
 *   the one on screen first, watches that one, and closes when it has nothing to do.
 * - Alone: one line does it all.
 *
 * The newest page of INBOX comes before anything else. A lost connection is made again with growing pauses, and at once
 * when the machine wakes or the network is back; what needs a person (password, certificate) waits for checkNow().
 * Engine thread. Destroying it closes both at once; nothing that was committed is lost.
 */
class AccountSync
{
public:
    AccountSync(const Environment &environment, accounts::Account account, AccountHandlers handlers);
    AccountSync(const AccountSync &) = delete;
    AccountSync &operator=(const AccountSync &) = delete;
    ~AccountSync();

    [[nodiscard]] const accounts::Account &account() const { return m_account; }
    [[nodiscard]] const AccountStatus &status() const { return m_status; }

    /** Connects and stays connected. */
    void start();
    /** The mailbox that the person looks at is synced first and watched; an invalid id: only INBOX is. */
    void setOpenMailbox(MailboxId mailbox);
    /** Likewise by name, which may not be known yet. */
    void setOpenMailboxByName(const mail::MailboxName &name);
    /** Tries again at once after an error, unless the provider asked for a pause; asks about all folders otherwise. */
    void checkNow();

    /**
     * A client with the mailbox selected: of a line that has it open, else a line opens it before anything else and
     * connects for it if need be. Errors: those of connecting and of SELECT; Input for an unknown mailbox.
     */
    async::Task<Result<Lease>> borrow(MailboxId mailbox);
    /** Something was done in the mailbox of which the server may not tell: it is synced soon, where one stays
     * connected. */
    void refresh(MailboxId mailbox);
    /** Folders were made, renamed or deleted: they are listed soon, where one stays connected. */
    void foldersChanged();
    /**
     * Somebody is about to make a connection of their own (verify): until the guest goes, one line does it all, so that
     * there are no more connections than usual. Waits until the side line has closed, which finishes what it is doing,
     * for half a minute at most. The account may go before the guest.
     */
    async::Task<Guest> makeRoom();

private:
    using Event = net::Surroundings::Event;

    static constexpr std::chrono::minutes sweepInterval{5};
    static constexpr std::chrono::minutes safetySweepInterval{10}; ///< where the server tells by itself
    /** Flags in mailboxes whose counts prove nothing are compared that often, so many mailboxes at once at most. */
    static constexpr std::chrono::hours compareInterval{1};
    static constexpr std::size_t comparedAtOnce = 12;
    /** And a large one more rarely, by so much for each message: it costs the server some 40 bytes of answer. */
    static constexpr std::chrono::milliseconds compareIntervalPerMessage{200};
    static constexpr std::chrono::seconds sideLineLinger{60};
    static constexpr std::chrono::seconds selectionLinger{15}; ///< a person who read one message reads another
    static constexpr std::chrono::seconds quietAfter{3};
    static constexpr std::chrono::seconds probeLimit{2};
    static constexpr std::chrono::minutes steadyAfter{
        1}; ///< a connection that lived this long was none that is thrown out
    static constexpr std::chrono::minutes fewerConnectionsFor{60};
    static constexpr std::chrono::seconds guestWaits{30};
    static constexpr int notifyAttempts = 3; ///< in one connection

    enum class Mode { Notified, Split, Alone };

    struct Wish {
        MailboxId mailbox;
        async::Completion<Result<Lease>> done;
    };
    struct Deferred {
        int attempts = 0;
        Clock::TimerId timer = 0;
    };

    // Both lines: accountsync.cpp
    async::Task<void> pauseAfter(Error error, Backoff &backoff, Role role);
    [[nodiscard]] Line &line(Role role) { return role == Role::Main ? m_main : m_side; }
    [[nodiscard]] Mode mode() const;
    void surroundingsChanged(Event event);
    void wakeBoth();

    // The main line: accountwatch.cpp
    async::Task<void> runMain();
    async::Task<Result<void>> mainSession();
    Result<void> ensureInbox();
    void startSetUp();
    static async::Task<void> setUp(AccountSync *self);
    async::Task<Result<void>> askNotify();
    async::Task<Result<void>> sweep(bool trustCounts);
    async::Task<Result<void>> ringStep();
    async::Task<Result<void>> leaveMain();
    async::Task<Result<void>> askAbout(std::vector<mail::MailboxName> names);
    async::Task<Result<void>> askAgain();
    void askAgainLater(const std::vector<mail::MailboxName> &names);

    // What the server tells by itself: accountnews.cpp
    void onReport(const imap::ServerReport &report);
    void onStatus(const imap::MailboxStatusData &status);
    void leaveToSide(MailboxId mailbox, const imap::MailboxStatusData &status);
    void sideHasLeft(MailboxId mailbox);
    void armSweep();
    void wantSweep();
    void openByNewNames();

    // What is done on a line: accountwork.cpp
    async::Task<Result<void>> serve(Role role);
    async::Task<Result<void>> work(Role role, MailboxId mailbox);
    async::Task<Result<void>> rest(Role role);
    async::Task<Result<void>> follow(Line &line, MailboxSync *mailbox);
    async::Task<void> runSide();
    [[nodiscard]] std::optional<mail::MailboxName> nameOf(MailboxId mailbox) const;
    [[nodiscard]] MailboxHooks hooksFor(Role role, MailboxId mailbox, const mail::MailboxName &name);
    void ensureSideLine();
    void enqueue(MailboxId mailbox, bool first = false);
    void finishWork(MailboxId mailbox);
    void giveUp(MailboxId mailbox);
    void tryLater(MailboxId mailbox);
    void failWishes(const Error &error, MailboxId only = {});
    void grantWishes(const Line &line, MailboxId mailbox);
    void resolveOpenName();
    void wantOpenMailbox();

    // Which line does what: accountroles.cpp
    [[nodiscard]] std::optional<MailboxId> nextWork(Role role) const;
    [[nodiscard]] bool takesJob(Role role, const Job &job) const;
    [[nodiscard]] bool takesUrgent(Role role, MailboxId mailbox) const;
    [[nodiscard]] bool isMainHeldUp() const;
    [[nodiscard]] bool hasUrgentWork(Role role, MailboxId current) const;
    [[nodiscard]] MailboxId homeOf(Role role) const;
    [[nodiscard]] bool isFirstSync(MailboxId mailbox) const;
    [[nodiscard]] bool makesWay(Role role, MailboxId mailbox) const;
    void sideHasGone() const;
    void guestHasLeft();

    // What is told: accountreports.cpp
    /** asked: when the counts were asked for, milliseconds since 1970 UTC. */
    Result<void> takeStatus(const std::vector<Folder> &folders, bool trustCounts, std::int64_t asked);
    [[nodiscard]] bool waitsForStatus(const Folder &folder, const store::MailboxState &state, bool trustCounts);
    Result<void> confirmUnchanged(const std::vector<MailboxId> &mailboxes, std::int64_t asked);
    Result<void> compareUnproven();
    void tellTreeChanges(const std::vector<store::MailboxRow> &before, const std::vector<Folder> &now);
    void setState(AccountStatus::State state, std::optional<Error> error = {}, std::int64_t retryAt = 0);
    void publishProgress(std::int64_t done, std::int64_t total, const mail::MailboxName &name);
    void settle();
    void tell(WatchEvent::Kind kind, const QString &mailbox = {}, std::vector<Uid> uids = {}, const QString &text = {});

    const Environment &m_environment;
    accounts::Account m_account;
    AccountHandlers m_handlers;
    AccountStatus m_status;
    bool m_staysConnected = false;
    bool m_sideLineRuns = false;
    bool m_inboxSettled = false;
    bool m_mainIsBusy = false;
    bool m_mainTakesLong = false; ///< with a first sync
    bool m_sideIsBusy = false;
    bool m_sweepWanted = false;
    bool m_notifyLost = false; ///< the server tells nothing any more: ask it again
    int m_retriesAsked = 0; ///< each ends the pauses between attempts
    std::int64_t m_listedAt = 0; ///< when the last listing that was answered was asked for; milliseconds since 1970 UTC
    std::int64_t m_comparedAt = 0; ///< when compareUnproven() last looked, or everything was compared; likewise
    MailboxId m_inbox;
    MailboxId m_openMailbox;
    std::optional<mail::MailboxName> m_openName; ///< not resolved to an id yet
    bool m_openNeedsSync = false;
    WorkQueue m_queue;
    std::vector<Wish> m_wishes;
    std::vector<MailboxRename> m_renames; ///< told since the last listing
    std::map<MailboxId, Deferred> m_deferred; ///< mailboxes that the server would not open
    std::vector<mail::MailboxName> m_left; ///< of which nothing was heard while they were selected
    std::vector<mail::MailboxName> m_lately; ///< the same, until they have been asked about once more
    bool m_latelyDue = false;
    QHash<QString, imap::MailboxStatusData> m_lastCounts; ///< told when the mailbox was left last
    std::map<MailboxId, imap::MailboxStatusData> m_leftToSide; ///< told while the side line had the mailbox open
    StatusRing m_ring; ///< where the server cannot tell all counts in one answer
    int m_notifyAttemptsLeft = notifyAttempts;
    int m_connectionLimit = 2; ///< as the provider's quirks say
    Clock::Duration m_oneConnectionUntil{0}; ///< the provider would not have two
    std::shared_ptr<GuestState> m_guests = std::make_shared<GuestState>();
    Clock::Duration m_mainKeptUntil{0}; ///< a mailbox stays selected although there is nothing to do in it
    Clock::Duration m_sideKeptUntil{0};
    Clock::Duration m_throttledUntil{0};
    std::optional<Error> m_throttledBy;
    Clock::TimerId m_sweepTimer = 0;
    Clock::TimerId m_ringTimer = 0;
    Clock::TimerId m_latelyTimer = 0;
    net::Surroundings::Subscription m_subscription = 0;
    std::optional<async::Completion<Result<void>>> m_setUpDone;
    Line m_main;
    Line m_side;
    async::TaskScope m_setUpScope; ///< with the next one last: their tasks use everything above
    async::TaskScope m_scope;
};

} // namespace kittiwake::sync
