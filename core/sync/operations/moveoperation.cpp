// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/moveoperation.h"

#include "core/sync/operations/operationjson.h"

#include <QJsonDocument>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

QJsonObject toJson(const MovedMessage &message)
{
    QJsonObject object{{QStringLiteral("uid"), static_cast<qint64>(message.uid.value())},
                       {QStringLiteral("size"), static_cast<qint64>(message.identity.size)},
                       {QStringLiteral("date"), static_cast<qint64>(message.identity.internalDate)}};
    // Whatever octets a Message-ID has, it must be the same afterwards.
    if (!message.identity.messageId.isEmpty())
        object.insert(QStringLiteral("id"), QString::fromLatin1(message.identity.messageId));
    if (message.change.add != mail::Flags())
        object.insert(QStringLiteral("add"), json::flags(message.change.add));
    if (message.change.remove != mail::Flags())
        object.insert(QStringLiteral("remove"), json::flags(message.change.remove));
    if (message.original.isValid())
        object.insert(QStringLiteral("original"), static_cast<qint64>(message.original.value()));
    return object;
}

MovedMessage messageFromJson(const QJsonObject &object)
{
    MovedMessage message;
    message.uid = json::uid(object[u"uid"]);
    message.identity.messageId = object[u"id"].toString().toLatin1();
    message.identity.size = static_cast<std::uint64_t>(std::max<qint64>(0, object[u"size"].toInteger()));
    message.identity.internalDate = object[u"date"].toInteger();
    message.change = {json::flags(object[u"add"]), json::flags(object[u"remove"])};
    message.original = json::uid(object[u"original"]);
    return message;
}

QString textOf(const imap::NumberRanges &ranges)
{
    QByteArray text;
    for (const imap::NumberRange &range : ranges) {
        if (!text.isEmpty())
            text += ',';
        text += QByteArray::number(range.first);
        if (range.last != range.first)
            text += ':' + QByteArray::number(range.last);
    }
    return QString::fromLatin1(text);
}

imap::NumberRanges rangesFrom(const QJsonValue &value)
{
    return imap::SequenceSet::parseRanges(value.toString().toLatin1()).value_or(imap::NumberRanges());
}

void append(imap::NumberRanges &ranges, std::uint32_t number)
{
    if (!ranges.empty() && ranges.back().last + 1 == number && number != 0)
        ranges.back().last = number;
    else
        ranges.push_back({number, number});
}

} // namespace

imap::UidSet MoveOperation::uids() const
{
    std::vector<Uid> result;
    result.reserve(messages.size());
    for (const MovedMessage &message : messages) {
        if (message.uid.isValid())
            result.push_back(message.uid);
    }
    return imap::UidSet::fromUids(result);
}

QByteArray MoveOperation::toBytes() const
{
    QJsonArray list;
    for (const MovedMessage &message : messages)
        list.append(toJson(message));
    QJsonObject object{{QStringLiteral("uidvalidity"), static_cast<qint64>(uidValidity.value())},
                       {QStringLiteral("messages"), list}};
    json::putMailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"), source);
    if (target)
        json::putMailbox(object, QStringLiteral("target"), QStringLiteral("targetWire"), *target);
    if (follows.isValid())
        object.insert(QStringLiteral("follows"), static_cast<qint64>(follows.value()));
    if (searchFrom.isValid())
        object.insert(QStringLiteral("searchFrom"), static_cast<qint64>(searchFrom.value()));
    if (original) {
        json::putMailbox(object, QStringLiteral("original"), QStringLiteral("originalWire"), *original);
        object.insert(QStringLiteral("originalValidity"), static_cast<qint64>(originalValidity.value()));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

bool MoveOperation::mayFollow(const QByteArray &bytes)
{
    // Within a name the quotation marks would be escaped.
    return bytes.contains("\"follows\":");
}

std::optional<MoveOperation> MoveOperation::fromBytes(const QString &kind, const QByteArray &bytes)
{
    const auto known = mail::moveKindOf(kind);
    if (!known)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    MoveOperation result;
    result.kind = *known;
    result.source = json::mailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"));
    result.uidValidity = json::uidValidity(object[u"uidvalidity"]);
    if (object.contains(u"target"))
        result.target = json::mailbox(object, QStringLiteral("target"), QStringLiteral("targetWire"));
    result.follows = OperationId(object[u"follows"].toInteger());
    result.searchFrom = json::uid(object[u"searchFrom"]);
    if (object.contains(u"original")) {
        result.original = json::mailbox(object, QStringLiteral("original"), QStringLiteral("originalWire"));
        result.originalValidity = json::uidValidity(object[u"originalValidity"]);
    }
    const QJsonArray list = object[u"messages"].toArray();
    result.messages.reserve(static_cast<std::size_t>(list.size()));
    for (const auto &value : list)
        result.messages.push_back(messageFromJson(value.toObject()));
    const bool needsTarget = result.kind != mail::MoveKind::Expunge;
    if (result.source.text.isEmpty() || !result.uidValidity.isValid() || result.messages.empty()
        || needsTarget != result.target.has_value() || (result.target && result.target->text.isEmpty()))
        return std::nullopt;
    return result;
}

imap::UidSet MoveProgress::arrived() const
{
    imap::UidSet result;
    for (const MovedPart &part : done)
        result.unite(imap::UidSet(imap::SequenceSet::fromRanges(part.pairs.source)));
    return result;
}

imap::UidSet MoveProgress::copied() const
{
    imap::UidSet result;
    for (const MovedPart &part : done) {
        if (part.hasOriginal)
            result.unite(imap::UidSet(imap::SequenceSet::fromRanges(part.pairs.source)));
    }
    return result;
}

void MoveProgress::originalsHaveGone(const imap::UidSet &uids)
{
    std::vector<MovedPart> parts;
    for (MovedPart &part : done) {
        imap::UidSet left;
        if (part.hasOriginal) {
            left = imap::UidSet(imap::SequenceSet::fromRanges(part.pairs.source));
            left.subtract(uids);
        }
        part.hasOriginal = !left.isEmpty();
        const std::map<Uid, Uid> pairs = part.hasOriginal ? pairsOf(part.pairs) : std::map<Uid, Uid>();
        std::map<Uid, Uid> away;
        std::map<Uid, Uid> rest;
        for (const auto &pair : pairs)
            (left.contains(pair.first) ? rest : away).insert(pair);
        if (!away.empty()) {
            MovedPart over = part;
            over.hasOriginal = false;
            over.pairs = codeOf(part.pairs.validity, away);
            parts.push_back(std::move(over));
            part.pairs = codeOf(part.pairs.validity, rest);
        }
        parts.push_back(std::move(part));
    }
    done = std::move(parts);
}

imap::UidSet MoveProgress::settled() const
{
    imap::UidSet result = arrived();
    result.subtract(copied());
    for (const imap::UidSet *set : {&gone, &removed, &kept, &marked})
        result.unite(*set);
    return result;
}

QByteArray MoveProgress::toBytes() const
{
    QJsonArray parts;
    for (const MovedPart &part : done) {
        QJsonObject entry{{QStringLiteral("uidvalidity"), static_cast<qint64>(part.pairs.validity.value())},
                          {QStringLiteral("from"), textOf(part.pairs.source)},
                          {QStringLiteral("to"), textOf(part.pairs.destination)},
                          {QStringLiteral("searchFrom"), static_cast<qint64>(part.searchFrom.value())},
                          {QStringLiteral("verified"), part.isVerified}};
        if (part.hasOriginal)
            entry.insert(QStringLiteral("original"), true);
        if (part.isMovedOn)
            entry.insert(QStringLiteral("movedOn"), true);
        json::putMailbox(entry, QStringLiteral("mailbox"), QStringLiteral("wire"), part.mailbox);
        parts.append(entry);
    }
    QJsonObject object{
        {QStringLiteral("done"), parts},
        {QStringLiteral("gone"), QString::fromLatin1(gone.toBytes())},
        {QStringLiteral("removed"), QString::fromLatin1(removed.toBytes())},
        {QStringLiteral("marked"), QString::fromLatin1(marked.toBytes())},
        {QStringLiteral("inFlight"), QString::fromLatin1(inFlight.toBytes())},
        {QStringLiteral("targetValidity"), static_cast<qint64>(targetValidity.value())},
        {QStringLiteral("targetNext"), static_cast<qint64>(targetNext.value())},
    };
    if (!kept.isEmpty())
        object.insert(QStringLiteral("kept"), QString::fromLatin1(kept.toBytes()));
    if (others)
        object.insert(QStringLiteral("others"), json::places(*others));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

MoveProgress MoveProgress::fromBytes(const QByteArray &bytes)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    MoveProgress result;
    const QJsonArray parts = object[u"done"].toArray();
    for (const auto &value : parts) {
        const QJsonObject entry = value.toObject();
        MovedPart part;
        part.mailbox = json::mailbox(entry, QStringLiteral("mailbox"), QStringLiteral("wire"));
        part.pairs = {json::uidValidity(entry[u"uidvalidity"]), rangesFrom(entry[u"from"]), rangesFrom(entry[u"to"])};
        part.searchFrom = json::uid(entry[u"searchFrom"]);
        part.isVerified = entry[u"verified"].toBool();
        part.hasOriginal = entry[u"original"].toBool();
        part.isMovedOn = entry[u"movedOn"].toBool();
        result.done.push_back(std::move(part));
    }
    result.gone = json::uids(object[u"gone"]).value_or(imap::UidSet());
    result.removed = json::uids(object[u"removed"]).value_or(imap::UidSet());
    result.kept = json::uids(object[u"kept"]).value_or(imap::UidSet());
    result.marked = json::uids(object[u"marked"]).value_or(imap::UidSet());
    result.inFlight = json::uids(object[u"inFlight"]).value_or(imap::UidSet());
    result.targetValidity = json::uidValidity(object[u"targetValidity"]);
    result.targetNext = json::uid(object[u"targetNext"]);
    if (object.contains(u"others"))
        result.others = json::places(object[u"others"]);
    return result;
}

bool MoveProgress::hasMarked(const QByteArray &bytes)
{
    // As toBytes() writes it where nothing is; within a name the quotation marks would be escaped.
    return bytes.contains("\"marked\":\"") && !bytes.contains("\"marked\":\"\"");
}

std::map<Uid, Uid> pairsOf(const imap::CopyUidCode &code, std::uint64_t limit)
{
    std::map<Uid, Uid> result;
    if (!code.isConsistent() || imap::countOf(code.source) > limit)
        return result;
    std::size_t at = 0;
    std::uint32_t next = code.destination.empty() ? 0 : code.destination.front().first;
    for (const imap::NumberRange &range : code.source) {
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid) {
            result.emplace(Uid(static_cast<std::uint32_t>(uid)), Uid(next));
            if (next == code.destination[at].last) {
                ++at;
                next = at < code.destination.size() ? code.destination[at].first : 0;
            } else {
                ++next;
            }
        }
    }
    return result;
}

imap::CopyUidCode codeOf(UidValidity validity, const std::map<Uid, Uid> &pairs)
{
    imap::CopyUidCode result;
    result.validity = validity;
    for (const auto &[from, to] : pairs) {
        append(result.source, from.value());
        append(result.destination, to.value());
    }
    return result;
}

} // namespace kittiwake::sync
