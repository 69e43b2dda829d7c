// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace kittiwake::async
{

/** Mutual exclusion of flows on one thread, first come first served. The mutex outlives its locks. */
class AsyncMutex
{
public:
    class [[nodiscard]] Lock
    {
    public:
        Lock() = default;
        explicit Lock(AsyncMutex *mutex) : m_mutex(mutex) { }
        Lock(Lock &&other) noexcept : m_mutex(std::exchange(other.m_mutex, nullptr)) { }
        Lock &operator=(Lock &&other) noexcept
        {
            if (this != &other) {
                release();
                m_mutex = std::exchange(other.m_mutex, nullptr);
            }
            return *this;
        }
        ~Lock() { release(); }
        void release()
        {
            if (m_mutex != nullptr)
                std::exchange(m_mutex, nullptr)->unlock();
        }

    private:
        AsyncMutex *m_mutex = nullptr;
    };

    explicit AsyncMutex(Clock &clock) : m_clock(clock) { }
    AsyncMutex(const AsyncMutex &) = delete;
    AsyncMutex &operator=(const AsyncMutex &) = delete;

    [[nodiscard]] bool isLocked() const { return m_locked; }

    Task<Lock> lock()
    {
        if (m_locked) {
            Waiter waiter(*this);
            co_await waiter.granted;
            waiter.taken = true;
        }
        m_locked = true;
        co_return Lock(this);
    }

private:
    /** A place in the line. One that is destroyed after it was its turn passes the mutex on. */
    struct Waiter {
        explicit Waiter(AsyncMutex &owner) : mutex(owner), granted(owner.m_clock) { mutex.m_waiting.push_back(this); }
        Waiter(const Waiter &) = delete;
        Waiter &operator=(const Waiter &) = delete;
        ~Waiter()
        {
            if (!granted.isComplete())
                std::erase(mutex.m_waiting, this);
            else if (!taken)
                mutex.unlock();
        }
        AsyncMutex &mutex;
        Event granted;
        bool taken = false;
    };

    void unlock()
    {
        if (m_waiting.empty()) {
            m_locked = false;
            return;
        }
        // Handed over while still locked, so that nobody slips in between.
        Waiter *next = m_waiting.front();
        m_waiting.pop_front();
        next->granted.complete({});
    }

    Clock &m_clock;
    bool m_locked = false;
    std::deque<Waiter *> m_waiting;
};

} // namespace kittiwake::async
