// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/signal.h"
#include "core/async/taskscope.h"
#include "core/sync/account/backoff.h"
#include "core/sync/account/line.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/reports.h"

#include <deque>
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
 * Keeps one account in sync over at most two connections: the inbox line lists the folders, syncs INBOX and watches it;
 * the work line syncs the other mailboxes, the one that the person looks at first, watches that one, and closes when it
 * has nothing to do. A lost connection is made again with growing pauses; what needs a person (password, certificate)
 * waits for checkNow(). Engine thread. Destroying it closes both at once; nothing that was committed is lost.
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
    /** Tries again at once after an error; asks about all folders otherwise. */
    void checkNow();

    /**
     * A client with the mailbox selected: of a line that has it open, else the work line opens it before anything else
     * and connects for it if need be. Errors: those of connecting and of SELECT; Input for an unknown mailbox.
     */
    async::Task<Result<Lease>> borrow(MailboxId mailbox);

private:
    static constexpr std::chrono::minutes sweepInterval{5};
    static constexpr std::chrono::seconds workLineLinger{60};

    struct Wish {
        MailboxId mailbox;
        async::Completion<Result<Lease>> done;
    };

    async::Task<void> runInboxLine();
    async::Task<Result<void>> inboxSession(Backoff &backoff);
    async::Task<Result<void>> sweep(bool trustCounts);
    async::Task<void> runWorkLine();
    async::Task<Result<void>> workSession();
    /** Opens a mailbox on a line and brings all its headers. False: it made way for something more urgent. */
    async::Task<Result<bool>> syncOn(Line &line, MailboxId mailbox, mail::MailboxName name);
    /** Watches the mailbox that is open on a line and follows what the server says, until the line has other work. */
    async::Task<Result<void>> follow(Line &line, std::function<bool()> hasOtherWork);
    async::Task<void> pauseAfter(Error error, Backoff &backoff, Line &line);

    [[nodiscard]] MailboxHooks hooksFor(Line &line, MailboxId mailbox, const mail::MailboxName &name);
    [[nodiscard]] bool hasWork() const;
    [[nodiscard]] bool hasUrgentWork(MailboxId current) const;
    [[nodiscard]] std::optional<MailboxId> nextWork() const;
    [[nodiscard]] std::optional<mail::MailboxName> nameOf(MailboxId mailbox) const;
    void ensureWorkLine();
    void enqueue(MailboxId mailbox);
    void finishWork(MailboxId mailbox);
    void giveUp(MailboxId mailbox);
    void tellTreeChanges(const std::vector<store::MailboxRow> &before, const std::vector<Folder> &now);
    void failWishes(const Error &error, MailboxId only = {});
    void grantWishes(const Line &line, MailboxId mailbox);
    void resolveOpenName();
    void confirmUnchanged(const std::vector<MailboxId> &mailboxes);
    void setState(AccountStatus::State state, std::optional<Error> error = {}, std::int64_t retryAt = 0);
    void publishProgress(std::int64_t done, std::int64_t total, const mail::MailboxName &name);
    void settle();
    void tell(WatchEvent::Kind kind, const QString &mailbox = {}, std::vector<Uid> uids = {}, const QString &text = {});
    void armSweep();

    const Environment &m_environment;
    accounts::Account m_account;
    AccountHandlers m_handlers;
    AccountStatus m_status;
    bool m_staysConnected = false;
    bool m_workLineRuns = false;
    bool m_inboxSettled = false;
    bool m_sweepWanted = false;
    std::uint64_t m_checks = 0; ///< how often checkNow() was called
    bool m_workBusy = false;
    std::int64_t m_listedAt = 0; ///< when the last listing that was answered was asked for; milliseconds since 1970 UTC
    MailboxId m_inbox;
    MailboxId m_openMailbox;
    std::optional<mail::MailboxName> m_openName; ///< not resolved to an id yet
    bool m_openNeedsSync = false;
    std::deque<MailboxId> m_queue; ///< mailboxes that may have changed
    std::vector<Wish> m_wishes;
    Clock::TimerId m_sweepTimer = 0;
    Line m_inboxLine;
    Line m_workLine;
    async::TaskScope m_scope; ///< last: its tasks use everything above
};

} // namespace kittiwake::sync
