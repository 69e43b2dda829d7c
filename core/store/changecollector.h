// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/storechanges.h"

#include <map>
#include <set>

namespace kittiwake::store
{

/** Gathers what a transaction changes, and makes the StoreChanges of it: each message in one list at most. */
class ChangeCollector
{
public:
    void treeChanged() { m_tree = true; }
    void rowChanged(MailboxId mailbox) { m_rows.insert(mailbox); }
    void resetMailbox(MailboxId mailbox) { of(mailbox).reset = true; }
    /** For appending to the lists; stays valid until take or clear. */
    [[nodiscard]] MailboxChanges &of(MailboxId mailbox);

    /** The changes so far, after which there are none. Lists are sorted; one longer than limits::changesListed became
     * a reset. */
    [[nodiscard]] StoreChanges take();
    void clear();

private:
    bool m_tree = false;
    std::set<MailboxId> m_rows;
    std::map<MailboxId, MailboxChanges> m_messages;
};

} // namespace kittiwake::store
