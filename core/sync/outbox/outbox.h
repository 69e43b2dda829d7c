// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/completion.h"
#include "core/async/signal.h"
#include "core/async/taskscope.h"
#include "core/smtp/client.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/outbox/outgoing.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** What the outbox needs of others, and tells them. Engine thread. */
struct OutboxHooks {
    /** A copy; none where the account has gone. */
    std::function<std::optional<accounts::Account>(AccountId)> findAccount;
    /**
     * What follows from a message that was sent, as operations of the journal: its copy in Sent (which gets the bytes
     * of the message, and has the kind "append"), marks of what it answers. Empty: nothing.
     */
    std::function<std::vector<store::PendingOperation>(const store::PendingOperation &, const Outgoing &)> consequences;
    /** The server has taken the message: what that changes in pending.db, in the transaction that notes it down. */
    std::function<Result<void>(const Outgoing &)> accepted;
    /** Such operations have been added to pending.db. */
    std::function<void(AccountId)> followed;
    /** What waits has changed. */
    std::function<void()> changed;
    /** Octets of the message of an operation that have left, of how many. */
    std::function<void(OperationId, std::uint64_t sent, std::uint64_t total)> progress;
    /** How many octets the account's server takes at most, as it has just said; 0: it names no limit. */
    std::function<void(AccountId, std::uint64_t)> limitTold;
};

/**
 * Messages on their way out. They are in pending.db before anything is said to be done (kind "send"), are handed over
 * one by one for each account, and leave it when the server has taken them. Before the end of a message goes out,
 * pending.db says so (OperationState::Running, synchronous=FULL): when the answer to it is lost, by a cut or by a
 * crash, nobody knows whether the message was sent. It becomes Unknown then, and is never sent again unasked. Refusals
 * that pass are tried again with growing pauses for three days; others make it Failed and keep it. What some recipients
 * were refused is told by their names, the others have it. Engine thread. Destroying it stops at the next await;
 * everything unconfirmed stays in pending.db.
 */
class Outbox
{
public:
    /** How long refusals that pass are tried again. */
    static constexpr std::chrono::hours patience{72};
    /** A message that is to wait no longer than this waits for nothing but somebody who takes it back. */
    static constexpr std::chrono::minutes longestUndo{1};

    /** All outlive the outbox. */
    Outbox(const Environment &environment, store::PendingStore &pending, OutboxHooks hooks);
    Outbox(const Outbox &) = delete;
    Outbox &operator=(const Outbox &) = delete;
    ~Outbox();

    /** After a start: what was being handed over when the program ended asks the person. */
    [[nodiscard]] Result<void> restore();
    /** Nothing is sent while it is paused; what people send is still noted down. */
    void setPaused(bool paused) { m_isPaused = paused; }
    /** Sends what waits of all accounts as soon as it can. */
    void start();

    /**
     * Puts a message into the outbox: durable when this returns. notBefore: when it is sent at the earliest,
     * milliseconds since 1970 UTC (undo send, send later); 0: at once. Errors: Storage, Input.
     */
    [[nodiscard]] Result<OperationId> add(AccountId account, const Outgoing &outgoing, const QByteArray &message,
                                          std::int64_t notBefore);
    /**
     * Sends a failed or waiting message now, and one of which nobody knows whether it was sent, knowingly a second
     * time. Errors: Input where it is being handed over at this moment; Storage.
     */
    [[nodiscard]] Result<void> retry(OperationId operation);
    /** Gives a message up: it is deleted. Errors: Input where its end is on its way to the server; Storage. */
    [[nodiscard]] Result<void> drop(OperationId operation);
    /** Waits until it is sent, needs the person, or an attempt has failed that will be repeated. */
    [[nodiscard]] async::Task<store::OperationState> attempted(OperationId operation);

    /** Asks the account's server how many octets it takes at most; 0: it names no limit. Errors: those of smtp::Client.
     */
    [[nodiscard]] async::Task<Result<std::uint64_t>> askLimit(accounts::Account account);

    /** The network is back, or the person asks: what waits because of an error is tried at once. */
    void tryNow(AccountId account);
    /** The account is removed; its messages go with its other operations. */
    void forget(AccountId account);

    [[nodiscard]] static bool isMessage(const QString &kind) { return kind == QLatin1String(Outgoing::kind); }

private:
    struct Runner;

    Runner &runner(AccountId account);
    async::Task<void> run(AccountId account);
    async::Task<void> send(store::PendingOperation operation, Runner *state);
    async::Task<Result<void>> connect(smtp::Client *client, accounts::Account account,
                                      std::chrono::seconds greetingLimit);
    [[nodiscard]] Result<void> noteEnd(OperationId operation);
    [[nodiscard]] Result<std::optional<store::PendingOperation>> next(AccountId account) const;
    [[nodiscard]] std::optional<Clock::Duration> untilNext(AccountId account) const;
    void mendPauses(AccountId account);
    [[nodiscard]] Result<void> askAboutLost(AccountId account);

    // How it ended: outboxsettle.cpp
    void postpone(store::PendingOperation operation, const Error &error, Runner &state);
    void settle(store::PendingOperation operation, Outgoing outgoing, const smtp::Outcome &outcome);
    void settleRecipients(store::PendingOperation operation, Outgoing outgoing, const smtp::Outcome &outcome);
    void park(store::PendingOperation operation, const QString &sentence);
    void askPerson(store::PendingOperation operation, Outgoing outgoing, const QString &where);
    void write(const store::PendingOperation &operation);
    /** Writes operation, and what follows from it, in one transaction. */
    void writeSent(const store::PendingOperation &operation, const Outgoing &outgoing,
                   const std::vector<store::PendingOperation> &parts, bool isAccepted);
    [[nodiscard]] std::int64_t now() const;

    void tell(OperationId operation, store::OperationState state);
    void tellWaiting(AccountId account);

    const Environment &m_environment;
    store::PendingStore &m_pending;
    OutboxHooks m_hooks;
    bool m_isPaused = false;
    std::multimap<OperationId, async::Completion<store::OperationState>> m_waiting;
    std::map<AccountId, std::unique_ptr<Runner>> m_runners; ///< last: their tasks use everything above
};

} // namespace kittiwake::sync
