// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/imap/client/client.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/account/lease.h"
#include "core/sync/drafts/draftserver.h"

#include <vector>

namespace kittiwake::sync
{

class AccountSync;

/**
 * Brings a draft to the server, or takes away what is there of one. A version is stored by REPLACE where the server has
 * that (RFC 8508), else by APPEND, and the one that it supersedes goes when the new one is there, by UID. Before a
 * version is sent, pending.db has its Message-ID: where the answer was lost it is looked for before anything else is
 * stored. A version of another device is never touched: where there is one, the text from here becomes a draft of its
 * own. Engine thread; lives as long as run().
 */
class DraftReplay
{
public:
    DraftReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync,
                const store::PendingOperation &operation);

    /** Errors: those of the client; Input where it waits for the person; Storage; Cancelled: it is not wanted any more.
     */
    async::Task<Result<void>> run();

    [[nodiscard]] MailboxId mailbox() const { return m_mailbox; }
    /** Its mailbox was open: what went wrong may be the fault of the draft. */
    [[nodiscard]] bool hasBegun() const { return m_hasBegun; }
    /** What it has come to. */
    [[nodiscard]] const DraftServer &server() const { return m_server; }

private:
    /** A message of the mailbox of drafts. */
    using Found = DraftVersion;

    async::Task<Result<void>> push(const Lease &lease);
    async::Task<Result<void>> remove(const Lease &lease);
    [[nodiscard]] Result<bool> isKept(const KeptVersion &kept, const std::vector<Found> &found) const;
    async::Task<Result<std::vector<Found>>> scan(const Lease &lease, Uid from);
    async::Task<Result<void>> send(const Lease &lease, QByteArray message, Uid replaced);
    async::Task<Result<void>> verify(const Lease &lease);
    [[nodiscard]] Result<void> read();
    [[nodiscard]] Result<void> write();
    [[nodiscard]] Result<void> compare(const Lease &lease, const std::vector<Found> &found);
    [[nodiscard]] Result<MailboxId> folder();
    void settle(const Lease &lease, const DraftVersion &stored);
    void part(const DraftVersion &other);
    void supersede(const DraftVersion &version);

    const Environment &m_environment;
    store::PendingStore &m_pending;
    AccountSync &m_sync;
    store::PendingOperation m_record;
    DraftOperation m_operation;
    store::DraftRow m_row; ///< as last read
    DraftServer m_server; ///< of the draft, or to be taken away
    MailboxId m_mailbox;
    mail::MailboxName m_name;
    bool m_hasBegun = false;
    bool m_isReplaced = false; ///< the server has done both in one step
    std::vector<store::PendingOperation> m_removals; ///< noted down by the next write()
};

} // namespace kittiwake::sync
