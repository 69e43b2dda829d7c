// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/appendoperation.h"

#include "core/mime/headers.h"
#include "core/store/limits.h"
#include "core/sync/operations/operationjson.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace kittiwake::sync
{

namespace
{

/** The header block without the empty line that ends it, cut at the limit. */
QByteArray headOf(const QByteArray &message)
{
    QByteArray start = message.left(AppendOperation::headLimit);
    for (qsizetype line = 0; line < start.size();) {
        const qsizetype end = start.indexOf('\n', line);
        if (end < 0)
            break;
        if (end == line || (end == line + 1 && start.at(line) == '\r'))
            return start.left(line);
        line = end + 1;
    }
    return start;
}

} // namespace

AppendOperation AppendOperation::of(const mail::MailboxName &mailbox, const QByteArray &message,
                                    const mail::Flags &flags, std::optional<std::int64_t> internalDate)
{
    AppendOperation result;
    result.mailbox = mailbox;
    result.flags = flags;
    result.internalDate = internalDate;
    result.head = headOf(message);
    const QByteArray id = mime::cleanMessageId(mime::headerFieldValue(result.head, "Message-ID"));
    result.identity.messageId = id.size() <= store::limits::messageId ? id : QByteArray();
    result.identity.size = static_cast<std::uint64_t>(message.size());
    result.identity.internalDate = internalDate.value_or(0);
    result.digest = QCryptographicHash::hash(message, QCryptographicHash::Sha256);
    return result;
}

QByteArray AppendOperation::toBytes() const
{
    QJsonObject object{{QStringLiteral("flags"), json::flags(flags)},
                       {QStringLiteral("size"), static_cast<qint64>(identity.size)},
                       {QStringLiteral("digest"), QString::fromLatin1(digest.toHex())},
                       {QStringLiteral("head"), QString::fromLatin1(head.toBase64())}};
    json::putMailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"), mailbox);
    if (idSuffices)
        object.insert(QStringLiteral("idSuffices"), true);
    if (mayBeSaved)
        object.insert(QStringLiteral("mayBeSaved"), true);
    if (internalDate)
        object.insert(QStringLiteral("date"), static_cast<qint64>(*internalDate));
    if (!prefix.isEmpty())
        object.insert(QStringLiteral("prefix"), QString::fromLatin1(prefix.toBase64()));
    if (!identity.messageId.isEmpty())
        object.insert(QStringLiteral("id"), QString::fromLatin1(identity.messageId));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<AppendOperation> AppendOperation::fromBytes(const QString &name, const QByteArray &bytes)
{
    if (!isKind(name))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    AppendOperation result;
    result.mailbox = json::mailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"));
    result.flags = json::flags(object[u"flags"]);
    if (object.contains(u"date"))
        result.internalDate = object[u"date"].toInteger();
    result.identity.messageId = object[u"id"].toString().toLatin1();
    result.identity.size = static_cast<std::uint64_t>(std::max<qint64>(0, object[u"size"].toInteger()));
    result.identity.internalDate = result.internalDate.value_or(0);
    result.idSuffices = object[u"idSuffices"].toBool();
    result.mayBeSaved = object[u"mayBeSaved"].toBool();
    result.prefix = QByteArray::fromBase64(object[u"prefix"].toString().toLatin1());
    result.digest = QByteArray::fromHex(object[u"digest"].toString().toLatin1());
    result.head = QByteArray::fromBase64(object[u"head"].toString().toLatin1());
    if (result.mailbox.text.isEmpty() || result.identity.size == 0 || result.digest.isEmpty())
        return std::nullopt;
    return result;
}

mail::MessageHeader AppendOperation::header(Uid uid, std::int64_t date) const
{
    mail::MessageHeader result;
    result.uid = uid;
    result.flags = flags;
    result.internalDate = internalDate.value_or(date / 1000);
    const QByteArray written = mime::headerFieldValue(head, "Date");
    result.date = mime::parseDate(written).value_or(result.internalDate);
    result.size = identity.size;
    result.messageId = identity.messageId;
    result.subject = mime::decodeHeaderText(mime::headerFieldValue(head, "Subject"));
    result.from = mime::parseAddressList(mime::headerFieldValue(head, "From"));
    result.to = mime::parseAddressList(mime::headerFieldValue(head, "To"));
    result.cc = mime::parseAddressList(mime::headerFieldValue(head, "Cc"));
    result.replyTo = mime::parseAddressList(mime::headerFieldValue(head, "Reply-To"));
    result.references = mime::parseMessageIds(mime::headerFieldValue(head, "References"));
    result.references += mime::parseMessageIds(mime::headerFieldValue(head, "In-Reply-To"));
    return result;
}

QByteArray AppendProgress::toBytes() const
{
    QJsonObject object{{QStringLiteral("sent"), isSent},
                       {QStringLiteral("uidvalidity"), static_cast<qint64>(validity.value())},
                       {QStringLiteral("next"), static_cast<qint64>(next.value())},
                       {QStringLiteral("uid"), static_cast<qint64>(uid.value())}};
    if (looks > 0)
        object.insert(QStringLiteral("looks"), looks);
    if (!mailbox.text.isEmpty())
        json::putMailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"), mailbox);
    if (!others.empty())
        object.insert(QStringLiteral("others"), json::places(others));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

AppendProgress AppendProgress::fromBytes(const QByteArray &bytes)
{
    AppendProgress result;
    if (bytes.isEmpty())
        return result;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    result.isSent = object[u"sent"].toBool(true);
    result.validity = json::uidValidity(object[u"uidvalidity"]);
    result.next = json::uid(object[u"next"]);
    result.uid = json::uid(object[u"uid"]);
    result.looks = std::max(0, object[u"looks"].toInt());
    result.mailbox = json::mailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"));
    result.others = json::places(object[u"others"]);
    return result;
}

} // namespace kittiwake::sync
