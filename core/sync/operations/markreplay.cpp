// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/markreplay.h"

#include "core/sync/account/accountsync.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/operations/elsewhere.h"
#include "core/sync/operations/replayerrors.h"

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

bool hasLeft(const SoughtMessage &message, const MessageAt &place)
{
    return std::find(message.left.begin(), message.left.end(), place) != message.left.end();
}

Result<std::optional<MessageAt>> inCache(const store::CacheStore &store, AccountId account,
                                         const SoughtMessage &message)
{
    const auto places = store.findMessages(account, message.identity.messageId);
    if (!places)
        return failure(places.error());
    for (const store::MessagePlace &place : *places) {
        const auto row = store.mailbox(place.mailbox);
        if (!row)
            return failure(row.error());
        if (!*row || (*row)->isProvisional) // of a message that no server has yet
            continue;
        const MessageAt there{(*row)->name, (*row)->uidValidity, place.uid};
        if (hasLeft(message, there))
            continue;
        const store::UidRange uid{place.uid, place.uid};
        const auto known = store.shownMessages(place.mailbox, std::span(&uid, 1));
        if (!known)
            return failure(known.error());
        if (!known->empty() && (message.identity.size == 0 || known->front().identity.size == message.identity.size))
            return std::optional(there);
    }
    return std::optional<MessageAt>();
}

async::Task<Result<void>> listFolders(const Environment &environment, AccountSync &sync, AccountId account)
{
    const auto inbox = findFolder(environment.store, account, mail::MailboxName::inbox());
    if (!inbox)
        co_return failure(inbox.error());
    if (!*inbox)
        co_return failure(foldersUnknownError(mail::MailboxName::inbox()));
    const MailboxId id = **inbox;
    const auto lease = co_await sync.borrow(id);
    if (!lease)
        co_return failure(lease.error());
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const auto listed = co_await syncFolderList(*client, environment, account, Counts::InList);
    co_return listed ? Result<void>() : failure(listed.error());
}

} // namespace

async::Task<Result<std::optional<MessageAt>>> locate(const Environment &environment, AccountSync &sync,
                                                     AccountId account, SoughtMessage message)
{
    const auto known = inCache(environment.store, account, message);
    if (!known || *known)
        co_return known;
    const auto listed = co_await listFolders(environment, sync, account);
    if (!listed)
        co_return failure(listed.error());
    ElsewhereSearch search{account, {}, {message.identity}, message.left};
    const auto found = co_await findElsewhere(environment, sync, std::move(search));
    if (!found)
        co_return failure(found.error());
    co_return found->front();
}

} // namespace kittiwake::sync
