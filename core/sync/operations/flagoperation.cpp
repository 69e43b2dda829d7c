// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/flagoperation.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

QJsonArray toJson(const mail::Flags &flags)
{
    QJsonArray result;
    for (const QByteArray &name : flags.names())
        result.append(QString::fromLatin1(name));
    return result;
}

mail::Flags flagsFromJson(const QJsonValue &value)
{
    mail::Flags result;
    const QJsonArray names = value.toArray();
    for (const auto &name : names)
        result.addByName(name.toString().toLatin1());
    return result;
}

/** Lays group over what the groups so far say of its messages; the groups stay apart from each other. */
void lay(std::vector<FlagGroup> &groups, const FlagGroup &group)
{
    imap::UidSet fresh = group.uids;
    std::vector<FlagGroup> split;
    for (FlagGroup &known : groups) {
        imap::UidSet both = known.uids;
        both.intersect(fresh);
        if (both.isEmpty())
            continue;
        known.uids.subtract(both);
        fresh.subtract(both);
        split.push_back({std::move(both), known.change.then(group.change)});
    }
    if (!fresh.isEmpty())
        split.push_back({std::move(fresh), group.change});
    std::erase_if(groups, [](const FlagGroup &known) { return known.uids.isEmpty(); });
    for (FlagGroup &part : split) {
        const auto same = std::find_if(groups.begin(), groups.end(),
                                       [&](const FlagGroup &known) { return known.change == part.change; });
        if (same == groups.end())
            groups.push_back(std::move(part));
        else
            same->uids.unite(part.uids);
    }
}

} // namespace

QByteArray FlagOperation::toBytes() const
{
    QJsonArray list;
    for (const FlagGroup &group : groups) {
        list.append(QJsonObject{{QStringLiteral("uids"), QString::fromLatin1(group.uids.toBytes())},
                                {QStringLiteral("add"), toJson(group.change.add)},
                                {QStringLiteral("remove"), toJson(group.change.remove)}});
    }
    QJsonObject object{{QStringLiteral("mailbox"), mailbox.text},
                       {QStringLiteral("uidvalidity"), static_cast<qint64>(uidValidity.value())},
                       {QStringLiteral("groups"), list}};
    if (!mailbox.wire.isEmpty())
        object.insert(QStringLiteral("wire"), QString::fromLatin1(mailbox.wire.toBase64()));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<FlagOperation> FlagOperation::fromBytes(const QByteArray &bytes)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    FlagOperation result;
    result.mailbox = {object[u"mailbox"].toString(), QByteArray::fromBase64(object[u"wire"].toString().toLatin1())};
    const qint64 validity = object[u"uidvalidity"].toInteger();
    if (result.mailbox.text.isEmpty() || validity <= 0 || validity > 0xFFFFFFFFLL)
        return std::nullopt;
    result.uidValidity = UidValidity(static_cast<std::uint32_t>(validity));
    const QJsonArray list = object[u"groups"].toArray();
    for (const auto &value : list) {
        const QJsonObject entry = value.toObject();
        auto uids = imap::UidSet::parse(entry[u"uids"].toString().toLatin1(), imap::SequenceSet::Star::Refused);
        if (!uids)
            return std::nullopt;
        result.groups.push_back({std::move(*uids), {flagsFromJson(entry[u"add"]), flagsFromJson(entry[u"remove"])}});
    }
    return result.groups.empty() ? std::nullopt : std::optional(result);
}

std::vector<FlagGroup> coalesced(const std::vector<FlagOperation> &operations)
{
    std::vector<FlagGroup> result;
    for (const FlagOperation &operation : operations) {
        for (const FlagGroup &group : operation.groups)
            lay(result, group);
    }
    std::erase_if(result, [](const FlagGroup &group) { return group.change.isEmpty(); });
    return result;
}

} // namespace kittiwake::sync
