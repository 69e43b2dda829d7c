// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/imap/client/client.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/account/lease.h"
#include "core/sync/operations/appendoperation.h"

#include <optional>
#include <vector>

namespace kittiwake::sync
{

class AccountSync;

/**
 * Puts a message into its mailbox, once. Before APPEND is sent it is noted down from which UID on it will be; where the
 * answer was lost it is looked for there, by Message-ID and size, and without a Message-ID by its bytes, before it is
 * sent again. Where something has been there and left, another device may have moved it: it is looked for in all
 * mailboxes. Engine thread; lives as long as run().
 */
class AppendReplay
{
public:
    AppendReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync,
                 OperationId operation);

    /** Errors: those of the client; Input where it waits for the person; Storage. */
    async::Task<Result<void>> run();

    /** Nothing was stored yet: it is to be tried again after that pause. Set by run() only where it succeeded. */
    [[nodiscard]] std::optional<Clock::Duration> pause() const { return m_pause; }
    /** Its mailbox was open. */
    [[nodiscard]] bool hasBegun() const { return m_hasBegun; }
    [[nodiscard]] MailboxId mailbox() const { return m_mailbox; }
    [[nodiscard]] const AppendProgress &progress() const { return m_progress; }
    /** Of the message, as it is there; nothing where it was not seen, or was moved on by somebody. */
    [[nodiscard]] const std::vector<mail::MessageHeader> &arrived() const { return m_arrived; }

private:
    async::Task<Result<void>> send(const Lease &lease);
    async::Task<Result<void>> look(const Lease &lease);
    async::Task<Result<void>> lookForSaved(const Lease &lease, std::vector<mail::MessageHeader> headers);
    async::Task<Result<QByteArray>> originalId(const Lease &lease, Uid uid);
    async::Task<Result<void>> lookElsewhere();
    [[nodiscard]] bool isSavedByService(const Lease &lease) const;
    void beginAtNewest(const Lease &lease);
    [[nodiscard]] Result<void> findSent();
    void found(const Lease &lease, const mail::MessageHeader &header);
    async::Task<Result<bool>> hasBytes(const Lease &lease, Uid uid);
    [[nodiscard]] Result<void> read();
    [[nodiscard]] Result<void> note();

    const Environment &m_environment;
    store::PendingStore &m_pending;
    AccountSync &m_sync;
    OperationId m_id;
    store::PendingOperation m_record;
    AppendOperation m_operation;
    AppendProgress m_progress;
    MailboxId m_mailbox;
    bool m_hasBegun = false;
    std::optional<Clock::Duration> m_pause;
    bool m_mayHaveLeft = false; ///< look(): messages have come since, and are not there any more
    std::vector<mail::MessageHeader> m_arrived;
};

} // namespace kittiwake::sync
