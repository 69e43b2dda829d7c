// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/net/bytestream.h"
#include "tests/sim/wire/seededrandom.h"
#include "tests/sim/wire/simclock.h"

#include <QByteArray>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::sim
{

/** What listens at the other end. It is told from the clock; it must not destroy its own link from within. */
class ServerEnd
{
public:
    ServerEnd() = default;
    ServerEnd(const ServerEnd &) = delete;
    ServerEnd &operator=(const ServerEnd &) = delete;
    virtual ~ServerEnd() = default;
    virtual void received(const QByteArray &bytes) = 0;
};

/** One connection: two directions with latency, in pieces, until somebody closes it or it is cut. */
class SimLink : public std::enable_shared_from_this<SimLink>
{
public:
    SimLink(SimClock &clock, std::uint64_t seed);
    SimLink(const SimLink &) = delete;
    SimLink &operator=(const SimLink &) = delete;
    ~SimLink();

    enum class Way { ToServer, ToClient };

    void setServer(std::unique_ptr<ServerEnd> server) { m_server = std::move(server); }
    void send(Way way, const QByteArray &bytes);
    /** The server hangs up after what it has said. */
    void serverCloses();
    /** The client's stream is gone: what it wrote still travels. */
    void clientCloses();
    /**
     * Both ends are gone at once; the client sees an end (reset false) or an error. On some links the server goes on
     * with what had been written until then, for up to 2.5 seconds: that is when it is carried out.
     */
    void cut(bool reset);
    /** The same at once, or on a link that is late when the client next asks for a change. */
    void cutUnderChange(bool reset);
    /** The same after so many more bytes of one direction have arrived. */
    void cutAfter(Way way, std::uint64_t bytes, bool reset);
    /** Nothing arrives in either direction before this time. */
    void stallUntil(Clock::Duration time) { m_stalledUntil = std::max(m_stalledUntil, time); }
    /** Nothing that was ordered and has not happened yet will happen any more; what is stalled ends. */
    void heal();
    [[nodiscard]] bool isOpen() const { return !m_cut && !m_clientClosed; }
    /** What was on its way arrives, however long it was stalled: the client has given this up so long ago. */
    [[nodiscard]] Clock::Duration clientGoneFor() const
    {
        return m_clientClosed ? m_clock.monotonic() - m_clientClosedAt : Clock::Duration::zero();
    }

    /** Counted from the beginning: bytes that arrived at the client and at the server. */
    [[nodiscard]] net::ByteCounters counters() const { return m_counters; }

    // For the client's stream.
    std::deque<QByteArray> incoming;
    bool ended = false;
    std::optional<Error> error;
    std::optional<async::Event> arrived;

private:
    struct Piece {
        QByteArray bytes;
        bool isEnd = false;
    };
    struct Direction {
        std::deque<Piece> pieces;
        Clock::Duration last{0}; ///< when the youngest piece is due
        std::uint64_t cutIn = 0; ///< bytes until it is cut; 0: it is not
    };
    [[nodiscard]] Direction &of(Way way) { return way == Way::ToServer ? m_toServer : m_toClient; }
    void schedule(Way way, Piece piece);
    void deliver(Way way);
    void hand(Way way, Piece piece);
    void wake();

    SimClock &m_clock;
    SeededRandom m_random;
    Clock::Duration m_latency;
    Clock::Duration m_lateness{0}; ///< of what was on its way to the server when it was cut; 0: it is lost
    bool m_splits;
    Direction m_toServer;
    Direction m_toClient;
    Clock::Duration m_stalledUntil{0};
    bool m_cut = false;
    bool m_waitsForChange = false; ///< and is cut then
    bool m_hasGap = false; ///< bytes to the server were lost: what follows them is not heard
    bool m_resets = false;
    bool m_clientClosed = false;
    Clock::Duration m_clientClosedAt{0};
    bool m_serverClosed = false;
    std::unique_ptr<ServerEnd> m_server;
    net::ByteCounters m_counters;
};

/** Makes connections to the servers, as the weather is. */
class SimNetwork final : public net::StreamFactory
{
public:
    /** port: which server is wanted. */
    using Accept = std::function<std::unique_ptr<ServerEnd>(SimLink &link, std::uint16_t port)>;

    SimNetwork(SimClock &clock, std::uint64_t seed, Accept accept);

    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(net::Endpoint endpoint, net::TlsMode mode,
                                                                  net::TlsPolicy policy) override;

    /** Until then nobody can connect. */
    void goDownUntil(Clock::Duration time) { m_downUntil = time; }
    /** Links that are open now, oldest first. */
    [[nodiscard]] std::vector<std::shared_ptr<SimLink>> openLinks();
    [[nodiscard]] std::uint64_t connections() const { return m_connections; }
    /** The process died: nothing that it still writes travels. */
    void setMuted(bool muted) { m_muted = muted; }
    [[nodiscard]] bool isMuted() const { return m_muted; }

private:
    SimClock &m_clock;
    SeededRandom m_random;
    Accept m_accept;
    Clock::Duration m_downUntil{0};
    bool m_muted = false;
    std::uint64_t m_connections = 0;
    std::vector<std::weak_ptr<SimLink>> m_links;
};

} // namespace kittiwake::sim
