// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace kittiwake::remote
{

/**
 * The question for one picture (RFC 9112): no cookie, no referrer, nothing about this computer or its person. host (an
 * IPv6 address without brackets) and target (path and query) are encoded already.
 */
[[nodiscard]] QByteArray imageRequest(const QByteArray &host, const QByteArray &target);

/** The question of RFC 8058 section 3.2: a form of one field, no cookie, no referrer, nothing about the person. */
[[nodiscard]] QByteArray unsubscribeRequest(const QByteArray &host, const QByteArray &target);

/**
 * Reads one answer of HTTP/1.1 out of pieces, without I/O. Bounded: 32 KB of header, and as many bytes of body as the
 * caller says. Damaged answers, those that are compressed and those that are too large fail. Linear.
 */
class ResponseReader
{
public:
    explicit ResponseReader(qsizetype bodyLimit) : m_limit(bodyLimit) { }

    void feed(const QByteArray &bytes);
    /** The connection has ended. */
    void finish();

    [[nodiscard]] bool isComplete() const { return m_state == State::Complete; }
    [[nodiscard]] bool hasFailed() const { return m_state == State::Failed; }
    [[nodiscard]] int status() const { return m_status; } ///< 0 before the header is there
    [[nodiscard]] const QByteArray &location() const { return m_location; }
    [[nodiscard]] const QByteArray &body() const { return m_body; }

private:
    enum class State { Header, Sized, Chunked, Endless, Complete, Failed };
    enum class ChunkPart { Size, Data, End, Trailer };

    void readHeader();
    [[nodiscard]] bool readField(const QByteArray &line);
    void begin();
    void readSized();
    void readChunks();
    [[nodiscard]] std::optional<QByteArray> takeLine();
    void append(QByteArrayView bytes);

    qsizetype m_limit;
    State m_state = State::Header;
    QByteArray m_pending;
    qsizetype m_at = 0; ///< how much of m_pending is done with
    qsizetype m_scanned = 0; ///< up to where the end of the header was looked for
    QByteArray m_body;
    QByteArray m_location;
    int m_status = 0;
    std::optional<qint64> m_length;
    bool m_chunked = false;
    ChunkPart m_part = ChunkPart::Size;
    qint64 m_left = 0; ///< of the body, or of the chunk
};

} // namespace kittiwake::remote
