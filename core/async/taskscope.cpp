// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/async/taskscope.h"

#include <cstdlib>

namespace kittiwake::async
{

/** The coroutine that awaits one task and then frees itself and its place in the scope. */
struct TaskScope::Root {
    struct promise_type {
        Root *root = nullptr;

        std::coroutine_handle<promise_type> get_return_object()
        {
            return std::coroutine_handle<promise_type>::from_promise(*this);
        }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept { }
        [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }
    };

    struct Handle : std::coroutine_handle<promise_type> {
        using promise_type = Root::promise_type;
        Handle(std::coroutine_handle<promise_type> handle) : std::coroutine_handle<promise_type>(handle) { }
    };

    Task<void> task;
    std::coroutine_handle<promise_type> handle;
    TaskScope *scope = nullptr;
    std::list<Root *>::iterator place;

    static Handle run(Root *root)
    {
        co_await root->task;
        root->scope->m_running.erase(root->place);
        delete root;
    }
};

TaskScope::~TaskScope()
{
    cancelAll();
}

void TaskScope::start(Task<void> task)
{
    auto *root = new Root;
    root->task = std::move(task);
    root->scope = this;
    m_running.push_front(root);
    root->place = m_running.begin();
    root->handle = Root::run(root);
    root->handle.resume();
}

void TaskScope::cancelAll()
{
    while (!m_running.empty()) {
        Root *root = m_running.front();
        m_running.pop_front();
        root->handle.destroy();
        delete root;
    }
}

} // namespace kittiwake::async
