// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/invitetext.h"

#include "ui/widgets/safetext.h"

#include <QCoreApplication>

namespace kittiwake::ui
{

namespace
{

using mime::Invitation;
using mime::Participant;
using mime::Recurrence;

QString text(const char *source)
{
    return QCoreApplication::translate("ui::invite", source);
}

QString day(const QDate &date, const QLocale &locale)
{
    return locale.toString(date, QLocale::LongFormat);
}

QString everyText(const Recurrence &rule)
{
    const int n = rule.interval;
    switch (rule.every) {
    case Recurrence::Every::Day:
        return n == 1 ? text(QT_TRANSLATE_NOOP("ui::invite", "Every day"))
                      : QCoreApplication::translate("ui::invite", "Every %Ln day(s)", nullptr, n);
    case Recurrence::Every::Week:
        return n == 1 ? text(QT_TRANSLATE_NOOP("ui::invite", "Every week"))
                      : QCoreApplication::translate("ui::invite", "Every %Ln week(s)", nullptr, n);
    case Recurrence::Every::Month:
        return n == 1 ? text(QT_TRANSLATE_NOOP("ui::invite", "Every month"))
                      : QCoreApplication::translate("ui::invite", "Every %Ln month(s)", nullptr, n);
    case Recurrence::Every::Year:
        return n == 1 ? text(QT_TRANSLATE_NOOP("ui::invite", "Every year"))
                      : QCoreApplication::translate("ui::invite", "Every %Ln year(s)", nullptr, n);
    case Recurrence::Every::Other:
        break;
    }
    return text(QT_TRANSLATE_NOOP("ui::invite", "Repeats"));
}

/** "the second Tuesday" */
QString ordinalDay(int ordinal, const QString &weekday)
{
    switch (ordinal) {
    case 1:
        return QCoreApplication::translate("ui::invite", "the first %1", "weekday of a month").arg(weekday);
    case 2:
        return QCoreApplication::translate("ui::invite", "the second %1", "weekday of a month").arg(weekday);
    case 3:
        return QCoreApplication::translate("ui::invite", "the third %1", "weekday of a month").arg(weekday);
    case 4:
        return QCoreApplication::translate("ui::invite", "the fourth %1", "weekday of a month").arg(weekday);
    case -1:
        return QCoreApplication::translate("ui::invite", "the last %1", "weekday of a month").arg(weekday);
    default:
        return {};
    }
}

QString onText(const Recurrence &rule, const QLocale &locale)
{
    if (rule.ordinal != 0 && rule.weekdays.size() == 1)
        return ordinalDay(rule.ordinal, locale.standaloneDayName(rule.weekdays.front()));
    if (rule.dayOfMonth > 0) {
        return QCoreApplication::translate("ui::invite", "day %1", "of the month")
            .arg(locale.toString(rule.dayOfMonth));
    }
    QStringList days;
    for (const int weekday : rule.weekdays)
        days.append(locale.standaloneDayName(weekday));
    return locale.createSeparatedList(days);
}

} // namespace

QString whenText(const Invitation &event, const QLocale &locale)
{
    const QDateTime begins = event.begins.toLocalTime();
    const QDateTime ends = event.ends.isValid() ? event.ends.toLocalTime() : QDateTime();
    if (event.isAllDay) {
        if (!ends.isValid() || ends.date() <= begins.date())
            return QCoreApplication::translate("ui::invite", "%1, all day").arg(day(begins.date(), locale));
        return QCoreApplication::translate("ui::invite", "%1 to %2, all day")
            .arg(day(begins.date(), locale), day(ends.date(), locale));
    }
    // Some locales count seconds in their short form; an appointment does not.
    QString format = locale.timeFormat(QLocale::ShortFormat);
    format.remove(QStringLiteral(":ss")).remove(QStringLiteral(".ss"));
    const auto time = [&](const QDateTime &at) { return locale.toString(at.time(), format); };
    QString when;
    if (!ends.isValid() || ends == begins) {
        when = QCoreApplication::translate("ui::invite", "%1, %2", "day, time")
                   .arg(day(begins.date(), locale), time(begins));
    } else if (ends.date() == begins.date()) {
        when = QCoreApplication::translate("ui::invite", "%1, %2 to %3", "day, from, to")
                   .arg(day(begins.date(), locale), time(begins), time(ends));
    } else {
        when = QCoreApplication::translate("ui::invite", "%1, %2 to %3, %4", "day, time, day, time")
                   .arg(day(begins.date(), locale), time(begins), day(ends.date(), locale), time(ends));
    }
    if (event.isZoneGuessed) {
        return QCoreApplication::translate("ui::invite", "%1 (in a time zone that is not known)").arg(when);
    }
    if (event.isFloating)
        return QCoreApplication::translate("ui::invite", "%1 (local time)").arg(when);
    return QCoreApplication::translate("ui::invite", "%1 (%2)", "day and time, name of the time zone")
        .arg(when, begins.timeZoneAbbreviation());
}

QString recurrenceText(const Recurrence &rule, const QLocale &locale)
{
    QString words = everyText(rule);
    if (!rule.isSimple || rule.every == Recurrence::Every::Other)
        words = QCoreApplication::translate("ui::invite", "%1, by a rule that is more than these words").arg(words);
    else if (const QString on = onText(rule, locale); !on.isEmpty())
        words = QCoreApplication::translate("ui::invite", "%1 on %2", "every week, weekdays").arg(words, on);
    if (rule.count > 0) {
        return QCoreApplication::translate("ui::invite", "%1, %2", "how it repeats, how often")
            .arg(words, QCoreApplication::translate("ui::invite", "%Ln time(s)", nullptr, rule.count));
    }
    if (rule.until.isValid())
        return QCoreApplication::translate("ui::invite", "%1, until %2").arg(words, day(rule.until, locale));
    return words;
}

QString personText(const Participant &person)
{
    QString address = oneLine(person.address, 320);
    const QString name = oneLine(person.name, 120);
    if (name.isEmpty() || name == address)
        return address;
    return QCoreApplication::translate("ui::invite", "%1 <%2>", "name, address").arg(isolated(name), address);
}

QString answerText(Participant::Answer answer)
{
    switch (answer) {
    case Participant::Answer::Accepted:
        return text(QT_TRANSLATE_NOOP("ui::invite", "accepted"));
    case Participant::Answer::Declined:
        return text(QT_TRANSLATE_NOOP("ui::invite", "declined"));
    case Participant::Answer::Tentative:
        return text(QT_TRANSLATE_NOOP("ui::invite", "perhaps"));
    case Participant::Answer::Delegated:
        return text(QT_TRANSLATE_NOOP("ui::invite", "sends somebody else"));
    case Participant::Answer::None:
        break;
    }
    return {};
}

QString methodText(const Invitation &event)
{
    switch (event.method) {
    case Invitation::Method::Request:
        return text(QT_TRANSLATE_NOOP("ui::invite", "Invitation"));
    case Invitation::Method::Cancel:
        return text(QT_TRANSLATE_NOOP("ui::invite", "Cancelled"));
    case Invitation::Method::Reply:
        if (event.attendees.size() == 1) {
            const Participant &person = event.attendees.front();
            const QString name = isolated(person.name.isEmpty() ? person.address : person.name, 120);
            if (person.answer == Participant::Answer::Accepted)
                return QCoreApplication::translate("ui::invite", "%1 has accepted").arg(name);
            if (person.answer == Participant::Answer::Declined)
                return QCoreApplication::translate("ui::invite", "%1 has declined").arg(name);
            if (person.answer == Participant::Answer::Tentative)
                return QCoreApplication::translate("ui::invite", "%1 may come").arg(name);
        }
        return text(QT_TRANSLATE_NOOP("ui::invite", "Answer to an invitation"));
    case Invitation::Method::Publish:
    case Invitation::Method::Other:
        break;
    }
    return text(QT_TRANSLATE_NOOP("ui::invite", "Event"));
}

} // namespace kittiwake::ui
