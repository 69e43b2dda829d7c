// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/httpexchange.h"

#include <algorithm>

namespace kittiwake::remote
{

namespace
{

constexpr qsizetype headerLimit = 32 * 1024;
constexpr qsizetype lineLimit = 8 * 1024;

/// Digits only: "+5", "0x5" and "5, 5" are how a front and a back end are made to disagree (RFC 9112 section 6.3).
std::optional<qint64> number(const QByteArray &text, int base)
{
    const bool plain = !text.isEmpty() && text.size() <= 15 && std::all_of(text.begin(), text.end(), [base](char c) {
        const char lower = static_cast<char>(c | 0x20);
        return (c >= '0' && c <= '9') || (base == 16 && lower >= 'a' && lower <= 'f');
    });
    return plain ? std::optional(text.toLongLong(nullptr, base)) : std::nullopt;
}

/// An IPv6 address stands in brackets (RFC 3986 section 3.2.2).
QByteArray hostField(const QByteArray &host)
{
    return host.contains(':') ? '[' + host + ']' : host;
}

} // namespace

QByteArray imageRequest(const QByteArray &host, const QByteArray &target)
{
    // Without a User-Agent some large services refuse; this one says what all browsers say first, and nothing else.
    return "GET " + target + " HTTP/1.1\r\nHost: " + hostField(host)
        + "\r\nAccept: image/png, image/jpeg, image/gif, image/webp\r\nAccept-Encoding: identity\r\n"
          "User-Agent: Mozilla/5.0\r\nConnection: close\r\n\r\n";
}

QByteArray unsubscribeRequest(const QByteArray &host, const QByteArray &target)
{
    const QByteArray form = "List-Unsubscribe=One-Click";
    return "POST " + target + " HTTP/1.1\r\nHost: " + hostField(host)
        + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + QByteArray::number(form.size())
        + "\r\nAccept-Encoding: identity\r\nUser-Agent: Mozilla/5.0\r\nConnection: close\r\n\r\n" + form;
}

void ResponseReader::feed(const QByteArray &bytes)
{
    if (m_state == State::Complete || m_state == State::Failed)
        return;
    m_pending += bytes;
    if (m_state == State::Header)
        readHeader();
    if (m_state == State::Sized)
        readSized();
    else if (m_state == State::Chunked)
        readChunks();
    else if (m_state == State::Endless)
        append(QByteArrayView(m_pending).sliced(std::exchange(m_at, m_pending.size())));
    m_scanned = std::max<qsizetype>(m_scanned - m_at, 0);
    m_pending.remove(0, std::exchange(m_at, 0));
}

void ResponseReader::finish()
{
    if (m_state == State::Endless)
        m_state = State::Complete;
    else if (m_state != State::Complete)
        m_state = State::Failed;
}

std::optional<QByteArray> ResponseReader::takeLine()
{
    const qsizetype end = m_pending.indexOf('\n', m_at);
    if ((end < 0 ? m_pending.size() : end) - m_at > lineLimit) {
        m_state = State::Failed;
        return std::nullopt;
    }
    if (end < 0)
        return std::nullopt;
    QByteArray line = m_pending.sliced(m_at, end - m_at);
    m_at = end + 1;
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

void ResponseReader::readHeader()
{
    // The whole header is waited for, so that nothing has to be remembered between its lines.
    // What was looked at before is not looked at again: a server may send byte by byte.
    const qsizetype from = std::max(m_at, m_scanned);
    qsizetype end = m_pending.indexOf("\r\n\r\n", from);
    if (end < 0)
        end = m_pending.indexOf("\n\n", from);
    if (end < 0 || end - m_at > headerLimit) {
        if (m_pending.size() - m_at > headerLimit)
            m_state = State::Failed;
        m_scanned = std::max<qsizetype>(m_pending.size() - 3, m_at);
        return;
    }
    const auto first = takeLine();
    // "HTTP/1.1 200 OK" (RFC 9112 section 4)
    if (!first || first->size() < 12 || !first->startsWith("HTTP/1.") || first->at(8) != ' ') {
        m_state = State::Failed;
        return;
    }
    m_status = static_cast<int>(number(first->sliced(9, 3), 10).value_or(0));
    while (m_state == State::Header) {
        const auto line = takeLine();
        if (!line || (!line->isEmpty() && !readField(*line))) {
            m_state = State::Failed;
            return;
        }
        if (line->isEmpty())
            break;
    }
    if (m_status >= 100 && m_status < 200) { // an interim answer (RFC 9110 section 15.2)
        m_status = 0;
        m_location.clear();
        m_length.reset();
        m_chunked = false;
        readHeader();
        return;
    }
    begin();
}

bool ResponseReader::readField(const QByteArray &line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon <= 0 || line.startsWith(' ') || line.startsWith('\t'))
        return false;
    const QByteArray name = line.first(colon).toLower();
    const QByteArray value = line.sliced(colon + 1).trimmed();
    if (name == "location") {
        m_location = value;
    } else if (name == "content-length") {
        const auto length = number(value, 10);
        if (!length || (m_length && *m_length != *length))
            return false;
        m_length = length;
    } else if (name == "transfer-encoding") {
        if (m_chunked || value.toLower() != "chunked")
            return false;
        m_chunked = true;
    } else if (name == "content-encoding") {
        return value.isEmpty() || value.toLower() == "identity";
    }
    return true;
}

void ResponseReader::begin()
{
    if (m_chunked) {
        m_state = m_length ? State::Failed : State::Chunked;
    } else if (m_length) {
        m_left = *m_length;
        m_state = m_left > m_limit ? State::Failed : State::Sized;
    } else {
        m_state = State::Endless;
    }
    // Where it goes on is all that is needed of a redirect.
    if (m_status >= 300 && m_status < 400)
        m_state = State::Complete;
    else if (m_status == 204 || m_status == 0)
        m_state = m_status == 0 ? State::Failed : State::Complete;
}

void ResponseReader::append(QByteArrayView bytes)
{
    if (m_body.size() + bytes.size() > m_limit) {
        m_state = State::Failed;
        m_body.clear();
        return;
    }
    m_body.append(bytes);
}

void ResponseReader::readSized()
{
    const qsizetype count = std::min<qsizetype>(static_cast<qsizetype>(m_left), m_pending.size() - m_at);
    append(QByteArrayView(m_pending).sliced(m_at, count));
    m_at += count;
    m_left -= count;
    if (m_left == 0 && m_state == State::Sized)
        m_state = State::Complete;
}

void ResponseReader::readChunks()
{
    while (m_state == State::Chunked) {
        if (m_part == ChunkPart::Data) {
            const qsizetype count = std::min<qsizetype>(static_cast<qsizetype>(m_left), m_pending.size() - m_at);
            if (count == 0)
                return;
            append(QByteArrayView(m_pending).sliced(m_at, count));
            m_at += count;
            m_left -= count;
            if (m_left == 0)
                m_part = ChunkPart::End;
            continue;
        }
        const auto line = takeLine();
        if (!line)
            return;
        switch (m_part) {
        case ChunkPart::Size: {
            const auto size = number(line->split(';').constFirst().trimmed(), 16); // extensions are ignored
            if (!size || *size > m_limit) {
                m_state = State::Failed;
                return;
            }
            m_left = *size;
            m_part = m_left == 0 ? ChunkPart::Trailer : ChunkPart::Data;
            break;
        }
        case ChunkPart::End:
            if (!line->isEmpty()) {
                m_state = State::Failed;
                return;
            }
            m_part = ChunkPart::Size;
            break;
        case ChunkPart::Trailer:
            if (line->isEmpty())
                m_state = State::Complete;
            break;
        case ChunkPart::Data:
            break;
        }
    }
}

} // namespace kittiwake::remote
