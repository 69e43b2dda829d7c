// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/mailboxsync.h"
#include "core/sync/mailboxsync/messagelabels.h"

#include <algorithm>

/** What a few services have that no RFC knows: labels (Gmail), and mailboxes that show their newest messages (Yahoo).
 */
namespace kittiwake::sync
{

bool MailboxSync::hasLabels() const
{
    return m_client.capabilities().has("X-GM-EXT-1");
}

void MailboxSync::addLabelItems(imap::FetchItems &items) const
{
    if (!hasLabels())
        return;
    items.gmailLabels = true;
    items.gmailMessageId = true;
}

void MailboxSync::takeLabels(const imap::FetchedMessage &message)
{
    if (!message.gmailLabels)
        return;
    m_labels.push_back({message.uid, message.gmailMessageId, decodedLabels(*message.gmailLabels)});
    if (m_labels.size() >= storeSize)
        noteError(storeLabels());
}

/** Labels change without anything else about the message, and only those that did are told to anybody. */
Result<void> MailboxSync::storeLabels()
{
    if (m_labels.empty())
        return {};
    std::vector<Uid> changed;
    auto written = m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        auto done = transaction.setLabels(m_mailbox, m_state.uidValidity, m_labels);
        if (!done)
            return failure(done.error());
        changed = std::move(*done);
        return {};
    });
    m_labels.clear();
    if (written)
        report(WatchEvent::Kind::Changed, changed);
    return written;
}

/** How many messages the server shows at most, where that is not all of them (Quirks::newestOnly); 0: it shows all. */
std::uint32_t MailboxSync::newestOnly(std::int64_t exists) const
{
    const std::uint32_t limit = m_client.isEnabled("UIDONLY") ? 0 : m_client.quirks().newestOnly;
    return exists >= std::int64_t{limit} ? limit : 0;
}

/**
 * Out of removed, which are unlinked: those that another message has pushed out of what the server shows. Nobody has
 * deleted them, so nobody is told that. They are the oldest.
 */
Result<void> MailboxSync::dropOutOfWindow(std::vector<Uid> &removed) const
{
    if (removed.empty() || newestOnly(m_state.messages) == 0)
        return {};
    const auto bounds = m_store.uidBounds(m_mailbox);
    if (!bounds)
        return failure(bounds.error());
    if (*bounds)
        std::erase_if(removed, [&bounds](Uid uid) { return uid < (*bounds)->first; });
    return {};
}

} // namespace kittiwake::sync
