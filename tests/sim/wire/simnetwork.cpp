// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/wire/simnetwork.h"

#include "core/async/awaiters.h"

#include <algorithm>
#include <array>

namespace kittiwake::sim
{

namespace
{

constexpr std::array changes{" STORE ",  " COPY ",   " MOVE ",   " APPEND ",
                             " CREATE ", " RENAME ", " DELETE ", " EXPUNGE "};

Error lostError()
{
    return {ErrorKind::Network, QStringLiteral("sim"), QStringLiteral("The connection was lost."),
            QStringLiteral("cut by the simulation")};
}

bool asksForChange(const QByteArray &command)
{
    return std::any_of(changes.begin(), changes.end(), [&command](const char *verb) { return command.contains(verb); });
}

/** The client's end of a link. */
class SimStream final : public net::ByteStream
{
public:
    SimStream(SimClock &clock, SimNetwork &network, std::shared_ptr<SimLink> link, bool encrypted)
        : m_clock(clock), m_network(network), m_link(std::move(link)), m_encrypted(encrypted)
    {
    }
    ~SimStream() override
    {
        m_link->arrived.reset();
        m_link->clientCloses();
    }

    async::Task<Result<QByteArray>> read() override
    {
        while (m_link->incoming.empty()) {
            if (m_link->error)
                co_return failure(*m_link->error);
            if (m_link->ended)
                co_return QByteArray();
            const async::Event event(m_clock);
            m_link->arrived = event;
            co_await event;
        }
        QByteArray bytes = std::move(m_link->incoming.front());
        m_link->incoming.pop_front();
        co_return bytes;
    }
    void write(const QByteArray &bytes) override
    {
        if (!m_network.isMuted())
            m_link->send(SimLink::Way::ToServer, bytes);
    }
    async::Task<Result<void>> startTls() override
    {
        if (!m_link->incoming.empty())
            co_return failure(ErrorKind::Tls, {}, QStringLiteral("bytes before the handshake"));
        m_encrypted = true;
        co_return Result<void>();
    }
    Result<void> startDeflate() override { return {}; } // only the bytes change, and the model sends them as they are
    Result<void> startDeflateAfter(const QByteArray &received) override
    {
        m_link->incoming.push_front(received);
        return {};
    }
    [[nodiscard]] bool isEncrypted() const override { return m_encrypted; }
    [[nodiscard]] net::ByteCounters counters() const override { return m_link->counters(); }

private:
    SimClock &m_clock;
    SimNetwork &m_network;
    std::shared_ptr<SimLink> m_link;
    bool m_encrypted;
};

} // namespace

SimLink::SimLink(SimClock &clock, std::uint64_t seed)
    : m_clock(clock), m_random(seed), m_latency(m_random.between(0, 60)), m_splits(m_random.oneIn(2))
{
    SeededRandom random(seed ^ 0x1a7eULL); // drawn apart
    if (random.oneIn(3))
        m_lateness = Clock::Duration(static_cast<std::int64_t>(random.between(1, 2500)));
}

SimLink::~SimLink() = default;

void SimLink::send(Way way, const QByteArray &bytes)
{
    if (m_cut || bytes.isEmpty() || (way == Way::ToClient ? m_clientClosed || m_serverClosed : m_clientClosed))
        return;
    qsizetype at = 0;
    while (at < bytes.size()) {
        qsizetype size = bytes.size() - at;
        if (m_splits && size > 1 && m_random.oneIn(3))
            size = static_cast<qsizetype>(m_random.between(1, static_cast<std::uint64_t>(size) - 1));
        schedule(way, {bytes.mid(at, size), false});
        at += size;
    }
    if (way == Way::ToServer && m_waitsForChange && asksForChange(bytes)) {
        m_waitsForChange = false;
        m_clock.post([self = shared_from_this()] { self->cut(self->m_resets); });
    }
}

void SimLink::schedule(Way way, Piece piece)
{
    Direction &direction = of(way);
    const auto wait = m_latency + Clock::Duration(static_cast<std::int64_t>(m_splits ? m_random.below(8) : 0));
    direction.last = std::max(direction.last, m_clock.monotonic() + wait);
    direction.pieces.push_back(std::move(piece));
    // The link lives until everything that was sent has arrived, also when the client has gone.
    m_clock.callAfter(direction.last - m_clock.monotonic(), [self = shared_from_this(), way] { self->deliver(way); });
}

void SimLink::deliver(Way way)
{
    if (m_cut || of(way).pieces.empty())
        return;
    if (m_clock.monotonic() < m_stalledUntil) {
        m_clock.callAfter(m_stalledUntil - m_clock.monotonic(),
                          [self = shared_from_this(), way] { self->deliver(way); });
        return;
    }
    Piece piece = std::move(of(way).pieces.front());
    of(way).pieces.pop_front();
    hand(way, std::move(piece));
}

void SimLink::hand(Way way, Piece piece)
{
    Direction &direction = of(way);
    bool cuts = false;
    if (direction.cutIn > 0) {
        const auto size = static_cast<std::uint64_t>(piece.bytes.size());
        if (size >= direction.cutIn) {
            piece.bytes.truncate(static_cast<qsizetype>(direction.cutIn - 1));
            cuts = true;
            m_hasGap = way == Way::ToServer;
        } else {
            direction.cutIn -= size;
        }
    }
    if (way == Way::ToClient) {
        m_counters.received += static_cast<std::uint64_t>(piece.bytes.size());
        if (!piece.bytes.isEmpty())
            incoming.push_back(piece.bytes);
        ended = ended || piece.isEnd;
        wake();
    } else {
        m_counters.sent += static_cast<std::uint64_t>(piece.bytes.size());
        if (piece.isEnd)
            m_server.reset();
        else if (m_server && !piece.bytes.isEmpty())
            m_server->received(piece.bytes);
    }
    if (cuts)
        cut(m_resets);
}

void SimLink::wake()
{
    if (arrived) {
        const async::Event event = *arrived;
        arrived.reset();
        event.complete({});
    }
}

void SimLink::serverCloses()
{
    if (m_cut || std::exchange(m_serverClosed, true))
        return;
    schedule(Way::ToClient, {{}, true});
}

void SimLink::clientCloses()
{
    if (m_cut || std::exchange(m_clientClosed, true))
        return;
    m_clientClosedAt = m_clock.monotonic();
    schedule(Way::ToServer, {{}, true});
}

void SimLink::cut(bool reset)
{
    if (std::exchange(m_cut, true))
        return;
    QByteArray late;
    for (const Piece &piece : m_toServer.pieces)
        late += piece.bytes;
    m_toClient.pieces.clear();
    m_toServer.pieces.clear();
    if (reset)
        error = lostError();
    else
        ended = true;
    wake();
    if (m_lateness.count() == 0 || m_hasGap)
        late.clear();
    // The server may be who is speaking.
    const auto goOn = [self = shared_from_this(), late] {
        if (self->m_server && !late.isEmpty())
            self->m_server->received(late);
        self->m_server.reset();
    };
    if (late.isEmpty())
        m_clock.post(goOn);
    else
        m_clock.callAfter(m_lateness, goOn);
}

void SimLink::cutUnderChange(bool reset)
{
    m_resets = reset;
    if (m_lateness.count() > 0)
        m_waitsForChange = true;
    else
        cut(reset);
}

void SimLink::cutAfter(Way way, std::uint64_t bytes, bool reset)
{
    of(way).cutIn = bytes + 1;
    m_resets = reset;
}

void SimLink::heal()
{
    m_toClient.cutIn = 0;
    m_toServer.cutIn = 0;
    m_waitsForChange = false;
    if (m_stalledUntil > m_clock.monotonic())
        cut(true);
}

SimNetwork::SimNetwork(SimClock &clock, std::uint64_t seed, Accept accept)
    : m_clock(clock), m_random(seed), m_accept(std::move(accept))
{
}

async::Task<Result<std::unique_ptr<net::ByteStream>>> SimNetwork::connect(net::Endpoint endpoint, net::TlsMode mode,
                                                                          net::TlsPolicy)
{
    ++m_connections;
    const auto wait = Clock::Duration(static_cast<std::int64_t>(m_random.between(1, 120)));
    co_await async::SleepFor(m_clock, wait);
    if (m_clock.monotonic() < m_downUntil)
        co_return failure(ErrorKind::Network, QStringLiteral("sim"),
                          QStringLiteral("The mail server cannot be reached. It is tried again."),
                          QStringLiteral("down by the simulation"));
    auto link = std::make_shared<SimLink>(m_clock, m_random.next());
    link->setServer(m_accept(*link, endpoint.port));
    std::erase_if(m_links, [](const std::weak_ptr<SimLink> &old) { return old.expired(); });
    m_links.push_back(link);
    std::unique_ptr<net::ByteStream> stream
        = std::make_unique<SimStream>(m_clock, *this, link, mode == net::TlsMode::Implicit);
    co_return stream;
}

std::vector<std::shared_ptr<SimLink>> SimNetwork::openLinks()
{
    std::vector<std::shared_ptr<SimLink>> open;
    for (const std::weak_ptr<SimLink> &link : m_links) {
        if (auto alive = link.lock(); alive && alive->isOpen())
            open.push_back(std::move(alive));
    }
    return open;
}

} // namespace kittiwake::sim
