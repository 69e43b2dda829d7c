// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/rows.h"
#include "core/store/statement.h"

// The columns of message in the order in which readMessageRow() reads them.
#define MESSAGE_COLUMNS                                                                                                \
    "id, mailbox, thread, uid, flags, keywords, modseq, internal_date, date, size, has_attachment, message_id, "       \
    "subject, from_name, from_address, from_others, to_list, cc_list, reply_to_list, "                                 \
    "email_id"

namespace kittiwake::store
{

/** The row that statement stands on; it selected MESSAGE_COLUMNS. */
[[nodiscard]] MessageRow readMessageRow(const Statement &statement);

} // namespace kittiwake::store
