// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"
#include "core/async/taskscope.h"
#include "core/base/clock.h"

#include <optional>

namespace kittiwake::async
{

/** co_await SleepFor(clock, 5s). Destroying the coroutine cancels the timer. */
class SleepFor
{
public:
    SleepFor(Clock &clock, Clock::Duration delay) : m_clock(clock), m_delay(delay) { }
    SleepFor(SleepFor &&) = delete;
    SleepFor &operator=(SleepFor &&) = delete;
    ~SleepFor()
    {
        if (m_timer != 0)
            m_clock.cancel(m_timer);
    }
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        m_timer = m_clock.callAfter(m_delay, [this, handle] {
            m_timer = 0;
            handle.resume();
        });
    }
    void await_resume() const noexcept { }

private:
    Clock &m_clock;
    Clock::Duration m_delay;
    Clock::TimerId m_timer = 0;
};

namespace detail
{

template <typename T>
Task<void> bring(Task<T> task, Completion<std::optional<T>> completion)
{
    T value = co_await task;
    completion.complete(std::optional<T>(std::move(value)));
}

} // namespace detail

/**
 * The task's value, or nothing when limit passes first; the task is then destroyed. Parameters are taken by value since
 * a coroutine outlives the expression that made it.
 */
template <typename T>
Task<std::optional<T>> withTimeout(Clock &clock, Clock::Duration limit, Task<T> task)
{
    Completion<std::optional<T>> completion(clock);
    struct Timer {
        Clock &clock;
        Clock::TimerId id;
        ~Timer() { clock.cancel(id); }
    };
    const Timer timer{clock, clock.callAfter(limit, [completion] { completion.complete(std::nullopt); })};
    TaskScope scope;
    scope.start(detail::bring(std::move(task), completion));
    std::optional<T> value = co_await completion;
    co_return value;
}

} // namespace kittiwake::async
