// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/messageidentity.h"

#include "core/store/database.h"
#include "core/store/overlay.h"

#include <algorithm>

namespace kittiwake::store
{

Result<std::vector<ShownMessage>> readShownMessages(Database &database, MailboxId mailbox,
                                                    std::span<const UidRange> uids)
{
    auto shown = readShownFlags(database, mailbox, uids);
    if (!shown)
        return failure(std::move(shown.error()));
    auto statement
        = database.prepare("SELECT m.message_id, m.size, m.internal_date, coalesce(o.hidden, 0) FROM message m "
                           "LEFT JOIN overlay o ON o.message = m.id WHERE m.mailbox = ?1 AND m.uid = ?2");
    if (!statement)
        return failure(std::move(statement.error()));
    std::vector<ShownMessage> result;
    result.reserve(shown->size());
    for (ShownFlags &message : *shown) {
        statement->bind(1, mailbox);
        statement->bind(2, message.uid);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (*row) {
            const std::int64_t hidden = statement->integer(3);
            result.push_back(
                {message.uid,
                 {statement->blob(0), static_cast<std::uint64_t>(statement->integer(1)), statement->integer(2)},
                 std::move(message.flags),
                 hidden < 0 ? MailboxId(-hidden) : mailbox});
        }
        statement->reset();
    }
    return result;
}

} // namespace kittiwake::store
