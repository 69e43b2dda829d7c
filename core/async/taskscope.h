// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"

#include <cstddef>
#include <list>

namespace kittiwake::async
{

/**
 * Owns running tasks. It is a member of whoever starts the work, declared last, so that its destruction cancels the
 * work before the members that the work uses go. One thread.
 *
 * A scope must not be destroyed or cancelled from within one of its own tasks: the coroutine would free the frame it is
 * running on. Post it to the Clock instead.
 */
class TaskScope
{
public:
    TaskScope() = default;
    TaskScope(const TaskScope &) = delete;
    TaskScope &operator=(const TaskScope &) = delete;
    ~TaskScope();

    /** Runs task until its first suspension now, and the rest as its awaits complete. */
    void start(Task<void> task);
    /** Destroys every running task. */
    void cancelAll();
    [[nodiscard]] bool isEmpty() const { return m_running.empty(); }
    [[nodiscard]] std::size_t count() const { return m_running.size(); }

private:
    struct Root;
    std::list<Root *> m_running;
};

} // namespace kittiwake::async
