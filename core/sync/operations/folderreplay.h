// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/imap/client/client.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/operations/folderoperation.h"
#include "core/sync/operations/readdress.h"

#include <optional>
#include <vector>

namespace kittiwake::sync
{

class AccountSync;

/**
 * Carries out one FolderOperation, once: after an answer that never came, and after a refusal, the server's folders are
 * listed before anything is repeated or given up, and what they show counts. A folder with a role is not made where the
 * server has one for that by now: what waits for ours goes there. Afterwards the cache has the folders as the server
 * has them, and the journal their names. Engine thread; lives as long as run().
 */
class FolderReplay
{
public:
    FolderReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync, AccountId account,
                 OperationId operation);

    /** Errors: those of the client; Input where it waits for the person; Storage. */
    async::Task<Result<void>> run();
    /** There was a connection for it. */
    [[nodiscard]] bool hasBegun() const { return m_hasBegun; }

private:
    async::Task<Result<bool>> isDone(imap::Client *client);
    async::Task<Result<void>> mayDelete(imap::Client *client);
    async::Task<Result<std::optional<mail::MailboxName>>> findRole(imap::Client *client);
    async::Task<Result<imap::CommandReply>> command(imap::Client *client);
    async::Task<Result<void>> subscribe(imap::Client *client);
    async::Task<Result<void>> list(imap::Client *client);
    [[nodiscard]] Result<void> read();
    [[nodiscard]] Result<void> callItself(const mail::MailboxName &name);
    [[nodiscard]] std::vector<MailboxRename> renames() const;
    [[nodiscard]] Error refused(const Error &error) const;

    const Environment &m_environment;
    store::PendingStore &m_pending;
    AccountSync &m_sync;
    AccountId m_account;
    OperationId m_id;
    store::PendingOperation m_record;
    FolderOperation m_operation;
    bool m_hasBegun = false;
};

} // namespace kittiwake::sync
