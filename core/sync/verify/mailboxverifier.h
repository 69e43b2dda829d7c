// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"
#include "core/async/taskscope.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/imap/client/client.h"
#include "core/store/cachestore.h"
#include "core/sync/mailboxsync/headerbatch.h"
#include "core/sync/verify/rowcomparison.h"
#include "core/sync/verify/uidslices.h"
#include "core/sync/verify/verifyreport.h"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace kittiwake::sync
{

/**
 * Compares the cache of one mailbox with the server: all UIDs, flags and what else the cache holds. Writes nothing.
 * Needs no extension of the server. The headers come in slices, a few on their way at a time, so that memory does not
 * grow with the mailbox (but for the ranges of its UIDs). What differs is looked at once more on both sides: while it
 * was compared, other programs and our own sync may have been at work.
 *
 * The client must have nothing else to do and outlives it; its update handler is taken. Engine thread.
 */
class MailboxVerifier
{
public:
    static constexpr std::uint64_t sliceSize = 500;
    static constexpr std::size_t slicesInFlight = 4;
    /** Without a tagged answer although all they asked for is here (see MailboxSync::Flight). */
    static constexpr std::size_t commandsInFlight = 8;
    /** Differences that are looked at a second time; more than that is no accident of timing. */
    static constexpr std::size_t mostSuspects = 5000;

    using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

    MailboxVerifier(Clock &clock, imap::Client &client, const store::CacheStore &store);
    MailboxVerifier(const MailboxVerifier &) = delete;
    MailboxVerifier &operator=(const MailboxVerifier &) = delete;
    ~MailboxVerifier();

    /**
     * EXAMINEs the mailbox and compares it. mailbox invalid: the cache does not know it, and everything is missing.
     * Errors: those of the client; Storage. A server that refuses to open it is a verdict, not an error.
     */
    async::Task<Result<MailboxVerdict>> verify(MailboxId mailbox, mail::MailboxName name, Progress progress);

private:
    struct Slice;

    async::Task<Result<void>> compareAll(imap::UidSet server, Uid end, Progress progress);
    async::Task<Result<void>> lookAgain(std::vector<Uid> suspects);
    async::Task<Result<void>> compareStretch(std::shared_ptr<Slice> slice, Uid from, Uid to);
    async::Task<Result<void>> compareRenumbered();
    /** The first slice that was asked for, once it is here or known not to come; null when there is none. */
    async::Task<Result<std::shared_ptr<Slice>>> nextSlice(UidSlices &slices);
    [[nodiscard]] std::shared_ptr<Slice> launch(imap::UidSet uids);
    Result<void> checkMailbox(MailboxVerdict &verdict, const store::MailboxRow &row,
                              const imap::SelectedMailbox &selected) const;
    void apply(const imap::MailboxUpdate &update);

    Clock &m_clock;
    imap::Client &m_client;
    const store::CacheStore &m_store;
    MailboxId m_mailbox;
    RowComparison m_comparison;
    store::FingerprintBuilder m_here;
    store::FingerprintBuilder m_there;
    std::deque<std::shared_ptr<Slice>> m_slices; ///< asked for, lowest UIDs first
    async::TaskScope m_scope; ///< last: its tasks use everything above
};

} // namespace kittiwake::sync
