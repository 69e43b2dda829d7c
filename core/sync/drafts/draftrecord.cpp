// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftrecord.h"

#include "core/mime/compositionjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace kittiwake::sync
{

namespace
{

QString text(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes);
}

QString kindName(DraftFile::Kind kind)
{
    switch (kind) {
    case DraftFile::Kind::File:
        break;
    case DraftFile::Kind::Part:
        return QStringLiteral("part");
    case DraftFile::Kind::Message:
        return QStringLiteral("message");
    }
    return QStringLiteral("file");
}

QJsonObject objectOf(const DraftFile &file)
{
    QJsonObject object{{QStringLiteral("kind"), kindName(file.kind)},
                       {QStringLiteral("part"), static_cast<qint64>(file.part.value())},
                       {QStringLiteral("name"), file.name}};
    if (!file.type.isEmpty())
        object.insert(QStringLiteral("type"), text(file.type));
    if (!file.contentId.isEmpty())
        object.insert(QStringLiteral("contentId"), text(file.contentId));
    if (!file.header.isEmpty())
        object.insert(QStringLiteral("header"), text(file.header));
    if (!file.path.isEmpty()) {
        object.insert(QStringLiteral("path"), file.path);
        object.insert(QStringLiteral("pathSize"), static_cast<qint64>(file.pathSize));
        object.insert(QStringLiteral("pathTime"), static_cast<qint64>(file.pathTime));
    }
    return object;
}

DraftFile fileOf(const QJsonObject &object)
{
    DraftFile file;
    const QString kind = object[u"kind"].toString();
    file.kind = kind == QLatin1String("part") ? DraftFile::Kind::Part
        : kind == QLatin1String("message")    ? DraftFile::Kind::Message
                                              : DraftFile::Kind::File;
    file.part = store::DraftPartId(object[u"part"].toInteger());
    file.name = object[u"name"].toString();
    file.type = object[u"type"].toString().toLatin1();
    file.contentId = object[u"contentId"].toString().toLatin1();
    file.header = object[u"header"].toString().toLatin1();
    file.path = object[u"path"].toString();
    file.pathSize = object[u"pathSize"].toInteger();
    file.pathTime = object[u"pathTime"].toInteger();
    return file;
}

} // namespace

QByteArray DraftRecord::toBytes() const
{
    QJsonArray goesAlong;
    for (const DraftFile &file : files)
        goesAlong.append(objectOf(file));
    QJsonObject object{{QStringLiteral("format"), 1},
                       {QStringLiteral("message"), mime::compositionToJson(composition)},
                       {QStringLiteral("files"), goesAlong},
                       {QStringLiteral("origins"), toJson(context.origins)},
                       {QStringLiteral("rich"), context.isRich}};
    if (!context.identity.isEmpty())
        object.insert(QStringLiteral("identity"), context.identity);
    if (context.kind != DraftContext::Kind::Message)
        object.insert(QStringLiteral("kind"),
                      context.kind == DraftContext::Kind::Template ? QStringLiteral("template")
                                                                   : QStringLiteral("redirect"));
    if (context.wantsDeliveryReport)
        object.insert(QStringLiteral("deliveryReport"), true);
    if (!context.window.isEmpty())
        object.insert(QStringLiteral("window"), QString::fromLatin1(context.window.toBase64()));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<DraftRecord> DraftRecord::fromBytes(const QByteArray &bytes)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    if (object[u"format"].toInt() != 1)
        return std::nullopt;
    DraftRecord result;
    result.composition = mime::compositionFromJson(object[u"message"].toObject());
    const QJsonArray files = object[u"files"].toArray();
    for (const QJsonValue file : files)
        result.files.push_back(fileOf(file.toObject()));
    result.context.origins = originsFromJson(object[u"origins"]);
    result.context.isRich = object[u"rich"].toBool();
    result.context.identity = object[u"identity"].toString();
    const QString kind = object[u"kind"].toString();
    result.context.kind = kind == QLatin1String("template") ? DraftContext::Kind::Template
        : kind == QLatin1String("redirect")                 ? DraftContext::Kind::Redirect
                                                            : DraftContext::Kind::Message;
    result.context.wantsDeliveryReport = object[u"deliveryReport"].toBool();
    result.context.window = QByteArray::fromBase64(object[u"window"].toString().toLatin1());
    return result;
}

} // namespace kittiwake::sync
