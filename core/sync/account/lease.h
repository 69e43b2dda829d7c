// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/client/client.h"

#include <functional>
#include <memory>
#include <utility>

namespace kittiwake::sync
{

/** What a line shares with those who borrow it; the line ends it when the mailbox is no longer selected. */
struct LeaseState {
    std::shared_ptr<imap::Client> client; ///< kept alive for those who wait on it, also after the connection is lost
    bool isLost = false;
    UidValidity uidValidity;
    int count = 0;
    std::function<void()> released;
};

/**
 * A client on which a certain mailbox is selected, borrowed for a moment: while it lives, no other mailbox is selected.
 * client() is null once the connection is lost; ask again after every await. Engine thread. Move-only.
 */
class Lease
{
public:
    Lease() = default;
    explicit Lease(std::shared_ptr<LeaseState> state) : m_state(std::move(state)) { ++m_state->count; }
    Lease(Lease &&other) noexcept = default;
    Lease &operator=(Lease &&other) noexcept
    {
        if (this != &other) {
            release();
            m_state = std::move(other.m_state);
        }
        return *this;
    }
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;
    ~Lease() { release(); }

    [[nodiscard]] imap::Client *client() const { return m_state && !m_state->isLost ? m_state->client.get() : nullptr; }
    [[nodiscard]] UidValidity uidValidity() const { return m_state ? m_state->uidValidity : UidValidity(); }

private:
    void release()
    {
        if (const auto state = std::exchange(m_state, nullptr)) {
            --state->count;
            if (state->released)
                state->released();
        }
    }

    std::shared_ptr<LeaseState> m_state;
};

} // namespace kittiwake::sync
