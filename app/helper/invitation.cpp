// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/helper/tasks.h"

#include <QCborArray>
#include <QDateTime>
#include <QTimeZone>

#include <libical/ical.h>

namespace kittiwake::helper
{

namespace
{

constexpr int maxAttendees = 200;
constexpr int maxText = 4000;

QString text(const char *value)
{
    return value == nullptr
        ? QString()
        : QString::fromUtf8(value, static_cast<qsizetype>(qstrnlen(value, 4 * maxText))).left(maxText);
}

QString parameter(icalproperty *property, icalparameter_kind kind, const char *(*value)(const icalparameter *))
{
    icalparameter *found = icalproperty_get_first_parameter(property, kind);
    return found == nullptr ? QString() : text(value(found));
}

/** By its name, of the world's list or of Windows', which Outlook uses; invalid where neither has it. */
QTimeZone zoneNamed(const QString &name)
{
    QByteArray id = name.toUtf8();
    if (QTimeZone::isTimeZoneIdAvailable(id))
        return QTimeZone(id);
    // "/freeassociation.sourceforge.net/Europe/Berlin"
    const QStringList parts = name.split(u'/', Qt::SkipEmptyParts);
    if (parts.size() > 2) {
        id = parts.mid(parts.size() - 2).join(u'/').toUtf8();
        if (QTimeZone::isTimeZoneIdAvailable(id))
            return QTimeZone(id);
    }
    id = QTimeZone::windowsIdToDefaultIanaId(name.toUtf8());
    return id.isEmpty() ? QTimeZone() : QTimeZone(id);
}

QDateTime plainTime(const icaltimetype &time)
{
    return {QDate(time.year, time.month, time.day), QTime(time.hour, time.minute, qMin(time.second, 59)), Qt::UTC};
}

struct When {
    qint64 seconds = 0; ///< UTC; of the time as it is written where isFloating or isDate
    bool isDate = false;
    bool isFloating = false;
    bool isGuessed = false;
};

std::optional<When> whenOf(icalproperty *property, icalcomponent *calendar)
{
    const icaltimetype time = icalproperty_get_datetime_with_component(property, calendar);
    const QDateTime written = plainTime(time);
    if (icaltime_is_null_time(time) || !written.isValid())
        return std::nullopt;
    When when;
    when.seconds = written.toSecsSinceEpoch();
    when.isDate = time.is_date != 0;
    if (when.isDate || icaltime_is_utc(time))
        return when;
    const QString name = parameter(property, ICAL_TZID_PARAMETER, icalparameter_get_tzid);
    if (name.isEmpty()) {
        when.isFloating = true;
        return when;
    }
    if (const QTimeZone zone = zoneNamed(name); zone.isValid()) {
        when.seconds = QDateTime(written.date(), written.time(), zone).toSecsSinceEpoch();
    } else if (time.zone != nullptr) {
        when.seconds = static_cast<qint64>(icaltime_as_timet_with_zone(time, time.zone)); // its own VTIMEZONE
    } else {
        when.isFloating = true;
        when.isGuessed = true;
    }
    return when;
}

QCborMap person(icalproperty *property, const char *address)
{
    QCborMap map;
    QString mail = text(address);
    if (mail.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive))
        mail = mail.mid(7);
    map[QStringLiteral("address")] = mail;
    map[QStringLiteral("name")] = parameter(property, ICAL_CN_PARAMETER, icalparameter_get_cn);
    if (icalparameter *answer = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER))
        map[QStringLiteral("answer")] = text(icalparameter_enum_to_string(icalparameter_get_partstat(answer)));
    if (icalparameter *role = icalproperty_get_first_parameter(property, ICAL_ROLE_PARAMETER))
        map[QStringLiteral("optional")] = icalparameter_get_role(role) == ICAL_ROLE_OPTPARTICIPANT;
    return map;
}

int numbersIn(const short *list, int most)
{
    int count = 0;
    while (count < most && list[count] != ICAL_RECURRENCE_ARRAY_MAX)
        ++count;
    return count;
}

QCborMap recurrenceOf(const icalrecurrencetype &rule)
{
    QCborMap map;
    enum { Day, Week, Month, Year, Other };
    int every = Other;
    switch (rule.freq) {
    case ICAL_DAILY_RECURRENCE:
        every = Day;
        break;
    case ICAL_WEEKLY_RECURRENCE:
        every = Week;
        break;
    case ICAL_MONTHLY_RECURRENCE:
        every = Month;
        break;
    case ICAL_YEARLY_RECURRENCE:
        every = Year;
        break;
    default:
        break;
    }
    const int days = numbersIn(rule.by_day, ICAL_BY_DAY_SIZE);
    const int monthDays = numbersIn(rule.by_month_day, ICAL_BY_MONTHDAY_SIZE);
    QCborArray weekdays;
    int ordinal = 0;
    for (int i = 0; i < qMin(days, 7); ++i) {
        // Sunday is 1 there, Monday is 1 here.
        const int weekday = icalrecurrencetype_day_day_of_week(rule.by_day[i]);
        weekdays.append(weekday == 1 ? 7 : weekday - 1);
        ordinal = icalrecurrencetype_day_position(rule.by_day[i]);
    }
    bool simple = every != Other && days <= 7 && monthDays <= 1 && !(monthDays == 1 && days > 0)
        && numbersIn(rule.by_hour, ICAL_BY_HOUR_SIZE) == 0 && numbersIn(rule.by_year_day, ICAL_BY_YEARDAY_SIZE) == 0
        && numbersIn(rule.by_week_no, ICAL_BY_WEEKNO_SIZE) == 0 && numbersIn(rule.by_set_pos, ICAL_BY_SETPOS_SIZE) == 0
        && numbersIn(rule.by_month, ICAL_BY_MONTH_SIZE) <= (every == Year ? 1 : 0);
    if (ordinal != 0 && (days != 1 || (every != Month && every != Year)))
        simple = false;
    if (monthDays == 1 && every != Month && every != Year)
        simple = false;
    map[QStringLiteral("every")] = every;
    map[QStringLiteral("interval")] = rule.interval;
    map[QStringLiteral("weekdays")] = weekdays;
    map[QStringLiteral("ordinal")] = ordinal;
    map[QStringLiteral("dayOfMonth")] = monthDays == 1 && rule.by_month_day[0] > 0 ? rule.by_month_day[0] : 0;
    map[QStringLiteral("count")] = rule.count;
    map[QStringLiteral("simple")] = simple;
    if (!icaltime_is_null_time(rule.until) && plainTime(rule.until).isValid())
        map[QStringLiteral("until")] = plainTime(rule.until).toSecsSinceEpoch();
    return map;
}

void addPeople(QCborMap &map, icalcomponent *event)
{
    if (icalproperty *organiser = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY))
        map[QStringLiteral("organiser")] = person(organiser, icalproperty_get_organizer(organiser));
    QCborArray attendees;
    int all = 0;
    for (icalproperty *attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY); attendee != nullptr;
         attendee = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        if (++all <= maxAttendees)
            attendees.append(person(attendee, icalproperty_get_attendee(attendee)));
    }
    map[QStringLiteral("attendees")] = attendees;
    map[QStringLiteral("attendeesInAll")] = all;
}

} // namespace

QCborMap invitation(const QByteArray &bytes)
{
    icalerror_set_errors_are_fatal(0);
    icalcomponent *calendar = icalparser_parse_string(bytes.constData());
    if (calendar == nullptr)
        return {};
    // Several calendars in one file are put into one component of their own by the parser.
    icalcomponent *outer = calendar;
    if (icalcomponent_isa(outer) == ICAL_XROOT_COMPONENT)
        outer = icalcomponent_get_first_component(calendar, ICAL_VCALENDAR_COMPONENT);
    if (outer == nullptr)
        return {};
    icalcomponent *event = nullptr;
    int events = 0;
    for (icalcomponent *found = icalcomponent_get_first_component(outer, ICAL_VEVENT_COMPONENT); found != nullptr;
         found = icalcomponent_get_next_component(outer, ICAL_VEVENT_COMPONENT)) {
        ++events;
        // The event itself rather than one of its exceptions.
        const bool isException = icalcomponent_get_first_property(found, ICAL_RECURRENCEID_PROPERTY) != nullptr;
        const bool hadException
            = event != nullptr && icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY) != nullptr;
        if (event == nullptr || (hadException && !isException))
            event = found;
    }
    if (event == nullptr)
        return {};
    icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    const auto begins = start == nullptr ? std::nullopt : whenOf(start, outer);
    if (!begins)
        return {};
    QCborMap map;
    if (icalproperty *method = icalcomponent_get_first_property(outer, ICAL_METHOD_PROPERTY))
        map[QStringLiteral("method")] = text(icalproperty_method_to_string(icalproperty_get_method(method)));
    if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
        map[QStringLiteral("method")] = QStringLiteral("CANCEL");
    map[QStringLiteral("title")] = text(icalcomponent_get_summary(event));
    map[QStringLiteral("place")] = text(icalcomponent_get_location(event));
    map[QStringLiteral("description")] = text(icalcomponent_get_description(event));
    map[QStringLiteral("begins")] = begins->seconds;
    map[QStringLiteral("allDay")] = begins->isDate;
    map[QStringLiteral("floating")] = begins->isFloating;
    map[QStringLiteral("zoneGuessed")] = begins->isGuessed;
    if (icalproperty *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY)) {
        if (const auto ends = whenOf(end, outer))
            map[QStringLiteral("ends")] = ends->seconds;
    } else if (icalproperty *lasts = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY)) {
        const int seconds = icaldurationtype_as_int(icalproperty_get_duration(lasts));
        if (seconds > 0)
            map[QStringLiteral("ends")] = begins->seconds + seconds;
    }
    addPeople(map, event);
    if (icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY))
        map[QStringLiteral("recurrence")] = recurrenceOf(icalproperty_get_rrule(rule));
    map[QStringLiteral("otherEvents")] = events - 1;
    return map;
}

} // namespace kittiwake::helper
