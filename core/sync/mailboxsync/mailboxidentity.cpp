// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/mime/headers.h"
#include "core/sync/mailboxsync/flight.h"
#include "core/sync/mailboxsync/foundagain.h"
#include "core/sync/mailboxsync/identitymatch.h"
#include "core/sync/mailboxsync/mailboxsync.h"

#include <unordered_map>

/** How messages are found again when the server has given them other UIDs. */
namespace kittiwake::sync
{

namespace
{

const imap::Section &messageIdSection()
{
    static const imap::Section section = imap::Section::headerFields({QByteArrayLiteral("MESSAGE-ID")});
    return section;
}

std::uint64_t messageIdHash(const imap::FetchData &data)
{
    const imap::FetchedSection *fields = data.find(messageIdSection());
    if (fields == nullptr || !fields->data)
        return 0;
    return store::identityHash(mime::cleanMessageId(mime::headerFieldValue(*fields->data, "Message-ID")));
}

} // namespace

/**
 * Asks what tells messages apart and costs little: the server's own ids, sizes and dates of all of them, Message-IDs of
 * a few. Nothing is written: until the mailbox is adopted, the cache speaks of the old UIDs, and what the server says
 * meanwhile only makes the comparison that follows look at everything.
 */
async::Task<Result<MailboxSync::FoundAgain>> MailboxSync::findAgain(UidValidity before)
{
    imap::UidSet awaited;
    if (m_hooks.awaited) {
        auto told = m_hooks.awaited(before);
        if (!told)
            co_return failure(told.error());
        awaited = std::move(*told);
    }
    auto rows = m_store.identities(m_mailbox);
    if (!rows)
        co_return failure(rows.error());
    const std::size_t known = rows->size();
    std::unordered_map<std::int64_t, Uid> awaitedRows;
    for (const store::RowIdentity &row : *rows) {
        if (awaited.contains(row.uid))
            awaitedRows.emplace(row.id.value(), row.uid);
    }
    IdentityMatch match(std::move(*rows), std::move(awaited));
    imap::FetchItems items;
    items.size = true;
    items.internalDate = true;
    addIdentityItems(items, m_client.capabilities());
    const imap::FetchSink takeIdentity = [&match](imap::FetchedMessage &&message) {
        match.add({message.uid, message.size.value_or(0), message.internalDate.value_or(0),
                   store::identityHash(emailIdOf(message)), 0});
    };
    const imap::UidSet all = imap::UidSet::all();
    const auto scanned = co_await m_client.fetch(all, items, takeIdentity);
    if (!scanned)
        co_return failure(scanned.error());

    imap::FetchItems messageIds;
    messageIds.bodies.push_back({messageIdSection(), true, false, std::nullopt});
    const imap::FetchSink takeMessageId
        = [&match](imap::FetchedMessage &&message) { match.setMessageId(message.uid, messageIdHash(message)); };
    std::uint64_t asked = 0;
    for (imap::UidSet wanted = match.wanted(); !wanted.isEmpty(); wanted = match.wanted()) {
        asked += wanted.count();
        const auto told = co_await m_client.fetch(wanted, messageIds, takeMessageId);
        if (!told)
            co_return failure(told.error());
    }
    FoundAgain again{match.match(), {}};
    for (const store::Renumbered &one : again.kept) {
        if (const auto row = awaitedRows.find(one.id.value()); row != awaitedRows.end())
            again.moved.push_back({row->second, one.uid});
    }
    qCInfo(logSync) << "mailbox" << m_mailbox << "was renumbered:" << again.kept.size() << "of" << known
                    << "messages found again," << asked << "Message-IDs asked for";
    co_return again;
}

} // namespace kittiwake::sync
