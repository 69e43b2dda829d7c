// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

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
    qsizetype detachFrom
        = 64 * 1024; ///< larger literals are kept apart from the text, so that they are not copied again
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

    /** Every byte received belongs to a message that was handed out: the only moment at which TLS may start. */
    [[nodiscard]] bool isAtMessageBoundary() const
    {
        return bufferedBytes() == 0 && (m_end >= 0 || m_state == State::Text);
    }
    [[nodiscard]] bool isFailed() const { return m_failed; }
    /** Bytes received that belong to no message handed out. */
    [[nodiscard]] qsizetype bufferedBytes() const;
    /** Takes out the bytes behind the last message handed out; for COMPRESS, whose first bytes may be among them. */
    [[nodiscard]] QByteArray takeUnread();
    /** Forgets everything but the limits. */
    void reset();

private:
    enum class State { Text, InlineLiteral, DetachedLiteral, SkipText, SkipLiteral };
    enum class Nature { Unknown, Grammar, Prose, Code };

    bool advance();
    bool scanText();
    bool scanDetached();
    bool scanSkippedText();
    bool scanSkippedLiteral();
    void endOfLine(qsizetype lineEnd);
    void beginLiteral(std::uint64_t size, qsizetype lineEnd);
    void beginSkip(const char *why, qsizetype headEnd);
    bool countSkipped(std::uint64_t bytes);
    void fail(const char *why);
    void startMessage();
    [[nodiscard]] std::optional<std::uint64_t> announcedLiteral(qsizetype lineEnd);
    [[nodiscard]] qsizetype lineLimit() const;
    [[nodiscard]] QByteArrayView firstBytes(qsizetype end) const;

    FragmenterLimits m_limits;
    QByteArray m_buffer;
    std::uint64_t m_bufferOffset = 0; ///< of m_buffer's first octet in the stream
    qsizetype m_start = 0; ///< in m_buffer: what of the current message is not in m_text starts here
    qsizetype m_lineStart = 0;
    qsizetype m_scan = 0; ///< everything before it has been looked at
    State m_state = State::Text;
    std::uint64_t m_messageOffset = 0;
    Nature m_nature = Nature::Unknown; ///< whether "{n}" at the end of a line is a literal or part of a sentence
    qsizetype m_textBytes = 0; ///< of the finished lines of the current message
    qsizetype m_literalBytes = 0;
    int m_literalCount = 0;
    std::uint64_t m_wanted = 0; ///< octets of the current literal that are still to come
    QByteArray m_text; ///< of a message with detached literals: its text before m_start
    std::vector<DetachedLiteral> m_literals;
    QByteArray m_head; ///< of a skipped message
    QByteArray m_tail; ///< the last octets of a skipped line, where "{n}" would stand
    std::uint64_t m_skipped = 0;
    const char *m_why = nullptr; ///< not null: the message is skipped
    qsizetype m_end = -1; ///< of the complete message in m_buffer; -1: not complete
    bool m_failed = false;
};

} // namespace kittiwake::imap
