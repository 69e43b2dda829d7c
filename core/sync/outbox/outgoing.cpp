// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/outbox/outgoing.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <utility>

namespace kittiwake::sync
{

namespace
{

using State = OutgoingRecipient::State;

constexpr std::array<std::pair<State, const char *>, 4> stateNames{{
    {State::Waiting, "waiting"},
    {State::Accepted, "accepted"},
    {State::Refused, "refused"},
    {State::Unknown, "unknown"},
}};

QString nameOf(State state)
{
    for (const auto &[one, name] : stateNames) {
        if (one == state)
            return QString::fromLatin1(name);
    }
    return {};
}

std::optional<State> stateOf(const QString &text)
{
    for (const auto &[one, name] : stateNames) {
        if (text == QLatin1String(name))
            return one;
    }
    return std::nullopt;
}

QJsonArray idsToJson(const QByteArrayList &ids)
{
    QJsonArray result;
    for (const QByteArray &id : ids)
        result.append(QString::fromLatin1(id));
    return result;
}

QByteArrayList idsFromJson(const QJsonValue &value)
{
    QByteArrayList result;
    const QJsonArray list = value.toArray();
    for (const QJsonValue id : list)
        result.append(id.toString().toLatin1());
    return result;
}

} // namespace

Outgoing Outgoing::of(const smtp::PreparedMessage &message)
{
    Outgoing result;
    result.from = message.sender.text();
    for (const smtp::Path &recipient : message.recipients)
        result.recipients.push_back({recipient.text(), State::Waiting, {}});
    result.messageId = message.messageId;
    result.hiddenFields = message.hiddenFields;
    result.answers = message.answers;
    result.forwards = message.forwards;
    result.subject = message.subject;
    result.hasEightBit = message.hasEightBit;
    result.hasUtf8Header = message.hasUtf8Header;
    return result;
}

Result<smtp::Envelope> Outgoing::envelope(std::uint64_t size) const
{
    smtp::Envelope result;
    const auto sender = smtp::Path::parse(from);
    if (!sender)
        return failure(sender.error());
    result.sender = *sender;
    for (const OutgoingRecipient &recipient : recipients) {
        if (recipient.state != State::Waiting)
            continue;
        const auto path = smtp::Path::parse(recipient.address);
        if (!path)
            return failure(path.error());
        result.recipients.push_back(*path);
    }
    result.size = size;
    result.hasEightBit = hasEightBit;
    result.hasUtf8Header = hasUtf8Header;
    if (wantsDeliveryReport) {
        result.notify = {true, true, true};
        result.envelopeId = messageId.mid(1, messageId.size() - 2);
    }
    return result;
}

bool Outgoing::hasAny(State state) const
{
    return std::any_of(recipients.begin(), recipients.end(),
                       [state](const OutgoingRecipient &one) { return one.state == state; });
}

void Outgoing::change(State before, State after)
{
    for (OutgoingRecipient &recipient : recipients) {
        if (recipient.state == before)
            recipient.state = after;
    }
}

QByteArray Outgoing::toBytes() const
{
    QJsonArray list;
    for (const OutgoingRecipient &recipient : recipients) {
        QJsonObject one{{QStringLiteral("address"), recipient.address},
                        {QStringLiteral("state"), nameOf(recipient.state)}};
        if (!recipient.error.isEmpty())
            one.insert(QStringLiteral("error"), recipient.error);
        list.append(one);
    }
    QJsonObject object{{QStringLiteral("from"), from},
                       {QStringLiteral("recipients"), list},
                       {QStringLiteral("messageId"), QString::fromLatin1(messageId)},
                       {QStringLiteral("answers"), idsToJson(answers)},
                       {QStringLiteral("forwards"), idsToJson(forwards)},
                       {QStringLiteral("subject"), subject},
                       {QStringLiteral("eightBit"), hasEightBit},
                       {QStringLiteral("utf8Header"), hasUtf8Header},
                       {QStringLiteral("wantsCopy"), wantsCopy},
                       {QStringLiteral("isCopied"), isCopied}};
    if (wantsDeliveryReport)
        object.insert(QStringLiteral("deliveryReport"), true);
    if (!hiddenFields.isEmpty())
        object.insert(QStringLiteral("hidden"), QString::fromLatin1(hiddenFields.toBase64()));
    if (!origins.empty())
        object.insert(QStringLiteral("origins"), toJson(origins));
    if (draft.isValid())
        object.insert(QStringLiteral("draft"), QString::fromLatin1(draft.text()));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<Outgoing> Outgoing::fromBytes(const QByteArray &bytes)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    Outgoing result;
    result.from = object.value(QLatin1String("from")).toString();
    const QJsonArray list = object.value(QLatin1String("recipients")).toArray();
    for (const QJsonValue value : list) {
        const QJsonObject one = value.toObject();
        const auto state = stateOf(one.value(QLatin1String("state")).toString());
        const QString address = one.value(QLatin1String("address")).toString();
        if (!state || address.isEmpty())
            return std::nullopt;
        result.recipients.push_back({address, *state, one.value(QLatin1String("error")).toString()});
    }
    if (result.from.isEmpty() || result.recipients.empty())
        return std::nullopt;
    result.messageId = object.value(QLatin1String("messageId")).toString().toLatin1();
    result.hiddenFields = QByteArray::fromBase64(object.value(QLatin1String("hidden")).toString().toLatin1());
    result.answers = idsFromJson(object.value(QLatin1String("answers")));
    result.forwards = idsFromJson(object.value(QLatin1String("forwards")));
    result.origins = originsFromJson(object.value(QLatin1String("origins")));
    result.draft = mail::DraftId::fromText(object.value(QLatin1String("draft")).toString().toLatin1());
    result.subject = object.value(QLatin1String("subject")).toString();
    result.hasEightBit = object.value(QLatin1String("eightBit")).toBool();
    result.hasUtf8Header = object.value(QLatin1String("utf8Header")).toBool();
    result.wantsCopy = object.value(QLatin1String("wantsCopy")).toBool(true);
    result.wantsDeliveryReport = object.value(QLatin1String("deliveryReport")).toBool();
    result.isCopied = object.value(QLatin1String("isCopied")).toBool();
    return result;
}

} // namespace kittiwake::sync
