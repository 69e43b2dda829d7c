// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/engine/actiontypes.h"
#include "core/engine/sendtypes.h"
#include "core/smtp/preparation.h"
#include "core/sync/operations/journal.h"
#include "core/sync/outbox/outbox.h"

#include <functional>
#include <optional>
#include <vector>

namespace kittiwake::engine
{

/** Messages on their way out, as requests of the engine. Part of EngineCore; engine thread. */
class Mailing
{
public:
    using AccountFinder = std::function<std::optional<accounts::Account>(AccountId)>;
    using ProgressHandler = std::function<void(const SendProgress &)>;
    using LimitHandler = std::function<void(AccountId, std::uint64_t octets)>; ///< as OutboxHooks::limitTold

    /** All outlive it. paused: only note down ("--offline"). */
    Mailing(const sync::Environment &environment, store::PendingStore &pending, sync::Journal &journal,
            AccountFinder finder, ProgressHandler progress, LimitHandler limit, bool paused);

    /** What is written as a draft and sent: told of what becomes of it. Drafts sets it. */
    struct DraftHooks {
        std::function<std::vector<store::PendingOperation>(const sync::Outgoing &)> removal; ///< from the server
        std::function<Result<void>(const sync::Outgoing &)> accepted; ///< in the transaction that notes it down
        std::function<void()> changed; ///< something in the outbox is another thing than before
    };
    void setDraftHooks(DraftHooks hooks) { m_drafts = std::move(hooks); }

    async::Task<Result<SendReport>> send(SendRequest request);
    /**
     * Ready to be put into the outbox. Errors: Input, with what is wrong with the message, or where the account cannot
     * send.
     */
    [[nodiscard]] Result<smtp::PreparedMessage> prepare(AccountId account, QByteArray message, const QString &from,
                                                        const std::optional<smtp::Resending> &resending = {});
    /**
     * Whether the account's server takes a message of so many octets. Where it does not by what it last said, which may
     * be long ago, it is asked again. Errors: Input, with its limit.
     */
    async::Task<Result<void>> checkSize(AccountId account, std::uint64_t octets);
    /** How it stands; wait: after one attempt, and what follows from it. */
    async::Task<Result<SendReport>> report(OperationId operation, QString messageId, bool wait);
    async::Task<Result<ActionReport>> retry(OperationId operation);
    async::Task<Result<void>> drop(OperationId operation);
    /** Whether the operation is a message of the outbox. */
    [[nodiscard]] bool has(OperationId operation) const;
    /** Sends what waits for the account, once. */
    async::Task<void> drain(AccountId account);

    [[nodiscard]] sync::Outbox &outbox() { return m_outbox; }

    /** What an outgoing message is called in lists; nothing where the operation is none. */
    static void describe(const store::PendingOperation &operation, PendingAction &action);

private:
    [[nodiscard]] std::vector<store::PendingOperation> consequences(const store::PendingOperation &operation,
                                                                    const sync::Outgoing &outgoing);
    void markOrigins(const sync::Outgoing &outgoing, std::vector<store::PendingOperation> &parts) const;
    void mark(AccountId account, const QByteArrayList &ids, const QByteArray &flag,
              std::vector<store::PendingOperation> &parts) const;

    const sync::Environment &m_environment;
    store::PendingStore &m_pending;
    sync::Journal &m_journal;
    AccountFinder m_findAccount;
    DraftHooks m_drafts;
    bool m_isPaused;
    sync::Outbox m_outbox;
};

} // namespace kittiwake::engine
