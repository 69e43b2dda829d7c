// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>

namespace kittiwake::net
{

/**
 * What happens around the connections and says nothing on them: the machine slept, the network went, came or became
 * another one. SystemSurroundings asks the system; tests tell it themselves. One thread: listeners are called in the
 * thread that owns it, never from within subscribe().
 */
class Surroundings
{
public:
    enum class Event {
        Woke, ///< the machine has slept: connections may be dead, and mail may have come
        NetworkLost, ///< nothing can be reached
        NetworkBack, ///< something can be reached again
        NetworkChanged, ///< another network: connections of the old one are dead, mostly without a word
    };
    using Listener = std::function<void(Event event)>;
    using Subscription = std::uint64_t; ///< never zero, never reused

    Surroundings() = default;
    Surroundings(const Surroundings &) = delete;
    Surroundings &operator=(const Surroundings &) = delete;
    virtual ~Surroundings() = default;

    [[nodiscard]] Subscription subscribe(Listener listener)
    {
        m_listeners.emplace(++m_last, std::move(listener));
        return m_last;
    }
    /** Unknown ones are allowed. Also from within a listener. */
    void unsubscribe(Subscription subscription) { m_listeners.erase(subscription); }

protected:
    void tell(Event event)
    {
        // A listener may take itself or another one away.
        const auto listeners = m_listeners;
        for (const auto &[subscription, listener] : listeners) {
            if (m_listeners.contains(subscription))
                listener(event);
        }
    }

private:
    std::map<Subscription, Listener> m_listeners;
    Subscription m_last = 0;
};

} // namespace kittiwake::net
