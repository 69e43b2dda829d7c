// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QLocale>
#include <QString>

#include <cstdint>

namespace kittiwake::ui
{

/**
 * A message's date for the list, in the time zone of now: the time today, the weekday within the last six days, then
 * the day and month, with the year when it is another one. seconds since 1970 UTC.
 */
[[nodiscard]] QString shortDate(std::int64_t seconds, const QDateTime &now, const QLocale &locale);

/** The same in full, with the time zone's name. */
[[nodiscard]] QString fullDate(std::int64_t seconds, const QLocale &locale);

/** Date and time for the reader's card. */
[[nodiscard]] QString cardDate(std::int64_t seconds, const QDateTime &now, const QLocale &locale);

} // namespace kittiwake::ui
