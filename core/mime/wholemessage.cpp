// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/wholemessage.h"

#include "core/mime/headers.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

/** "From sender date" before the message, as mbox files have it and as some programs save a single message. */
QByteArray withoutEnvelopeLine(const QByteArray &bytes)
{
    qsizetype from = bytes.startsWith("\xEF\xBB\xBF") ? 3 : 0; // a byte order mark, from editors
    if (QByteArrayView(bytes).sliced(from).startsWith("From ")) {
        const qsizetype end = bytes.indexOf('\n', from);
        from = end < 0 ? bytes.size() : end + 1;
    }
    return from == 0 ? bytes : bytes.sliced(from);
}

bool isMessage(QByteArrayView bytes)
{
    constexpr qsizetype enough = 64 * 1024; // Received fields come first, and not more than these
    static const QByteArrayList telling{"from",         "date",     "subject",      "received", "message-id",
                                        "to",           "sender",   "mime-version", "cc",       "return-path",
                                        "content-type", "reply-to", "delivered-to"};
    const QByteArrayView start = bytes.first(std::min(bytes.size(), enough));
    if (start.contains('\0'))
        return false;
    // The first line is a field: what has one somewhere below is another kind of text.
    const qsizetype lineEnd = start.indexOf('\n');
    const QByteArrayView first = start.first(lineEnd < 0 ? start.size() : lineEnd);
    const qsizetype colon = first.indexOf(':');
    if (colon <= 0 || std::any_of(first.begin(), first.begin() + colon, [](char c) { return c <= 0x20 || c >= 0x7f; }))
        return false;
    const auto fields = parseHeaderBlock(start);
    return std::any_of(fields.begin(), fields.end(),
                       [](const HeaderField &field) { return telling.contains(field.name.toLower()); });
}

} // namespace

mail::MessageHeader headerOfMessage(QByteArrayView headerBlock)
{
    mail::MessageHeader header;
    const auto fields = parseHeaderBlock(headerBlock);
    const auto value = [&fields](QByteArrayView name) {
        const auto found = std::find_if(fields.begin(), fields.end(), [name](const HeaderField &field) {
            return QByteArrayView(field.name).compare(name, Qt::CaseInsensitive) == 0;
        });
        return found == fields.end() ? QByteArray() : found->value;
    };
    const auto people = [&fields](QByteArrayView name) {
        mail::AddressList all;
        for (const HeaderField &field : fields) {
            if (QByteArrayView(field.name).compare(name, Qt::CaseInsensitive) != 0)
                continue;
            // A field that stands twice names more people; none of them is hidden.
            for (const mail::Address &address : parseAddressList(field.value)) {
                if (all.size() < HeaderLimits::addresses)
                    all.push_back(address);
            }
        }
        return all;
    };
    header.subject = decodeHeaderText(value("subject"));
    header.from = people("from");
    header.to = people("to");
    header.cc = people("cc");
    header.replyTo = people("reply-to");
    if (header.replyTo.empty())
        header.replyTo = header.from;
    header.messageId = cleanMessageId(value("message-id"));
    header.references = parseMessageIds(value("references"));
    header.date = parseDate(value("date")).value_or(0);
    header.internalDate = header.date;
    return header;
}

WholeMessage::WholeMessage(const QByteArray &message)
    : bytes(withoutEnvelopeLine(message)), parsed(bytes), header(headerOfMessage(parsed.header())),
      content(contentOfMessage(bytes))
{
    content.unsubscribe = listUnsubscribe(parsed.header());
    header.size = static_cast<std::uint64_t>(bytes.size());
    header.hasAttachment = mail::hasAttachment(parsed.structure());
}

Result<std::shared_ptr<const WholeMessage>> readWholeMessage(const QByteArray &bytes, const QString &where)
{
    if (bytes.size() > WholeMessage::maxBytes) {
        return failure(ErrorKind::Input, where,
                       QCoreApplication::translate("core",
                                                   "%1 is larger than any message that servers take; it was "
                                                   "not opened.")
                           .arg(where));
    }
    if (!isMessage(withoutEnvelopeLine(bytes))) {
        return failure(ErrorKind::Input, where,
                       QCoreApplication::translate("core",
                                                   "%1 is not a mail message: it does not begin with a "
                                                   "message's header.")
                           .arg(where));
    }
    return std::make_shared<const WholeMessage>(bytes);
}

Result<QByteArray> partOfMessage(const WholeMessage &message, const QByteArray &section)
{
    for (const mail::NumberedPart &part : mail::leafParts(message.parsed.structure())) {
        if (part.section == section)
            return decodePart(part.part->encoding, message.parsed.body(section));
    }
    return failure(
        ErrorKind::Input, QString::fromLatin1(section),
        QCoreApplication::translate("core", "This message has no part %1.").arg(QString::fromLatin1(section)));
}

} // namespace kittiwake::mime
