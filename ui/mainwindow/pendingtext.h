// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/actiontypes.h"

#include <QDateTime>
#include <QLocale>
#include <QString>

namespace kittiwake::ui
{

/** What the person did: "Move 3 messages from INBOX to Archive". Plain text, names from the server isolated. */
[[nodiscard]] QString actionText(const engine::PendingAction &action);
/** Since when and why it waits, or why it was refused. */
[[nodiscard]] QString actionState(const engine::PendingAction &action, const QLocale &locale, const QDateTime &now);
/** "3 changes wait for the server", "The server refused a change"; empty when nothing waits. */
[[nodiscard]] QString pendingText(const engine::PendingSummary &summary);

} // namespace kittiwake::ui
