// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <deque>
#include <optional>

namespace kittiwake::smtp
{

/** "5.7.1" (RFC 3463, RFC 5248): what a reply means, more exactly than its three digits. */
struct EnhancedCode {
    int category = 0; ///< 2, 4 or 5
    int subject = 0; ///< 0 to 999
    int detail = 0; ///< 0 to 999

    bool operator==(const EnhancedCode &) const = default;
    [[nodiscard]] QString text() const;
};

/** One complete reply of a server (RFC 5321 section 4.2). */
struct Reply {
    int code = 0; ///< 200 to 599
    std::optional<EnhancedCode> enhanced; ///< of the first line that has one of the reply's own category
    QByteArrayList lines; ///< without their codes; bytes of the server, not fit to be shown

    [[nodiscard]] bool isPositive() const { return code / 100 == 2; }
    [[nodiscard]] bool isIntermediate() const { return code / 100 == 3; }
    [[nodiscard]] bool isTemporary() const { return code / 100 == 4; }
    [[nodiscard]] bool isPermanent() const { return code / 100 == 5; }
    /** All lines as one line of plain text: no control characters, at most 500 characters. */
    [[nodiscard]] QString displayText() const;
    /** "550 5.1.1 No such user", for the log. */
    [[nodiscard]] QString detail() const;

    bool operator==(const Reply &) const = default;
};

/** Text of a server as one line for people: control and formatting characters become blanks. */
[[nodiscard]] QString neutralised(const QByteArray &text, qsizetype limit = 500);

/**
 * Bytes -> replies, without I/O. A stream that is no sequence of replies ends in isBroken(), and stays so: nothing
 * after it is looked at. Linear in its input. One thread.
 */
class ReplyParser
{
public:
    static constexpr qsizetype longestLine = 4096; ///< RFC 5321 section 4.5.3.1.5 says 512; some say more
    static constexpr qsizetype mostLines = 500; ///< of one reply
    static constexpr qsizetype mostBytes = 128 * 1024; ///< of one reply
    static constexpr std::size_t mostWaiting = 5000; ///< replies that nobody has taken

    void feed(const QByteArray &bytes);
    [[nodiscard]] std::optional<Reply> next();
    [[nodiscard]] bool isBroken() const { return m_isBroken; }
    /** What it broke on, at most 200 bytes. */
    [[nodiscard]] const QByteArray &offender() const { return m_offender; }
    /** Nothing has come since the last complete reply, and none waits to be taken. */
    [[nodiscard]] bool isEmpty() const { return m_buffer.isEmpty() && m_current.lines.isEmpty() && m_ready.empty(); }
    /** Forgets everything that has come so far. */
    void clear();

private:
    void takeLine(QByteArrayView line);
    void breakOn(QByteArrayView line);

    QByteArray m_buffer; ///< of a line that is not complete
    Reply m_current;
    qsizetype m_currentBytes = 0;
    std::deque<Reply> m_ready;
    bool m_isBroken = false;
    QByteArray m_offender;
};

} // namespace kittiwake::smtp
