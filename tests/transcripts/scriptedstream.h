// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/completion.h"
#include "core/base/clock.h"
#include "core/net/bytestream.h"

#include <QByteArrayList>

#include <deque>
#include <memory>
#include <optional>

namespace kittiwake
{

/** What a ScriptedStream and its script share; it outlives the stream, which its client destroys when it wants. */
struct ScriptedWire {
    explicit ScriptedWire(Clock &owner) : clock(owner) { }

    Clock &clock;
    std::deque<QByteArray> incoming; ///< each is one read()
    QByteArray written; ///< by the client, not looked at yet
    bool closed = false; ///< by the server
    std::optional<Error> error;
    QByteArrayList upgrades; ///< "starttls", "deflate", not looked at yet
    bool encrypted = false;
    bool open = false; ///< the client has a stream
    net::ByteCounters counters;
    std::optional<async::Event> arrived;

    void deliver(const QByteArray &bytes);
    void close();
    void fail(Error with);
    void wake();
};

/** A connection whose other end is a script. Compression is only noted: its bytes are those without it. */
class ScriptedStream final : public net::ByteStream
{
public:
    explicit ScriptedStream(std::shared_ptr<ScriptedWire> wire);
    ~ScriptedStream() override;
    async::Task<Result<QByteArray>> read() override;
    void write(const QByteArray &bytes) override;
    async::Task<Result<void>> startTls() override;
    Result<void> startDeflate() override;
    Result<void> startDeflateAfter(const QByteArray &received) override;
    [[nodiscard]] bool isEncrypted() const override { return m_wire->encrypted; }
    [[nodiscard]] net::ByteCounters counters() const override { return m_wire->counters; }

private:
    std::shared_ptr<ScriptedWire> m_wire;
};

/** Makes one ScriptedStream; or fails, or never answers. */
class ScriptedFactory final : public net::StreamFactory
{
public:
    explicit ScriptedFactory(std::shared_ptr<ScriptedWire> wire) : m_wire(std::move(wire)) { }
    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(net::Endpoint endpoint, net::TlsMode mode,
                                                                  net::TlsPolicy policy) override;
    std::optional<Error> refusal; ///< what connect() fails with

private:
    std::shared_ptr<ScriptedWire> m_wire;
};

} // namespace kittiwake
