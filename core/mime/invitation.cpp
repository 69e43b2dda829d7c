// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/invitation.h"

#include <QCborArray>
#include <QTimeZone>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

QString text(const QCborMap &map, QLatin1StringView key)
{
    return map.value(key).toString().left(Invitation::maxText);
}

int number(const QCborMap &map, QLatin1StringView key, int least, int most)
{
    return static_cast<int>(std::clamp<qint64>(map.value(key).toInteger(0), least, most));
}

QDateTime time(const QCborMap &map, QLatin1StringView key, Qt::TimeSpec spec)
{
    const QCborValue value = map.value(key);
    if (!value.isInteger())
        return {};
    // Years 1 to 9999, as seconds since 1970.
    constexpr qint64 least = -62135596800;
    constexpr qint64 most = 253402300799;
    const QDateTime utc = QDateTime::fromSecsSinceEpoch(std::clamp(value.toInteger(), least, most), Qt::UTC);
    return spec == Qt::UTC ? utc : QDateTime(utc.date(), utc.time(), Qt::LocalTime);
}

Participant participant(const QCborMap &map)
{
    static const QHash<QString, Participant::Answer> answers{
        {QStringLiteral("ACCEPTED"), Participant::Answer::Accepted},
        {QStringLiteral("DECLINED"), Participant::Answer::Declined},
        {QStringLiteral("TENTATIVE"), Participant::Answer::Tentative},
        {QStringLiteral("DELEGATED"), Participant::Answer::Delegated}};
    Participant person;
    person.name = text(map, QLatin1String("name"));
    person.address = text(map, QLatin1String("address"));
    person.answer = answers.value(text(map, QLatin1String("answer")), Participant::Answer::None);
    person.isOptional = map.value(QLatin1String("optional")).toBool();
    return person;
}

Recurrence recurrence(const QCborMap &map)
{
    Recurrence rule;
    rule.every = static_cast<Recurrence::Every>(number(map, QLatin1String("every"), 0, 4));
    rule.interval = number(map, QLatin1String("interval"), 1, 10000);
    rule.ordinal = number(map, QLatin1String("ordinal"), -53, 53);
    rule.dayOfMonth = number(map, QLatin1String("dayOfMonth"), 0, 31);
    rule.count = number(map, QLatin1String("count"), 0, 1000000);
    rule.isSimple = map.value(QLatin1String("simple")).toBool(true);
    if (const QDateTime until = time(map, QLatin1String("until"), Qt::UTC); until.isValid())
        rule.until = until.date();
    for (const QCborValue day : map.value(QLatin1String("weekdays")).toArray()) {
        const qint64 weekday = day.toInteger();
        if (weekday >= Qt::Monday && weekday <= Qt::Sunday && rule.weekdays.size() < 7)
            rule.weekdays.push_back(static_cast<int>(weekday));
    }
    std::sort(rule.weekdays.begin(), rule.weekdays.end());
    return rule;
}

} // namespace

std::optional<Invitation> invitationFromCbor(const QCborMap &map)
{
    static const QHash<QString, Invitation::Method> methods{{QStringLiteral("PUBLISH"), Invitation::Method::Publish},
                                                            {QString(), Invitation::Method::Publish},
                                                            {QStringLiteral("REQUEST"), Invitation::Method::Request},
                                                            {QStringLiteral("REPLY"), Invitation::Method::Reply},
                                                            {QStringLiteral("CANCEL"), Invitation::Method::Cancel}};
    if (!map.contains(QLatin1String("begins")))
        return std::nullopt;
    Invitation event;
    event.method = methods.value(text(map, QLatin1String("method")).toUpper(), Invitation::Method::Other);
    event.title = text(map, QLatin1String("title"));
    event.place = text(map, QLatin1String("place"));
    event.description = text(map, QLatin1String("description"));
    event.isAllDay = map.value(QLatin1String("allDay")).toBool();
    event.isFloating = map.value(QLatin1String("floating")).toBool();
    event.isZoneGuessed = map.value(QLatin1String("zoneGuessed")).toBool();
    const Qt::TimeSpec spec = event.isAllDay || event.isFloating ? Qt::LocalTime : Qt::UTC;
    event.begins = time(map, QLatin1String("begins"), spec);
    if (!event.begins.isValid())
        return std::nullopt;
    event.ends = time(map, QLatin1String("ends"), spec);
    // DTEND of a day is the first day after (RFC 5545 section 3.6.1).
    if (event.isAllDay && event.ends.isValid())
        event.ends = event.ends.addDays(-1);
    if (event.ends.isValid() && event.ends < event.begins)
        event.ends = {};
    if (const QCborValue organiser = map.value(QLatin1String("organiser")); organiser.isMap())
        event.organiser = participant(organiser.toMap());
    const QCborArray attendees = map.value(QLatin1String("attendees")).toArray();
    for (const QCborValue person : attendees) {
        if (event.attendees.size() < Invitation::maxAttendees)
            event.attendees.push_back(participant(person.toMap()));
    }
    event.attendeesInAll
        = std::max(number(map, QLatin1String("attendeesInAll"), 0, 100000), static_cast<int>(event.attendees.size()));
    if (const QCborValue rule = map.value(QLatin1String("recurrence")); rule.isMap())
        event.recurrence = recurrence(rule.toMap());
    event.otherEvents = number(map, QLatin1String("otherEvents"), 0, 100000);
    return event;
}

} // namespace kittiwake::mime
