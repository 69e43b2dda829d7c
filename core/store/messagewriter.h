// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/cachetransaction.h"
#include "core/store/threadlinker.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <span>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;
class Statement;

/** The message half of CacheTransaction, whose functions say what these do. Part of CacheWriter. */
class MessageWriter
{
public:
    MessageWriter(Database &database, ChangeCollector &changes);

    /** After BEGIN: reads which id comes next. */
    [[nodiscard]] Result<void> start();
    /** After a rollback, and before an account goes: what is remembered of threads may not be true. */
    void forget() { m_linker.forget(); }

    /** Whether the mailbox is there, under this UIDVALIDITY. */
    [[nodiscard]] Result<void> check(MailboxId mailbox, UidValidity uidValidity);
    [[nodiscard]] Result<InsertReport> insert(MailboxId mailbox, UidValidity uidValidity,
                                              std::span<const mail::MessageHeader> headers);
    [[nodiscard]] Result<std::vector<Uid>> setFlags(MailboxId mailbox, UidValidity uidValidity,
                                                    std::span<const FlagUpdate> updates);
    [[nodiscard]] Result<std::vector<Uid>> remove(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids);

private:
    /** What a call did to a mailbox's counters. */
    struct Tally {
        std::int64_t messages = 0;
        std::int64_t unseen = 0;
    };
    [[nodiscard]] Result<AccountId> account(MailboxId mailbox, UidValidity expected);
    [[nodiscard]] Result<bool> insertRow(Statement &statement, MailboxId mailbox, ThreadId thread,
                                         const mail::MessageHeader &header);
    [[nodiscard]] Result<bool> updateFlags(MailboxId mailbox, const FlagUpdate &update, Tally &tally);
    [[nodiscard]] Result<void> count(MailboxId mailbox, const Tally &tally);

    Database &m_database;
    ChangeCollector &m_changes;
    ThreadLinker m_linker;
    std::int64_t m_nextId = 0;
    QString m_addresses; ///< scratch, to keep its memory
};

} // namespace kittiwake::store
