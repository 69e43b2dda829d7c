// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagelist/datetext.h"

#include <QCoreApplication>
#include <QTimeZone>

namespace kittiwake::ui
{

namespace
{

QString timeText(const QTime &time, const QLocale &locale)
{
    // Some locales (C among them) count seconds in their short form; a list of mail does not.
    QString format = locale.timeFormat(QLocale::ShortFormat);
    format.remove(QStringLiteral(":ss")).remove(QStringLiteral(".ss"));
    return locale.toString(time, format);
}

/** "24 Sep" in the order of the locale: its short date tells whether the day comes first. */
QString dayAndMonth(const QDate &date, const QLocale &locale)
{
    const QString format = locale.dateFormat(QLocale::ShortFormat);
    const qsizetype day = format.indexOf(QLatin1Char('d'));
    const qsizetype month = format.indexOf(QLatin1Char('M'));
    return locale.toString(date, day < month ? QStringLiteral("d MMM") : QStringLiteral("MMM d"));
}

} // namespace

QString shortDate(std::int64_t seconds, const QDateTime &now, const QLocale &locale)
{
    const QDateTime then = QDateTime::fromSecsSinceEpoch(seconds, now.timeZone());
    const qint64 days = then.date().daysTo(now.date());
    if (days == 0)
        return timeText(then.time(), locale);
    if (days > 0 && days < 7)
        return locale.dayName(then.date().dayOfWeek(), QLocale::ShortFormat);
    if (then.date().year() == now.date().year())
        return dayAndMonth(then.date(), locale);
    return locale.toString(then.date(), QLocale::ShortFormat);
}

QString fullDate(std::int64_t seconds, const QLocale &locale)
{
    const QDateTime then = QDateTime::fromSecsSinceEpoch(seconds);
    return QCoreApplication::translate("ui", "%1, %2 (%3)", "date, time, time zone")
        .arg(locale.toString(then.date(), QLocale::LongFormat), timeText(then.time(), locale),
             then.timeZoneAbbreviation());
}

QString cardDate(std::int64_t seconds, const QDateTime &now, const QLocale &locale)
{
    const QDateTime then = QDateTime::fromSecsSinceEpoch(seconds, now.timeZone());
    const QString time = timeText(then.time(), locale);
    const qint64 days = then.date().daysTo(now.date());
    if (days == 0)
        return QCoreApplication::translate("ui", "Today, %1").arg(time);
    if (days == 1)
        return QCoreApplication::translate("ui", "Yesterday, %1").arg(time);
    const bool thisYear = then.date().year() == now.date().year();
    const QString day
        = thisYear ? dayAndMonth(then.date(), locale) : locale.toString(then.date(), QLocale::ShortFormat);
    return QCoreApplication::translate("ui", "%1, %2", "date, time").arg(day, time);
}

} // namespace kittiwake::ui
