// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/awaiters.h"
#include "core/async/completion.h"
#include "core/async/task.h"

#include <optional>

namespace kittiwake::async
{

/** "Look again": set() any number of times, and the one flow that waits goes on once. Set before the wait counts. */
class Signal
{
public:
    explicit Signal(Clock &clock) : m_clock(clock) { }
    Signal(const Signal &) = delete;
    Signal &operator=(const Signal &) = delete;

    void set()
    {
        m_set = true;
        if (m_waiting)
            m_waiting->complete(true);
    }
    [[nodiscard]] bool isSet() const { return m_set; }

    Task<void> wait()
    {
        if (!m_set) {
            const Completion<bool> waiting(m_clock);
            m_waiting = waiting;
            co_await waiting;
            m_waiting.reset();
        }
        m_set = false;
    }

    /** As wait(), at most for limit. Returns whether it was set. */
    Task<bool> waitFor(Clock::Duration limit)
    {
        if (!m_set) {
            const Completion<bool> waiting(m_clock);
            m_waiting = waiting;
            const Timer timer{m_clock, m_clock.callAfter(limit, [waiting] { waiting.complete(false); })};
            co_await waiting;
            m_waiting.reset();
        }
        const bool wasSet = m_set;
        m_set = false;
        co_return wasSet;
    }

private:
    struct Timer {
        Clock &clock;
        Clock::TimerId id;
        ~Timer() { clock.cancel(id); }
    };

    Clock &m_clock;
    bool m_set = false;
    std::optional<Completion<bool>> m_waiting;
};

} // namespace kittiwake::async
