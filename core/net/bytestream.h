// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <memory>

namespace kittiwake::net
{

/** How a connection becomes private. There is no "none": no byte of mail or secret travels in the clear. */
enum class TlsMode {
    Implicit, ///< TLS from the first byte (RFC 8314)
    StartTls, ///< mandatory STARTTLS: without it the connection ends
};

struct Endpoint {
    QString host; ///< a name or an address; IDN as typed
    std::uint16_t port = 0;

    bool operator==(const Endpoint &) const = default;
    /** "imap.example.org:993", "[::1]:993": for messages. */
    [[nodiscard]] QString text() const;
};

/** What to trust, for IMAP and submission alike: one policy, tested on both. */
struct TlsPolicy {
    QString caFile; ///< PEM file trusted besides the system's store; empty: none. A local path the user gave.

    bool operator==(const TlsPolicy &) const = default;
};

struct ByteCounters {
    std::uint64_t received = 0; ///< bytes of the application protocol as they travel (compressed where COMPRESS is on)
    std::uint64_t sent = 0;
};

/**
 * A connection as a stream of bytes, with TLS and compression inside. One reader; write() never blocks and never calls
 * back. Destroying the stream closes it at once and completes nothing. Engine thread.
 */
class ByteStream
{
public:
    ByteStream() = default;
    ByteStream(const ByteStream &) = delete;
    ByteStream &operator=(const ByteStream &) = delete;
    virtual ~ByteStream() = default;

    /** The next bytes, at least one; an empty array when the peer has closed. Errors: Network, Tls; Protocol for
     * damaged compression. */
    virtual async::Task<Result<QByteArray>> read() = 0;
    /** Queues bytes. After an error or a close they go nowhere; read() reports it. */
    virtual void write(const QByteArray &bytes) = 0;
    /**
     * Upgrades to TLS and verifies the peer against the host that was connected to. Fails with Tls when bytes that came
     * before the upgrade are still unread (CVE-2020-15685) or the stream is encrypted already.
     */
    virtual async::Task<Result<void>> startTls() = 0;
    /** From here on both directions are raw DEFLATE (RFC 4978). Called between two complete responses. */
    virtual Result<void> startDeflate() = 0;
    /**
     * As startDeflate(), for a reader that took more out of read() than the response that switched compression on: what
     * follows that response is compressed already and is read (inflated) first. A stream that cannot take bytes back
     * fails with Protocol.
     */
    virtual Result<void> startDeflateAfter(const QByteArray &received);
    [[nodiscard]] virtual bool isEncrypted() const = 0;
    [[nodiscard]] virtual ByteCounters counters() const = 0;
};

/** Makes connections; the tests' factories make scripted ones. */
class StreamFactory
{
public:
    StreamFactory() = default;
    StreamFactory(const StreamFactory &) = delete;
    StreamFactory &operator=(const StreamFactory &) = delete;
    virtual ~StreamFactory() = default;

    /**
     * Connects; with TlsMode::Implicit the stream is encrypted and its certificate verified when this returns.
     * Gives up after 20 seconds with Network. userText of an error names the host and says what to do.
     */
    virtual async::Task<Result<std::unique_ptr<ByteStream>>> connect(Endpoint endpoint, TlsMode mode, TlsPolicy policy)
        = 0;
};

} // namespace kittiwake::net
