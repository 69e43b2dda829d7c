// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/account/lease.h"
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/flagprogress.h"

#include <vector>

namespace kittiwake::sync
{

/**
 * Tells the server of changed flags, as few commands as will do. What may have been told before, without an answer, is
 * looked at first and stored only while nobody changes it in between (UNCHANGEDSINCE, RFC 7162 section 3.1.3).
 * Engine thread; lives as long as run().
 */
class FlagReplay
{
public:
    /** All outlive it. records and flags: the operations, side by side, of the mailbox that is borrowed. */
    FlagReplay(const Environment &environment, store::PendingStore &pending, const Lease &lease, MailboxId mailbox,
               const std::vector<store::PendingOperation> &records, const std::vector<FlagOperation> &flags);

    /** Groups that the server refuses do not keep it from the others: the first refusal comes back in the end. */
    async::Task<Result<void>> run();
    /** After run(): of the messages that are to be sought elsewhere (FlagOperation::sought) those that are not here. */
    async::Task<Result<imap::UidSet>> gone();
    /** Messages whose change was refused, when that is what run() has failed with. */
    [[nodiscard]] const imap::UidSet &refused() const { return m_refused; }

private:
    /** Messages of which an answer was lost, and what was known before. */
    struct Doubt {
        imap::UidSet uids;
        FlagProgress progress;
    };

    [[nodiscard]] Result<void> noteSent();
    async::Task<Result<void>> tryGroup(FlagGroup group);
    async::Task<Result<void>> storeGroup(FlagGroup group);
    async::Task<Result<void>> storeDoubtful(Doubt doubt, mail::FlagChange change);
    async::Task<Result<imap::UidSet>> storeChange(imap::UidSet uids, mail::FlagChange flags, ModSeq since);
    async::Task<Result<std::vector<store::FlagUpdate>>> look(imap::UidSet uids);
    async::Task<Result<void>> askSilent(FlagGroup group);

    const Environment &m_environment;
    store::PendingStore &m_pending;
    const Lease &m_lease;
    MailboxId m_mailbox;
    UidValidity m_validity;
    const std::vector<store::PendingOperation> &m_records;
    const std::vector<FlagOperation> &m_flags;
    std::vector<Doubt> m_doubts;
    imap::UidSet m_refused;
};

} // namespace kittiwake::sync
