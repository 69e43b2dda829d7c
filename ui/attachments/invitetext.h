// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/invitation.h"

#include <QLocale>
#include <QString>

namespace kittiwake::ui
{

/** When an event is, in the time zone of this computer: "Thursday, 24 September 2026, 14:00 to 15:30 (CEST)". */
[[nodiscard]] QString whenText(const mime::Invitation &event, const QLocale &locale);
/** How it repeats, in words: "Every 2 weeks on Monday and Thursday, 10 times". */
[[nodiscard]] QString recurrenceText(const mime::Recurrence &rule, const QLocale &locale);
/** What the message wants with it: "Invitation", "Cancelled", "Anna has accepted" … */
[[nodiscard]] QString methodText(const mime::Invitation &event);
/** "Anna <anna@example.org>": as one line, whatever it holds. */
[[nodiscard]] QString personText(const mime::Participant &person);
[[nodiscard]] QString answerText(mime::Participant::Answer answer); ///< "accepted"; empty for None

} // namespace kittiwake::ui
