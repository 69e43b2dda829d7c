// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mailboxqueries.h"

#include "core/store/database.h"

// The columns in the order in which row() reads them.
#define MAILBOX_COLUMNS                                                                                                \
    "id, account, name, wire, delimiter, role, selectable, subscribed, server_messages, CASE complete WHEN 0 THEN "    \
    "server_unseen ELSE cached_unseen END, cached, uidvalidity, uidnext, highestmodseq, complete, synced_at, "         \
    "is_label, "                                                                                                       \
    "newest_only, provisional"

namespace kittiwake::store
{

namespace
{

MailboxRow row(const Statement &statement)
{
    MailboxRow result;
    result.id = statement.id<MailboxId>(0);
    result.account = statement.id<AccountId>(1);
    result.name = {statement.text(2), statement.blob(3)};
    result.delimiter = QChar(static_cast<char16_t>(statement.integer(4)));
    result.role = static_cast<mail::MailboxRole>(statement.integer(5));
    result.selectable = statement.boolean(6);
    result.subscribed = statement.boolean(7);
    result.messages = statement.integer(8);
    result.unseen = statement.integer(9);
    result.cached = statement.integer(10);
    result.uidValidity = statement.id<UidValidity>(11);
    result.uidNext = statement.id<Uid>(12);
    result.highestModSeq = statement.id<ModSeq>(13);
    result.complete = statement.boolean(14);
    result.syncedAt = statement.integer(15);
    result.isLabel = statement.boolean(16);
    result.newestOnly = statement.integer(17);
    result.isProvisional = statement.integer(18) != 0;
    return result;
}

Result<std::optional<MailboxRow>> first(Statement &statement)
{
    const auto more = statement.step();
    if (!more)
        return failure(more.error());
    if (!*more)
        return std::optional<MailboxRow>();
    return row(statement);
}

Result<std::int64_t> count(Database &database, std::string_view sql, MailboxId mailbox)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    const auto more = statement->step();
    if (!more)
        return failure(more.error());
    return *more ? statement->integer(0) : 0;
}

} // namespace

Result<std::vector<MailboxRow>> readMailboxes(Database &database, AccountId account, Mailboxes which)
{
    auto statement = database.prepare("SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE (?1 = 0 OR account = ?1) "
                                      "AND provisional <= ?2 ORDER BY account, role = 0, role, name, wire");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    statement->bind(2, which == Mailboxes::OfServer ? 0 : 1);
    return statement->all([](const Statement &line) { return row(line); });
}

Result<std::optional<MailboxRow>> readMailbox(Database &database, MailboxId id)
{
    auto statement = database.prepare("SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, id);
    return first(*statement);
}

Result<std::optional<MailboxRow>> readMailbox(Database &database, AccountId account, const mail::MailboxName &name)
{
    auto statement = database.prepare("SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE account = ?1 AND name = ?2 "
                                      "AND (wire = ?3 OR ?3 = x'') ORDER BY wire LIMIT 1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    statement->bind(2, QStringView(name.text));
    statement->bind(3, QByteArrayView(name.wire));
    return first(*statement);
}

Result<std::int64_t> readCachedCount(Database &database, MailboxId mailbox)
{
    return count(database, "SELECT cached FROM mailbox WHERE id = ?1", mailbox);
}

Result<std::int64_t> readCachedUnseen(Database &database, MailboxId mailbox)
{
    return count(database, "SELECT cached_unseen FROM mailbox WHERE id = ?1", mailbox);
}

Result<std::optional<MailboxState>> readState(Database &database, MailboxId mailbox)
{
    auto statement
        = database.prepare("SELECT uidvalidity, uidnext, highestmodseq, lowest_fetched, complete, "
                           "server_messages, server_unseen, synced_at, doubtful, object_id FROM mailbox WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    if (!*row)
        return std::optional<MailboxState>();
    MailboxState state;
    state.uidValidity = statement->id<UidValidity>(0);
    state.uidNext = statement->id<Uid>(1);
    state.highestModSeq = statement->id<ModSeq>(2);
    state.lowestFetched = statement->id<Uid>(3);
    state.complete = statement->boolean(4);
    state.messages = statement->integer(5);
    state.unseen = statement->integer(6);
    state.syncedAt = statement->integer(7);
    state.doubtful = statement->boolean(8);
    state.objectId = statement->blob(9);
    return state;
}

} // namespace kittiwake::store
