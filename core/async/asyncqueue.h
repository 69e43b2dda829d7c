// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"

#include <deque>
#include <optional>

namespace kittiwake::async
{

/** An unbounded queue between two flows of one thread; pop() waits. One reader at a time. */
template <typename T>
class AsyncQueue
{
public:
    explicit AsyncQueue(Clock &clock) : m_clock(clock) { }
    AsyncQueue(const AsyncQueue &) = delete;
    AsyncQueue &operator=(const AsyncQueue &) = delete;

    void push(T value)
    {
        m_values.push_back(std::move(value));
        wake();
    }
    /** After what is queued, pop() returns nothing. */
    void close()
    {
        m_closed = true;
        wake();
    }
    [[nodiscard]] bool isEmpty() const { return m_values.empty(); }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }

    Task<std::optional<T>> pop()
    {
        while (true) {
            if (!m_values.empty()) {
                T value = std::move(m_values.front());
                m_values.pop_front();
                co_return std::optional<T>(std::move(value));
            }
            if (m_closed)
                co_return std::optional<T>();
            const Event arrived(m_clock);
            m_arrived = arrived;
            co_await arrived;
        }
    }

private:
    void wake()
    {
        if (m_arrived) {
            const Event arrived = *m_arrived;
            m_arrived.reset();
            arrived.complete({});
        }
    }

    Clock &m_clock;
    std::deque<T> m_values;
    std::optional<Event> m_arrived;
    bool m_closed = false;
};

} // namespace kittiwake::async
