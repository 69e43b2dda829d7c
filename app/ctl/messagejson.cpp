// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/messagejson.h"

#include <QDateTime>

namespace kittiwake::ctl
{

QString utcText(std::int64_t seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

QJsonObject addressJson(const mail::Address &address)
{
    return {{QStringLiteral("name"), address.name}, {QStringLiteral("address"), address.address}};
}

QJsonObject messageJson(const store::MessageRow &row)
{
    const mail::MessageHeader &header = row.header;
    QJsonArray to;
    for (const mail::Address &address : header.to)
        to.append(addressJson(address));
    mail::Flags systemOnly;
    systemOnly.setSystemBits(header.flags.systemBits());
    QJsonArray flags;
    for (const QByteArray &name : systemOnly.names())
        flags.append(QString::fromLatin1(name));
    QJsonArray keywords;
    for (const QByteArray &keyword : header.flags.keywords())
        keywords.append(QString::fromUtf8(keyword));
    // A message that waits to be moved here has no UID here yet.
    return {{QStringLiteral("uid"),
             header.uid.isValid() ? QJsonValue(static_cast<qint64>(header.uid.value())) : QJsonValue()},
            {QStringLiteral("date"), utcText(header.date)},
            {QStringLiteral("from"), header.from.empty() ? QJsonValue() : QJsonValue(addressJson(header.from.front()))},
            {QStringLiteral("to"), to},
            {QStringLiteral("subject"), header.subject},
            {QStringLiteral("flags"), flags},
            {QStringLiteral("keywords"), keywords},
            {QStringLiteral("size"), static_cast<qint64>(header.size)},
            {QStringLiteral("has_attachment"), header.hasAttachment},
            {QStringLiteral("message_id"), QString::fromUtf8(header.messageId)},
            {QStringLiteral("thread"), static_cast<qint64>(row.thread.value())}};
}

QJsonObject mailboxJson(const store::MailboxRow &row)
{
    return {{QStringLiteral("name"), row.name.text},
            {QStringLiteral("role"), mail::mailboxRoleName(row.role)},
            {QStringLiteral("messages"), static_cast<qint64>(row.messages)},
            {QStringLiteral("unseen"), static_cast<qint64>(row.unseen)},
            {QStringLiteral("uidvalidity"), static_cast<qint64>(row.uidValidity.value())},
            {QStringLiteral("uidnext"), static_cast<qint64>(row.uidNext.value())},
            {QStringLiteral("highestmodseq"), static_cast<qint64>(row.highestModSeq.value())},
            {QStringLiteral("subscribed"), row.subscribed},
            {QStringLiteral("is_label"), row.isLabel},
            {QStringLiteral("newest_only"),
             row.newestOnly > 0 ? QJsonValue(static_cast<qint64>(row.newestOnly)) : QJsonValue()},
            {QStringLiteral("synced_at"), row.syncedAt > 0 ? QJsonValue(utcText(row.syncedAt)) : QJsonValue()}};
}

} // namespace kittiwake::ctl
