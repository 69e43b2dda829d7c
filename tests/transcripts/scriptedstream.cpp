// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/transcripts/scriptedstream.h"

namespace kittiwake
{

void ScriptedWire::wake()
{
    if (arrived) {
        const async::Event event = *arrived;
        arrived.reset();
        event.complete({});
    }
}

void ScriptedWire::deliver(const QByteArray &bytes)
{
    if (bytes.isEmpty() || !open)
        return;
    incoming.push_back(bytes);
    wake();
}

void ScriptedWire::close()
{
    closed = true;
    wake();
}

void ScriptedWire::fail(Error with)
{
    error = std::move(with);
    wake();
}

ScriptedStream::ScriptedStream(std::shared_ptr<ScriptedWire> wire) : m_wire(std::move(wire))
{
    m_wire->open = true;
}

ScriptedStream::~ScriptedStream()
{
    m_wire->open = false;
    m_wire->arrived.reset();
}

async::Task<Result<QByteArray>> ScriptedStream::read()
{
    while (m_wire->incoming.empty()) {
        if (m_wire->error)
            co_return failure(*m_wire->error);
        if (m_wire->closed)
            co_return QByteArray();
        const async::Event event(m_wire->clock);
        m_wire->arrived = event;
        co_await event;
    }
    QByteArray bytes = m_wire->incoming.front();
    m_wire->incoming.pop_front();
    m_wire->counters.received += static_cast<std::uint64_t>(bytes.size());
    co_return bytes;
}

void ScriptedStream::write(const QByteArray &bytes)
{
    m_wire->written += bytes;
    m_wire->counters.sent += static_cast<std::uint64_t>(bytes.size());
}

async::Task<Result<void>> ScriptedStream::startTls()
{
    if (!m_wire->incoming.empty())
        co_return failure(ErrorKind::Tls, {}, QStringLiteral("bytes before the handshake"));
    m_wire->upgrades.append("starttls");
    m_wire->encrypted = true;
    co_return Result<void>();
}

Result<void> ScriptedStream::startDeflate()
{
    m_wire->upgrades.append("deflate");
    return {};
}

Result<void> ScriptedStream::startDeflateAfter(const QByteArray &received)
{
    m_wire->upgrades.append("deflate");
    m_wire->incoming.push_front(received);
    return {};
}

async::Task<Result<std::unique_ptr<net::ByteStream>>> ScriptedFactory::connect(net::Endpoint, net::TlsMode mode,
                                                                               net::TlsPolicy)
{
    if (refusal)
        co_return failure(*refusal);
    m_wire->encrypted = mode == net::TlsMode::Implicit;
    co_return std::make_unique<ScriptedStream>(m_wire);
}

} // namespace kittiwake
