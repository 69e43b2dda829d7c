// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"
#include "core/sync/account/hearnews.h"
#include "core/sync/operations/movereplay.h"
#include "core/sync/operations/replayerrors.h"

/** Copies that are taken back, and what they were copied from. */
namespace kittiwake::sync
{

namespace
{

/** Originals that are not where they were are searched for one by one: not for ever. */
constexpr std::size_t mostSearches = 100;

} // namespace

/** Copies are deleted only while what they were copied from is there. */
async::Task<Result<void>> MoveReplay::keepLastOnes(std::vector<Slot> slots)
{
    std::map<std::size_t, std::vector<Slot>> byItem;
    for (const Slot &slot : slots) {
        if (m_items[slot.item].operation.original)
            byItem[slot.item].push_back(slot);
    }
    for (const auto &[index, mine] : byItem) {
        const auto safe = co_await originalsOf(mine);
        if (!safe)
            co_return failure(safe.error());
        imap::UidSet kept = uidsOf(mine);
        kept.subtract(*safe);
        m_items[index].kept += static_cast<std::int64_t>(kept.count());
        m_items[index].progress.kept.unite(kept);
        m_items[index].progress.inFlight.subtract(kept);
    }
    co_return Result<void>();
}

/** Of these copies, those whose originals are where they were copied from; by UID, else by Message-ID. */
async::Task<Result<imap::UidSet>> MoveReplay::originalsOf(std::vector<Slot> slots)
{
    const MoveOperation &operation = m_items[slots.front().item].operation;
    const bool isSameMailbox = *operation.original == operation.source;
    const auto mailbox
        = findFolder(m_environment.store, m_items[slots.front().item].record.account, *operation.original);
    if (!mailbox)
        co_return failure(mailbox.error());
    imap::UidSet safe;
    if (!*mailbox)
        co_return safe;
    const MailboxId id = **mailbox;
    const auto lease = co_await m_sync.borrow(id);
    if (!lease && isTemporary(lease.error()))
        co_return failure(lease.error());
    if (!lease)
        co_return safe;
    const auto told = co_await hearNews(*lease); // as in scan()
    if (!told)
        co_return failure(told.error());
    std::map<Uid, Uid> copies;
    if (lease->uidValidity() == operation.originalValidity) {
        for (const Slot &slot : slots) {
            const MovedMessage &message = messageOf(slot);
            if (!isSameMailbox || message.original != message.uid) // nothing is its own copy
                copies.emplace(message.original, message.uid);
        }
    }
    std::vector<Uid> originals;
    for (const auto &[original, copy] : copies)
        originals.push_back(original);
    imap::UidSet asked = imap::UidSet::fromUids(originals);
    imap::FetchItems items;
    items.flags = true;
    const imap::FetchSink sink = [&safe, &copies](imap::FetchedMessage &&message) {
        const auto copy = copies.find(message.uid);
        if (copy != copies.end() && message.flags && !message.flags->has(mail::SystemFlag::Deleted))
            safe.add(copy->second);
    };
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    if (!asked.isEmpty()) {
        const auto fetched = co_await client->fetch(asked, items, sink);
        if (!fetched)
            co_return failure(fetched.error());
    }
    // Numbered anew, or brought back there since: not more than a few are looked for.
    std::size_t searches = 0;
    for (const Slot &slot : slots) {
        const MovedMessage &message = messageOf(slot);
        if (safe.contains(message.uid) || message.identity.messageId.isEmpty() || ++searches > mostSearches)
            continue;
        client = lease->client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        const std::vector<imap::SearchKey> keys{
            imap::SearchKey::header(QByteArrayLiteral("Message-ID"), message.identity.messageId),
            imap::SearchKey::flag(QByteArrayLiteral("\\Deleted"), false)};
        const auto found = co_await client->search(keys);
        if (!found && found.error().kind != ErrorKind::ServerRefused)
            co_return failure(found.error());
        imap::UidSet others = found ? *found : imap::UidSet();
        if (isSameMailbox)
            others.subtract(operation.uids());
        if (!others.isEmpty())
            safe.add(message.uid);
    }
    co_return safe;
}

} // namespace kittiwake::sync
