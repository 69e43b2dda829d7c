// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/rows.h"

#include <QJsonArray>
#include <QJsonObject>

namespace kittiwake::ctl
{

/** {name, address}. */
[[nodiscard]] QJsonObject addressJson(const mail::Address &address);
/** One message of "list". */
[[nodiscard]] QJsonObject messageJson(const store::MessageRow &row);
/** One mailbox of "mailboxes". */
[[nodiscard]] QJsonObject mailboxJson(const store::MailboxRow &row);
/** Seconds since 1970 as "2026-10-01T09:00:00Z". */
[[nodiscard]] QString utcText(std::int64_t seconds);

} // namespace kittiwake::ctl
