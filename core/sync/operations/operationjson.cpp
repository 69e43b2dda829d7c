// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/operationjson.h"

namespace kittiwake::sync::json
{

namespace
{

std::uint32_t number(const QJsonValue &value)
{
    const qint64 read = value.toInteger();
    return read > 0 && read <= 0xFFFFFFFFLL ? static_cast<std::uint32_t>(read) : 0;
}

} // namespace

QJsonArray flags(const mail::Flags &flags)
{
    QJsonArray result;
    for (const QByteArray &name : flags.names())
        result.append(QString::fromLatin1(name));
    return result;
}

mail::Flags flags(const QJsonValue &value)
{
    mail::Flags result;
    const QJsonArray names = value.toArray();
    for (const auto &name : names)
        result.addByName(name.toString().toLatin1());
    return result;
}

void putMailbox(QJsonObject &object, const QString &key, const QString &wireKey, const mail::MailboxName &name)
{
    object.insert(key, name.text);
    if (!name.wire.isEmpty())
        object.insert(wireKey, QString::fromLatin1(name.wire.toBase64()));
}

mail::MailboxName mailbox(const QJsonObject &object, const QString &key, const QString &wireKey)
{
    return {object[key].toString(), QByteArray::fromBase64(object[wireKey].toString().toLatin1())};
}

UidValidity uidValidity(const QJsonValue &value)
{
    return UidValidity(number(value));
}

Uid uid(const QJsonValue &value)
{
    return Uid(number(value));
}

std::optional<imap::UidSet> uids(const QJsonValue &value)
{
    const QString text = value.toString();
    if (text.isEmpty())
        return imap::UidSet();
    return imap::UidSet::parse(text.toLatin1(), imap::SequenceSet::Star::Refused);
}

QJsonArray places(const std::vector<MessageAt> &places)
{
    QJsonArray result;
    for (const MessageAt &place : places) {
        QJsonObject entry{{QStringLiteral("uidvalidity"), static_cast<qint64>(place.validity.value())},
                          {QStringLiteral("uid"), static_cast<qint64>(place.uid.value())}};
        putMailbox(entry, QStringLiteral("mailbox"), QStringLiteral("wire"), place.mailbox);
        result.append(entry);
    }
    return result;
}

std::vector<MessageAt> places(const QJsonValue &value)
{
    std::vector<MessageAt> result;
    const QJsonArray list = value.toArray();
    result.reserve(static_cast<std::size_t>(list.size()));
    for (const auto &one : list) {
        const QJsonObject entry = one.toObject();
        result.push_back({mailbox(entry, QStringLiteral("mailbox"), QStringLiteral("wire")),
                          uidValidity(entry[u"uidvalidity"]), uid(entry[u"uid"])});
    }
    return result;
}

} // namespace kittiwake::sync::json
