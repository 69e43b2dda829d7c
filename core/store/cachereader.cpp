// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/cachereader.h"

#include "core/store/database.h"
#include "core/store/labels.h"
#include "core/store/mailboxoverlay.h"
#include "core/store/mailboxqueries.h"
#include "core/store/messagequeries.h"
#include "core/store/migrations.h"
#include "core/store/overlay.h"
#include "core/store/profilefiles.h"
#include "core/store/rowcodec.h"
#include "core/store/sortkey.h"
#include "core/store/storageerror.h"

#include <sqlite3.h>

#include <algorithm>

namespace kittiwake::store
{

namespace
{

constexpr std::int64_t mostReserved = 2'000'000; // entries of an order
constexpr std::size_t mostIds = 1000; // a page of a list; bounds what one call does in the UI thread

/** Date is answered from the index message_order alone; the others read the mailbox's rows and sort in memory. */
const char *orderSql(SortKey key, bool ascending)
{
    switch (key) {
    case SortKey::Date:
        return ascending ? "SELECT id, thread FROM message INDEXED BY message_order WHERE mailbox = ?1 "
                           "ORDER BY date ASC, uid DESC LIMIT ?2 OFFSET ?3"
                         : "SELECT id, thread FROM message INDEXED BY message_order WHERE mailbox = ?1 "
                           "ORDER BY date DESC, uid DESC LIMIT ?2 OFFSET ?3";
    case SortKey::From:
        return ascending ? "SELECT id, thread FROM message WHERE mailbox = ?1 "
                           "ORDER BY kw_name_key(from_name, from_address) ASC, uid DESC LIMIT ?2 OFFSET ?3"
                         : "SELECT id, thread FROM message WHERE mailbox = ?1 "
                           "ORDER BY kw_name_key(from_name, from_address) DESC, uid DESC LIMIT ?2 OFFSET ?3";
    case SortKey::Subject:
        return ascending ? "SELECT id, thread FROM message WHERE mailbox = ?1 "
                           "ORDER BY kw_subject_key(subject) ASC, uid DESC LIMIT ?2 OFFSET ?3"
                         : "SELECT id, thread FROM message WHERE mailbox = ?1 "
                           "ORDER BY kw_subject_key(subject) DESC, uid DESC LIMIT ?2 OFFSET ?3";
    case SortKey::Size:
        return ascending ? "SELECT id, thread FROM message WHERE mailbox = ?1 "
                           "ORDER BY size ASC, uid DESC LIMIT ?2 OFFSET ?3"
                         : "SELECT id, thread FROM message WHERE mailbox = ?1 "
                           "ORDER BY size DESC, uid DESC LIMIT ?2 OFFSET ?3";
    }
    return "";
}

template <typename Row>
Result<std::optional<Row>> shown(Database &database, Result<std::optional<Row>> row)
{
    if (!row || !*row)
        return row;
    auto laid = layOver(database, std::span(&**row, 1));
    if (!laid)
        return failure(std::move(laid.error()));
    return row;
}

} // namespace

struct CacheReader::Private {
    std::unique_ptr<Database> database;
};

CacheReader::CacheReader(std::unique_ptr<Private> priv) : d(std::move(priv)) { }

CacheReader::~CacheReader() = default;

Result<std::unique_ptr<CacheReader>> CacheReader::open(const QString &profile, const Secret &key, const QByteArray &vfs)
{
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    options.vfs = vfs;
    options.cacheKiB = 4096;
    // In WAL a reader waits for nobody but the first connection after a crash, while that reads the WAL.
    options.busyTimeout = std::chrono::milliseconds(1000);
    auto database = Database::open(cachePath(profile), key, options);
    if (!database)
        return failure(std::move(database.error()));
    auto current = checkVersion(**database, cacheSchema());
    if (!current)
        return failure(std::move(current.error()));
    auto registered = registerSortKeys(**database);
    if (!registered)
        return failure(std::move(registered.error()));
    auto d = std::make_unique<Private>();
    d->database = std::move(*database);
    return std::unique_ptr<CacheReader>(new CacheReader(std::move(d)));
}

Result<std::vector<MailboxRow>> CacheReader::mailboxes(AccountId account) const
{
    auto rows = readMailboxes(*d->database, account, Mailboxes::WithProvisional);
    if (!rows)
        return rows;
    auto laid = showMailboxes(*d->database, *rows);
    if (laid)
        laid = layOver(*d->database, std::span(*rows));
    return laid ? std::move(rows) : failure(std::move(laid.error()));
}

Result<std::optional<MailboxRow>> CacheReader::mailbox(MailboxId id) const
{
    auto row = readMailbox(*d->database, id);
    if (!row || !*row)
        return row;
    std::vector<MailboxRow> rows{std::move(**row)};
    auto laid = showMailboxes(*d->database, rows);
    if (!laid)
        return failure(std::move(laid.error()));
    if (rows.empty())
        return std::optional<MailboxRow>();
    return shown(*d->database, Result<std::optional<MailboxRow>>(std::move(rows.front())));
}

Result<std::optional<MailboxRow>> CacheReader::findMailbox(AccountId account, const mail::MailboxName &name) const
{
    const auto isOtherwise = hasMailboxOverlay(*d->database);
    if (!isOtherwise)
        return failure(isOtherwise.error());
    if (!*isOtherwise)
        return shown(*d->database, readMailbox(*d->database, account, name));
    const auto all = mailboxes(account);
    if (!all)
        return failure(all.error());
    const auto found = std::find_if(all->begin(), all->end(), [&name](const MailboxRow &row) {
        return row.name.text == name.text && (name.wire.isEmpty() || row.name.wire == name.wire);
    });
    return found == all->end() ? std::optional<MailboxRow>() : std::optional(*found);
}

Result<std::vector<OrderEntry>> CacheReader::order(MailboxId mailbox, SortKey key, bool ascending, std::int64_t limit,
                                                   std::int64_t offset) const
{
    const auto count = readCachedCount(*d->database, mailbox);
    if (!count)
        return failure(count.error());
    const auto hides = hasHidden(*d->database, mailbox);
    if (!hides)
        return failure(hides.error());
    const auto hosts = hasGuests(*d->database, mailbox);
    if (!hosts)
        return failure(hosts.error());
    std::string sql = orderSql(key, ascending);
    if (*hides)
        sql.insert(sql.find(" ORDER BY"), " AND id NOT IN (SELECT message FROM overlay WHERE hidden <> 0)");
    if (*hosts) { // No index holds them together; they are sorted in memory while they wait for the server.
        sql.insert(sql.find(" ORDER BY"), ") OR id IN (SELECT message FROM overlay WHERE hidden = -?1)");
        sql.replace(sql.find("WHERE "), 6, "WHERE (");
        const std::string index = "INDEXED BY message_order ";
        if (const auto at = sql.find(index); at != std::string::npos)
            sql.erase(at, index.size());
    }
    auto statement = d->database->prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, limit < 0 ? std::int64_t(-1) : limit);
    statement->bind(3, std::max<std::int64_t>(offset, 0));
    std::vector<OrderEntry> result;
    // A counter in a damaged file must not ask for all memory.
    const std::int64_t expected = std::clamp<std::int64_t>(*count - std::max<std::int64_t>(offset, 0), 0, mostReserved);
    result.reserve(static_cast<std::size_t>(limit < 0 ? expected : std::min(limit, expected)));
    auto read = statement->each([&result](const Statement &row) {
        result.push_back({row.id<MessageId>(0), row.id<ThreadId>(1)});
    });
    if (!read)
        return failure(std::move(read.error()));
    return result;
}

Result<std::vector<MessageRow>> CacheReader::rows(std::span<const MessageId> ids) const
{
    if (ids.size() > mostIds)
        return failure(storageError(SQLITE_RANGE, d->database->path(), true, "more than 1,000 ids in one call"));
    auto statement = d->database->prepare("SELECT " MESSAGE_COLUMNS " FROM message WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    std::vector<MessageRow> result;
    result.reserve(ids.size());
    for (const MessageId id : ids) {
        statement->bind(1, id);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (*row)
            result.push_back(readMessageRow(*statement));
        statement->reset();
    }
    auto laid = layOver(*d->database, std::span(result));
    if (!laid)
        return failure(std::move(laid.error()));
    return result;
}

Result<QHash<MessageId, QStringList>> CacheReader::labels(std::span<const MessageId> ids) const
{
    return readLabels(*d->database, ids);
}

Result<std::optional<MessageRow>> CacheReader::findUid(MailboxId mailbox, Uid uid) const
{
    auto statement = d->database->prepare("SELECT " MESSAGE_COLUMNS " FROM message WHERE mailbox = ?1 AND uid = ?2");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, uid);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    Result<std::optional<MessageRow>> found = *row ? std::optional(readMessageRow(*statement)) : std::nullopt;
    return shown(*d->database, std::move(found));
}

Result<std::vector<CorrespondenceRow>> CacheReader::correspondence(AccountId account, MessageId after,
                                                                   std::int64_t limit) const
{
    using Role = mail::MailboxRole;
    auto statement = d->database->prepare(
        "SELECT m.id, b.role, m.message_id, m.from_address, m.to_list, m.cc_list, m.from_name, m.date FROM message m "
        "JOIN mailbox b ON b.id = m.mailbox WHERE m.id > ?1 AND b.account = ?2 AND b.role NOT IN (?3, ?4, ?5) ORDER BY "
        "m.id LIMIT ?6");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, after);
    statement->bind(2, account);
    statement->bind(3, static_cast<int>(Role::Junk));
    statement->bind(4, static_cast<int>(Role::Trash));
    statement->bind(5, static_cast<int>(Role::Drafts));
    statement->bind(6, limit);
    std::vector<CorrespondenceRow> rows;
    const auto read = statement->each([&rows](const Statement &row) {
        CorrespondenceRow one;
        one.id = row.id<MessageId>(0);
        one.isSent = row.integer(1) == static_cast<int>(Role::Sent);
        one.messageId = row.blob(2);
        one.author = row.text(3);
        one.authorName = row.text(6);
        one.date = row.integer(7);
        if (one.isSent) {
            one.recipients = parseAddresses(row.text(4));
            const mail::AddressList copies = parseAddresses(row.text(5));
            one.recipients.insert(one.recipients.end(), copies.begin(), copies.end());
        }
        rows.push_back(std::move(one));
    });
    if (!read)
        return failure(read.error());
    return rows;
}

Result<std::int64_t> CacheReader::countMessages(MailboxId mailbox) const
{
    return readCachedCount(*d->database, mailbox);
}

Result<std::int64_t> CacheReader::countUnseen(MailboxId mailbox) const
{
    return readCachedUnseen(*d->database, mailbox);
}

Result<Fingerprint> CacheReader::fingerprint(MailboxId mailbox) const
{
    const auto row = readMailbox(*d->database, mailbox);
    if (!row)
        return failure(row.error());
    if (!*row)
        return Fingerprint();
    auto statement = d->database->prepare("SELECT uid, flags, keywords, message_id, size, internal_date FROM message "
                                          "WHERE mailbox = ?1 ORDER BY uid");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    FingerprintBuilder builder;
    mail::MessageHeader header;
    for (;;) {
        const auto more = statement->step();
        if (!more)
            return failure(more.error());
        if (!*more)
            return builder.result((*row)->uidValidity, (*row)->uidNext);
        header.uid = statement->id<Uid>(0);
        header.flags = parseFlags(static_cast<std::uint32_t>(statement->integer(1)), statement->blob(2));
        header.messageId = statement->blob(3);
        header.size = static_cast<std::uint64_t>(statement->integer(4));
        header.internalDate = statement->integer(5);
        builder.add(header);
    }
}

void CacheReader::interrupt()
{
    d->database->interrupt();
}

} // namespace kittiwake::store
