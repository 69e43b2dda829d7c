// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/changecollector.h"

#include "core/store/limits.h"

#include <algorithm>
#include <iterator>

namespace kittiwake::store
{

namespace
{

using Ids = std::vector<MessageId>;

void sortUnique(Ids &ids)
{
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

Ids without(const Ids &ids, const Ids &others)
{
    Ids result;
    std::set_difference(ids.begin(), ids.end(), others.begin(), others.end(), std::back_inserter(result));
    return result;
}

/**
 * A message that several actions have moved comes and goes several times in one transaction, when they are all taken
 * off and laid again: only what comes once more than it goes is there now, and the other way round.
 */
void cancelOut(Ids &added, Ids &removed)
{
    std::sort(added.begin(), added.end());
    std::sort(removed.begin(), removed.end());
    Ids more;
    Ids less;
    std::set_difference(added.begin(), added.end(), removed.begin(), removed.end(), std::back_inserter(more));
    std::set_difference(removed.begin(), removed.end(), added.begin(), added.end(), std::back_inserter(less));
    added = std::move(more);
    removed = std::move(less);
}

/** Added and changed is added, changed and removed is removed, added and removed never happened. */
void settle(MailboxChanges &changes)
{
    if (!changes.added.empty() && !changes.removed.empty())
        cancelOut(changes.added, changes.removed);
    sortUnique(changes.added);
    sortUnique(changes.changed);
    sortUnique(changes.removed);
    if (!changes.changed.empty()) {
        changes.changed = without(changes.changed, changes.added);
        changes.changed = without(changes.changed, changes.removed);
    }
    const auto listed = changes.added.size() + changes.changed.size() + changes.removed.size();
    if (changes.reset || listed > static_cast<std::size_t>(limits::changesListed)) {
        const MailboxId mailbox = changes.mailbox;
        changes = {};
        changes.mailbox = mailbox;
        changes.reset = true;
    }
}

} // namespace

MailboxChanges &ChangeCollector::of(MailboxId mailbox)
{
    MailboxChanges &changes = m_messages[mailbox];
    changes.mailbox = mailbox;
    return changes;
}

StoreChanges ChangeCollector::take()
{
    StoreChanges result;
    result.mailboxTree = m_tree;
    result.mailboxRows.assign(m_rows.begin(), m_rows.end());
    for (auto &[mailbox, changes] : m_messages) {
        settle(changes);
        if (changes.reset || !changes.added.empty() || !changes.changed.empty() || !changes.removed.empty())
            result.messages.push_back(std::move(changes));
    }
    clear();
    return result;
}

void ChangeCollector::clear()
{
    m_tree = false;
    m_rows.clear();
    m_messages.clear();
}

} // namespace kittiwake::store
