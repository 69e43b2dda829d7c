// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <map>
#include <unordered_map>

namespace kittiwake
{

/** Virtual time: nothing happens until the test says so. Ready callbacks run in order of due time, then of asking. */
class FakeClock final : public Clock
{
public:
    [[nodiscard]] Duration monotonic() const override { return m_now; }
    [[nodiscard]] QDateTime wall() const override { return m_start.addMSecs(m_now.count()); }
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

    /** Runs what is due now, and what that asks for now. Returns how many callbacks ran. */
    int runReady() { return runUntil(m_now); }
    /** Lets time pass, running everything that falls due on the way. */
    int advance(Duration by) { return runUntil(m_now + by); }
    /** The time of day is set to another one; nothing falls due because of it. */
    void jumpWall(Duration by) { m_start = m_start.addMSecs(by.count()); }
    [[nodiscard]] bool isIdle() const { return m_waiting.empty(); }

private:
    int runUntil(Duration end)
    {
        int ran = 0;
        while (!m_waiting.empty() && m_waiting.begin()->first.first <= end) {
            auto node = m_waiting.extract(m_waiting.begin());
            m_now = std::max(m_now, node.key().first);
            m_due.erase(node.key().second);
            node.mapped()();
            ++ran;
        }
        m_now = std::max(m_now, end);
        return ran;
    }

    QDateTime m_start = QDateTime(QDate(2026, 10, 1), QTime(9, 0), Qt::UTC);
    Duration m_now{0};
    TimerId m_nextId = 1;
    std::map<std::pair<Duration, TimerId>, std::function<void()>> m_waiting;
    std::unordered_map<TimerId, Duration> m_due;
};

} // namespace kittiwake
