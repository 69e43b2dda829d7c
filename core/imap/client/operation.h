// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/imap/codec/response.h"
#include "core/imap/session/session.h"

#include <functional>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

class Connection;

/**
 * One or several commands that a coroutine waits for. Lives in the coroutine's frame: when that is destroyed, the
 * commands are abandoned. Engine thread.
 */
class Operation
{
public:
    explicit Operation(Connection &connection);
    Operation(const Operation &) = delete;
    Operation &operator=(const Operation &) = delete;
    ~Operation();

    /** Untagged answers of these commands, as they arrive. */
    std::function<void(Response &&data)> onData;
    std::function<void(const CopyUidCode &code)> onCopyUid;
    /** Called once, when the last command is over, before the coroutine is resumed. */
    std::function<void()> onFinished;

    void submit(const Command &command, Session::Hints hints);
    void submit(const Command &command) { submit(command, Session::Hints()); }
    void authenticate(sasl::Sasl sasl);

    /** `co_await operation.finished();` */
    [[nodiscard]] const async::Event &finished() const { return m_finished; }
    /** The connection's end, cancelling, or what could not be sent. */
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /** Tagged answers in the order of their arrival, NO and BAD among them. */
    [[nodiscard]] const std::vector<StatusResponse> &answers() const { return m_answers; }
    /** The first NO or BAD. */
    [[nodiscard]] const StatusResponse *refusal() const;
    /** Something too large to be taken came while these commands were in flight. */
    [[nodiscard]] bool metOverLimit() const { return m_metOverLimit; }

    /** What is waited for has been told: finished() is complete, whatever is still to come of the commands. */
    void settle() { m_finished.complete({}); }

    // For Connection.
    void commandFinished(CommandFinished &&finished);
    void fail(const Error &error);
    void noteOverLimit() { m_metOverLimit = true; }
    [[nodiscard]] const std::vector<CommandId> &open() const { return m_open; }

private:
    void added(CommandId id);
    void finish();

    Connection &m_connection;
    async::Event m_finished;
    std::vector<CommandId> m_open;
    std::vector<StatusResponse> m_answers;
    std::optional<Error> m_error;
    bool m_metOverLimit = false;
};

} // namespace kittiwake::imap
