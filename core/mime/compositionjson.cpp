// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/compositionjson.h"

#include <QJsonArray>

namespace kittiwake::mime
{

namespace
{

QJsonArray toJson(const mail::AddressList &addresses)
{
    QJsonArray result;
    for (const mail::Address &one : addresses)
        result.append(QJsonArray{one.name, one.address});
    return result;
}

mail::AddressList addresses(const QJsonValue &value)
{
    mail::AddressList result;
    const QJsonArray list = value.toArray();
    for (const QJsonValue one : list)
        result.push_back({one.toArray().at(0).toString(), one.toArray().at(1).toString()});
    return result;
}

/** Bytes of a header: one letter each, so that they come back as they were. */
QString text(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes);
}

QJsonArray toJson(const QByteArrayList &list)
{
    QJsonArray result;
    for (const QByteArray &one : list)
        result.append(text(one));
    return result;
}

QByteArrayList byteList(const QJsonValue &value)
{
    QByteArrayList result;
    const QJsonArray list = value.toArray();
    for (const QJsonValue one : list)
        result.append(one.toString().toLatin1());
    return result;
}

QJsonArray toJson(const std::vector<OtherField> &fields)
{
    QJsonArray result;
    for (const OtherField &field : fields)
        result.append(QJsonArray{text(field.name), text(field.value)});
    return result;
}

std::vector<OtherField> otherFields(const QJsonValue &value)
{
    std::vector<OtherField> result;
    const QJsonArray list = value.toArray();
    for (const QJsonValue one : list)
        result.push_back({one.toArray().at(0).toString().toLatin1(), one.toArray().at(1).toString().toLatin1()});
    return result;
}

void put(QJsonObject &object, const char *name, const QJsonValue &value)
{
    const bool isEmpty = value.isArray() ? value.toArray().isEmpty()
        : value.isString()               ? value.toString().isEmpty()
        : value.isBool()                 ? !value.toBool()
                                         : value.toDouble() == 0;
    if (!isEmpty)
        object.insert(QLatin1String(name), value);
}

} // namespace

QJsonObject compositionToJson(const Composition &composition)
{
    QJsonObject object;
    put(object, "from", toJson(mail::AddressList{composition.from}));
    if (composition.sender)
        put(object, "sender", toJson(mail::AddressList{*composition.sender}));
    put(object, "to", toJson(composition.to));
    put(object, "cc", toJson(composition.cc));
    put(object, "bcc", toJson(composition.bcc));
    put(object, "replyTo", toJson(composition.replyTo));
    put(object, "subject", composition.subject);
    put(object, "text", composition.text);
    put(object, "html", composition.html);
    put(object, "messageId", text(composition.messageId));
    put(object, "inReplyTo", toJson(composition.inReplyTo));
    put(object, "references", toJson(composition.references));
    put(object, "date", static_cast<qint64>(composition.date));
    put(object, "utcOffset", composition.utcOffset);
    put(object, "priority", static_cast<int>(composition.priority));
    put(object, "receipt", composition.wantsReceipt);
    put(object, "userAgent", text(composition.userAgent));
    put(object, "otherFields", toJson(composition.otherFields));
    return object;
}

Composition compositionFromJson(const QJsonObject &object)
{
    Composition result;
    if (const auto from = addresses(object[u"from"]); !from.empty())
        result.from = from.front();
    if (const auto sender = addresses(object[u"sender"]); !sender.empty())
        result.sender = sender.front();
    result.to = addresses(object[u"to"]);
    result.cc = addresses(object[u"cc"]);
    result.bcc = addresses(object[u"bcc"]);
    result.replyTo = addresses(object[u"replyTo"]);
    result.subject = object[u"subject"].toString();
    result.text = object[u"text"].toString();
    result.html = object[u"html"].toString();
    result.messageId = object[u"messageId"].toString().toLatin1();
    result.inReplyTo = byteList(object[u"inReplyTo"]);
    result.references = byteList(object[u"references"]);
    result.date = object[u"date"].toInteger();
    result.utcOffset = object[u"utcOffset"].toInt();
    switch (object[u"priority"].toInt()) {
    case static_cast<int>(Composition::Priority::High):
        result.priority = Composition::Priority::High;
        break;
    case static_cast<int>(Composition::Priority::Low):
        result.priority = Composition::Priority::Low;
        break;
    default:
        break;
    }
    result.wantsReceipt = object[u"receipt"].toBool();
    result.userAgent = object[u"userAgent"].toString().toLatin1();
    result.otherFields = otherFields(object[u"otherFields"]);
    return result;
}

} // namespace kittiwake::mime
