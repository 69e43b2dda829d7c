// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/mail/flags.h"
#include "core/store/uidrange.h"

#include <QByteArray>

#include <cstdint>
#include <span>
#include <vector>

namespace kittiwake::store
{

class Database;

/** By what a message is known again under another UID: what a copy of it has in common with it. */
struct MessageIdentity {
    QByteArray messageId; ///< with angle brackets; empty: it has none
    std::uint64_t size = 0; ///< RFC822.SIZE, octets
    std::int64_t internalDate = 0; ///< seconds since 1970 UTC

    bool operator==(const MessageIdentity &) const = default;
};

/** A message that some mailbox shows, with what is pending. */
struct ShownMessage {
    Uid uid;
    MessageIdentity identity;
    mail::Flags flags;
    MailboxId shownIn; ///< not the mailbox that it is in while the server has not been told that it moves

    bool operator==(const ShownMessage &) const = default;
};

/** CacheStore::shownMessages. */
[[nodiscard]] Result<std::vector<ShownMessage>> readShownMessages(Database &database, MailboxId mailbox,
                                                                  std::span<const UidRange> uids);

} // namespace kittiwake::store
