// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/imap/client/clienttypes.h"
#include "core/imap/codec/command.h"
#include "core/imap/session/capabilities.h"
#include "core/imap/session/quirks.h"
#include "core/net/bytestream.h"

#include <QByteArray>

#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/**
 * One connection to an IMAP server: a Session driven over a ByteStream by coroutines. Several commands may be in
 * flight at once (call several functions before awaiting the first in a scope each, or let several flows use the
 * client); they are pipelined in the order of the calls. select() and unselect() wait for everything before them, and
 * everything after waits for them.
 *
 * Destroying a task that waits abandons its command: the answer is still read and still updates the state of the
 * mailbox, so the connection stays in step. Awaiting flows are resumed from the clock, never from within another call.
 * Engine thread. Destroying the client closes the connection at once and resumes nobody.
 *
 * Time limits: 30 seconds for connect() in all (20 for the greeting), 60 seconds without a byte while an answer is
 * outstanding; then the connection dies with Network. Errors of every function: Network, Tls, Protocol when the
 * connection died (every later call fails with the same error), Cancelled after abort(), ServerRefused for NO and BAD
 * (see isRefusal()), Input for arguments that cannot be sent.
 */
class Client
{
public:
    /** Both outlive the client. */
    Client(Clock &clock, net::StreamFactory &streams);
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    void setTraceHandler(TraceHandler handler);
    void setUpdateHandler(UpdateHandler handler);
    void setReportHandler(ReportHandler handler);
    void setProofHandler(ProofHandler handler);
    void setAlertHandler(AlertHandler handler);

    /**
     * Connects, makes the connection private, signs in, and learns what the server can do (ENABLE, ID, NAMESPACE,
     * COMPRESS in one round trip). Once a client. Errors: Auth with the server's own words for a refused sign-in;
     * Network, Tls; Protocol for what is no IMAP server.
     */
    async::Task<Result<void>> connect(ConnectOptions options);
    /** Signed in, and the connection was not lost yet. */
    [[nodiscard]] bool isConnected() const;
    /** LOGOUT, waiting at most 3 seconds; then the connection is closed. */
    async::Task<Result<void>> logout();

    [[nodiscard]] const Capabilities &capabilities() const; ///< without those that quirks() forbid
    [[nodiscard]] const Quirks &quirks() const;
    [[nodiscard]] const NamespaceData &namespaces() const; ///< empty where the server has no NAMESPACE
    [[nodiscard]] const IdData &serverId() const;
    [[nodiscard]] bool isEnabled(const char *extension) const; ///< "CONDSTORE", "QRESYNC", "UTF8=ACCEPT"
    [[nodiscard]] QByteArray signInMechanism() const; ///< "SCRAM-SHA-256", "PLAIN", "LOGIN command"; empty: PREAUTH
    [[nodiscard]] TransferFigures figures() const;
    [[nodiscard]] std::uint64_t roundTrips() const { return figures().roundTrips; }

    /**
     * All mailboxes, INBOX first, then as the server lists them, each once. statusItems: also STATUS of each selectable
     * one, in the same command where the server can. Mailboxes that cannot be named (control characters, NUL,
     * over-long) are left out. At most 100,000.
     */
    async::Task<Result<std::vector<ListedMailbox>>> list(StatusItems statusItems = {});
    /** Not of the selected mailbox (RFC 9051 section 6.3.11): its state is selected(). */
    async::Task<Result<MailboxStatusData>> status(mail::MailboxName mailbox, StatusItems items);

    /**
     * STATUS of many mailboxes, pipelined (at most quirks().maxPipelinedStatus at once). Those about which the server
     * says nothing, or NO, are left out.
     */
    async::Task<Result<std::vector<MailboxStatusData>>> statuses(std::vector<mail::MailboxName> mailboxes,
                                                                 StatusItems items);

    async::Task<Result<SelectResult>> select(mail::MailboxName mailbox, SelectMode mode = {});
    /** Deselects without expunging; nothing is sent where nothing is selected. */
    async::Task<Result<void>> unselect();
    /** As of now; nothing when no mailbox is selected. */
    [[nodiscard]] std::optional<SelectedMailbox> selected() const;
    /** Every UID of the selected mailbox where all are known; nothing otherwise. */
    [[nodiscard]] std::optional<UidSet> knownUids() const;

    /**
     * UID FETCH: sink gets every answer of this command as it arrives, in the server's order, from within the reading
     * of the connection; it must not destroy or kill the client. A message that is asked for twice at the same time by
     * two calls goes to the one that asked for what came. UIDs that do not exist have no answer. Longer sets than a
     * command can hold are split. Once the task is destroyed sink is not called any more.
     */
    async::Task<Result<FetchResult>> fetch(UidSet uids, FetchItems items, FetchSink sink,
                                           FetchModifiers modifiers = {});
    /**
     * The bytes of one section ("" or "HEADER", "1.2", "1.MIME", "TEXT"), \Seen untouched. partial: only that part.
     * Errors: ServerRefused with userText when the message is gone or holds more than limit bytes (then nothing is
     * returned).
     */
    async::Task<Result<QByteArray>> fetchSection(Uid uid, QByteArray section, std::optional<FetchPartial> partial = {},
                                                 std::uint64_t limit = 64ull * 1024 * 1024);
    /** UIDs for which all keys hold; by ESEARCH where offered. */
    async::Task<Result<UidSet>> search(std::vector<SearchKey> keys, SearchEnd end = SearchEnd::Tagged);

    async::Task<Result<CommandReply>> store(const UidSet &uids, const StoreChange &change);
    async::Task<Result<CommandReply>> copy(UidSet uids, mail::MailboxName target);
    async::Task<Result<CommandReply>> move(UidSet uids, mail::MailboxName target); ///< needs MOVE: else Input
    async::Task<Result<CommandReply>> expungeUids(const UidSet &uids); ///< needs UIDPLUS: else Input
    async::Task<Result<CommandReply>> append(const mail::MailboxName &mailbox, const QByteArray &message,
                                             const AppendOptions &options = {});
    /** Likewise; message is read in slices as the connection takes them. */
    async::Task<Result<CommandReply>> append(const mail::MailboxName &mailbox,
                                             std::shared_ptr<const LiteralSource> message,
                                             const AppendOptions &options = {});
    /** message instead of the one with that UID of the selected mailbox (RFC 8508). Needs REPLACE: else Input. */
    async::Task<Result<CommandReply>> replace(Uid uid, const mail::MailboxName &mailbox, const QByteArray &message,
                                              const AppendOptions &options = {});
    async::Task<Result<CommandReply>> create(const mail::MailboxName &mailbox,
                                             mail::MailboxRole role = mail::MailboxRole::None);
    async::Task<Result<CommandReply>> rename(const mail::MailboxName &from, const mail::MailboxName &to);
    async::Task<Result<CommandReply>> remove(const mail::MailboxName &mailbox);
    async::Task<Result<CommandReply>> subscribe(const mail::MailboxName &mailbox, bool on = true);
    /** Asks for news of the selected mailbox: they come as updates. */
    async::Task<Result<CommandReply>> noop();
    /** Any other command, and what its tagged OK said. Its untagged data only updates the mailbox. */
    async::Task<Result<CommandReply>> execute(Command command);

    /**
     * Has the server tell by itself about all mailboxes of the person (NOTIFY, RFC 5465), as reports, and about the
     * selected one, as updates. Asks for less where the server does not know all of it (BADEVENT). Returns the events
     * (of NotifyGroup::Event) that it tells; 0 where it has no NOTIFY, or none that tells of new messages: then use
     * idle(). isNotifying() becomes false when the server gives up (ReportsLost).
     */
    async::Task<Result<unsigned>> notify(NotifyOptions options = {});
    [[nodiscard]] bool isNotifying() const;

    /**
     * Watches the selected mailbox until stopIdle() (then it returns success) or the connection dies. IDLE is renewed
     * every quirks().idleRenewMinutes (and a random part of a third of it), steps aside for any other command and comes
     * back after it. Where the server has no IDLE, NOOP asks every quirks().noopMinutes. One at a time: else Input.
     */
    async::Task<Result<void>> idle(IdleOptions options = {});
    void stopIdle();
    [[nodiscard]] bool isIdling() const; ///< the server has confirmed IDLE, or NOOP takes its place

    /** Nobody wants the answers any more: every waiting call ends with Cancelled; the connection stays usable. */
    void abort();
    /** The connection is gone or no longer wanted: closed at once, every waiting call ends with error. Never undone. */
    void die(const Error &error);

    struct Private;

private:
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::imap
