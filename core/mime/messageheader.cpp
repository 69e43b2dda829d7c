// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headers.h"

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

/// Mail does not arrive a year before it was written; what says so would stay at the top of the list for ever.
constexpr std::int64_t longestLead = std::int64_t{366} * 86400;

QByteArrayList referencesOf(const mail::Envelope &envelope, QByteArrayView fields)
{
    QByteArrayList references;
    if (!fields.isEmpty())
        references = parseMessageIds(headerFieldValue(fields, "References"));
    if (!envelope.inReplyTo.isEmpty()) {
        const QByteArrayList answered = parseMessageIds(envelope.inReplyTo);
        for (const QByteArray &id : answered) {
            if (references.size() < HeaderLimits::references && !references.contains(id))
                references.append(id);
        }
    }
    return references;
}

} // namespace

QByteArray cleanMessageId(const QByteArray &raw)
{
    // The usual case without a copy.
    if (raw.size() > 2 && raw.size() <= HeaderLimits::messageIdBytes && raw.startsWith('<') && raw.endsWith('>')
        && std::none_of(raw.begin() + 1, raw.end() - 1,
                        [](char c) { return c == '<' || c == '>' || static_cast<unsigned char>(c) <= 0x20; }))
        return raw;
    const QByteArrayList ids = parseMessageIds(raw);
    if (!ids.isEmpty())
        return ids.constFirst();
    // Some senders forget the brackets (seen from scripts); the id is one all the same.
    const QByteArray bare = raw.trimmed();
    if (bare.isEmpty() || bare.size() > HeaderLimits::messageIdBytes - 2 || bare.contains('<') || bare.contains('>')
        || std::any_of(bare.begin(), bare.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20; }))
        return {};
    return '<' + bare + '>';
}

mail::MessageHeader makeMessageHeader(Uid uid, mail::Flags flags, std::int64_t internalDate, std::uint64_t size,
                                      const mail::Envelope &envelope, const mail::BodyPart *structure,
                                      QByteArrayView fields)
{
    mail::MessageHeader header;
    header.uid = uid;
    header.flags = std::move(flags);
    header.internalDate = internalDate;
    header.size = size;
    header.date = parseDate(envelope.date).value_or(internalDate);
    if (internalDate > 0 && header.date - internalDate > longestLead)
        header.date = internalDate;
    header.subject = decodeHeaderText(envelope.subject);
    header.from = decodeAddresses(envelope.from);
    header.to = decodeAddresses(envelope.to);
    header.cc = decodeAddresses(envelope.cc);
    // Servers repeat From where there is no Reply-To (RFC 9051 section 7.5.2).
    header.replyTo = envelope.replyTo == envelope.from ? header.from : decodeAddresses(envelope.replyTo);
    header.messageId = cleanMessageId(envelope.messageId);
    header.references = referencesOf(envelope, fields);
    header.hasAttachment = structure != nullptr && mail::hasAttachment(*structure);
    return header;
}

} // namespace kittiwake::mime
