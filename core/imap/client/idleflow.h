// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/task.h"
#include "core/imap/client/clienttypes.h"
#include "core/imap/client/connection.h"

#include <memory>
#include <optional>

namespace kittiwake::imap
{

/**
 * Watching the selected mailbox: IDLE that is renewed, steps aside for other commands and comes back, or NOOP from time
 * to time where there is no IDLE, or no need for it since the server tells by itself (NOTIFY). Held by the Client and
 * by the coroutine that runs it. Engine thread.
 */
class IdleFlow
{
public:
    explicit IdleFlow(std::shared_ptr<Connection> connection);
    IdleFlow(const IdleFlow &) = delete;
    IdleFlow &operator=(const IdleFlow &) = delete;

    /** self keeps this alive while it runs. */
    static async::Task<Result<void>> run(std::shared_ptr<IdleFlow> self, IdleOptions options);
    void stop();
    void aborted();
    [[nodiscard]] bool isWatching() const;
    /** Something happened on the connection: look whether it is our turn. */
    void turn();

private:
    async::Task<Result<void>> watch(IdleOptions options);
    async::Task<Result<void>> idleOnce();
    /** Waits, then asks (NOOP). unselected: also where no mailbox is selected. */
    async::Task<Result<void>> pollOnce(Clock::Duration limit, bool unselected);
    [[nodiscard]] Clock::Duration renewal() const;
    /** Until it is our turn, stop(), the end, or limit has passed (zero: no limit). */
    async::Task<void> pause(Clock::Duration limit, bool untilQuiet);
    [[nodiscard]] bool isOver() const { return m_stopped || m_aborted || m_connection->endError().has_value(); }

    std::shared_ptr<Connection> m_connection;
    Random *m_random = nullptr;
    bool m_running = false;
    bool m_stopped = false;
    bool m_aborted = false;
    bool m_withoutIdle = false; ///< the server has refused it, or never keeps it
    int m_shortLived = 0; ///< IDLEs in a row that the server ended at once
    bool m_disturbed = false; ///< by other commands, a moment ago
    bool m_polling = false;
    bool m_wakeWhenQuiet = false;
    std::optional<async::Event> m_wake;
};

} // namespace kittiwake::imap
