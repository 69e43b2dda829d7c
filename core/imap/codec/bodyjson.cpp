// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/bodyjson.h"

namespace kittiwake::imap
{

namespace
{

QJsonArray addressesJson(const std::vector<mail::RawAddress> &addresses)
{
    QJsonArray array;
    for (const mail::RawAddress &address : addresses) {
        array.append(QJsonObject{{QStringLiteral("name"), bytesJson(address.name)},
                                 {QStringLiteral("mailbox"), bytesJson(address.mailbox)},
                                 {QStringLiteral("host"), bytesJson(address.host)}});
    }
    return array;
}

QJsonArray parametersJson(const mail::BodyParameters &parameters)
{
    QJsonArray array;
    for (const auto &[name, value] : parameters)
        array.append(QJsonArray{bytesJson(name), bytesJson(value)});
    return array;
}

void put(QJsonObject &object, QStringView name, const QByteArray &value)
{
    if (!value.isEmpty())
        object[name] = bytesJson(value);
}

} // namespace

QJsonValue bytesJson(const QByteArray &bytes)
{
    QString text = QString::fromUtf8(bytes);
    if (text.toUtf8() == bytes)
        return text;
    return QJsonObject{{QStringLiteral("base64"), QString::fromLatin1(bytes.toBase64())}};
}

QJsonArray textsJson(const QByteArrayList &texts)
{
    QJsonArray array;
    for (const QByteArray &text : texts)
        array.append(bytesJson(text));
    return array;
}

QJsonValue numberJson(std::uint64_t value)
{
    constexpr std::uint64_t exact = std::uint64_t{1} << 53;
    if (value > exact)
        return QString::number(value);
    return static_cast<qint64>(value);
}

QJsonObject envelopeJson(const mail::Envelope &envelope)
{
    return {{QStringLiteral("date"), bytesJson(envelope.date)},
            {QStringLiteral("subject"), bytesJson(envelope.subject)},
            {QStringLiteral("from"), addressesJson(envelope.from)},
            {QStringLiteral("sender"), addressesJson(envelope.sender)},
            {QStringLiteral("reply_to"), addressesJson(envelope.replyTo)},
            {QStringLiteral("to"), addressesJson(envelope.to)},
            {QStringLiteral("cc"), addressesJson(envelope.cc)},
            {QStringLiteral("bcc"), addressesJson(envelope.bcc)},
            {QStringLiteral("in_reply_to"), bytesJson(envelope.inReplyTo)},
            {QStringLiteral("message_id"), bytesJson(envelope.messageId)}};
}

QJsonObject bodyJson(const mail::BodyPart &part)
{
    QJsonObject object{{QStringLiteral("type"), bytesJson(part.type)},
                       {QStringLiteral("subtype"), bytesJson(part.subtype)}};
    if (!part.parameters.empty())
        object[u"parameters"] = parametersJson(part.parameters);
    put(object, u"id", part.id);
    put(object, u"description", part.description);
    put(object, u"encoding", part.encoding);
    if (!part.isMultipart())
        object[u"size"] = numberJson(part.size);
    if (part.type == "text" || part.isMessage())
        object[u"lines"] = numberJson(part.lines);
    put(object, u"md5", part.md5);
    put(object, u"disposition", part.disposition);
    if (!part.dispositionParameters.empty())
        object[u"disposition_parameters"] = parametersJson(part.dispositionParameters);
    if (!part.languages.isEmpty())
        object[u"languages"] = textsJson(part.languages);
    put(object, u"location", part.location);
    if (part.envelope)
        object[u"envelope"] = envelopeJson(*part.envelope);
    if (!part.children.empty()) {
        QJsonArray children;
        for (const mail::BodyPart &child : part.children)
            children.append(bodyJson(child));
        object[u"children"] = children;
    }
    return object;
}

} // namespace kittiwake::imap
