// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/engine/actiontypes.h"
#include "core/engine/sendtypes.h"
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

    /** All outlive it. paused: only note down ("--offline"). */
    Mailing(const sync::Environment &environment, store::PendingStore &pending, sync::Journal &journal,
            AccountFinder finder, ProgressHandler progress, bool paused);

    async::Task<Result<SendReport>> send(SendRequest request);
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
    [[nodiscard]] std::vector<store::PendingOperation> consequences(AccountId account, const sync::Outgoing &outgoing);
    void mark(AccountId account, const QByteArrayList &ids, const QByteArray &flag,
              std::vector<store::PendingOperation> &parts) const;
    async::Task<Result<SendReport>> report(OperationId operation, QString messageId, bool wait);

    const sync::Environment &m_environment;
    store::PendingStore &m_pending;
    sync::Journal &m_journal;
    AccountFinder m_findAccount;
    bool m_isPaused;
    sync::Outbox m_outbox;
};

} // namespace kittiwake::engine
