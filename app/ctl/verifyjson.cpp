// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verifyjson.h"

#include <QJsonDocument>
#include <QObject>

#include <limits>

namespace kittiwake::ctl
{

namespace
{

using Kind = engine::MessageDifference::Kind;
using State = engine::MailboxVerdict::State;

/** Folders in a file of fingerprints; as many as an account may have mailboxes. */
constexpr qsizetype mostFolders = 50'000;

QJsonArray uidsJson(const sync::UidList &list)
{
    QJsonArray result;
    for (const store::UidRange &range : list.ranges) {
        for (std::uint64_t uid = range.first.value(); uid <= range.last.value(); ++uid)
            result.append(static_cast<qint64>(uid));
    }
    return result;
}

QString uidsText(const sync::UidList &list)
{
    constexpr std::size_t mostRanges = 50;
    QStringList texts;
    for (const store::UidRange &range : list.ranges) {
        if (texts.size() == static_cast<qsizetype>(mostRanges)) {
            texts.append(QStringLiteral("..."));
            break;
        }
        texts.append(range.first == range.last
                         ? QString::number(range.first.value())
                         : QStringLiteral("%1:%2").arg(range.first.value()).arg(range.last.value()));
    }
    return texts.join(QLatin1Char(','));
}

QString kindName(Kind kind)
{
    switch (kind) {
    case Kind::Missing:
        return QStringLiteral("missing");
    case Kind::Extra:
        return QStringLiteral("extra");
    case Kind::Flags:
        return QStringLiteral("flags");
    case Kind::Fields:
        return QStringLiteral("fields");
    }
    return {};
}

QString stateName(State state)
{
    switch (state) {
    case State::Compared:
        return QStringLiteral("compared");
    case State::NotHere:
        return QStringLiteral("not_in_cache");
    case State::NotThere:
        return QStringLiteral("not_on_server");
    case State::Renumbered:
        return QStringLiteral("renumbered");
    case State::NotOpened:
        return QStringLiteral("not_opened");
    }
    return {};
}

QString stateText(State state)
{
    switch (state) {
    case State::Compared:
    case State::NotOpened:
        return {};
    case State::NotHere:
        return QObject::tr("the server has this folder, the cache does not");
    case State::NotThere:
        return QObject::tr("the cache has this folder, the server does not");
    case State::Renumbered:
        return QObject::tr("the server has numbered its messages anew");
    }
    return {};
}

QJsonArray fieldsJson(const std::vector<engine::FieldDifference> &fields)
{
    QJsonArray result;
    for (const engine::FieldDifference &field : fields) {
        result.append(QJsonObject{{QStringLiteral("field"), field.field},
                                  {QStringLiteral("cache"), field.here},
                                  {QStringLiteral("server"), field.there}});
    }
    return result;
}

} // namespace

QJsonObject fingerprintJson(const store::Fingerprint &fingerprint)
{
    return {{QStringLiteral("uidvalidity"), static_cast<qint64>(fingerprint.uidValidity.value())},
            {QStringLiteral("uidnext"), static_cast<qint64>(fingerprint.uidNext.value())},
            {QStringLiteral("messages"), static_cast<qint64>(fingerprint.messages)},
            {QStringLiteral("unseen"), static_cast<qint64>(fingerprint.unseen)},
            {QStringLiteral("flags"), QString::fromLatin1(fingerprint.flags)},
            {QStringLiteral("identity"), QString::fromLatin1(fingerprint.identity)}};
}

QJsonObject verdictJson(const engine::MailboxVerdict &verdict)
{
    QJsonArray differences;
    for (const engine::MessageDifference &one : verdict.differences) {
        QJsonObject object{{QStringLiteral("uid"), static_cast<qint64>(one.uid.value())},
                           {QStringLiteral("kind"), kindName(one.kind)}};
        if (!one.fields.empty())
            object.insert(QStringLiteral("fields"), fieldsJson(one.fields));
        differences.append(object);
    }
    QJsonObject result{{QStringLiteral("name"), verdict.name},
                       {QStringLiteral("ok"), verdict.isOk()},
                       {QStringLiteral("state"), stateName(verdict.state)},
                       {QStringLiteral("missing"), uidsJson(verdict.missing)},
                       {QStringLiteral("extra"), uidsJson(verdict.extra)},
                       {QStringLiteral("flags_differ"), uidsJson(verdict.flagsDiffer)},
                       {QStringLiteral("fields_differ"), uidsJson(verdict.fieldsDiffer)},
                       {QStringLiteral("unreadable"), uidsJson(verdict.unreadable)},
                       {QStringLiteral("mailbox_differs"), fieldsJson(verdict.mailboxFields)},
                       {QStringLiteral("differences"), differences},
                       {QStringLiteral("repaired"), verdict.repaired},
                       {QStringLiteral("fingerprint"), fingerprintJson(verdict.here)},
                       {QStringLiteral("server_fingerprint"), fingerprintJson(verdict.there)}};
    if (verdict.error)
        result.insert(QStringLiteral("error"), verdict.error->userText);
    return result;
}

QString verdictText(const engine::MailboxVerdict &verdict)
{
    const bool wasFine = verdict.state == State::Compared && !verdict.differs();
    QString text = verdict.name + QStringLiteral(": ")
        + (wasFine
               ? QObject::tr("%n message(s), all as on the server", nullptr, static_cast<int>(verdict.there.messages))
               : verdict.repaired ? QObject::tr("repaired")
                                  : QObject::tr("NOT as on the server"))
        + QLatin1Char('\n');
    const auto line = [&text](const QString &sentence) { text += QStringLiteral("  ") + sentence + QLatin1Char('\n'); };
    if (verdict.error)
        line(verdict.error->userText);
    if (const QString state = stateText(verdict.state); !state.isEmpty())
        line(state);
    for (const engine::FieldDifference &field : verdict.mailboxFields)
        line(QObject::tr("%1: %2 in the cache, %3 in truth").arg(field.field, field.here, field.there));
    const auto list = [&line](const QString &what, const sync::UidList &uids) {
        if (uids.count > 0)
            line(QObject::tr("%1 %2: UID %3").arg(QString::number(uids.count), what, uidsText(uids)));
    };
    list(QObject::tr("missing here"), verdict.missing);
    list(QObject::tr("gone from the server"), verdict.extra);
    list(QObject::tr("with other flags"), verdict.flagsDiffer);
    list(QObject::tr("damaged"), verdict.fieldsDiffer);
    list(QObject::tr("not told by the server, not compared"), verdict.unreadable);
    for (const engine::MessageDifference &one : verdict.differences) {
        for (const engine::FieldDifference &field : one.fields) {
            line(QObject::tr("UID %1, %2: \"%3\" in the cache, \"%4\" on the server")
                     .arg(QString::number(one.uid.value()), field.field, field.here, field.there));
        }
    }
    return text;
}

std::optional<std::vector<FolderFingerprint>> parseFingerprints(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonValue list = document.object().value(QLatin1String("mailboxes"));
    if (!document.isObject() || !list.isArray() || list.toArray().size() > mostFolders)
        return std::nullopt;
    const auto number = [](const QJsonValue &value, double limit) -> std::optional<std::int64_t> {
        const double real = value.toDouble(-1);
        if (real < 0 || real > limit || real != static_cast<double>(static_cast<std::int64_t>(real)))
            return std::nullopt;
        return static_cast<std::int64_t>(real);
    };
    std::vector<FolderFingerprint> result;
    const QJsonArray folders = list.toArray();
    for (const auto &value : folders) {
        const QJsonObject folder = value.toObject();
        const QJsonObject told = folder.value(QLatin1String("fingerprint")).toObject();
        const auto uidValidity = number(told.value(QLatin1String("uidvalidity")), UINT32_MAX);
        const auto uidNext = number(told.value(QLatin1String("uidnext")), UINT32_MAX);
        const auto messages = number(told.value(QLatin1String("messages")), 1e15);
        const auto unseen = number(told.value(QLatin1String("unseen")), 1e15);
        if (!folder.value(QLatin1String("name")).isString() || !uidValidity || !uidNext || !messages || !unseen)
            return std::nullopt;
        FolderFingerprint one;
        one.account = folder.value(QLatin1String("account")).toString();
        one.name = folder.value(QLatin1String("name")).toString();
        one.fingerprint = {UidValidity(static_cast<std::uint32_t>(*uidValidity)),
                           Uid(static_cast<std::uint32_t>(*uidNext)),
                           *messages,
                           *unseen,
                           told.value(QLatin1String("flags")).toString().toLatin1(),
                           told.value(QLatin1String("identity")).toString().toLatin1()};
        result.push_back(std::move(one));
    }
    return result;
}

QStringList differingFields(const store::Fingerprint &left, const store::Fingerprint &right)
{
    const QJsonObject one = fingerprintJson(left);
    const QJsonObject other = fingerprintJson(right);
    QStringList result;
    for (const char *name : {"uidvalidity", "uidnext", "messages", "unseen", "flags", "identity"}) {
        const QString key = QString::fromLatin1(name);
        if (one.value(key) != other.value(key))
            result.append(key);
    }
    return result;
}

} // namespace kittiwake::ctl
