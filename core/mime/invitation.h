// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QCborMap>
#include <QDateTime>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::mime
{

/** Somebody in an event. Text as it came, unchecked. */
struct Participant {
    enum class Answer { None, Accepted, Declined, Tentative, Delegated };

    QString name;
    QString address;
    Answer answer = Answer::None;
    bool isOptional = false;

    bool operator==(const Participant &) const = default;
};

/** How an event repeats, as far as it can be said in words (RFC 5545 section 3.3.10). */
struct Recurrence {
    enum class Every { Day, Week, Month, Year, Other };

    Every every = Every::Other;
    int interval = 1;
    std::vector<int> weekdays; ///< Qt::DayOfWeek, 1 is Monday; without those that say which of a month
    int ordinal = 0; ///< "second" of "second Tuesday": 2; -1: last; 0: none. Then weekdays holds one day
    int dayOfMonth = 0; ///< 0: none, or several
    int count = 0; ///< 0: not limited by number
    QDate until; ///< null: not limited by date
    bool isSimple = true; ///< false: there is more to the rule than is said here

    bool operator==(const Recurrence &) const = default;
};

/** An event that a message carries (RFC 5545, RFC 6047). Text as it came, bounded, unchecked. */
struct Invitation {
    enum class Method { Publish, Request, Reply, Cancel, Other };

    Method method = Method::Publish;
    QString title;
    QString place;
    QString description;
    QDateTime begins; ///< UTC, or local time where isFloating; midnight where isAllDay
    QDateTime ends; ///< invalid: as begins; where isAllDay the last day, not the one after it
    bool isAllDay = false;
    bool isFloating = false; ///< without a time zone: at that time wherever one is
    bool isZoneGuessed = false; ///< the time zone that it names is not known; taken as the reader's
    std::optional<Participant> organiser;
    std::vector<Participant> attendees; ///< at most maxAttendees
    int attendeesInAll = 0;
    std::optional<Recurrence> recurrence;
    int otherEvents = 0; ///< further events in the same file, which are not shown

    static constexpr int maxAttendees = 200;
    static constexpr qsizetype maxBytes = 512 * 1024; ///< of a calendar file that is looked at
    static constexpr qsizetype maxText = 4000; ///< characters of each text

    bool operator==(const Invitation &) const = default;
};

/** What the helper says of a calendar file (app/helper/invitation.cpp); nothing where there is no event in it. */
[[nodiscard]] std::optional<Invitation> invitationFromCbor(const QCborMap &map);

} // namespace kittiwake::mime
