// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/cachestore.h"

#include "core/base/log.h"
#include "core/store/cachewriter.h"
#include "core/store/mailboxqueries.h"
#include "core/store/messagequeries.h"
#include "core/store/migrations.h"
#include "core/store/profilefiles.h"
#include "core/store/storageerror.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

namespace kittiwake::store
{

namespace
{

Result<std::unique_ptr<Database>> openDatabase(const QString &profile, const Secret &key, const QByteArray &vfs)
{
    DatabaseOptions options;
    options.vfs = vfs;
    options.cacheKiB = 8192; // the upper pages of all indexes of a million messages
    options.walPages = 4000; // 16 MB: checkpoint() in an idle moment comes first, unless there is none
    auto database = Database::open(cachePath(profile), key, options);
    if (!database)
        return database;
    auto migrated = migrate(**database, cacheSchema());
    if (!migrated)
        return failure(std::move(migrated.error()));
    return database;
}

/** Reads a little of everything, so that damage to the upper pages shows now rather than in the middle of a sync. */
Result<void> probe(Database &database)
{
    for (const char *sql :
         {"SELECT max(id) FROM message", "SELECT count(*) FROM mailbox", "SELECT id FROM account LIMIT 1",
          "SELECT id FROM unlinked LIMIT 1", "SELECT key FROM thread_link LIMIT 1",
          "SELECT key FROM thread_link_recent LIMIT 1", "SELECT thread FROM thread_merge LIMIT 1",
          "SELECT uid FROM message INDEXED BY message_uid WHERE mailbox > 0 LIMIT 1",
          "SELECT date FROM message INDEXED BY message_order WHERE mailbox > 0 LIMIT 1",
          "SELECT thread FROM message INDEXED BY message_thread WHERE thread > 0 LIMIT 1"}) {
        const auto read = database.integer(sql);
        if (!read)
            return failure(read.error());
    }
    return {};
}

} // namespace

CacheStore::CacheStore(std::unique_ptr<CacheWriter> writer) : m_writer(std::move(writer)) { }

CacheStore::~CacheStore() = default;

Result<std::unique_ptr<CacheStore>> CacheStore::open(const QString &profile, const Secret &key, const QByteArray &vfs)
{
    auto database = openDatabase(profile, key, vfs);
    if (!database)
        return failure(std::move(database.error()));
    auto probed = probe(**database);
    if (!probed)
        return failure(std::move(probed.error()));
    return std::unique_ptr<CacheStore>(new CacheStore(std::make_unique<CacheWriter>(std::move(*database))));
}

Result<CacheStore::Opened> CacheStore::openOrRebuild(const QString &profile, const Secret &key, Check check,
                                                     const QByteArray &vfs)
{
    Opened result;
    Error damage;
    {
        auto store = open(profile, key, vfs);
        auto sound = store ? Result<void>() : Result<void>(failure(store.error()));
        if (sound && check == Check::Full)
            sound = (*store)->m_writer->database().check(false);
        if (sound) {
            result.store = std::move(*store);
            return result;
        }
        damage = sound.error();
    } // closed, before its file goes
    if (!isDamaged(damage))
        return failure(damage);
    qCWarning(logStore) << "the header cache is damaged and will be fetched again:" << damage;
    auto destroyed = destroy(profile);
    if (!destroyed)
        return failure(std::move(destroyed.error()));
    auto store = open(profile, key, vfs);
    if (!store)
        return failure(std::move(store.error()));
    result.store = std::move(*store);
    result.rebuilt = true;
    result.damage = damage;
    return result;
}

Result<void> CacheStore::destroy(const QString &profile)
{
    const QString path = cachePath(profile);
    // The WAL goes first: without its file it could be taken for the WAL of the next one.
    for (const QString &name : {QString(path + QLatin1String("-wal")), QString(path + QLatin1String("-shm")), path}) {
        QFile file(name);
        if (file.exists() && !file.remove()) {
            const QString native = QDir::toNativeSeparators(name);
            return failure(ErrorKind::Storage, native,
                           QCoreApplication::translate("core",
                                                       "%1 could not be deleted. Close other programs that use it, "
                                                       "check that you may write to its folder, then try again.")
                               .arg(native),
                           file.errorString());
        }
    }
    return {};
}

void CacheStore::setListener(Listener listener)
{
    m_writer->setListener(std::move(listener));
}

Result<CacheTransaction> CacheStore::begin()
{
    auto begun = m_writer->begin();
    if (!begun)
        return failure(std::move(begun.error()));
    return CacheTransaction(*m_writer);
}

Result<void> CacheStore::write(const std::function<Result<void>(CacheTransaction &)> &work)
{
    auto transaction = begin();
    if (!transaction)
        return failure(std::move(transaction.error()));
    auto done = work(*transaction);
    if (!done)
        return done;
    return transaction->commit();
}

Result<void> CacheStore::clear()
{
    auto done = m_writer->begin();
    if (!done)
        return done;
    m_writer->messages().forget();
    done = m_writer->mailboxes().clear();
    if (!done) {
        m_writer->rollback();
        return done;
    }
    done = m_writer->commit();
    if (!done)
        return done;
    // VACUUM writes the few pages that are left to the WAL; TRUNCATE moves them over the old content.
    done = m_writer->database().execute("VACUUM");
    if (!done)
        return done;
    return m_writer->database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::vector<MailboxRow>> CacheStore::mailboxes(AccountId account) const
{
    return readMailboxes(m_writer->database(), account, Mailboxes::OfServer);
}

Result<std::vector<MailboxRow>> CacheStore::rowsWithProvisional(AccountId account) const
{
    return readMailboxes(m_writer->database(), account, Mailboxes::WithProvisional);
}

Result<std::vector<MailboxRow>> CacheStore::shownMailboxes(AccountId account) const
{
    auto rows = readMailboxes(m_writer->database(), account, Mailboxes::WithProvisional);
    if (!rows)
        return rows;
    auto shown = showMailboxes(m_writer->database(), *rows);
    return shown ? std::move(rows) : failure(std::move(shown.error()));
}

Result<std::optional<MailboxRow>> CacheStore::mailbox(MailboxId id) const
{
    return readMailbox(m_writer->database(), id);
}

Result<std::optional<MailboxId>> CacheStore::findMailbox(AccountId account, const mail::MailboxName &name) const
{
    const auto row = readMailbox(m_writer->database(), account, name);
    if (!row)
        return failure(row.error());
    return *row ? std::optional((*row)->id) : std::nullopt;
}

Result<std::optional<MailboxState>> CacheStore::state(MailboxId mailbox) const
{
    return readState(m_writer->database(), mailbox);
}

Result<std::int64_t> CacheStore::countMessages(MailboxId mailbox) const
{
    return readCachedCount(m_writer->database(), mailbox);
}

Result<std::int64_t> CacheStore::countUnseen(MailboxId mailbox) const
{
    return readCachedUnseen(m_writer->database(), mailbox);
}

Result<std::vector<Uid>> CacheStore::uids(MailboxId mailbox) const
{
    auto statement = m_writer->database().prepare("SELECT uid FROM message WHERE mailbox = ?1 ORDER BY uid");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    return statement->all([](const Statement &row) { return row.id<Uid>(0); });
}

Result<std::vector<UidFlagsHash>> CacheStore::uidsAndFlags(MailboxId mailbox, UidRange range) const
{
    auto statement = m_writer->database().prepare("SELECT uid, flags, keywords FROM message WHERE mailbox = ?1 "
                                                  "AND uid BETWEEN ?2 AND ?3 ORDER BY uid");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, range.first);
    statement->bind(3, range.last);
    return statement->all([](const Statement &row) {
        const auto bits = static_cast<std::uint32_t>(row.integer(1));
        return UidFlagsHash{flagsHash(bits, row.view(2)), row.id<Uid>(0)};
    });
}

Result<std::vector<mail::MessageHeader>> CacheStore::headers(MailboxId mailbox, UidRange range,
                                                             std::int64_t limit) const
{
    auto statement = m_writer->database().prepare("SELECT " MESSAGE_COLUMNS " FROM message WHERE mailbox = ?1 "
                                                  "AND uid BETWEEN ?2 AND ?3 ORDER BY uid LIMIT ?4");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, range.first);
    statement->bind(3, range.last);
    statement->bind(4, limit);
    return statement->all([](const Statement &row) { return readMessageRow(row).header; });
}

Result<std::optional<UidRange>> CacheStore::uidBounds(MailboxId mailbox) const
{
    // Two sub-queries, since SQLite answers min() or max() from an index, but not both at once.
    auto statement = m_writer->database().prepare("SELECT (SELECT min(uid) FROM message WHERE mailbox = ?1), "
                                                  "(SELECT max(uid) FROM message WHERE mailbox = ?1)");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    const UidRange bounds{statement->id<Uid>(0), statement->id<Uid>(1)};
    return *row && bounds.first.isValid() ? std::optional(bounds) : std::nullopt;
}

Result<CachedCounts> CacheStore::recount(MailboxId mailbox) const
{
    auto statement = m_writer->database().prepare("SELECT count(*), count(*) FILTER (WHERE flags & 1 = 0) FROM message "
                                                  "WHERE mailbox = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return CachedCounts{statement->integer(0), statement->integer(1)};
}

Result<std::vector<ShownFlags>> CacheStore::shownFlags(MailboxId mailbox, std::span<const UidRange> uids) const
{
    return readShownFlags(m_writer->database(), mailbox, uids);
}

Result<std::vector<ShownMessage>> CacheStore::shownMessages(MailboxId mailbox, std::span<const UidRange> uids) const
{
    return readShownMessages(m_writer->database(), mailbox, uids);
}

Result<std::vector<std::pair<MailboxId, Uid>>> CacheStore::guests(MailboxId mailbox) const
{
    return readGuests(m_writer->database(), mailbox);
}

Result<std::vector<FlagUpdate>> CacheStore::serverFlags(MailboxId mailbox, std::span<const UidRange> uids) const
{
    return readServerFlags(m_writer->database(), mailbox, uids);
}

Result<std::optional<MessageLocation>> CacheStore::locate(MessageId message) const
{
    auto statement = m_writer->database().prepare(
        "SELECT message.id, account, mailbox, name, wire, uidvalidity, uid, size "
        "FROM message JOIN mailbox ON mailbox.id = message.mailbox WHERE message.id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, message);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    if (!*row)
        return std::optional<MessageLocation>();
    MessageLocation location;
    location.id = statement->id<MessageId>(0);
    location.account = statement->id<AccountId>(1);
    location.mailbox = statement->id<MailboxId>(2);
    location.mailboxName = {statement->text(3), statement->blob(4)};
    location.uidValidity = statement->id<UidValidity>(5);
    location.uid = statement->id<Uid>(6);
    location.size = static_cast<std::uint64_t>(statement->integer(7));
    return location;
}

Result<std::optional<MessageId>> CacheStore::findUid(MailboxId mailbox, Uid uid) const
{
    auto statement = m_writer->database().prepare("SELECT id FROM message WHERE mailbox = ?1 AND uid = ?2");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, uid);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? std::optional(statement->id<MessageId>(0)) : std::nullopt;
}

Result<std::vector<RowIdentity>> CacheStore::identities(MailboxId mailbox) const
{
    auto statement = m_writer->database().prepare("SELECT id, uid, size, internal_date, message_id, email_id "
                                                  "FROM message WHERE mailbox = ?1 ORDER BY uid");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    return statement->all([](const Statement &row) {
        return RowIdentity{row.id<MessageId>(0),
                           row.id<Uid>(1),
                           static_cast<std::uint64_t>(row.integer(2)),
                           row.integer(3),
                           identityHash(row.blob(4)),
                           identityHash(row.blob(5))};
    });
}

Result<void> CacheStore::checkpoint()
{
    return m_writer->database().checkpoint();
}

} // namespace kittiwake::store
