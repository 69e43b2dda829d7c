// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/net/addressrace.h"
#include "core/net/bytestream.h"
#include "core/net/hostname.h"
#include "core/net/sendqueue.h"

#include <QSslConfiguration>

#include <memory>

namespace kittiwake::net
{

/**
 * A connection over QSslSocket, made by QtStreamFactory. Its coroutines share a link with it, and not the stream
 * itself, so that a stream may go while one of them has been completed but has not run yet: that one then sleeps until
 * whoever owns it destroys it.
 */
class QtStream final : public ByteStream, public SendQueue
{
public:
    QtStream(Clock &clock, Endpoint endpoint, HostName host, const QSslConfiguration &configuration,
             AddressRace::Lookup lookup);
    ~QtStream() override;

    /** Connects, once; encrypted and verified on success when mode is Implicit. */
    async::Task<Result<void>> open(TlsMode mode);
    /** open() failed since nobody who is trusted has signed the server's certificate. */
    [[nodiscard]] bool issuerIsUnknown() const;

    async::Task<Result<QByteArray>> read() override;
    void write(const QByteArray &bytes) override;
    async::Task<Result<void>> startTls() override;
    Result<void> startDeflate() override;
    Result<void> startDeflateAfter(const QByteArray &received) override;
    [[nodiscard]] bool isEncrypted() const override;
    [[nodiscard]] std::uint64_t unsent() const override;
    async::Task<Result<void>> drained(std::uint64_t most) override;
    [[nodiscard]] ByteCounters counters() const override;

private:
    std::shared_ptr<class SocketLink> m_link;
};

} // namespace kittiwake::net
