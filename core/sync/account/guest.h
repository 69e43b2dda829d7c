// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace kittiwake::sync
{

/** What an account shares with those who use a connection of their own beside it. */
struct GuestState {
    int count = 0;
    std::vector<async::Event> waiting; ///< for the side line to be gone
    std::function<void()> left; ///< empty once the account has gone
};

/**
 * While it lives, the account makes do with one connection less, because somebody else has one (AccountSync::makeRoom).
 * Engine thread. Move-only.
 */
class Guest
{
public:
    Guest() = default;
    explicit Guest(std::shared_ptr<GuestState> state) : m_state(std::move(state)) { ++m_state->count; }
    Guest(Guest &&other) noexcept = default;
    Guest &operator=(Guest &&other) noexcept
    {
        if (this != &other) {
            leave();
            m_state = std::move(other.m_state);
        }
        return *this;
    }
    Guest(const Guest &) = delete;
    Guest &operator=(const Guest &) = delete;
    ~Guest() { leave(); }

private:
    void leave()
    {
        const auto state = std::exchange(m_state, nullptr);
        if (state && --state->count == 0 && state->left)
            state->left();
    }

    std::shared_ptr<GuestState> m_state;
};

} // namespace kittiwake::sync
