// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/markoperation.h"

#include "core/sync/operations/operationjson.h"

#include <QJsonDocument>

namespace kittiwake::sync
{

QJsonObject SoughtMessage::toJson() const
{
    return {{QStringLiteral("messageId"), QString::fromLatin1(identity.messageId)},
            {QStringLiteral("size"), static_cast<qint64>(identity.size)},
            {QStringLiteral("date"), static_cast<qint64>(identity.internalDate)},
            {QStringLiteral("left"), json::places(left)}};
}

std::optional<SoughtMessage> SoughtMessage::fromJson(const QJsonObject &object)
{
    SoughtMessage result;
    result.identity.messageId = object[u"messageId"].toString().toLatin1();
    result.identity.size = static_cast<std::uint64_t>(object[u"size"].toInteger());
    result.identity.internalDate = object[u"date"].toInteger();
    result.left = json::places(object[u"left"]);
    return result.identity.messageId.isEmpty() ? std::nullopt : std::optional(result);
}

QByteArray MarkOperation::toBytes() const
{
    return QJsonDocument(QJsonObject{{QStringLiteral("message"), message.toJson()},
                                     {QStringLiteral("add"), json::flags(change.add)},
                                     {QStringLiteral("remove"), json::flags(change.remove)}})
        .toJson(QJsonDocument::Compact);
}

std::optional<MarkOperation> MarkOperation::fromBytes(const QString &name, const QByteArray &bytes)
{
    if (!isKind(name))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    auto message = SoughtMessage::fromJson(object[u"message"].toObject());
    if (!message)
        return std::nullopt;
    return MarkOperation{std::move(*message), {json::flags(object[u"add"]), json::flags(object[u"remove"])}};
}

} // namespace kittiwake::sync
