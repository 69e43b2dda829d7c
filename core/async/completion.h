// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <cassert>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

namespace kittiwake::async
{

/**
 * A value that one coroutine waits for and somebody else brings, once. Copies share the state: keep one in the
 * callback, await another. The awaiting coroutine is resumed from the clock in a later turn, never from within
 * complete(), so bringers need not fear what the resumed code does to them. A coroutine destroyed while it waits is
 * forgotten.
 */
template <typename T>
class Completion
{
public:
    explicit Completion(Clock &clock) : m_state(std::make_shared<State>(&clock)) { }

    /** Only the first value counts. */
    void complete(T value) const
    {
        State &state = *m_state;
        if (state.value)
            return;
        state.value.emplace(std::move(value));
        if (state.waiter)
            state.clock->post([shared = m_state] {
                if (const auto waiter = std::exchange(shared->waiter, {}))
                    waiter.resume();
            });
    }
    [[nodiscard]] bool isComplete() const { return m_state->value.has_value(); }

    auto operator co_await() const
    {
        struct Awaiter {
            std::shared_ptr<State> state;
            explicit Awaiter(std::shared_ptr<State> shared) : state(std::move(shared)) { }
            Awaiter(Awaiter &&) = delete;
            Awaiter &operator=(Awaiter &&) = delete;
            ~Awaiter()
            {
                if (state)
                    state->waiter = {};
            }
            bool await_ready() const noexcept { return state->value.has_value(); }
            void await_suspend(std::coroutine_handle<> handle)
            {
                assert(!state->waiter);
                state->waiter = handle;
            }
            T await_resume() { return std::move(*state->value); }
        };
        return Awaiter{m_state};
    }

private:
    struct State {
        explicit State(Clock *owner) : clock(owner) { }
        Clock *clock;
        std::optional<T> value;
        std::coroutine_handle<> waiter;
    };
    std::shared_ptr<State> m_state;
};

struct Done {
};
/** A completion that carries nothing. */
using Event = Completion<Done>;

} // namespace kittiwake::async
