// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <coroutine>
#include <cstdlib>
#include <optional>
#include <utility>

namespace kittiwake::async
{

template <typename T>
class Task;

namespace detail
{

struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) noexcept
    {
        if (finished.promise().continuation)
            return finished.promise().continuation;
        return std::noop_coroutine();
    }
    void await_resume() const noexcept { }
};

struct PromiseBase {
    std::coroutine_handle<> continuation;

    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalAwaiter final_suspend() const noexcept { return {}; }
    // The program is built without exceptions; what a foreign library throws ends it.
    [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }
};

template <typename T>
struct Promise final : PromiseBase {
    std::optional<T> value;

    Task<T> get_return_object() noexcept;
    template <typename U>
    void return_value(U &&result)
    {
        value.emplace(std::forward<U>(result));
    }
    T take() { return std::move(*value); }
};

template <>
struct Promise<void> final : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept { }
    void take() const noexcept { }
};

} // namespace detail

/**
 * A coroutine's result to come. Lazy: nothing runs before it is awaited or given to a TaskScope. Move-only: it owns the
 * coroutine, so destroying a Task destroys everything it waits for, leaf first; that is how work is cancelled. One
 * thread. House rule (see docs/architecture.md): name what you await, `const auto reply = co_await send(command);`.
 */
template <typename T = void>
class [[nodiscard]] Task
{
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) : m_handle(handle) { }
    Task(Task &&other) noexcept : m_handle(std::exchange(other.m_handle, {})) { }
    Task &operator=(Task &&other) noexcept
    {
        if (this != &other) {
            if (m_handle)
                m_handle.destroy();
            m_handle = std::exchange(other.m_handle, {});
        }
        return *this;
    }
    Task(const Task &) = delete;
    Task &operator=(const Task &) = delete;
    ~Task()
    {
        if (m_handle)
            m_handle.destroy();
    }

    [[nodiscard]] bool isValid() const { return static_cast<bool>(m_handle); }

    auto operator co_await() && noexcept
    {
        struct Awaiter {
            Handle handle;
            bool await_ready() const noexcept { return !handle || handle.done(); }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept
            {
                handle.promise().continuation = awaiting;
                return handle;
            }
            T await_resume() { return handle.promise().take(); }
        };
        return Awaiter{m_handle};
    }
    // A Task that is a member or a local may be awaited once too.
    auto operator co_await() & noexcept { return std::move(*this).operator co_await(); }

private:
    Handle m_handle;
};

namespace detail
{

template <typename T>
Task<T> Promise<T>::get_return_object() noexcept
{
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() noexcept
{
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

} // namespace detail

} // namespace kittiwake::async
