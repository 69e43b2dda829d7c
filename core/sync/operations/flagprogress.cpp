// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/flagprogress.h"

#include "core/sync/operations/operationjson.h"

#include <QJsonDocument>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** Of more kinds of messages in one change, those that come later are not noted: they get the change again. */
constexpr std::size_t mostStates = 64;

} // namespace

QByteArray FlagProgress::toBytes() const
{
    QJsonObject object{{QStringLiteral("sent"), true}};
    if (since.isValid()) {
        QJsonArray states;
        for (const FlagState &state : before) {
            states.append(QJsonObject{{QStringLiteral("flags"), json::flags(state.flags)},
                                      {QStringLiteral("uids"), QString::fromLatin1(state.uids.toBytes())}});
        }
        object.insert(QStringLiteral("uidvalidity"), static_cast<qint64>(uidValidity.value()));
        // 63 bits (RFC 7162 section 3.1.1), of which a JSON number keeps 53.
        object.insert(QStringLiteral("modseq"), QString::number(since.value()));
        object.insert(QStringLiteral("before"), states);
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<FlagProgress> FlagProgress::fromBytes(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    FlagProgress result;
    result.uidValidity = json::uidValidity(object[u"uidvalidity"]);
    result.since = ModSeq(object[u"modseq"].toString().toULongLong());
    const QJsonArray states = object[u"before"].toArray();
    for (const auto &value : states) {
        const QJsonObject entry = value.toObject();
        auto uids = json::uids(entry[u"uids"]);
        if (!uids)
            return FlagProgress();
        result.before.push_back({json::flags(entry[u"flags"]), std::move(*uids)});
    }
    return result;
}

FlagProgress FlagProgress::of(UidValidity validity, std::span<const store::FlagUpdate> messages)
{
    FlagProgress result;
    result.uidValidity = validity;
    std::vector<std::vector<Uid>> uids;
    for (const store::FlagUpdate &message : messages) {
        result.since = std::max(result.since, message.modseq);
        const auto same = std::find_if(result.before.begin(), result.before.end(),
                                       [&](const FlagState &state) { return state.flags == message.flags; });
        const auto index = static_cast<std::size_t>(same - result.before.begin());
        if (index >= mostStates)
            continue;
        if (same == result.before.end()) {
            result.before.push_back({message.flags, {}});
            uids.emplace_back();
        }
        uids[index].push_back(message.uid);
    }
    for (std::size_t i = 0; i < uids.size(); ++i)
        result.before[i].uids = imap::UidSet::fromUids(uids[i]);
    return result;
}

imap::UidSet doneBefore(const FlagProgress &earlier, std::span<const store::FlagUpdate> now,
                        const mail::FlagChange &change)
{
    // Flags are added and removed by a command each, and only the first may have arrived: if that took away what others
    // had set meanwhile, the message is as it was before, and nobody has taken anything back.
    const bool isOneCommand = change.add == mail::Flags() || change.remove == mail::Flags();
    std::vector<Uid> done;
    for (const store::FlagUpdate &message : now) {
        const bool isAsWanted = change.undoneFor(message.flags).isEmpty();
        const bool isTakenBack = !isAsWanted && isOneCommand && earlier.since.isValid()
            && message.modseq > earlier.since
            && std::any_of(earlier.before.begin(), earlier.before.end(), [&](const FlagState &state) {
                   return state.flags == message.flags && state.uids.contains(message.uid);
               });
        if (isAsWanted || isTakenBack)
            done.push_back(message.uid);
    }
    return imap::UidSet::fromUids(done);
}

} // namespace kittiwake::sync
