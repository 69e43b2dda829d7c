// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/messageheader.h"
#include "core/sync/verify/verifyreport.h"

#include <span>
#include <vector>

namespace kittiwake::sync
{

/** The fields in which two headers of one message differ, "flags" first; MODSEQ and references are not compared. Both
 * as the cache stores them (store::asStored). */
[[nodiscard]] std::vector<FieldDifference> compareHeaders(const mail::MessageHeader &here,
                                                          const mail::MessageHeader &there);

/**
 * Compares what the cache has with what the server has, a stretch of UIDs at a time, and keeps only what differs.
 * Pure; one thread.
 */
class RowComparison
{
public:
    /**
     * The next stretch of UIDs, above all before. Both ascending; there as the cache would store it. silent: UIDs
     * of the stretch that the server has, without having told of them: they count as unreadable.
     */
    void compare(std::span<const mail::MessageHeader> here, std::span<const mail::MessageHeader> there,
                 std::span<const Uid> silent = {});
    /** UIDs of which nothing is known but that they are only on one side. */
    void addMissing(store::UidRange range);
    void addExtra(Uid uid) { note(uid, MessageDifference::Kind::Extra, {}); }

    [[nodiscard]] bool isEqual() const;
    /** All UIDs that differ or could not be compared, ascending; at most limit. */
    [[nodiscard]] std::vector<Uid> suspects(std::size_t limit) const;
    [[nodiscard]] std::int64_t count() const;
    /** Moves what was found into verdict. */
    void deliver(MailboxVerdict &verdict);

private:
    void note(Uid uid, MessageDifference::Kind kind, std::vector<FieldDifference> fields);

    UidList m_missing;
    UidList m_extra;
    UidList m_flagsDiffer;
    UidList m_fieldsDiffer;
    UidList m_unreadable;
    std::vector<MessageDifference> m_listed;
};

} // namespace kittiwake::sync
