// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"
#include "core/base/clock.h"

#include <QObject>
#include <QThreadPool>

#include <type_traits>
#include <utility>

namespace kittiwake::engine
{

/**
 * Runs heavy pure work on a thread pool of its own: functions of values that share nothing. Engine thread. Destroying
 * it waits for what is running; destroying the awaiting task abandons the result.
 */
class Offload
{
public:
    explicit Offload(Clock &clock) : m_clock(clock) { }
    Offload(const Offload &) = delete;
    Offload &operator=(const Offload &) = delete;
    ~Offload() { m_pool.waitForDone(); }

    template <typename Work>
    async::Task<std::invoke_result_t<Work>> run(Work work)
    {
        using Value = std::invoke_result_t<Work>;
        const async::Completion<Value> done(m_clock);
        QObject *const home = &m_home;
        m_pool.start([home, done, job = std::move(work)]() mutable {
            // The completion belongs to the engine thread; only the value crosses.
            QMetaObject::invokeMethod(
                home, [done, value = job()]() mutable { done.complete(std::move(value)); }, Qt::QueuedConnection);
        });
        Value value = co_await done;
        co_return value;
    }

private:
    Clock &m_clock;
    QObject m_home; ///< of the engine thread
    QThreadPool m_pool;
};

} // namespace kittiwake::engine
