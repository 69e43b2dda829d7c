// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/deflate.h"

#include <QCoreApplication>

#include <zlib.h>

#include <array>

namespace kittiwake::net
{

namespace
{

constexpr int rawWindow = -15; // negative: no zlib header (RFC 4978 section 4)
constexpr int memoryLevel = 8;
constexpr std::size_t pieceSize = 64 * 1024;

QString corruptSentence()
{
    return QCoreApplication::translate("core",
                                       "The compressed data of the server is damaged; the connection is made again.");
}

/** zlib does not write to its input; its interface only lacks the const. */
Bytef *input(const char *bytes)
{
    return reinterpret_cast<Bytef *>(const_cast<char *>(bytes));
}

} // namespace

Deflater::Deflater() : m_stream(std::make_unique<z_stream_s>())
{
    // Fails only for want of memory or a wrong version of the library: nothing to go on with.
    if (deflateInit2(m_stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, rawWindow, memoryLevel, Z_DEFAULT_STRATEGY)
        != Z_OK)
        qFatal("zlib cannot be set up");
}

Deflater::~Deflater()
{
    deflateEnd(m_stream.get());
}

QByteArray Deflater::compress(const QByteArray &bytes)
{
    QByteArray out;
    if (bytes.isEmpty())
        return out;
    std::array<char, pieceSize> piece; // NOLINT: filled by zlib
    qsizetype taken = 0;
    while (taken < bytes.size()) {
        const qsizetype part = std::min<qsizetype>(bytes.size() - taken, 1 << 30); // uInt holds no more for sure
        m_stream->next_in = input(bytes.constData() + taken);
        m_stream->avail_in = static_cast<uInt>(part);
        taken += part;
        const int flush = taken == bytes.size() ? Z_SYNC_FLUSH : Z_NO_FLUSH;
        do {
            m_stream->next_out = reinterpret_cast<Bytef *>(piece.data());
            m_stream->avail_out = static_cast<uInt>(piece.size());
            deflate(m_stream.get(), flush);
            out.append(piece.data(), static_cast<qsizetype>(piece.size() - m_stream->avail_out));
        } while (m_stream->avail_out == 0);
    }
    m_stream->next_in = nullptr;
    return out;
}

Inflater::Inflater() : m_stream(std::make_unique<z_stream_s>())
{
    if (inflateInit2(m_stream.get(), rawWindow) != Z_OK)
        qFatal("zlib cannot be set up");
}

Inflater::~Inflater()
{
    inflateEnd(m_stream.get());
}

void Inflater::feed(const QByteArray &compressed)
{
    if (m_consumed == m_input.size()) {
        m_input = compressed;
    } else {
        m_input.remove(0, m_consumed);
        m_input.append(compressed);
    }
    m_consumed = 0;
}

bool Inflater::hasWork() const
{
    return m_failed || m_outputPending || m_consumed < m_input.size();
}

Result<QByteArray> Inflater::next(qsizetype limit)
{
    QByteArray out;
    std::array<char, pieceSize> piece; // NOLINT: filled by zlib
    while (!m_failed && hasWork() && out.size() < limit) {
        const auto room = static_cast<uInt>(std::min<qsizetype>(limit - out.size(), piece.size()));
        const auto offered = static_cast<uInt>(std::min<qsizetype>(m_input.size() - m_consumed, 1 << 30));
        m_stream->next_in = input(m_input.constData() + m_consumed);
        m_stream->avail_in = offered;
        m_stream->next_out = reinterpret_cast<Bytef *>(piece.data());
        m_stream->avail_out = room;
        const int status = inflate(m_stream.get(), Z_NO_FLUSH);
        m_consumed += offered - m_stream->avail_in;
        out.append(piece.data(), static_cast<qsizetype>(room - m_stream->avail_out));
        m_outputPending = m_stream->avail_out == 0;
        // Z_BUF_ERROR: no progress was possible, which more input cures.
        if (status != Z_OK && status != Z_BUF_ERROR)
            m_failed = true;
    }
    m_stream->next_in = nullptr;
    if (m_failed && out.isEmpty()) {
        return failure(ErrorKind::Protocol, QStringLiteral("COMPRESS"), corruptSentence(),
                       QString::fromLatin1(m_stream->msg != nullptr ? m_stream->msg : "the compressed stream ended"));
    }
    return out;
}

} // namespace kittiwake::net
