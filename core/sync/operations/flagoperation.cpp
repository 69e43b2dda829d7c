// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/flagoperation.h"

#include "core/sync/operations/operationjson.h"

#include <QJsonDocument>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

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

QJsonObject toJson(const FlagOperation &operation)
{
    QJsonArray list;
    for (const FlagGroup &group : operation.groups) {
        list.append(QJsonObject{{QStringLiteral("uids"), QString::fromLatin1(group.uids.toBytes())},
                                {QStringLiteral("add"), json::flags(group.change.add)},
                                {QStringLiteral("remove"), json::flags(group.change.remove)}});
    }
    QJsonObject object{{QStringLiteral("uidvalidity"), static_cast<qint64>(operation.uidValidity.value())},
                       {QStringLiteral("groups"), list}};
    if (operation.sought)
        object.insert(QStringLiteral("sought"), operation.sought->toJson());
    json::putMailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"), operation.mailbox);
    return object;
}

std::optional<FlagOperation> operationFromJson(const QJsonObject &object)
{
    FlagOperation result;
    result.mailbox = json::mailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"));
    result.uidValidity = json::uidValidity(object[u"uidvalidity"]);
    if (result.mailbox.text.isEmpty() || !result.uidValidity.isValid())
        return std::nullopt;
    const QJsonArray list = object[u"groups"].toArray();
    for (const auto &value : list) {
        const QJsonObject entry = value.toObject();
        auto uids = imap::UidSet::parse(entry[u"uids"].toString().toLatin1(), imap::SequenceSet::Star::Refused);
        if (!uids)
            return std::nullopt;
        result.groups.push_back({std::move(*uids), {json::flags(entry[u"add"]), json::flags(entry[u"remove"])}});
    }
    result.sought = SoughtMessage::fromJson(object[u"sought"].toObject());
    return result.groups.empty() ? std::nullopt : std::optional(result);
}

} // namespace

imap::UidSet FlagOperation::uids() const
{
    imap::UidSet result;
    for (const FlagGroup &group : groups)
        result.unite(group.uids);
    return result;
}

QByteArray FlagOperation::toBytes() const
{
    return QJsonDocument(toJson(*this)).toJson(QJsonDocument::Compact);
}

std::optional<FlagOperation> FlagOperation::fromBytes(const QByteArray &bytes)
{
    return operationFromJson(QJsonDocument::fromJson(bytes).object());
}

QByteArray FlagOperation::listToBytes(const std::vector<FlagOperation> &operations)
{
    QJsonArray list;
    for (const FlagOperation &operation : operations)
        list.append(toJson(operation));
    return QJsonDocument(list).toJson(QJsonDocument::Compact);
}

std::vector<FlagOperation> FlagOperation::listFromBytes(const QByteArray &bytes)
{
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    // A single one is what version 0.1 wrote.
    const QJsonArray list = document.isArray() ? document.array() : QJsonArray{document.object()};
    std::vector<FlagOperation> result;
    for (const auto &value : list) {
        auto operation = operationFromJson(value.toObject());
        if (!operation)
            return {};
        result.push_back(std::move(*operation));
    }
    return result;
}

MarkOperation soughtElsewhere(const FlagOperation &flags)
{
    MarkOperation result{*flags.sought, {}};
    for (const FlagGroup &group : flags.groups) {
        if (group.uids.isEmpty())
            continue;
        const MessageAt place{flags.mailbox, flags.uidValidity,
                              Uid(static_cast<std::uint32_t>(group.uids.ranges().front().first))};
        if (result.message.left.empty() || result.message.left.back() != place)
            result.message.left.push_back(place);
        result.change = result.change.then(group.change);
    }
    return result;
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
