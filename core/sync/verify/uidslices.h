// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/sequenceset.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kittiwake::sync
{

/** Hands out a set of UIDs in rising slices, in time that does not depend on how many there are. */
class UidSlices
{
public:
    explicit UidSlices(const imap::UidSet &uids) : m_ranges(uids.ranges()) { }

    /** The next ones, at most count; empty at the end. */
    [[nodiscard]] imap::UidSet next(std::uint64_t count)
    {
        imap::UidSet slice;
        while (count > 0 && m_at < m_ranges.size()) {
            imap::NumberRange &range = m_ranges[m_at];
            const auto last = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(range.last, std::uint64_t{range.first} + count - 1));
            slice.addRange(Uid(range.first), Uid(last));
            count -= std::uint64_t{last} - range.first + 1;
            if (last == range.last)
                ++m_at;
            else
                range.first = last + 1;
        }
        return slice;
    }
    [[nodiscard]] bool isEmpty() const { return m_at >= m_ranges.size(); }

private:
    imap::NumberRanges m_ranges;
    std::size_t m_at = 0;
};

} // namespace kittiwake::sync
