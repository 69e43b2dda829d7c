// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/mailboxstate.h"
#include "core/store/rowidentity.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;

/** The mailbox half of CacheTransaction, whose functions say what these do. Part of CacheWriter. */
class MailboxWriter
{
public:
    MailboxWriter(Database &database, ChangeCollector &changes) : m_database(database), m_changes(changes) { }

    [[nodiscard]] Result<std::vector<MailboxId>> replace(AccountId account, std::span<const MailboxListing> listings);
    [[nodiscard]] Result<MailboxId> put(AccountId account, const MailboxListing &listing);
    [[nodiscard]] Result<void> remove(MailboxId mailbox);
    [[nodiscard]] Result<void> dropAccount(AccountId account);
    [[nodiscard]] Result<void> reset(MailboxId mailbox, UidValidity uidValidity);
    [[nodiscard]] Result<std::int64_t> renumber(MailboxId mailbox, UidValidity uidValidity,
                                                std::span<const Renumbered> kept);
    [[nodiscard]] Result<void> setState(MailboxId mailbox, const MailboxState &state);
    [[nodiscard]] Result<void> distrust(MailboxId mailbox);
    [[nodiscard]] Result<void> setServerCounts(MailboxId mailbox, std::int64_t messages, std::int64_t unseen);
    /** Forgets everything of all accounts. */
    [[nodiscard]] Result<void> clear();

private:
    struct Known;

    [[nodiscard]] Result<std::vector<Known>> known(AccountId account);
    [[nodiscard]] Result<void> makeAccount(AccountId account);
    [[nodiscard]] Result<MailboxId> insert(AccountId account, const MailboxListing &listing);
    [[nodiscard]] Result<void> update(const Known &before, const MailboxListing &listing);
    [[nodiscard]] Result<void> rename(const Known &before, const mail::MailboxName &name);
    [[nodiscard]] Result<void> resetHosts(MailboxId mailbox);
    [[nodiscard]] Result<void> setObjectId(MailboxId mailbox, const QByteArray &objectId);
    template <typename... Values>
    [[nodiscard]] Result<void> run(const char *sql, const Values &...values);

    Database &m_database;
    ChangeCollector &m_changes;
};

} // namespace kittiwake::store
