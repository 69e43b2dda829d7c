// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/mime/headers.h"
#include "core/sync/mailboxsync/flight.h"
#include "core/sync/mailboxsync/foundagain.h"
#include "core/sync/mailboxsync/identitymatch.h"
#include "core/sync/mailboxsync/mailboxsync.h"

#include <algorithm>
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
async::Task<Result<MailboxSync::FoundAgain>> MailboxSync::findAgain(UidValidity before, UidValidity now)
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
    IdentityMatch match(std::move(*rows), std::move(awaited), before == now);
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

/**
 * Another line may have found the messages again meanwhile, and fetched more since: what it knows is not thrown away.
 * Whether there is still something to find.
 */
Result<bool> MailboxSync::planAgain(LocalMailbox &local, const RemoteMailbox &remote, SyncAsked &asked, SyncPlan &plan)
{
    const auto now = readLocal();
    if (!now)
        return failure(now.error());
    if (*now == local)
        return true;
    local = *now;
    local.uidNext = {}; // as after SELECT: nothing that its answer could contradict
    local.highestModSeq = {};
    if (asked.way == SyncWay::QResync)
        asked.way = SyncWay::CondStore;
    plan = planSync(local, remote, asked);
    if (plan.isRenumbered())
        return true;
    plan.comparison = Comparison::UidsAndFlags;
    return false;
}

Result<void> MailboxSync::adopt(const RemoteMailbox &selected, const SyncPlan &plan, const FoundAgain &again)
{
    const UidValidity validity = selected.uidValidity.isValid() ? selected.uidValidity : sessionValidity();
    const bool isFirst = !m_state.uidValidity.isValid();
    if (plan.full)
        logFullResync(*plan.full);
    if (plan.forgets())
        m_outcome.reset = plan.full;
    m_comparesAll = plan.comparison == Comparison::Uids || plan.comparison == Comparison::UidsAndFlags;
    // First what waits: if the program ends now, the cache finds the same messages once more.
    if (plan.isRenumbered() && m_hooks.renumbered) {
        auto told = m_hooks.renumbered(m_state.uidValidity, validity, again.moved);
        if (!told)
            return told;
    }
    return m_store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        if (plan.forgets() || isFirst) {
            const auto before = m_store.countMessages(m_mailbox);
            if (!before)
                return failure(before.error());
            const auto stayed = transaction.renumberMailbox(m_mailbox, validity, again.kept);
            if (!stayed)
                return failure(stayed.error());
            m_outcome.removed += *before - *stayed;
            const std::int64_t unseen = m_state.unseen;
            m_state = store::MailboxState{};
            m_state.unseen = unseen;
            m_state.uidValidity = validity;
        }
        if (!selected.objectId.isEmpty())
            m_state.objectId = selected.objectId;
        m_state.messages = selected.exists;
        m_state.uidNext = std::max(m_state.uidNext, selected.uidNext);
        m_state.highestModSeq = selected.highestModSeq;
        if (plan.comparison != Comparison::None)
            m_state.complete = false;
        else if (selected.exists == 0)
            m_state.complete = true;
        auto told = transaction.setNewestOnly(m_mailbox, newestOnly(selected.exists));
        return told ? writeState(transaction) : told;
    });
}

/**
 * A server that keeps no UIDVALIDITY promises nothing about tomorrow. A number that was not used before stands for
 * "this session": an action that waits from an earlier one speaks of other UIDs, and must not meet them.
 */
UidValidity MailboxSync::sessionValidity() const
{
    const auto now = static_cast<std::uint32_t>(m_clock.wall().toSecsSinceEpoch());
    return UidValidity(std::max({now, m_state.uidValidity.value() + 1, std::uint32_t{1}}));
}

} // namespace kittiwake::sync
