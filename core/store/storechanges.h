// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QMetaType>

#include <vector>

namespace kittiwake::store
{

/** What one committed transaction changed in one mailbox. A message is in one of the lists at most. */
struct MailboxChanges {
    MailboxId mailbox;
    bool reset = false; ///< everything may have changed: read the order again (the lists are empty)
    std::vector<MessageId> added;
    std::vector<MessageId> changed; ///< flags, keywords or thread
    std::vector<MessageId> removed;
};

/** Announced after COMMIT, never before, in the order of the commits. A value; crosses threads. */
struct StoreChanges {
    bool mailboxTree = false; ///< mailboxes appeared, went or were renamed: read the list again
    std::vector<MailboxId> mailboxRows; ///< counts, freshness or attributes of these changed
    std::vector<MailboxChanges> messages;

    [[nodiscard]] bool isEmpty() const { return !mailboxTree && mailboxRows.empty() && messages.empty(); }
};

} // namespace kittiwake::store

Q_DECLARE_METATYPE(kittiwake::store::StoreChanges)
