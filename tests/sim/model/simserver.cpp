// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/simserver.h"

#include "tests/sim/model/session.h"

#include <algorithm>

namespace kittiwake::sim::model
{

namespace
{

/** Longer than anything is on its way that is not stalled, and than the program waits for what may be. */
constexpr std::chrono::seconds late{4};

} // namespace

/** One accepted connection. */
class SimServer::Connection final : public ServerEnd, public SessionHost
{
public:
    Connection(SimServer &server, SimLink &link, std::uint64_t number)
        : m_server(server), m_link(link), m_number(number),
          m_session(server.m_mail, server.m_personality, server.m_random.next(), *this)
    {
        m_server.m_connections.push_back(this);
        m_session.setMisbehaves(server.m_misbehaves);
        later([this] { m_session.greet(); });
    }
    ~Connection() override
    {
        std::erase(m_server.m_connections, this);
        for (const Clock::TimerId timer : m_timers)
            m_server.m_clock.cancel(timer);
    }

    void received(const QByteArray &bytes) override
    {
        m_server.m_commands += static_cast<std::uint64_t>(bytes.count('\n'));
        trace(false, bytes.toStdString());
        m_server.m_isLate = m_link.clientGoneFor() > late;
        m_session.receive({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        m_server.m_isLate = false;
    }
    void send(const std::string &bytes) override
    {
        trace(true, bytes);
        m_link.send(SimLink::Way::ToClient, QByteArray::fromStdString(bytes));
    }
    void close() override { m_link.serverCloses(); }
    void later(std::function<void()> callback) override
    {
        callAfter(Clock::Duration(static_cast<std::int64_t>(m_server.m_random.below(6))), std::move(callback));
    }
    void muchLater(std::function<void()> callback) override
    {
        callAfter(std::chrono::milliseconds(500), std::move(callback));
    }
    void changed() override { m_server.changed(); }
    void working(const std::shared_ptr<Mailbox> &selected) override
    {
        if (m_server.m_working)
            m_server.m_working(selected);
    }

    [[nodiscard]] Session &session() { return m_session; }
    [[nodiscard]] SimLink &link() { return m_link; }

private:
    void callAfter(Clock::Duration wait, std::function<void()> callback)
    {
        m_timers.push_back(m_server.m_clock.callAfter(wait, std::move(callback)));
        if (m_timers.size() > 50)
            m_timers.erase(m_timers.begin()); // long past: a session has few at a time
    }
    void trace(bool sent, const std::string &bytes) const
    {
        if (m_server.m_trace)
            m_server.m_trace(m_number, sent, bytes);
    }

    SimServer &m_server;
    SimLink &m_link;
    std::uint64_t m_number;
    std::vector<Clock::TimerId> m_timers;
    Session m_session;
};

SimServer::SimServer(SimClock &clock, Personality personality, std::uint64_t seed, bool misbehaves)
    : m_clock(clock), m_personality(personality), m_random(seed), m_misbehaves(misbehaves)
{
}

SimServer::~SimServer() = default;

std::unique_ptr<ServerEnd> SimServer::accept(SimLink &link)
{
    return std::make_unique<Connection>(*this, link, ++m_number);
}

void SimServer::changed()
{
    if (std::exchange(m_pokes, true))
        return;
    m_clock.callAfter(Clock::Duration(static_cast<std::int64_t>(m_random.below(40))), [this] {
        m_pokes = false;
        // A session that tells of it never closes another one from within.
        const std::vector<Connection *> all = m_connections;
        for (Connection *connection : all)
            connection->session().poke();
    });
}

void SimServer::sayByeToAll()
{
    for (Connection *connection : m_connections)
        connection->session().sayBye();
    changed();
}

bool SimServer::isWatched() const
{
    return std::any_of(m_connections.begin(), m_connections.end(),
                       [](Connection *connection) { return connection->session().isWatching(); });
}

void SimServer::behave()
{
    m_misbehaves = false;
    const std::vector<Connection *> all = m_connections;
    for (Connection *connection : all) {
        connection->session().setMisbehaves(false);
        if (connection->session().isHanging())
            connection->link().cut(true);
    }
}

} // namespace kittiwake::sim::model
