// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QObject>

#include <deque>
#include <map>
#include <unordered_map>

namespace kittiwake
{

/** The Clock of the product, on the event loop of the thread that creates it. */
class QtClock final : public QObject, public Clock
{
public:
    QtClock();

    [[nodiscard]] Duration monotonic() const override;
    [[nodiscard]] QDateTime wall() const override;
    TimerId callAfter(Duration delay, std::function<void()> callback) override;
    void cancel(TimerId id) override;

protected:
    bool event(QEvent *event) override;

private:
    using Key = std::pair<std::int64_t, TimerId>;
    void arm();
    void runDue();

    QElapsedTimer m_elapsed;
    QBasicTimer m_timer;
    std::int64_t m_armedFor = -1;
    TimerId m_nextId = 1;
    bool m_posted = false;
    std::deque<std::pair<TimerId, std::function<void()>>> m_ready;
    std::map<Key, std::function<void()>> m_waiting;
    std::unordered_map<TimerId, std::int64_t> m_due;
};

} // namespace kittiwake
