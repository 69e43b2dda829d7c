// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>

#include <memory>

struct z_stream_s;

namespace kittiwake::net
{

/** One direction of COMPRESS=DEFLATE (RFC 4978): raw DEFLATE (RFC 1951) that lasts as long as the connection. */
class Deflater
{
public:
    Deflater();
    ~Deflater();
    Deflater(const Deflater &) = delete;
    Deflater &operator=(const Deflater &) = delete;

    /** bytes compressed, up to a byte boundary at which the peer has all of them (Z_SYNC_FLUSH). */
    [[nodiscard]] QByteArray compress(const QByteArray &bytes);

private:
    std::unique_ptr<z_stream_s> m_stream;
};

/** The other direction. What comes out is bounded by what is asked for, whatever a hostile stream would grow to. */
class Inflater
{
public:
    Inflater();
    ~Inflater();
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    /** Adds compressed bytes; next() consumes them. */
    void feed(const QByteArray &compressed);
    /** Whether next() may give something without more bytes. */
    [[nodiscard]] bool hasWork() const;
    /**
     * Up to limit bytes; empty when more input is needed. Errors: Protocol where the stream is corrupt, or ends (which
     * RFC 4978 gives no meaning to); nothing comes after an error.
     */
    [[nodiscard]] Result<QByteArray> next(qsizetype limit);

private:
    std::unique_ptr<z_stream_s> m_stream;
    QByteArray m_input;
    qsizetype m_consumed = 0;
    bool m_outputPending = false; ///< the last call filled its buffer: zlib may hold more
    bool m_failed = false;
};

} // namespace kittiwake::net
