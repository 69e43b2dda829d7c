// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/readahead.h"

#include "core/base/log.h"

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

/** Counts one who waits for as long as it lives, also when they are cancelled. */
class Waiting
{
public:
    explicit Waiting(int &count) : m_count(count) { ++m_count; }
    Waiting(const Waiting &) = delete;
    Waiting &operator=(const Waiting &) = delete;
    ~Waiting() { --m_count; }

private:
    int &m_count;
};

} // namespace

ReadAhead::ReadAhead(Clock &clock, MessageFetcher &fetcher) : m_clock(clock), m_fetcher(fetcher) { }

void ReadAhead::want(std::vector<MessageId> messages)
{
    messages.resize(std::min(messages.size(), most));
    const bool keepsCurrent = std::find(messages.begin(), messages.end(), m_current) != messages.end();
    if (m_current.isValid() && !keepsCurrent)
        stop();
    m_wanted.assign(messages.begin(), messages.end());
    if (!m_current.isValid() && !m_wanted.empty() && m_waiting == 0)
        m_scope.start(run(this));
}

void ReadAhead::stop()
{
    // Its command is abandoned: what is on its way still is read past.
    m_scope.cancelAll();
    m_current = MessageId();
    for (const async::Event &done : m_currentDone)
        done.complete({});
    m_currentDone.clear();
}

async::Task<void> ReadAhead::run(ReadAhead *self)
{
    while (!self->m_wanted.empty() && self->m_waiting == static_cast<int>(self->m_currentDone.size())) {
        const MessageId message = self->m_wanted.front();
        self->m_wanted.pop_front();
        self->m_current = message;
        const Result<void> fetched = co_await self->m_fetcher.fetchAhead(message);
        if (!fetched && fetched.error().kind != ErrorKind::Cancelled)
            qCDebug(logEngine) << "not fetched ahead:" << fetched.error();
        self->m_current = MessageId();
        for (const async::Event &done : self->m_currentDone)
            done.complete({});
        self->m_currentDone.clear();
    }
}

async::Task<Result<mime::MessageContent>> ReadAhead::content(MessageId message, QByteArray charset)
{
    const Waiting waiting(m_waiting);
    if (m_current.isValid() && m_current != message) {
        stop();
    } else if (m_current == message && charset.isEmpty()) {
        const async::Event done(m_clock);
        m_currentDone.push_back(done);
        co_await done;
    }
    Result<mime::MessageContent> content = co_await m_fetcher.content(message, charset);
    co_return content;
}

} // namespace kittiwake::engine
