// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/async/taskscope.h"
#include "core/base/clock.h"
#include "core/engine/messagefetcher.h"

#include <deque>
#include <vector>

namespace kittiwake::engine
{

/**
 * Fetches what will probably be read next, one message at a time, while nobody waits for anything else. Who then wants
 * that very message waits for the rest of it; who wants another one ends it. Engine thread.
 */
class ReadAhead
{
public:
    ReadAhead(Clock &clock, MessageFetcher &fetcher);
    ReadAhead(const ReadAhead &) = delete;
    ReadAhead &operator=(const ReadAhead &) = delete;

    static constexpr std::size_t most = 4; ///< messages that are remembered

    /** The next ones to fetch, the most probable first; those asked for earlier are given up. */
    void want(std::vector<MessageId> messages);
    /** As MessageFetcher::content, before anything that is fetched ahead. */
    async::Task<Result<mime::MessageContent>> content(MessageId message, QByteArray charset);

private:
    static async::Task<void> run(ReadAhead *self);
    void stop();

    Clock &m_clock;
    MessageFetcher &m_fetcher;
    std::deque<MessageId> m_wanted;
    MessageId m_current; ///< on its way
    std::vector<async::Event> m_currentDone; ///< who waits for it
    int m_waiting = 0; ///< people who wait for a content
    async::TaskScope m_scope; ///< last: its task uses everything above
};

} // namespace kittiwake::engine
