// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"

#include <algorithm>

namespace kittiwake::sync
{

/**
 * Growing pauses between attempts: 1 s, 2 s, 4 s … 5 minutes, each shortened by up to a quarter at random, so that the
 * clients of a server that comes back do not arrive together.
 */
class Backoff
{
public:
    static constexpr std::chrono::milliseconds first{1000};
    static constexpr std::chrono::milliseconds longest{5 * 60 * 1000};

    explicit Backoff(Random &random) : m_random(random) { }

    [[nodiscard]] Clock::Duration next()
    {
        const Clock::Duration pause = m_pause;
        m_pause = std::min<Clock::Duration>(m_pause * 2, longest);
        const auto quarter = static_cast<std::uint64_t>(pause.count() / 4);
        return pause - Clock::Duration(static_cast<std::int64_t>(m_random.below(quarter + 1)));
    }
    void reset() { m_pause = first; }

private:
    Random &m_random;
    Clock::Duration m_pause = first;
};

} // namespace kittiwake::sync
