// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftserver.h"

#include "core/mime/messagebuilder.h"
#include "core/sync/operations/operationjson.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

constexpr qsizetype identitySize = 32;
constexpr char mark[] = ".draft.";
/** As many connections as one may lose while a server still works on what came over the first of them. */
constexpr std::size_t mostLate = 16;

QJsonObject toJson(const DraftVersion &version)
{
    return {{QStringLiteral("uid"), static_cast<qint64>(version.uid.value())},
            {QStringLiteral("id"), QString::fromLatin1(version.messageId)},
            {QStringLiteral("size"), static_cast<qint64>(version.size)}};
}

DraftVersion versionOf(const QJsonObject &object)
{
    return {json::uid(object[u"uid"]), object[u"id"].toString().toLatin1(),
            static_cast<std::uint64_t>(std::max<qint64>(0, object[u"size"].toInteger()))};
}

QJsonObject toJson(const DraftServer &server)
{
    QJsonObject object{{QStringLiteral("identity"), QString::fromLatin1(server.identity.text())},
                       {QStringLiteral("uidvalidity"), static_cast<qint64>(server.validity.value())}};
    if (!server.mailbox.text.isEmpty())
        json::putMailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"), server.mailbox);
    if (server.base)
        object.insert(QStringLiteral("base"), toJson(*server.base));
    if (server.seen.isValid())
        object.insert(QStringLiteral("seen"), static_cast<qint64>(server.seen.value()));
    if (server.isLost)
        object.insert(QStringLiteral("lost"), true);
    if (!server.attempt.isEmpty()) {
        object.insert(QStringLiteral("attempt"), QString::fromLatin1(server.attempt));
        object.insert(QStringLiteral("attempted"), static_cast<qint64>(server.attempted));
    }
    if (!server.late.empty()) {
        QJsonArray late;
        for (const QByteArray &messageId : server.late)
            late.append(QString::fromLatin1(messageId));
        object.insert(QStringLiteral("late"), late);
    }
    if (server.isConflict)
        object.insert(QStringLiteral("conflict"), static_cast<qint64>(server.other.value()));
    return object;
}

DraftServer serverOf(const QJsonObject &object)
{
    DraftServer result;
    result.identity = mail::DraftId::fromText(object[u"identity"].toString().toLatin1());
    result.validity = json::uidValidity(object[u"uidvalidity"]);
    result.mailbox = json::mailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"));
    if (object.contains(u"base"))
        result.base = versionOf(object[u"base"].toObject());
    result.seen = json::uid(object[u"seen"]);
    result.isLost = object[u"lost"].toBool();
    result.attempt = object[u"attempt"].toString().toLatin1();
    result.attempted = object[u"attempted"].toInteger();
    const QJsonArray late = object[u"late"].toArray();
    for (const auto &messageId : late) {
        if (result.late.size() < mostLate)
            result.late.push_back(messageId.toString().toLatin1());
    }
    result.isConflict = object.contains(u"conflict");
    if (result.isConflict)
        result.other = Uid(static_cast<std::uint32_t>(std::max<qint64>(0, object[u"conflict"].toInteger())));
    return result;
}

/** "@domain>" */
QByteArray domainOf(const mail::Address &from, Random &random)
{
    const QByteArray id = mime::makeMessageId(random, from);
    return id.sliced(id.indexOf('@'));
}

} // namespace

QByteArray DraftServer::toBytes() const
{
    return QJsonDocument(toJson(*this)).toJson(QJsonDocument::Compact);
}

DraftServer DraftServer::fromBytes(const QByteArray &bytes)
{
    return serverOf(QJsonDocument::fromJson(bytes).object());
}

void DraftServer::giveUpAttempt()
{
    if (attempt.isEmpty())
        return;
    if (late.size() == mostLate)
        late.erase(late.begin());
    late.push_back(attempt);
    attempt.clear();
}

bool DraftServer::isLate(const QByteArray &messageId) const
{
    return !messageId.isEmpty() && std::find(late.begin(), late.end(), messageId) != late.end();
}

QByteArray draftMessageId(const mail::DraftId &identity, const mail::Address &from, Random &random)
{
    const QByteArray version = QByteArray::number(random.next(), 16).rightJustified(16, '0');
    return '<' + identity.text() + mark + version + domainOf(from, random);
}

QByteArray sentMessageId(const mail::DraftId &identity, const mail::Address &from, Random &random)
{
    return '<' + identity.text() + domainOf(from, random);
}

mail::DraftId draftIdentity(const QByteArray &messageId)
{
    if (!messageId.startsWith('<') || messageId.mid(1 + identitySize, sizeof mark - 1) != mark)
        return {};
    return mail::DraftId::fromText(messageId.mid(1, identitySize));
}

mail::DraftId adoptedIdentity(const QByteArray &messageId)
{
    if (messageId.isEmpty())
        return {};
    const QByteArray hash = QCryptographicHash::hash(messageId, QCryptographicHash::Sha256);
    return mail::DraftId::fromText(hash.toHex().left(identitySize));
}

QByteArray DraftOperation::toBytes() const
{
    QJsonObject object;
    if (draft.isValid())
        object.insert(QStringLiteral("draft"), QString::fromLatin1(draft.text()));
    else
        object.insert(QStringLiteral("remove"), toJson(server));
    if (kept) {
        QJsonObject one{{QStringLiteral("uid"), static_cast<qint64>(kept->uid.value())}};
        if (kept->draft.isValid())
            one.insert(QStringLiteral("draft"), QString::fromLatin1(kept->draft.text()));
        if (kept->identity.isValid())
            one.insert(QStringLiteral("identity"), QString::fromLatin1(kept->identity.text()));
        object.insert(QStringLiteral("kept"), one);
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<DraftOperation> DraftOperation::fromBytes(const QString &name, const QByteArray &bytes)
{
    if (!isKind(name))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    DraftOperation result;
    result.draft = mail::DraftId::fromText(object[u"draft"].toString().toLatin1());
    result.server = serverOf(object[u"remove"].toObject());
    if (object.contains(u"kept")) {
        const QJsonObject one = object[u"kept"].toObject();
        result.kept
            = KeptVersion{mail::DraftId::fromText(one[u"draft"].toString().toLatin1()),
                          mail::DraftId::fromText(one[u"identity"].toString().toLatin1()), json::uid(one[u"uid"])};
    }
    if (!result.draft.isValid() && !result.server.identity.isValid())
        return std::nullopt;
    return result;
}

} // namespace kittiwake::sync
