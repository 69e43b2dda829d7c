// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headers.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

/// Longer ones are no dates.
constexpr qsizetype longestDate = 256;

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Up to four letters as one number, upper case: words are compared as integers.
constexpr std::uint32_t wordKey(const char *word)
{
    std::uint32_t key = 0;
    for (; *word != 0; ++word)
        key = key << 8U | static_cast<unsigned char>(*word);
    return key;
}

constexpr std::array<std::uint32_t, 12> months{wordKey("JAN"), wordKey("FEB"), wordKey("MAR"), wordKey("APR"),
                                               wordKey("MAY"), wordKey("JUN"), wordKey("JUL"), wordKey("AUG"),
                                               wordKey("SEP"), wordKey("OCT"), wordKey("NOV"), wordKey("DEC")};

struct Zone {
    std::uint32_t name;
    int hours;
};

/// RFC 5322 section 4.3. All other letters mean +0000 there ("-0000"), since nobody knows what their senders meant.
constexpr std::array<Zone, 8> zones{Zone{wordKey("EST"), -5}, Zone{wordKey("EDT"), -4}, Zone{wordKey("CST"), -6},
                                    Zone{wordKey("CDT"), -5}, Zone{wordKey("MST"), -7}, Zone{wordKey("MDT"), -6},
                                    Zone{wordKey("PST"), -8}, Zone{wordKey("PDT"), -7}};

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = year / 400;
    const auto yearOfEra = static_cast<unsigned>(year - era * 400);
    const unsigned dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const unsigned dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + static_cast<std::int64_t>(dayOfEra) - 719468;
}

unsigned daysInMonth(std::int64_t year, unsigned month)
{
    constexpr std::array<unsigned, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/// Reads the parts of a date in whatever order they come: the order of RFC 5322, of asctime() and of ISO 8601 are all
/// seen in mail.
class DateReader
{
public:
    explicit DateReader(QByteArrayView text) : m_text(text) { }

    std::optional<std::int64_t> read()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            bool good = true;
            if (c == '(')
                skipComment();
            else if (isLetter(c))
                good = readWord();
            else if (isDigit(c))
                good = readNumber();
            else if ((c == '+' || c == '-') && m_hasTime && m_at + 1 < m_text.size() && isDigit(m_text[m_at + 1]))
                readOffset();
            else
                ++m_at;
            if (!good)
                return std::nullopt;
        }
        return value();
    }

private:
    void skipComment()
    {
        int depth = 0;
        for (; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '\\')
                ++m_at;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0) {
                ++m_at;
                return;
            }
        }
    }

    bool readWord()
    {
        std::uint32_t key = 0;
        qsizetype length = 0;
        for (; m_at < m_text.size() && isLetter(m_text[m_at]); ++m_at, ++length) {
            if (length < 4)
                key = key << 8U | static_cast<unsigned char>(m_text[m_at] & ~0x20);
        }
        const std::uint32_t three = length >= 4 ? key >> 8U : key;
        if (length >= 3 && m_month == 0) {
            const auto *month = std::find(months.begin(), months.end(), three);
            if (month != months.end()) {
                m_month = static_cast<unsigned>(month - months.begin()) + 1;
                return true;
            }
        }
        if (!m_hasTime)
            return true; // the day of the week, or the T of ISO 8601
        if (key == wordKey("AM") || key == wordKey("PM"))
            return applyHalf(key == wordKey("PM"));
        const auto *zone
            = std::find_if(zones.begin(), zones.end(), [&](const Zone &known) { return known.name == key; });
        if (zone != zones.end() && !m_hasOffset) {
            m_offset = zone->hours * 3600;
            m_hasOffset = true;
        }
        return true;
    }

    bool applyHalf(bool afternoon)
    {
        if (m_hour < 1 || m_hour > 12)
            return false;
        m_hour = m_hour % 12 + (afternoon ? 12 : 0);
        return true;
    }

    /// At most nine digits, so that nothing overflows; longer numbers are no part of a date.
    std::optional<int> digits(int *count = nullptr)
    {
        int number = 0;
        int seen = 0;
        for (; m_at < m_text.size() && isDigit(m_text[m_at]); ++m_at) {
            if (++seen > 9)
                return std::nullopt;
            number = number * 10 + (m_text[m_at] - '0');
        }
        if (count != nullptr)
            *count = seen;
        return seen == 0 ? std::nullopt : std::optional(number);
    }

    bool readNumber()
    {
        int count = 0;
        const auto number = digits(&count);
        if (!number)
            return false;
        const char next = m_at < m_text.size() ? m_text[m_at] : ' ';
        if (next == ':' && !m_hasTime)
            return readTime(*number);
        if (next == '-' && count == 4 && !m_hasYear && m_day == 0)
            return readIsoDate(*number);
        if (m_day == 0 && count <= 2) {
            m_day = static_cast<unsigned>(*number);
            return m_day != 0;
        }
        if (!m_hasYear)
            setYear(*number, count);
        return true; // a number too many, as in "0200" without its sign, is passed over
    }

    bool readTime(int hour)
    {
        m_hour = hour;
        ++m_at;
        const auto minute = digits();
        if (!minute)
            return false;
        m_minute = *minute;
        if (m_at < m_text.size() && m_text[m_at] == ':') {
            ++m_at;
            const auto second = digits();
            if (!second)
                return false;
            m_second = *second;
        }
        if (m_at + 1 < m_text.size() && m_text[m_at] == '.' && isDigit(m_text[m_at + 1])) {
            ++m_at;
            while (m_at < m_text.size() && isDigit(m_text[m_at]))
                ++m_at;
        }
        m_hasTime = true;
        return true;
    }

    bool readIsoDate(int year)
    {
        ++m_at;
        const auto month = digits();
        if (!month || m_at >= m_text.size() || m_text[m_at] != '-')
            return false;
        ++m_at;
        const auto day = digits();
        if (!day)
            return false;
        m_year = year;
        m_hasYear = true;
        m_month = static_cast<unsigned>(*month);
        m_day = static_cast<unsigned>(*day);
        return true;
    }

    /// RFC 5322 section 4.3: two digits are 1950 … 2049, three count from 1900.
    void setYear(int year, int count)
    {
        if (count <= 2)
            year += year < 50 ? 2000 : 1900;
        else if (count == 3)
            year += 1900;
        m_year = year;
        m_hasYear = true;
    }

    void readOffset()
    {
        const bool west = m_text[m_at] == '-';
        ++m_at;
        int count = 0;
        const auto number = digits(&count);
        if (!number || m_hasOffset)
            return;
        int hours = *number;
        int minutes = 0;
        if (m_at < m_text.size() && m_text[m_at] == ':') {
            ++m_at;
            minutes = digits().value_or(0);
        } else if (count > 2) {
            minutes = hours % 100;
            hours /= 100;
        }
        // Beyond what any place uses it says nothing, as "-0000" does.
        if (hours <= 15 && minutes < 60) {
            m_offset = (hours * 60 + minutes) * (west ? -60 : 60);
            m_hasOffset = true;
        }
    }

    [[nodiscard]] std::optional<std::int64_t> value() const
    {
        if (!m_hasYear || m_month < 1 || m_month > 12 || m_year < 1969 || m_year > 2200)
            return std::nullopt;
        if (m_day < 1 || m_day > daysInMonth(m_year, m_month) || m_hour > 23 || m_minute > 59 || m_second > 60)
            return std::nullopt;
        const std::int64_t seconds
            = daysFromCivil(m_year, m_month, m_day) * 86400 + m_hour * 3600 + m_minute * 60 + m_second - m_offset;
        constexpr std::int64_t year2200 = 7258118400;
        if (seconds < 0 || seconds >= year2200)
            return std::nullopt;
        return seconds;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    int m_year = 0;
    unsigned m_month = 0;
    unsigned m_day = 0;
    int m_hour = 0;
    int m_minute = 0;
    int m_second = 0;
    int m_offset = 0;
    bool m_hasYear = false;
    bool m_hasTime = false;
    bool m_hasOffset = false;
};

} // namespace

std::optional<std::int64_t> parseDate(QByteArrayView value)
{
    if (value.size() > longestDate)
        return std::nullopt;
    return DateReader(value).read();
}

} // namespace kittiwake::mime
