// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/elsewhere.h"

#include "core/sync/account/accountsync.h"
#include "core/sync/mailboxsync/headerbatch.h"
#include "core/sync/operations/arrivals.h"
#include "core/sync/operations/replayerrors.h"

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** Messages with the same Message-ID in one mailbox that are looked at, at most. */
constexpr std::uint64_t mostAlike = 50;
/** Each costs a command in each mailbox. */
constexpr std::size_t mostSearches = 100;

using Places = std::vector<std::optional<MessageAt>>;

/** What is in one mailbox of those that have not been found yet. */
async::Task<Result<void>> findIn(AccountSync &sync, MailboxId mailbox, mail::MailboxName name,
                                 const ElsewhereSearch &search, Places &places)
{
    const auto lease = co_await sync.borrow(mailbox);
    if (!lease)
        co_return failure(lease.error());
    for (std::size_t i = 0; i < std::min(search.wanted.size(), mostSearches); ++i) {
        const store::MessageIdentity &wanted = search.wanted[i];
        if (places[i] || wanted.messageId.isEmpty())
            continue;
        imap::Client *client = lease->client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        const std::vector<imap::SearchKey> keys{
            imap::SearchKey::header(QByteArrayLiteral("Message-ID"), wanted.messageId)};
        const auto found = co_await client->search(keys);
        if (!found)
            co_return failure(found.error());
        client = lease->client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        imap::UidSet uids = *found;
        uids = uids.takeLargest(mostAlike);
        if (uids.isEmpty())
            continue;
        const imap::FetchItems items = headerItems(false);
        const imap::FetchSink sink = [&](imap::FetchedMessage &&message) {
            const auto header = headerFromFetch(message);
            if (!header || identityOf(*header).messageId != wanted.messageId
                || (wanted.size != 0 && header->size != wanted.size))
                return;
            const MessageAt place{name, lease->uidValidity(), header->uid};
            if (std::find(search.known.begin(), search.known.end(), place) == search.known.end()
                && std::find(places.begin(), places.end(), std::optional(place)) == places.end())
                places[i] = place;
        };
        const auto fetched = co_await client->fetch(uids, items, sink);
        if (!fetched)
            co_return failure(fetched.error());
    }
    co_return Result<void>();
}

} // namespace

Result<std::vector<MessageAt>> placesOf(const store::CacheStore &store, AccountId account, const QByteArray &messageId)
{
    std::vector<MessageAt> result;
    if (messageId.isEmpty())
        return result;
    const auto places = store.findMessages(account, messageId);
    if (!places)
        return failure(places.error());
    for (const store::MessagePlace &place : *places) {
        const auto row = store.mailbox(place.mailbox);
        if (!row)
            return failure(row.error());
        if (*row && result.size() < mostAlike)
            result.push_back({(*row)->name, (*row)->uidValidity, place.uid});
    }
    return result;
}

async::Task<Result<Places>> findElsewhere(const Environment &environment, AccountSync &sync, ElsewhereSearch search)
{
    Places places(search.wanted.size());
    const auto isAnyLeft = [&] {
        for (std::size_t i = 0; i < std::min(places.size(), mostSearches); ++i) {
            if (!places[i] && !search.wanted[i].messageId.isEmpty())
                return true;
        }
        return false;
    };
    if (!isAnyLeft())
        co_return places;
    const auto mailboxes = environment.store.mailboxes(search.account);
    if (!mailboxes)
        co_return failure(mailboxes.error());
    for (const store::MailboxRow &row : *mailboxes) {
        if (!row.selectable || row.isProvisional || row.id == search.except)
            continue;
        const auto looked = co_await findIn(sync, row.id, row.name, search, places);
        // A folder that cannot be opened now says nothing.
        if (!looked && looked.error().kind != ErrorKind::ServerRefused)
            co_return failure(looked.error());
        if (!isAnyLeft())
            break;
    }
    co_return places;
}

} // namespace kittiwake::sync
