// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/engine/messageaccess.h"
#include "core/engine/offload.h"
#include "core/engine/partrequest.h"

namespace kittiwake::engine
{

/**
 * Brings one part of a message to a sink, piece by piece (BODY[…]<offset.length>, or BINARY where the server has it):
 * decoded as it comes, written in a worker thread, with two pieces in memory at most. A connection that is lost is
 * waited for, and the part goes on where it was: what arrived is not fetched again. The line is free for others between
 * two pieces, which take a quarter of a second each.
 *
 * A server whose pieces cannot be trusted (Quirks::partialFetch) gives the part in one, up to wholeLimit.
 *
 * Errors: those of connecting when it does not come back within a minute; Input when the message or the part is not
 * there; ServerRefused; Storage from the sink. Engine thread.
 */
class PartDownloader
{
public:
    static constexpr std::uint64_t wholeLimit = 200ULL * 1024 * 1024;

    PartDownloader(Clock &clock, MessageAccess &access, Offload &offload);

    async::Task<Result<SavedPart>> save(MessageRef message, PartRequest request);
    /** The same by row of the cache. */
    async::Task<Result<SavedPart>> saveOf(MessageId message, PartRequest request);

private:
    struct Job;
    using JobPointer = std::shared_ptr<Job>;

    async::Task<Result<void>> describe(JobPointer job);
    async::Task<Result<void>> bring(JobPointer job);
    async::Task<Result<void>> bringLocal(JobPointer job);
    async::Task<Result<void>> bringWhole(JobPointer job);
    async::Task<Result<void>> bringPiece(JobPointer job);
    async::Task<Result<void>> write(JobPointer job, QByteArray data);
    async::Task<Result<SavedPart>> complete(JobPointer job);

    Clock &m_clock;
    MessageAccess &m_access;
    Offload &m_offload;
};

} // namespace kittiwake::engine
