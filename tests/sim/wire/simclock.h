// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace kittiwake::sim
{

/** Virtual time that the simulation steps through, one callback at a time. The time of day can be made to jump. */
class SimClock final : public Clock
{
public:
    static constexpr Duration never{std::numeric_limits<Duration::rep>::max()};

    [[nodiscard]] Duration monotonic() const override { return m_now; }
    [[nodiscard]] QDateTime wall() const override
    {
        return QDateTime::fromMSecsSinceEpoch(1'790'000'000'000 + (m_now + m_jumped).count(), Qt::UTC);
    }
    TimerId callAfter(Duration delay, std::function<void()> callback) override
    {
        const TimerId id = m_nextId++;
        const Duration due = m_now + std::max(delay, Duration::zero());
        m_waiting.emplace(std::pair(due, id), std::move(callback));
        m_due.emplace(id, due);
        return id;
    }
    void cancel(TimerId id) override
    {
        if (const auto due = m_due.find(id); due != m_due.end()) {
            m_waiting.erase(std::pair(due->second, id));
            m_due.erase(due);
        }
    }

    /** When the next callback is due; never if there is none. */
    [[nodiscard]] Duration nextDue() const { return m_waiting.empty() ? never : m_waiting.begin()->first.first; }
    /** Runs the next callback, moving the time to it. There must be one. */
    void step()
    {
        auto node = m_waiting.extract(m_waiting.begin());
        m_now = std::max(m_now, node.key().first);
        m_due.erase(node.key().second);
        ++m_steps;
        node.mapped()();
    }
    /** Lets time pass without running anything; nothing may be due before. */
    void passTo(Duration time) { m_now = std::max(m_now, time); }
    /** Forgets everything that was to come, while what that holds may still use the clock. */
    void clear()
    {
        while (!m_waiting.empty()) {
            const auto waiting = std::exchange(m_waiting, {});
            m_due.clear();
        }
    }
    void jumpWall(Duration by) { m_jumped += by; }
    [[nodiscard]] std::uint64_t steps() const { return m_steps; } ///< callbacks that ran so far

private:
    Duration m_now{0};
    Duration m_jumped{0};
    std::uint64_t m_steps = 0;
    TimerId m_nextId = 1;
    std::map<std::pair<Duration, TimerId>, std::function<void()>> m_waiting;
    std::unordered_map<TimerId, Duration> m_due;
};

} // namespace kittiwake::sim
