// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/fetchdecoder.h"

#include <array>
#include <chrono>

namespace kittiwake::imap
{

namespace
{

constexpr std::array<QByteArrayView, 12> monthNames{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                    "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<const char *, 12> monthSpellings{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/** 1 to maximumDigits digits. */
bool takeNumber(Decoder &decoder, int maximumDigits, int &value)
{
    value = 0;
    int digits = 0;
    for (; digits < maximumDigits && decoder.peek() >= '0' && decoder.peek() <= '9'; ++digits) {
        value = value * 10 + (decoder.peek() - '0');
        decoder.skip(1);
    }
    return digits > 0;
}

bool takeMonth(Decoder &decoder, unsigned &month)
{
    const QByteArrayView rest = decoder.rest();
    if (rest.size() < 3)
        return false;
    for (std::size_t i = 0; i < monthNames.size(); ++i) {
        if (isWord(rest.first(3), monthNames[i])) {
            month = static_cast<unsigned>(i) + 1;
            decoder.skip(3);
            return true;
        }
    }
    return false;
}

constexpr std::int64_t secondsADay = 86'400;
constexpr std::int64_t earliest
    = std::chrono::sys_days(std::chrono::year(1) / 1 / 1).time_since_epoch().count() * secondsADay;
constexpr std::int64_t latest
    = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1).time_since_epoch().count() * secondsADay - 1;

void appendTwoDigits(QByteArray &text, std::int64_t value)
{
    text += static_cast<char>('0' + value / 10);
    text += static_cast<char>('0' + value % 10);
}

} // namespace

std::optional<std::int64_t> parseDateTime(QByteArrayView text)
{
    Decoder decoder(text);
    decoder.spaces();
    int day = 0;
    unsigned month = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int zone = 0;
    if (!takeNumber(decoder, 2, day) || !decoder.special('-') || !takeMonth(decoder, month) || !decoder.special('-')
        || !takeNumber(decoder, 4, year) || !decoder.space() || !takeNumber(decoder, 2, hour) || !decoder.special(':')
        || !takeNumber(decoder, 2, minute) || !decoder.special(':') || !takeNumber(decoder, 2, second))
        return std::nullopt;
    decoder.spaces();
    const bool west = decoder.special('-');
    if (west || decoder.special('+')) {
        if (!takeNumber(decoder, 4, zone))
            return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok() || hour > 24 || minute > 59 || second > 60 || zone % 100 > 59)
        return std::nullopt;
    const std::int64_t offset = (zone / 100 * 60 + zone % 100) * 60 * (west ? -1 : 1);
    const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t seconds = days * secondsADay + hour * 3600 + minute * 60 + second - offset;
    if (seconds < earliest || seconds > latest)
        return std::nullopt;
    return seconds;
}

QByteArray formatDateTime(std::int64_t secondsSinceEpoch)
{
    using namespace std::chrono;
    if (secondsSinceEpoch < earliest || secondsSinceEpoch > latest)
        return {};
    const sys_seconds time{seconds(secondsSinceEpoch)};
    const sys_days midnight = floor<days>(time);
    const year_month_day date(midnight);
    const std::int64_t ofDay = (time - midnight).count();
    QByteArray text;
    const auto day = static_cast<unsigned>(date.day());
    text += day < 10 ? ' ' : static_cast<char>('0' + day / 10);
    text += static_cast<char>('0' + day % 10);
    text += '-';
    text += monthSpellings[static_cast<unsigned>(date.month()) - 1];
    text += '-';
    const int year = static_cast<int>(date.year());
    appendTwoDigits(text, year / 100);
    appendTwoDigits(text, year % 100);
    text += ' ';
    appendTwoDigits(text, ofDay / 3600);
    text += ':';
    appendTwoDigits(text, ofDay / 60 % 60);
    text += ':';
    appendTwoDigits(text, ofDay % 60);
    return text + " +0000";
}

} // namespace kittiwake::imap
