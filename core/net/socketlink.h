// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/net/addressrace.h"
#include "core/net/connectionerrors.h"
#include "core/net/deflate.h"
#include "core/net/hostname.h"

#include <QSslConfiguration>
#include <QSslSocket>

#include <optional>

namespace kittiwake::net
{

/**
 * A socket and what a stream knows of it. The slots of the socket only note what happened and complete what is awaited;
 * everything that follows runs in a later turn of the clock, since QSslSocket survives neither its own deletion nor
 * being read, written or aborted from within its signals. Engine thread; owned by shared_ptr.
 */
class SocketLink final : public std::enable_shared_from_this<SocketLink>
{
public:
    /** Seen by the application: whole responses fit, and a slow reader holds up the server instead of filling memory.
     */
    static constexpr qint64 readBufferSize = 1024 * 1024;
    static constexpr qsizetype largestRead = 256 * 1024;
    static constexpr std::chrono::seconds timeLimit{20};

    using Opened = async::Completion<Result<void>>;

    SocketLink(Clock &time, Endpoint peer, HostName host, const QSslConfiguration &configuration,
               AddressRace::Lookup lookup);
    SocketLink(const SocketLink &) = delete;
    SocketLink &operator=(const SocketLink &) = delete;
    ~SocketLink();

    /** Starts to connect; the result comes to the completion. */
    [[nodiscard]] Opened connect(TlsMode mode);
    /** Starts the handshake on a connection in the clear that has no unread byte. */
    [[nodiscard]] Opened encrypt();
    /** The stream has gone: ends the connection at once, and nothing is completed after this. */
    void abandon();
    [[nodiscard]] bool isAbandoned() const { return m_abandoned; }
    /** Ends the connection at once, and tells whoever waits why. Not from within a signal of the socket. */
    void fail(Error error);

    /** What can be read without waiting; nothing where one must wait for readable(). */
    [[nodiscard]] std::optional<Result<QByteArray>> readNow();
    [[nodiscard]] async::Event readable();
    /** Completed when something has left, or the connection has ended. */
    [[nodiscard]] async::Event writable();
    /** Octets written here that the system has not taken. */
    [[nodiscard]] std::uint64_t unsent() const;
    [[nodiscard]] bool hasUnread() const;
    [[nodiscard]] bool isClosed() const { return m_closed; }
    void write(const QByteArray &bytes);
    /** Hands everything written to the socket now; what is written during a handshake waits for its verdict. */
    void flush();
    /** Hands on as much as the socket should hold; the rest follows as it leaves. */
    void pump();
    void startDeflate(const QByteArray &received);

    [[nodiscard]] Clock &clock() const { return m_clock; }
    [[nodiscard]] const Endpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] ByteCounters counters() const { return m_counters; }
    [[nodiscard]] bool isEncrypted() const;
    [[nodiscard]] bool isDeflated() const { return m_inflater != nullptr; }
    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /** Nobody who is trusted has signed the server's certificate. */
    [[nodiscard]] bool issuerIsUnknown() const;

private:
    void handOn(qint64 mostInSocket);
    [[nodiscard]] QSslSocket *newSocket() const;
    [[nodiscard]] bool goesThroughProxy() const;
    void race();
    void take(QSslSocket *socket);
    void onConnected();
    void onEncrypted();
    void onError(QAbstractSocket::SocketError error);
    void onDisconnected();
    void conclude(Result<void> result);
    void wake();
    void wakeWriter();
    void drop();

    Clock &m_clock;
    Endpoint m_endpoint;
    HostName m_host;
    QSslConfiguration m_configuration;
    AddressRace::Lookup m_lookup;
    std::unique_ptr<AddressRace> m_race; ///< until one address has answered
    QSslSocket *m_socket = nullptr; ///< none during the race, and once dropped; deleted by the event loop
    TlsMode m_mode = TlsMode::Implicit;
    Phase m_phase = Phase::Connecting;
    QList<QSslError> m_certificateErrors;
    std::optional<Opened> m_opened; ///< awaited by connect() or encrypt()
    std::optional<async::Event> m_readable; ///< awaited by the reader
    std::optional<async::Event> m_writable; ///< awaited by who writes much
    std::optional<Error> m_error;
    bool m_closed = false; ///< the peer has closed
    bool m_abandoned = false;
    QByteArray m_outgoing;
    qsizetype m_handedOn = 0; ///< octets of m_outgoing that the socket has
    bool m_flushPosted = false;
    std::unique_ptr<Inflater> m_inflater;
    std::unique_ptr<Deflater> m_deflater;
    ByteCounters m_counters;
};

} // namespace kittiwake::net
