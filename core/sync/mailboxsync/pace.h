// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <algorithm>
#include <cstdint>

namespace kittiwake::sync
{

/**
 * How many messages one FETCH of headers asks for. Each command costs the server a search and, at its end, a look at
 * the mailbox, so they should be large; but what is urgent waits for those that were sent before it, so they should be
 * short. What takes a tenth of a second is both: the number doubles while it takes less and halves when it takes four
 * times as long.
 */
class Pace
{
public:
    static constexpr std::uint64_t smallest = 200;
    static constexpr std::uint64_t largest = 4000;
    static constexpr Clock::Duration brief{100};
    static constexpr Clock::Duration slow{400};

    [[nodiscard]] std::uint64_t next() const { return m_next; }

    /** A command that asked for count messages kept the line busy for so long. */
    void landed(std::uint64_t count, Clock::Duration busy)
    {
        if (busy > slow)
            m_next = std::max(smallest, std::min(m_next, count / 2));
        else if (busy < brief && count >= m_next)
            m_next = std::min(largest, m_next * 2);
    }

private:
    std::uint64_t m_next = 500;
};

} // namespace kittiwake::sync
