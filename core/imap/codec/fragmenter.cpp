// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/fragmenter.h"

#include "core/imap/codec/wireline.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace kittiwake::imap
{

namespace
{

constexpr qsizetype headBytes = 200;
constexpr qsizetype tailBytes = 32; ///< "~{18446744073709551615+}" and line ends fit
constexpr qsizetype firstReserve = 256 * 1024;

qsizetype withoutLineEnd(const char *data, qsizetype start, qsizetype end)
{
    while (end > start && (data[end - 1] == '\r' || data[end - 1] == '\0'))
        --end;
    return end;
}

} // namespace

Fragmenter::Fragmenter(const FragmenterLimits &limits) : m_limits(limits) { }

void Fragmenter::feed(const QByteArray &bytes)
{
    if (m_failed || bytes.isEmpty())
        return;
    // The view that was handed out ends here, so the finished message need not be kept.
    if (m_end >= 0)
        startMessage();
    if (m_start == m_buffer.size()) {
        m_bufferOffset += static_cast<std::uint64_t>(m_start);
        m_buffer = bytes;
        m_start = m_lineStart = m_scan = 0;
        return;
    }
    if (m_start > 0) {
        // A byte is moved here at most once: from now on the unfinished message starts at 0 until it is complete.
        QByteArray rest;
        rest.reserve(m_buffer.size() - m_start + bytes.size());
        rest.append(m_buffer.constData() + m_start, m_buffer.size() - m_start);
        m_buffer = std::move(rest);
        m_bufferOffset += static_cast<std::uint64_t>(m_start);
        m_scan -= m_start;
        m_lineStart -= m_start;
        m_start = 0;
    }
    m_buffer.append(bytes);
}

std::optional<WireMessage> Fragmenter::next()
{
    if (m_failed)
        return std::nullopt;
    if (m_end >= 0)
        startMessage();
    while (m_end < 0 && !m_failed && advance()) { }
    if (!m_failed && m_end < 0)
        return std::nullopt;

    WireMessage message;
    message.offset = m_messageOffset;
    if (m_why) {
        message.kind = m_failed ? WireMessage::Kind::Fatal : WireMessage::Kind::Skipped;
        message.why = m_why;
        message.text = m_head;
        return message;
    }
    const QByteArrayView behind(m_buffer.constData() + m_start, m_end - m_start);
    if (m_text.isEmpty()) {
        message.text = behind;
    } else {
        m_text.append(behind);
        message.text = m_text;
        message.literals = std::move(m_literals);
    }
    return message;
}

qsizetype Fragmenter::bufferedBytes() const
{
    if (m_end >= 0)
        return m_buffer.size() - m_scan;
    qsizetype bytes = m_buffer.size() - m_start + m_text.size();
    for (const DetachedLiteral &literal : m_literals)
        bytes += literal.bytes.size();
    return bytes;
}

QByteArray Fragmenter::takeUnread()
{
    if (m_end >= 0)
        startMessage();
    QByteArray rest = m_buffer.sliced(m_start);
    reset();
    return rest;
}

void Fragmenter::reset()
{
    *this = Fragmenter(m_limits);
}

void Fragmenter::startMessage()
{
    m_start = m_lineStart = m_scan;
    m_end = -1;
    m_state = State::Text;
    m_nature = Nature::Unknown;
    m_textBytes = m_literalBytes = 0;
    m_literalCount = 0;
    m_text.clear();
    m_literals.clear();
    m_head.clear();
    m_tail.clear();
    m_skipped = 0;
    m_why = nullptr;
}

/** Goes on as far as possible in one state. False: more bytes are needed. */
bool Fragmenter::advance()
{
    switch (m_state) {
    case State::Text:
        return scanText();
    case State::InlineLiteral: {
        const std::uint64_t take = std::min(m_wanted, static_cast<std::uint64_t>(m_buffer.size() - m_scan));
        m_scan += static_cast<qsizetype>(take);
        m_wanted -= take;
        if (m_wanted > 0)
            return false;
        m_lineStart = m_scan;
        m_state = State::Text;
        return true;
    }
    case State::DetachedLiteral:
        return scanDetached();
    case State::SkipText:
        return scanSkippedText();
    case State::SkipLiteral:
        return scanSkippedLiteral();
    }
    return false;
}

bool Fragmenter::scanText()
{
    const char *const data = m_buffer.constData();
    const qsizetype size = m_buffer.size();
    if (m_scan == m_start && m_textBytes == 0) {
        // Between messages: NUL padding and empty lines are nobody's.
        while (m_scan < size && (data[m_scan] == '\0' || data[m_scan] == '\r' || data[m_scan] == '\n'))
            ++m_scan;
        m_start = m_lineStart = m_scan;
        m_messageOffset = m_bufferOffset + static_cast<std::uint64_t>(m_start);
    }
    if (m_scan == size)
        return false;
    const void *const lineFeed = std::memchr(data + m_scan, '\n', static_cast<std::size_t>(size - m_scan));
    const qsizetype end = lineFeed ? static_cast<const char *>(lineFeed) - data : size;
    m_scan = end;
    if (const qsizetype over = m_textBytes + (end - m_lineStart); over > m_limits.line && over > lineLimit()) {
        beginSkip("the line is too long", m_lineStart + lineLimit() - m_textBytes);
        // scanSkippedText() looks at the end of the line so far once more: "{n}" may stand across two portions.
        m_scan = std::max(m_lineStart, m_scan - tailBytes);
        m_skipped += static_cast<std::uint64_t>(m_scan - m_lineStart);
        return true;
    }
    if (!lineFeed)
        return false;
    m_scan = end + 1;
    endOfLine(end);
    return true;
}

void Fragmenter::endOfLine(qsizetype lineFeed)
{
    const qsizetype lineEnd = withoutLineEnd(m_buffer.constData(), m_lineStart, lineFeed);
    if (const auto size = announcedLiteral(lineEnd)) {
        m_textBytes += lineFeed + 1 - m_lineStart;
        beginLiteral(*size, lineEnd);
    } else {
        m_end = lineEnd;
    }
}

/** The literal that the line [m_lineStart, lineEnd) announces, unless the line is a sentence for people. */
std::optional<std::uint64_t> Fragmenter::announcedLiteral(qsizetype lineEnd)
{
    const QByteArrayView line(m_buffer.constData() + m_lineStart, lineEnd - m_lineStart);
    const auto size = literalSize(line);
    if (!size)
        return std::nullopt;
    if (m_nature == Nature::Unknown) {
        if (line.front() == '*') {
            const QByteArrayView behindStar = line.sliced(line.startsWith("* ") ? 2 : 1);
            const auto rest = behindStatusWord(behindStar);
            if (behindStar.startsWith('[')) // home.pl leaves "OK" out
                m_nature = Nature::Code;
            else
                m_nature = !rest ? Nature::Grammar : opensCode(*rest) ? Nature::Code : Nature::Prose;
        } else {
            const qsizetype space = line.front() == '+' ? -1 : line.indexOf(' ');
            const auto rest = space < 0 ? std::nullopt : behindStatusWord(line.sliced(space + 1));
            m_nature = rest && opensCode(*rest) ? Nature::Code : Nature::Prose;
        }
    }
    // Only a response code can hold a literal, and only while it is open: BADCHARSET's names in RFC 3501.
    if (m_nature == Nature::Code && line.contains(']'))
        m_nature = Nature::Prose;
    return m_nature == Nature::Prose ? std::nullopt : size;
}

void Fragmenter::beginLiteral(std::uint64_t size, qsizetype lineEnd)
{
    ++m_literalCount;
    const char *why = nullptr;
    if (size > static_cast<std::uint64_t>(m_limits.literal))
        why = "a literal is too large";
    else if (static_cast<qsizetype>(size) + m_literalBytes + m_textBytes > m_limits.message)
        why = "the message is too large";
    else if (m_literalCount > m_limits.literals)
        why = "too many literals";
    m_wanted = size;
    if (why) {
        beginSkip(why, lineEnd);
        m_state = State::SkipLiteral;
        countSkipped(size);
        return;
    }
    m_literalBytes += static_cast<qsizetype>(size);
    // In a response code it stands in the text too: codes that are not known are kept as they came.
    if (static_cast<qsizetype>(size) < m_limits.detachFrom || m_nature == Nature::Code) {
        m_state = State::InlineLiteral;
        return;
    }
    m_text.append(m_buffer.constData() + m_start, m_scan - m_start);
    m_start = m_scan;
    m_literals.push_back({m_text.size(), {}});
    m_literals.back().bytes.reserve(std::min(static_cast<qsizetype>(size), firstReserve));
    m_state = State::DetachedLiteral;
}

bool Fragmenter::scanDetached()
{
    QByteArray &bytes = m_literals.back().bytes;
    const qsizetype wanted = static_cast<qsizetype>(m_wanted);
    const qsizetype take = std::min(wanted, m_buffer.size() - m_scan);
    if (const qsizetype needed = bytes.size() + take; needed > bytes.capacity()) {
        // Twice what is there, never more than announced: a server cannot make us reserve what it does not send.
        bytes.reserve(std::min(bytes.size() + wanted, std::max(needed, 2 * bytes.capacity())));
    }
    bytes.append(m_buffer.constData() + m_scan, take);
    m_scan += take;
    m_start = m_lineStart = m_scan;
    m_wanted -= static_cast<std::uint64_t>(take);
    if (m_wanted > 0)
        return false;
    m_state = State::Text;
    return true;
}

void Fragmenter::beginSkip(const char *why, qsizetype headEnd)
{
    m_why = why;
    m_head = firstBytes(headEnd).toByteArray();
    m_skipped = static_cast<std::uint64_t>(m_textBytes) + static_cast<std::uint64_t>(m_literalBytes);
    m_state = State::SkipText;
    m_text.clear();
    m_literals.clear();
    m_tail.clear();
    if (m_nature == Nature::Unknown) {
        const bool grammar = m_head.startsWith('*')
            && !behindStatusWord(QByteArrayView(m_head).sliced(std::min<qsizetype>(2, m_head.size())));
        m_nature = grammar ? Nature::Grammar : Nature::Prose;
    }
    // Of a sentence the beginning is shown. One that still announced a literal, which is not kept, would mean
    // something else to whoever reads it again.
    while (m_nature != Nature::Grammar && literalSize(m_head))
        m_head.truncate(m_head.lastIndexOf('{'));
}

bool Fragmenter::scanSkippedText()
{
    const char *const data = m_buffer.constData();
    const qsizetype size = m_buffer.size();
    const void *const lineFeed = std::memchr(data + m_scan, '\n', static_cast<std::size_t>(size - m_scan));
    const qsizetype end = lineFeed ? static_cast<const char *>(lineFeed) - data : size;
    const QByteArrayView seen(data + m_scan, end - m_scan);
    m_tail.append(seen.last(std::min(seen.size(), tailBytes)));
    m_tail = m_tail.right(tailBytes);
    m_scan = lineFeed ? end + 1 : end;
    m_start = m_lineStart = m_scan;
    if (!countSkipped(static_cast<std::uint64_t>(seen.size())))
        return true;
    if (!lineFeed)
        return false;
    const qsizetype tailEnd = withoutLineEnd(m_tail.constData(), 0, m_tail.size());
    const auto literal = literalSize(QByteArrayView(m_tail).first(tailEnd));
    m_tail.clear();
    if (literal && m_nature == Nature::Grammar) {
        m_wanted = *literal;
        m_state = State::SkipLiteral;
        countSkipped(*literal);
    } else {
        m_end = m_scan;
    }
    return true;
}

bool Fragmenter::scanSkippedLiteral()
{
    const std::uint64_t take = std::min(m_wanted, static_cast<std::uint64_t>(m_buffer.size() - m_scan));
    m_scan += static_cast<qsizetype>(take);
    m_wanted -= take;
    m_start = m_lineStart = m_scan;
    if (m_wanted > 0)
        return false;
    m_state = State::SkipText;
    return true;
}

/** False, and the end of the stream, when reading past the message costs more than it may. */
bool Fragmenter::countSkipped(std::uint64_t bytes)
{
    if (bytes > m_limits.skippable || m_skipped > m_limits.skippable - bytes) {
        fail("the message is too large to be read past");
        return false;
    }
    m_skipped += bytes;
    return true;
}

void Fragmenter::fail(const char *why)
{
    m_why = why;
    m_failed = true;
    m_buffer.clear();
    m_start = m_lineStart = m_scan = 0;
}

qsizetype Fragmenter::lineLimit() const
{
    const QByteArrayView line = firstBytes(m_scan);
    if (line.startsWith("* ")) {
        const QByteArrayView rest = line.sliced(2);
        for (const QByteArrayView word : {"SEARCH ", "ESEARCH ", "SORT ", "THREAD ", "VANISHED "}) {
            if (startsWithWord(rest, word))
                return std::max(m_limits.line, m_limits.numbersLine);
        }
    }
    return m_limits.line;
}

/** At most 200 bytes from the start of the message, none from m_buffer behind end. */
QByteArrayView Fragmenter::firstBytes(qsizetype end) const
{
    if (!m_text.isEmpty())
        return QByteArrayView(m_text).first(std::min(headBytes, m_text.size()));
    return {m_buffer.constData() + m_start, std::min(headBytes, end - m_start)};
}

} // namespace kittiwake::imap
