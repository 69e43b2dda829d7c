// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/** What one message of the server may cost. All in octets unless it says otherwise. */
struct FragmenterLimits {
    qsizetype line = 1024 * 1024; ///< all text of a message, its literals not counted
    qsizetype numbersLine = 16 * 1024 * 1024; ///< the same for SEARCH, ESEARCH, SORT, THREAD, VANISHED: a million UIDs
    qsizetype literal = 64 * 1024 * 1024; ///< one literal
    qsizetype message = 80 * 1024 * 1024; ///< text and literals together
    int literals = 10'000; ///< how many in one message
    std::uint64_t skippable = 1024ull * 1024 * 1024; ///< a message that costs more to read past ends the connection
};

/** A literal that was kept apart from its message's text, so that it need not be copied again. */
struct DetachedLiteral {
    qsizetype position = 0; ///< in WireMessage::text, just behind the line end of "{n}"
    QByteArray bytes;
};

/** One complete message: its lines and literals, without the line end of the last line. */
struct WireMessage {
    enum class Kind {
        Complete,
        Skipped, ///< over a limit: read past, in step with the stream; text holds its first bytes (200 at most)
        Fatal, ///< no way to find the next message: close the connection. Nothing follows.
    };
    Kind kind = Kind::Complete;
    QByteArrayView text; ///< valid until the next call of the Fragmenter
    std::vector<DetachedLiteral> literals; ///< the large ones, in order; the small ones stand in text
    QByteArrayView why; ///< of Skipped and Fatal: English, static
    std::uint64_t offset = 0; ///< of its first octet in the stream
};

/**
 * First stage of receiving: bytes in any portions -> complete messages. Linear in the bytes however they are split
 * (CVE-2026-42245); memory follows what was received, never what was announced (CVE-2025-43857). Tolerates bare LF, and
 * NUL between messages. Protocol without I/O; one thread.
 */
class Fragmenter
{
public:
    explicit Fragmenter(const FragmenterLimits &limits = {});

    /** Holds from the next line or literal on: a body fetch raises the literal limit for its own command. */
    void setLimits(const FragmenterLimits &limits) { m_limits = limits; }
    [[nodiscard]] const FragmenterLimits &limits() const { return m_limits; }

    /** Adds bytes. They are shared, not copied, when everything before them has been taken out. */
    void feed(const QByteArray &bytes);
    /** The next complete message; no value when more bytes are needed (and for ever after Fatal). */
    [[nodiscard]] std::optional<WireMessage> next();

    /** Nothing is half-received: the only moment at which COMPRESS or TLS may start. */
    [[nodiscard]] bool isAtMessageBoundary() const;
    [[nodiscard]] bool isFailed() const { return m_failed; }
    /** Bytes received and not handed out, the current message's among them. */
    [[nodiscard]] qsizetype bufferedBytes() const;
    /** Takes out the bytes that no message has claimed yet; for COMPRESS, whose first bytes may be among them. */
    [[nodiscard]] QByteArray takeUnread();
    /** Forgets everything but the limits. */
    void reset();

private:
    enum class State { Text, InlineLiteral, DetachedLiteral, SkipText, SkipLiteral };

    bool advance();
    bool scanText();
    bool endOfLine(qsizetype lineEnd);
    bool beginLiteral(std::uint64_t size);
    bool takeDetached();
    bool scanSkippedText();
    bool skipLiteral();
    void beginSkip(const char *why);
    bool countSkipped(std::uint64_t bytes);
    void fail(const char *why);
    [[nodiscard]] qsizetype lineLimit() const;
    [[nodiscard]] qsizetype endOfMessageText() const;
    void startMessage();

    FragmenterLimits m_limits;
    QByteArray m_buffer;
    qsizetype m_start = 0; ///< of the current message in m_buffer
    qsizetype m_scan = 0; ///< everything before it has been looked at
    qsizetype m_lineStart = 0; ///< of the current line in m_buffer
    std::uint64_t m_streamOffset = 0; ///< of m_buffer's first octet
    std::uint64_t m_removed = 0; ///< octets of the current message that are not in m_buffer (detached, skipped)
    State m_state = State::Text;
    qsizetype m_textBytes = 0; ///< text of the finished lines of the current message
    qsizetype m_literalBytes = 0;
    int m_literalCount = 0;
    std::uint64_t m_wanted = 0; ///< octets of the current literal that are still to come
    std::vector<DetachedLiteral> m_literals;
    std::uint64_t m_skipped = 0;
    std::uint64_t m_messageOffset = 0;
    QByteArray m_head; ///< of a skipped message
    std::array<char, 32> m_tail{}; ///< the last octets of a skipped line, where "{n}" would stand
    std::size_t m_tailSize = 0;
    const char *m_why = nullptr;
    bool m_complete = false;
    bool m_failed = false;
};

} // namespace kittiwake::imap
