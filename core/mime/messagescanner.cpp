// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/messagescanner.h"

#include "core/mime/content.h"
#include "core/mime/contenttype.h"
#include "core/mime/headers.h"

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// A line that can belong to a header: a field, its continuation, or the "From " line that mbox files put in front.
bool isHeaderLine(QByteArrayView line, bool first)
{
    if (isBlank(line.front()))
        return !first;
    const qsizetype colon = line.indexOf(':');
    if (first && (line.startsWith("From ") || line.startsWith(">From ")))
        return true;
    if (colon <= 0)
        return false;
    const QByteArrayView name = line.first(colon).trimmed();
    return std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

/// RFC 2045 section 5.2: plain text where nothing is said, or nothing that can be read.
void readType(mail::BodyPart &part, QByteArrayView field, bool inDigest)
{
    const ParameterisedValue type = parseParameterisedValue(field);
    const qsizetype slash = type.value.indexOf('/');
    part.parameters = type.parameters;
    if (slash > 0 && slash < type.value.size() - 1) {
        part.type = type.value.first(slash);
        part.subtype = type.value.sliced(slash + 1);
    } else if (inDigest && type.value.isEmpty()) {
        part.type = "message"; // RFC 2046 section 5.1.5
        part.subtype = "rfc822";
    } else {
        part.type = "text";
        part.subtype = "plain";
    }
}

void readFields(mail::BodyPart &part, QByteArrayView header, bool inDigest)
{
    QByteArray type;
    for (const HeaderField &field : parseHeaderBlock(header)) {
        // The first of equal fields counts, as it does for servers.
        if (field.name.compare("Content-Type", Qt::CaseInsensitive) == 0) {
            if (type.isNull())
                type = field.value;
        } else if (field.name.compare("Content-Transfer-Encoding", Qt::CaseInsensitive) == 0) {
            if (part.encoding.isNull())
                part.encoding = parseParameterisedValue(field.value).value;
        } else if (field.name.compare("Content-Disposition", Qt::CaseInsensitive) == 0) {
            if (part.disposition.isNull()) {
                ParameterisedValue disposition = parseParameterisedValue(field.value);
                part.disposition = disposition.value;
                part.dispositionParameters = std::move(disposition.parameters);
            }
        } else if (field.name.compare("Content-ID", Qt::CaseInsensitive) == 0) {
            if (part.id.isNull())
                part.id = field.value;
        } else if (field.name.compare("Content-Description", Qt::CaseInsensitive) == 0) {
            if (part.description.isNull())
                part.description = field.value;
        }
    }
    readType(part, type, inDigest);
}

std::shared_ptr<const mail::Envelope> envelopeOf(QByteArrayView header)
{
    auto envelope = std::make_shared<mail::Envelope>();
    envelope->date = headerFieldValue(header, "Date");
    envelope->subject = headerFieldValue(header, "Subject");
    envelope->inReplyTo = headerFieldValue(header, "In-Reply-To");
    envelope->messageId = headerFieldValue(header, "Message-ID");
    return envelope;
}

} // namespace

void MessageScanner::run()
{
    openEntity(ScannedEntity::none, 0);
    qsizetype at = 0;
    while (at < m_bytes.size()) {
        qsizetype to = m_bytes.indexOf('\n', at);
        const qsizetype next = to < 0 ? m_bytes.size() : to + 1;
        if (to < 0)
            to = m_bytes.size();
        if (to > at && m_bytes[to - 1] == '\r')
            --to;
        const bool dashes = to - at > 2 && m_bytes[at] == '-' && m_bytes[at + 1] == '-';
        if (!(dashes && !m_open.empty() && takeBoundary(at, to)) && m_state == State::Header)
            takeHeaderLine(at, to, next);
        m_previousEnd = to;
        at = next;
    }
    endOpenHeaders(m_bytes.size());
    // A message that ends within a multipart has lost its end.
    m_damaged = m_damaged || !m_open.empty();
    closeEntities(0, m_bytes.size());
}

/// RFC 2046 section 5.1.1. The boundaries that are open are looked up at once, not one after the other.
bool MessageScanner::takeBoundary(qsizetype lineFrom, qsizetype lineTo)
{
    QByteArrayView text = m_bytes.sliced(lineFrom + 2, lineTo - lineFrom - 2);
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    // Longer ones cannot be delimiters of ours: see endHeader().
    if (text.size() > HeaderLimits::messageIdBytes)
        return false;
    bool last = false;
    auto found = m_byBoundary.constFind(QByteArray::fromRawData(text.data(), text.size()));
    if (found == m_byBoundary.constEnd() && text.endsWith("--")) {
        last = true;
        found = m_byBoundary.constFind(QByteArray::fromRawData(text.data(), text.size() - 2));
    }
    if (found == m_byBoundary.constEnd())
        return false;
    const std::size_t index = *found;
    endOpenHeaders(lineFrom);
    // The line end in front belongs to the delimiter.
    closeEntities(index + 1, std::max(m_previousEnd, m_entities[m_chain.back()].bodyFrom));
    const std::size_t entity = m_open[index].entity;
    while (m_chain.back() != entity) {
        m_entities[m_chain.back()].bodyTo = std::max(m_previousEnd, m_entities[m_chain.back()].bodyFrom);
        m_chain.pop_back();
    }
    if (last) {
        popMultipart();
        m_state = State::Between;
        return true;
    }
    openEntity(entity, -1);
    return true;
}

void MessageScanner::takeHeaderLine(qsizetype lineFrom, qsizetype lineTo, qsizetype next)
{
    ScannedEntity &entity = m_entities[m_chain.back()];
    if (entity.headerFrom < 0)
        entity.headerFrom = lineFrom;
    if (lineFrom == lineTo) {
        endHeader(next, next);
        return;
    }
    if (isHeaderLine(m_bytes.sliced(lineFrom, lineTo - lineFrom), lineFrom == entity.headerFrom))
        return;
    // Text where a header should be is text: the first paragraph must not vanish (CVE-2023-50762).
    m_damaged = true;
    endHeader(lineFrom, lineFrom);
}

void MessageScanner::openEntity(std::size_t parent, qsizetype at)
{
    if (m_leaves >= ContentLimits::parts || m_entities.size() >= 2 * ContentLimits::parts) {
        m_tooBig = true;
        m_state = State::Between;
        return;
    }
    ScannedEntity entity;
    entity.parent = parent;
    entity.headerFrom = at;
    entity.bodyFrom = at;
    m_chain.push_back(m_entities.size());
    m_depths.push_back(parent == ScannedEntity::none ? 0 : m_depths[parent] + 1);
    m_entities.push_back(std::move(entity));
    m_state = State::Header;
}

/// A header may end without its empty line; that of a message/rfc822 opens one more.
void MessageScanner::endOpenHeaders(qsizetype at)
{
    while (m_state == State::Header)
        endHeader(at, at);
}

int MessageScanner::depthOf(std::size_t entity) const
{
    return m_depths[entity];
}

void MessageScanner::endHeader(qsizetype headerTo, qsizetype bodyFrom)
{
    const std::size_t index = m_chain.back();
    ScannedEntity &entity = m_entities[index];
    if (entity.headerFrom < 0)
        entity.headerFrom = headerTo;
    entity.bodyFrom = bodyFrom;
    entity.bodyTo = bodyFrom;
    const QByteArrayView header = m_bytes.sliced(entity.headerFrom, headerTo - entity.headerFrom);
    const bool inDigest = entity.parent != ScannedEntity::none && m_entities[entity.parent].part.subtype == "digest";
    readFields(entity.part, header, inDigest);
    if (entity.parent != ScannedEntity::none && m_entities[entity.parent].part.isMessage())
        m_entities[entity.parent].part.envelope = envelopeOf(header);
    m_state = State::Body;
    ++m_leaves;
    const bool encoded = entity.part.encoding == "base64" || entity.part.encoding == "quoted-printable";
    if (!entity.part.isMultipart() && (!entity.part.isMessage() || encoded))
        return;
    const QByteArray boundary = mail::BodyPart::parameter(entity.part.parameters, "boundary").trimmed();
    const bool tooDeep = depthOf(index) >= ContentLimits::depth;
    m_tooBig = m_tooBig || tooDeep;
    if (entity.part.isMessage()) {
        if (!tooDeep) {
            entity.container = true;
            openEntity(index, bodyFrom);
        }
        return;
    }
    if (tooDeep || boundary.isEmpty() || boundary.size() > HeaderLimits::messageIdBytes - 4) {
        // Nothing tells its parts apart: all of it is shown as text.
        m_damaged = true;
        entity.part.type = "text";
        entity.part.subtype = "plain";
        entity.part.parameters.clear();
        return;
    }
    entity.container = true;
    --m_leaves;
    const auto covered = m_byBoundary.constFind(boundary);
    m_open.push_back(
        {index, boundary, covered == m_byBoundary.constEnd() ? std::nullopt : std::optional<std::size_t>(*covered)});
    m_byBoundary.insert(boundary, m_open.size() - 1);
    m_state = State::Between;
}

void MessageScanner::popMultipart()
{
    const OpenMultipart &open = m_open.back();
    if (open.hidden)
        m_byBoundary.insert(open.boundary, *open.hidden);
    else
        m_byBoundary.remove(open.boundary);
    m_open.pop_back();
}

/// Ends everything inside of the first `multiparts` open multiparts.
void MessageScanner::closeEntities(std::size_t multiparts, qsizetype at)
{
    while (m_open.size() > multiparts) {
        const std::size_t entity = m_open.back().entity;
        while (m_chain.back() != entity) {
            m_entities[m_chain.back()].bodyTo = std::max(at, m_entities[m_chain.back()].bodyFrom);
            m_chain.pop_back();
        }
        m_entities[entity].bodyTo = std::max(at, m_entities[entity].bodyFrom);
        m_chain.pop_back();
        popMultipart();
    }
    if (multiparts > 0)
        return;
    for (const std::size_t entity : m_chain)
        m_entities[entity].bodyTo = std::max(at, m_entities[entity].bodyFrom);
}

} // namespace kittiwake::mime
