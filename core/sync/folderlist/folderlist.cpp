// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/folderlist/folderlist.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** What a mailbox is found by if it was renamed. */
store::MailboxMark markOf(const imap::ListedMailbox &mailbox, const std::vector<MailboxRename> &renames)
{
    store::MailboxMark mark;
    // Of several renames to one name the last one counts.
    const auto rename = std::find_if(renames.rbegin(), renames.rend(),
                                     [&mailbox](const MailboxRename &one) { return one.now == mailbox.name; });
    if (mailbox.oldName)
        mark.oldName = *mailbox.oldName;
    else if (rename != renames.rend())
        mark.oldName = rename->before;
    if (!mailbox.status)
        return mark;
    mark.objectId = mailbox.status->mailboxId;
    mark.uidValidity = mailbox.status->uidValidity;
    mark.uidNext = mailbox.status->uidNext;
    if (mailbox.status->messages)
        mark.messages = *mailbox.status->messages;
    return mark;
}

/** INBOX, then the roles that people look at, then the rest; All Mail last, since it repeats the others. */
int syncRank(const Folder &folder)
{
    switch (folder.role) {
    case mail::MailboxRole::Inbox:
        return 0;
    case mail::MailboxRole::Drafts:
    case mail::MailboxRole::Sent:
    case mail::MailboxRole::Archive:
    case mail::MailboxRole::Flagged:
    case mail::MailboxRole::Important:
        return 1;
    case mail::MailboxRole::None:
        return 2;
    case mail::MailboxRole::Junk:
    case mail::MailboxRole::Trash:
        return 3;
    case mail::MailboxRole::All:
        return 4;
    }
    return 2;
}

/**
 * A mailbox that was deleted, but whose name stays for the sake of what lies below it (RFC 9051 section 6.3.5): its
 * messages are gone, and it will never be selected again to find that out.
 */
Result<void> forgetMessages(const store::CacheStore &store, store::CacheTransaction &transaction, MailboxId mailbox)
{
    const auto cached = store.countMessages(mailbox);
    if (!cached)
        return failure(cached.error());
    if (*cached == 0)
        return {};
    auto emptied = transaction.resetMailbox(mailbox, UidValidity());
    if (!emptied)
        return emptied;
    return transaction.setServerCounts(mailbox, 0, 0);
}

/** Names of mailboxes by what they hold in the cache, before or after a listing. */
Result<QHash<std::int64_t, mail::MailboxName>> namesOf(const store::CacheStore &store, AccountId account)
{
    const auto rows = store.mailboxes(account);
    if (!rows)
        return failure(rows.error());
    QHash<std::int64_t, mail::MailboxName> names;
    for (const store::MailboxRow &row : *rows)
        names.insert(row.id.value(), row.name);
    return names;
}

/**
 * What a renamed mailbox is known by, where the list has not told it: of those that are new, while one has gone. Of so
 * many at most, since after a change of the namespace all names are new.
 */
Result<std::vector<mail::MailboxName>> namesToAsk(const store::CacheStore &store, AccountId account,
                                                  const std::vector<imap::ListedMailbox> &listed)
{
    constexpr std::size_t most = 200;
    const auto rows = store.mailboxes(account);
    if (!rows)
        return failure(rows.error());
    QSet<mail::MailboxName> known;
    QSet<mail::MailboxName> there;
    for (const store::MailboxRow &row : *rows)
        known.insert(row.name);
    for (const imap::ListedMailbox &mailbox : listed)
        there.insert(mailbox.name);
    const bool hasGone = std::any_of(rows->begin(), rows->end(), [&there](const store::MailboxRow &row) {
        return row.cached > 0 && !there.contains(row.name);
    });
    std::vector<mail::MailboxName> names;
    for (const imap::ListedMailbox &mailbox : listed) {
        if (hasGone && mailbox.selectable && !mailbox.status && !known.contains(mailbox.name) && names.size() < most)
            names.push_back(mailbox.name);
    }
    return names;
}

/** Fills in what the list has not told of mailboxes that may be renamed ones. A refusal leaves it at that. */
async::Task<Result<void>> askForMarks(imap::Client *client, const store::CacheStore *store, AccountId account,
                                      std::vector<imap::ListedMailbox> *listed)
{
    auto names = namesToAsk(*store, account, *listed);
    if (!names)
        co_return failure(names.error());
    if (names->empty())
        co_return Result<void>();
    const auto told = co_await client->statuses(std::move(*names), countedItems(*client));
    if (!told)
        co_return client->isConnected() ? Result<void>() : Result<void>(failure(told.error()));
    for (const imap::MailboxStatusData &status : *told) {
        const auto mailbox = std::find_if(listed->begin(), listed->end(), [&status](const imap::ListedMailbox &one) {
            return one.name == status.mailbox;
        });
        if (mailbox != listed->end() && !mailbox->status)
            mailbox->status = status;
    }
    co_return Result<void>();
}

/** What waits for messages goes where they have gone; before COMMIT (see renameOperations). */
Result<void> followRenames(const Environment &environment, AccountId account,
                           const QHash<std::int64_t, mail::MailboxName> &before,
                           const QHash<std::int64_t, mail::MailboxName> &after)
{
    if (environment.pending == nullptr)
        return {};
    std::vector<MailboxRename> renames;
    for (auto row = after.begin(); row != after.end(); ++row) {
        const auto was = before.constFind(row.key());
        if (was != before.constEnd() && *was != row.value())
            renames.push_back({*was, row.value()});
    }
    return renameOperations(*environment.pending, account, renames);
}

} // namespace

imap::StatusItems countedItems(const imap::Client &client)
{
    imap::StatusItems items{imap::StatusItem::Messages, imap::StatusItem::UidNext, imap::StatusItem::UidValidity,
                            imap::StatusItem::Unseen};
    if (client.capabilities().has("CONDSTORE") || client.capabilities().has("QRESYNC"))
        items.push_back(imap::StatusItem::HighestModSeq);
    if (client.capabilities().has("OBJECTID") && client.quirks().statusMailboxId)
        items.push_back(imap::StatusItem::MailboxId);
    return items;
}

async::Task<Result<std::vector<Folder>>> syncFolderList(imap::Client &client, const Environment &environment,
                                                        AccountId account, Counts counts,
                                                        std::vector<MailboxRename> renames)
{
    store::CacheStore &store = environment.store;
    imap::StatusItems items;
    if (counts == Counts::InListOrEach || client.capabilities().has("LIST-STATUS"))
        items = countedItems(client);
    auto listed = co_await client.list(items);
    if (!listed)
        co_return failure(listed.error());
    const bool hasInbox = std::any_of(listed->begin(), listed->end(),
                                      [](const imap::ListedMailbox &mailbox) { return mailbox.name.isInbox(); });
    if (!hasInbox) {
        co_return failure(
            ErrorKind::Protocol, QStringLiteral("LIST"),
            QCoreApplication::translate("core",
                                        "The server listed no inbox, so its list of folders was not believed; "
                                        "nothing was changed. Try again later."));
    }
    if (const auto asked = co_await askForMarks(&client, &store, account, &*listed); !asked)
        co_return failure(asked.error());
    std::vector<store::MailboxListing> listings;
    listings.reserve(listed->size());
    for (const imap::ListedMailbox &mailbox : *listed)
        listings.push_back({mailbox.name,
                            mailbox.delimiter,
                            mailbox.role,
                            mailbox.selectable,
                            mailbox.subscribed,
                            {},
                            markOf(mailbox, renames)});

    // A label says where a message is shown; the message is the same everywhere (X-GM-EXT-1).
    const bool haveLabels = client.capabilities().has("X-GM-EXT-1");
    std::vector<Folder> folders;
    const auto written = store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        const auto before = namesOf(store, account);
        if (!before)
            return failure(before.error());
        const auto ids = transaction.replaceMailboxes(account, listings);
        if (!ids)
            return failure(ids.error());
        const auto after = namesOf(store, account);
        if (!after)
            return failure(after.error());
        if (auto followed = followRenames(environment, account, *before, *after); !followed)
            return followed;
        for (std::size_t i = 0; i < listed->size(); ++i) {
            const imap::ListedMailbox &mailbox = (*listed)[i];
            folders.push_back({(*ids)[i], mailbox.name, mailbox.role, mailbox.selectable, mailbox.status});
            auto marked = transaction.setIsLabel((*ids)[i], haveLabels);
            if (!marked)
                return marked;
            if (!mailbox.selectable) {
                auto emptied = forgetMessages(store, transaction, (*ids)[i]);
                if (!emptied)
                    return emptied;
            }
            if (mailbox.status && mailbox.status->messages) {
                auto counted = transaction.setServerCounts((*ids)[i], *mailbox.status->messages,
                                                           mailbox.status->unseen.value_or(0));
                if (!counted)
                    return counted;
            }
        }
        return {};
    });
    if (!written)
        co_return failure(written.error());
    std::stable_sort(folders.begin(), folders.end(),
                     [](const Folder &left, const Folder &right) { return syncRank(left) < syncRank(right); });
    co_return folders;
}

bool mayHaveChanged(const imap::MailboxStatusData &status, const store::MailboxState &state, std::int64_t cached,
                    Trust trust)
{
    if (!state.complete || !status.messages || !status.uidNext.isValid() || !status.uidValidity.isValid())
        return true;
    if (status.uidValidity != state.uidValidity || *status.messages != cached)
        return true;
    if (status.uidNext != state.uidNext)
        return true;
    if (status.highestModSeq && *status.highestModSeq != 0)
        return ModSeq(*status.highestModSeq) != state.highestModSeq;
    if (*status.messages == 0)
        return false;
    return trust == Trust::Proof || std::int64_t{status.unseen.value_or(0)} != state.unseen;
}

Result<bool> takeEmpty(store::CacheStore &store, const Folder &folder, std::int64_t askedAt)
{
    const auto &status = folder.status;
    if (!folder.selectable || !status || status->messages != 0U || !status->uidNext.isValid()
        || !status->uidValidity.isValid() || status->highestModSeq.value_or(0) == 0)
        return false;
    const auto before = store.state(folder.id);
    if (!before)
        return failure(before.error());
    if (!*before || (*before)->uidValidity.isValid())
        return false;
    store::MailboxState state;
    state.uidValidity = status->uidValidity;
    state.uidNext = status->uidNext;
    state.highestModSeq = ModSeq(*status->highestModSeq);
    state.complete = true;
    state.syncedAt = askedAt;
    const auto written = store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        auto done = transaction.resetMailbox(folder.id, state.uidValidity);
        return done ? transaction.setState(folder.id, state) : done;
    });
    if (!written)
        return failure(written.error());
    return true;
}

Result<void> storeCounts(store::CacheStore &store, const std::vector<Folder> &folders)
{
    return store.write([&folders](store::CacheTransaction &transaction) -> Result<void> {
        for (const Folder &folder : folders) {
            if (!folder.status || !folder.status->messages)
                continue;
            auto done
                = transaction.setServerCounts(folder.id, *folder.status->messages, folder.status->unseen.value_or(0));
            if (!done)
                return done;
        }
        return {};
    });
}

bool bringsNews(const imap::MailboxStatusData &status, const store::MailboxState &state, std::int64_t cached)
{
    if (!state.complete)
        return false;
    if (status.uidValidity.isValid() && status.uidValidity != state.uidValidity)
        return true;
    if (status.messages && *status.messages != cached)
        return true;
    if (status.uidNext.isValid() && status.uidNext != state.uidNext && status.messages.value_or(1) != 0)
        return true;
    if (status.highestModSeq && *status.highestModSeq != 0 && state.highestModSeq.isValid())
        return ModSeq(*status.highestModSeq) != state.highestModSeq;
    return status.unseen && std::int64_t{*status.unseen} != state.unseen;
}

} // namespace kittiwake::sync
