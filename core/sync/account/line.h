// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/signal.h"
#include "core/async/task.h"
#include "core/async/taskscope.h"
#include "core/imap/client/client.h"
#include "core/sync/account/environment.h"
#include "core/sync/account/lease.h"
#include "core/sync/mailboxsync/mailboxsync.h"

#include <functional>
#include <memory>
#include <optional>

namespace kittiwake::sync
{

/** How to connect to the account's IMAP server. */
[[nodiscard]] imap::ConnectOptions connectOptions(const Environment &environment, const accounts::Account &account,
                                                  const Secret &password);
/** Signs in to the account's IMAP server with the password from where the account says. */
[[nodiscard]] async::Task<Result<void>> signIn(const Environment &environment, const accounts::Account &account,
                                               imap::Client &client);

/**
 * One connection of an account and the mailbox that is open on it. The flow that owns the line opens mailboxes and
 * watches them; others may borrow the client for a moment through a Lease.
 * Engine thread.
 */
class Line
{
public:
    Line(const Environment &environment, const accounts::Account &account);
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;
    ~Line();

    async::Task<Result<void>> connect();
    /** Closes at once; what still waits on the client ends with error. Never from within one of the client's calls. */
    void disconnect();
    [[nodiscard]] bool isConnected() const { return m_client && m_client->isConnected() && !m_lost; }
    /** It tells of all mailboxes by itself. */
    [[nodiscard]] bool isNotified() const { return isConnected() && m_client->isNotifying(); }
    [[nodiscard]] imap::Client &client() { return *m_client; }
    /** Why the connection went, once it has. */
    [[nodiscard]] const std::optional<Error> &lost() const { return m_lost; }

    /**
     * SELECTs and compares. Waits for leases. hooks.wake is set by the line; hooks.selected may lend() already. Where
     * the name is refused or means other messages, the folders are listed, and the mailbox is opened by the name that
     * it has then; mailbox()->name() tells.
     */
    async::Task<Result<void>> open(MailboxId mailbox, mail::MailboxName name, bool full, MailboxHooks hooks);
    /**
     * open(), and then all headers that are missing, again while the mailbox changes under the comparison. True when
     * the cache equals the server; false when hooks.yields ended it early.
     */
    async::Task<Result<bool>> bringUpToDate(MailboxId mailbox, mail::MailboxName name, bool full, MailboxHooks hooks);
    /** The mailbox that is open, or null. */
    [[nodiscard]] MailboxSync *mailbox() { return m_mailbox && m_isOpen ? m_mailbox.get() : nullptr; }
    [[nodiscard]] bool hasOpen(MailboxId mailbox) const
    {
        return isConnected() && m_isOpen && m_mailbox && m_mailbox->mailbox() == mailbox;
    }
    /** Of the open mailbox; only while hasOpen(). */
    [[nodiscard]] Lease lend() const { return Lease(m_leases); }

    /** Somebody borrows the client: the mailbox stays open. */
    [[nodiscard]] bool isLent() const { return m_leases && m_leases->count > 0; }
    /** UNSELECTs: from then on NOTIFY tells of this mailbox too. Waits for leases. */
    async::Task<Result<void>> leave();

    /** Watches the open mailbox (IDLE, or NOOP) until stopWatching(), open() or the end of the connection. */
    void watch();
    /** Keeps the connection alive while nothing is open and NOTIFY tells of everything; ends as watch() does. */
    void watchAll();
    void stopWatching();
    /** The folders have been listed just now, on this connection: open() need not do it. */
    void noteListed();

    /**
     * Is the other side still there? If nothing comes within limit, the connection is lost. Nothing is done where it
     * is being asked already. Returns at once.
     */
    void probe(Clock::Duration limit);
    /** The connection is not wanted any more: what waits on it ends with Network, and whoever runs the line sees that.
     */
    void drop();
    /** A connection that is being made is given up: connect() fails with Network. */
    void giveUpConnecting();
    [[nodiscard]] bool isConnecting() const { return m_isConnecting; }
    /** How long the connection has been signed in, or was before it ended; zero where it never was. */
    [[nodiscard]] Clock::Duration age() const;

    /** What NOTIFY brings; set before connect(). Must not destroy the line, nor disconnect it. */
    void setReportHandler(imap::ReportHandler handler) { m_reports = std::move(handler); }

    /**
     * The mailbox that was open is not any more: it was left for another, or for none, or the connection went. Must
     * neither destroy the line nor disconnect it.
     */
    void setLeftHandler(std::function<void(MailboxId mailbox)> handler) { m_left = std::move(handler); }

    /** Set by updates, by the loss of the connection, and by wake(): whoever runs the line looks again. */
    [[nodiscard]] async::Signal &signal() { return m_signal; }
    void wake() { m_signal.set(); }

    /**
     * When the server was last asked something whose answer proved that all it had told by then is known; milliseconds
     * since 1970 UTC, 0: never on this connection.
     */
    [[nodiscard]] std::int64_t provenAt() const { return m_provenAt; }

    /** Figures of all connections this line has had. */
    [[nodiscard]] imap::TransferFigures figures() const;
    [[nodiscard]] int connections() const { return m_connections; }

private:
    void onUpdate(const imap::MailboxUpdate &update);
    void onProof(std::int64_t askedAt);
    void noteLoss(const Error &error);
    void noteEnd();
    void startWatching(bool all);
    static async::Task<void> ask(Line *line, Clock::Duration limit);
    void endLeases();
    void closeMailbox();
    void followAddresses(MailboxId mailbox, MailboxHooks &hooks);
    [[nodiscard]] bool wasListedWithin(Clock::Duration time) const;

    const Environment &m_environment;
    const accounts::Account &m_account;
    async::Signal m_signal;
    std::shared_ptr<imap::Client> m_client; ///< shared with leases only
    std::unique_ptr<MailboxSync> m_mailbox;
    bool m_isOpen = false;
    bool m_isWatching = false;
    bool m_isConnecting = false;
    std::optional<Clock::Duration> m_connectedAt; ///< signed in
    std::optional<Clock::Duration> m_endedAt;
    std::optional<Clock::Duration> m_listedAt;
    imap::ReportHandler m_reports;
    std::function<void(MailboxId mailbox)> m_left;
    std::optional<Error> m_lost;
    std::int64_t m_provenAt = 0;
    std::shared_ptr<LeaseState> m_leases; ///< of the open mailbox
    imap::TransferFigures m_past;
    int m_connections = 0;
    async::TaskScope m_probeScope; ///< with the next one last: their tasks use the client
    async::TaskScope m_watchScope;
};

} // namespace kittiwake::sync
