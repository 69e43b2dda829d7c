// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/cachetransaction.h"

#include "core/store/cachewriter.h"
#include "core/store/storageerror.h"

#include <sqlite3.h>

#include <utility>

#include <algorithm>

namespace kittiwake::store
{

namespace
{

constexpr UidRange allUids{Uid(1), Uid(UINT32_MAX)};

/** Does work in the transaction, unless that has ended or failed; remembers its failure. */
template <typename Work>
auto within(CacheWriter *writer, Work work) -> decltype(work(*writer))
{
    if (writer == nullptr)
        return failure(storageError(SQLITE_MISUSE, QStringLiteral("cache.db"), true, "the transaction has ended"));
    if (writer->failed())
        return failure(*writer->failed());
    auto result = work(*writer);
    if (!result)
        writer->fail(result.error());
    return result;
}

} // namespace

CacheTransaction::CacheTransaction(CacheWriter &writer) : m_writer(&writer) { }

CacheTransaction::CacheTransaction(CacheTransaction &&other) noexcept : m_writer(std::exchange(other.m_writer, nullptr))
{
}

CacheTransaction::~CacheTransaction()
{
    rollback();
}

Result<void> CacheTransaction::commit()
{
    if (m_writer == nullptr)
        return failure(storageError(SQLITE_MISUSE, QStringLiteral("cache.db"), true, "the transaction has ended"));
    return std::exchange(m_writer, nullptr)->commit();
}

void CacheTransaction::rollback()
{
    if (m_writer != nullptr)
        std::exchange(m_writer, nullptr)->rollback();
}

Result<std::vector<MailboxId>> CacheTransaction::replaceMailboxes(AccountId account,
                                                                  std::span<const MailboxListing> listings)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.mailboxes().replace(account, listings); });
}

Result<MailboxId> CacheTransaction::putMailbox(AccountId account, const MailboxListing &listing)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.mailboxes().put(account, listing); });
}

Result<void> CacheTransaction::removeMailbox(MailboxId mailbox)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<void> {
        auto left = writer.overlay().leave(mailbox, std::span(&allUids, 1));
        return left ? writer.mailboxes().remove(mailbox) : left;
    });
}

Result<void> CacheTransaction::dropAccount(AccountId account)
{
    return within(m_writer, [&](CacheWriter &writer) {
        writer.messages().forget();
        return writer.mailboxes().dropAccount(account);
    });
}

Result<void> CacheTransaction::resetMailbox(MailboxId mailbox, UidValidity uidValidity)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<void> {
        auto left = writer.overlay().leave(mailbox, std::span(&allUids, 1));
        return left ? writer.mailboxes().reset(mailbox, uidValidity) : left;
    });
}

Result<std::int64_t> CacheTransaction::renumberMailbox(MailboxId mailbox, UidValidity uidValidity,
                                                       std::span<const Renumbered> kept)
{
    return within(m_writer,
                  [&](CacheWriter &writer) { return writer.mailboxes().renumber(mailbox, uidValidity, kept); });
}

Result<void> CacheTransaction::setState(MailboxId mailbox, const MailboxState &state)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.mailboxes().setState(mailbox, state); });
}

Result<void> CacheTransaction::distrust(MailboxId mailbox)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.mailboxes().distrust(mailbox); });
}

Result<void> CacheTransaction::setServerCounts(MailboxId mailbox, std::int64_t messages, std::int64_t unseen)
{
    return within(m_writer,
                  [&](CacheWriter &writer) { return writer.mailboxes().setServerCounts(mailbox, messages, unseen); });
}

Result<InsertReport> CacheTransaction::insertHeaders(MailboxId mailbox, UidValidity uidValidity,
                                                     std::span<const mail::MessageHeader> headers)
{
    return within(m_writer,
                  [&](CacheWriter &writer) { return writer.messages().insert(mailbox, uidValidity, headers); });
}

Result<std::vector<Uid>> CacheTransaction::setFlags(MailboxId mailbox, UidValidity uidValidity,
                                                    std::span<const FlagUpdate> updates)
{
    return within(m_writer,
                  [&](CacheWriter &writer) { return writer.messages().setFlags(mailbox, uidValidity, updates); });
}

Result<std::vector<Uid>> CacheTransaction::remove(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<std::vector<Uid>> {
        auto left = writer.overlay().leave(mailbox, uids);
        if (!left)
            return failure(std::move(left.error()));
        return writer.messages().remove(mailbox, uidValidity, uids);
    });
}

Result<std::vector<Uid>> CacheTransaction::unlink(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<std::vector<Uid>> {
        auto kept = writer.unlinked().keep(mailbox, uids);
        if (!kept)
            return failure(std::move(kept.error()));
        auto left = writer.overlay().leave(mailbox, uids);
        if (!left)
            return failure(std::move(left.error()));
        return writer.messages().remove(mailbox, uidValidity, uids); // refuses another UIDVALIDITY
    });
}

Result<std::vector<Uid>> CacheTransaction::unlinkedUids(MailboxId mailbox, UidValidity uidValidity)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.unlinked().uids(mailbox, uidValidity); });
}

Result<std::vector<Uid>> CacheTransaction::relink(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<std::vector<Uid>> {
        auto same = writer.messages().check(mailbox, uidValidity);
        if (!same)
            return failure(std::move(same.error()));
        return writer.unlinked().relink(mailbox, uidValidity, uids);
    });
}

Result<void> CacheTransaction::endPass(MailboxId mailbox)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.unlinked().endPass(mailbox); });
}

Result<std::vector<Uid>> CacheTransaction::setLabels(MailboxId mailbox, UidValidity uidValidity,
                                                     std::span<const LabelUpdate> updates)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<std::vector<Uid>> {
        auto same = writer.messages().check(mailbox, uidValidity);
        if (!same)
            return failure(std::move(same.error()));
        return writer.labels().set(mailbox, updates);
    });
}

Result<void> CacheTransaction::shareFlags(MailboxId mailbox, std::span<const Uid> uids)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.labels().shareFlags(mailbox, uids); });
}

Result<void> CacheTransaction::setIsLabel(MailboxId mailbox, bool isLabel)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.labels().setIsLabel(mailbox, isLabel); });
}

Result<void> CacheTransaction::setNewestOnly(MailboxId mailbox, std::int64_t messages)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.labels().setNewestOnly(mailbox, messages); });
}

Result<std::int64_t> CacheTransaction::overlay(MailboxId mailbox, UidValidity uidValidity,
                                               std::span<const UidRange> uids, const OverlayChange &change)
{
    return within(m_writer,
                  [&](CacheWriter &writer) { return writer.overlay().apply(mailbox, uidValidity, uids, change); });
}

Result<void> CacheTransaction::setMailboxOverlay(AccountId account, std::span<const MailboxOverlay> overlays)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.mailboxOverlay().set(account, overlays); });
}

Result<void> CacheTransaction::setProvisional(AccountId account, std::span<const MailboxListing> provisional)
{
    return within(m_writer,
                  [&](CacheWriter &writer) { return writer.mailboxOverlay().setProvisional(account, provisional); });
}

Result<MailboxId> CacheTransaction::waitingRoom(AccountId account)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<MailboxId> {
        const auto room = writer.mailboxOverlay().waitingRoom(account, true);
        return room ? Result<MailboxId>(room->value_or(MailboxId())) : failure(room.error());
    });
}

Result<void> CacheTransaction::keepWaiting(AccountId account, std::span<const Uid> waiting)
{
    return within(m_writer, [&](CacheWriter &writer) -> Result<void> {
        const auto room = writer.mailboxOverlay().waitingRoom(account, false);
        if (!room)
            return failure(room.error());
        if (!*room)
            return {};
        auto there = writer.database().prepare("SELECT uid FROM message WHERE mailbox = ?1");
        if (!there)
            return failure(std::move(there.error()));
        there->bind(1, **room);
        const auto uids = there->all([](const Statement &row) { return row.id<Uid>(0); });
        if (!uids)
            return failure(uids.error());
        std::vector<UidRange> gone;
        for (const Uid uid : *uids) {
            if (std::find(waiting.begin(), waiting.end(), uid) == waiting.end())
                gone.push_back({uid, uid});
        }
        if (gone.empty())
            return {};
        auto left = writer.overlay().leave(**room, gone);
        if (!left)
            return left;
        const auto removed = writer.messages().remove(**room, waitingValidity, gone);
        return removed ? Result<void>() : failure(removed.error());
    });
}

Result<void> CacheTransaction::clearOverlay(AccountId account)
{
    return within(m_writer, [&](CacheWriter &writer) { return writer.overlay().clear(account); });
}

} // namespace kittiwake::store
