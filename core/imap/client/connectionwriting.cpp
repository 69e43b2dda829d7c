// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/connection.h"
#include "core/imap/session/imaperrors.h"

#include <algorithm>

/** What a connection writes, as the stream takes it, and how long it waits for the answer. */
namespace kittiwake::imap
{

/** A message of tens of megabytes leaves slice by slice, and no more of it than that waits in memory. */
async::Task<void> Connection::writeLoop(Connection *self)
{
    while (!self->m_end && self->m_session.hasOutput()) {
        net::SendQueue *queue = self->sendQueue();
        const Result<void> drained = co_await queue->drained(mostUnsent / 2);
        if (!drained || self->m_end)
            break; // read() says why
        // It takes what it is given: that may take its time, and the answer comes after it.
        self->m_deadline = std::max(self->m_deadline, self->m_clock.monotonic() + answerLimit);
        if (!self->writeMore())
            break;
    }
    self->m_isWriting = false;
}

void Connection::flushSoon()
{
    if (m_flushTimer == 0)
        m_flushTimer = m_clock.post([this] {
            m_flushTimer = 0;
            // What could not be sent has ended already, without a byte from the server.
            drain();
        });
}

void Connection::flush()
{
    if (m_end || !m_stream)
        return;
    if (!m_isWriting && writeMore()) {
        m_isWriting = true;
        m_scope.start(writeLoop(this));
    }
    watch();
}

/** Writes as much as the stream should hold; whether there is more, for when it has drained. */
bool Connection::writeMore()
{
    const net::SendQueue *queue = sendQueue();
    while (queue == nullptr || queue->unsent() < mostUnsent) {
        const bool busy = m_session.isServerBusy();
        const QByteArray output = m_session.takeOutput(slice);
        if (m_dones != m_session.donesSent()) {
            m_dones = m_session.donesSent();
            m_doneAt = now();
        }
        if (output.isEmpty()) {
            if (m_session.state() == SessionState::Ended)
                flushSoon(); // A literal could not be read. Not from here: one of the loops may be who called.
            return false;
        }
        m_stream->write(output);
        // A large upload takes its time before the server can answer. What is sent to a server that owes an answer
        // already does not give it more time.
        const auto upload = std::chrono::seconds(output.size() / slowestUpload);
        m_deadline = (busy ? m_deadline : m_clock.monotonic() + answerLimit) + upload;
    }
    return m_session.hasOutput();
}

void Connection::watch()
{
    if (m_watchTimer != 0 || !m_session.isWaiting())
        return;
    const auto left = std::max(m_deadline - m_clock.monotonic(), Clock::Duration(1));
    m_watchTimer = m_clock.callAfter(left, [this] {
        m_watchTimer = 0;
        watchFired();
    });
}

void Connection::watchFired()
{
    if (m_end || !m_session.isWaiting())
        return;
    if (m_clock.monotonic() >= m_deadline)
        die(answerTimeoutError(m_where, static_cast<int>(answerLimit.count())), true);
    else
        watch();
}

} // namespace kittiwake::imap
