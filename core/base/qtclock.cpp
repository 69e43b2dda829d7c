// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/qtclock.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTimerEvent>

namespace kittiwake
{

namespace
{

const QEvent::Type runPosted = static_cast<QEvent::Type>(QEvent::registerEventType());

} // namespace

QtClock::QtClock()
{
    m_elapsed.start();
}

Clock::Duration QtClock::monotonic() const
{
    return Duration(m_elapsed.elapsed());
}

QDateTime QtClock::wall() const
{
    return QDateTime::currentDateTimeUtc();
}

Clock::TimerId QtClock::callAfter(Duration delay, std::function<void()> callback)
{
    const TimerId id = m_nextId++;
    if (delay <= Duration::zero()) {
        m_ready.emplace_back(id, std::move(callback));
        if (!m_posted) {
            m_posted = true;
            QCoreApplication::postEvent(this, new QEvent(runPosted));
        }
        return id;
    }
    const std::int64_t due = m_elapsed.elapsed() + delay.count();
    m_waiting.emplace(Key{due, id}, std::move(callback));
    m_due.emplace(id, due);
    arm();
    return id;
}

void QtClock::cancel(TimerId id)
{
    if (const auto due = m_due.find(id); due != m_due.end()) {
        m_waiting.erase(Key{due->second, id});
        m_due.erase(due);
        return;
    }
    for (auto &[readyId, callback] : m_ready) {
        if (readyId == id) {
            callback = nullptr;
            return;
        }
    }
}

void QtClock::arm()
{
    if (m_waiting.empty()) {
        m_timer.stop();
        m_armedFor = -1;
        return;
    }
    const std::int64_t due = m_waiting.begin()->first.first;
    if (due == m_armedFor)
        return;
    m_armedFor = due;
    const std::int64_t wait = std::max<std::int64_t>(0, due - m_elapsed.elapsed());
    // A timer of Qt holds an int; a longer wait is armed again when this one ends.
    m_timer.start(static_cast<int>(std::min<std::int64_t>(wait, 86'400'000)), Qt::PreciseTimer, this);
}

void QtClock::runDue()
{
    const std::int64_t now = m_elapsed.elapsed();
    while (!m_waiting.empty() && m_waiting.begin()->first.first <= now) {
        auto node = m_waiting.extract(m_waiting.begin());
        m_due.erase(node.key().second);
        node.mapped()();
    }
    m_armedFor = -1;
    arm();
}

bool QtClock::event(QEvent *event)
{
    if (event->type() == runPosted) {
        m_posted = false;
        // Only what was asked for before this turn: a callback that posts again must not starve the sockets.
        std::size_t turn = m_ready.size();
        while (turn-- > 0 && !m_ready.empty()) {
            auto callback = std::move(m_ready.front().second);
            m_ready.pop_front();
            if (callback)
                callback();
        }
        if (!m_ready.empty() && !m_posted) {
            m_posted = true;
            QCoreApplication::postEvent(this, new QEvent(runPosted));
        }
        return true;
    }
    if (event->type() == QEvent::Timer && static_cast<QTimerEvent *>(event)->timerId() == m_timer.timerId()) {
        runDue();
        return true;
    }
    return QObject::event(event);
}

} // namespace kittiwake
