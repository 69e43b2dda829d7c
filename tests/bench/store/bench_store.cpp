// SPDX-License-Identifier: GPL-3.0-or-later
// bench_store [HEADERS] [MESSAGES]: what the header cache costs, beside floors measured in the same run.
#include "core/store/cachereader.h"
#include "core/store/cachestore.h"
#include "core/store/migrations.h"
#include "tests/bench/store/headersource.h"
#include "tests/bench/store/phase.h"

#include <QFileInfo>
#include <QTemporaryDir>

#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace kittiwake;
using namespace kittiwake::bench;
using namespace kittiwake::store;

namespace
{

constexpr std::int64_t batchSize = 500;
constexpr int columns = 19;

bool report(const Error &error)
{
    std::fprintf(stderr, "%s\n%s\n", qPrintable(error.userText), qPrintable(error.detail));
    return false;
}

double fileMiB(const QString &path)
{
    return static_cast<double>(QFileInfo(path).size()) / (1024 * 1024);
}

/** The store's own way: batches of 500, a transaction each. Only the transactions are measured. */
bool fill(const QString &profile, std::int64_t total, Figures &figures)
{
    auto store = CacheStore::open(profile, Secret());
    if (!store)
        return report(store.error());
    MailboxId mailbox;
    const UidValidity validity(1);
    const auto made = (*store)->write([&](CacheTransaction &transaction) -> Result<void> {
        MailboxListing inbox;
        inbox.name = mail::MailboxName::inbox();
        const auto id = transaction.putMailbox(AccountId(1), inbox);
        if (!id)
            return failure(id.error());
        mailbox = *id;
        return transaction.resetMailbox(mailbox, validity);
    });
    if (!made)
        return report(made.error());
    const HeaderSource source(total);
    Stopwatch watch;
    std::int64_t slowest = 0;
    for (std::int64_t done = 0; done < total; done += batchSize) {
        const auto headers = source.batch(done, batchSize);
        const double before = watch.wallSeconds();
        watch.start();
        const auto written = (*store)->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto inserted = transaction.insertHeaders(mailbox, validity, headers);
            if (!inserted)
                return failure(inserted.error());
            MailboxState state;
            state.uidValidity = validity;
            state.lowestFetched = headers.back().uid;
            return transaction.setState(mailbox, state);
        });
        watch.stop();
        if (!written)
            return report(written.error());
        slowest = std::max(slowest, static_cast<std::int64_t>((watch.wallSeconds() - before) * 1e6));
    }
    figures.wallSeconds = watch.wallSeconds();
    figures.cpuSeconds = watch.cpuSeconds();
    figures.more[0] = static_cast<double>(slowest) / 1000;
    Stopwatch idle;
    idle.start();
    const auto moved = (*store)->checkpoint();
    idle.stop();
    if (!moved)
        return report(moved.error());
    figures.more[1] = idle.wallSeconds() * 1000;
    return true;
}

class RawDatabase
{
public:
    RawDatabase(const QString &path, bool write)
    {
        const int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
        if (sqlite3_open_v2(path.toUtf8().constData(), &m_handle, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
            std::fprintf(stderr, "%s\n", sqlite3_errmsg(m_handle));
    }
    RawDatabase(const RawDatabase &) = delete;
    RawDatabase &operator=(const RawDatabase &) = delete;
    ~RawDatabase() { sqlite3_close_v2(m_handle); }
    bool run(const char *sql) { return sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }
    sqlite3_stmt *prepare(const char *sql)
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_handle, sql, -1, &statement, nullptr) != SQLITE_OK)
            std::fprintf(stderr, "%s\n", sqlite3_errmsg(m_handle));
        return statement;
    }

private:
    sqlite3 *m_handle = nullptr;
};

struct Cell {
    int type = SQLITE_NULL;
    std::int64_t number = 0;
    std::string bytes;
};

/**
 * The floor: the very bytes of the message table that fill() left in profile, threads and all, inserted again through
 * the bare C API into the same table with the same indexes, with the same pragmas and batches. No thread links, no
 * counters, no changes to announce, no check whether a UID is there.
 */
bool fillBare(const QString &profile, const QString &target, Figures &figures)
{
    RawDatabase from(profile + QStringLiteral("/cache.db"), false);
    RawDatabase into(target, true);
    if (!into.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=FAST; "
                  "PRAGMA cache_size=-8192; PRAGMA wal_autocheckpoint=4000")
        || !into.run(cacheMigrations().front().sql))
        return false;
    sqlite3_stmt *read = from.prepare("SELECT * FROM message ORDER BY id");
    sqlite3_stmt *insert = into.prepare("INSERT INTO message VALUES "
                                        "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
                                        "?18, ?19)");
    std::vector<std::array<Cell, columns>> batch;
    Stopwatch watch;
    bool more = true;
    bool fine = true;
    while (more && fine) {
        batch.clear();
        while (batch.size() < std::size_t(batchSize) && (more = sqlite3_step(read) == SQLITE_ROW)) {
            auto &row = batch.emplace_back();
            for (int column = 0; column < columns; ++column) {
                Cell &cell = row[static_cast<std::size_t>(column)];
                cell.type = sqlite3_column_type(read, column);
                cell.number = sqlite3_column_int64(read, column);
                if (cell.type != SQLITE_INTEGER) {
                    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(read, column));
                    cell.bytes.assign(bytes == nullptr ? "" : bytes,
                                      static_cast<std::size_t>(sqlite3_column_bytes(read, column)));
                }
            }
        }
        watch.start();
        fine = into.run("BEGIN IMMEDIATE");
        for (const auto &row : batch) {
            for (int column = 0; column < columns; ++column) {
                const Cell &cell = row[static_cast<std::size_t>(column)];
                if (cell.type == SQLITE_INTEGER)
                    sqlite3_bind_int64(insert, column + 1, cell.number);
                else if (cell.type == SQLITE_TEXT)
                    sqlite3_bind_text64(insert, column + 1, cell.bytes.data(), cell.bytes.size(), SQLITE_STATIC,
                                        SQLITE_UTF8);
                else
                    sqlite3_bind_blob64(insert, column + 1, cell.bytes.data(), cell.bytes.size(), SQLITE_STATIC);
            }
            fine = fine && sqlite3_step(insert) == SQLITE_DONE;
            sqlite3_reset(insert);
        }
        fine = fine && into.run("COMMIT");
        watch.stop();
    }
    sqlite3_finalize(read);
    sqlite3_finalize(insert);
    figures.wallSeconds = watch.wallSeconds();
    figures.cpuSeconds = watch.cpuSeconds();
    return fine;
}

/** How long the reader takes for the orders of the one mailbox in profile, in milliseconds. */
bool readOrders(const QString &profile, Figures &figures)
{
    const auto reader = CacheReader::open(profile, Secret());
    if (!reader)
        return report(reader.error());
    const auto mailboxes = (*reader)->mailboxes(AccountId());
    if (!mailboxes || mailboxes->empty())
        return false;
    const MailboxId mailbox = mailboxes->front().id;
    const auto timed = [&](double &milliseconds, SortKey key, bool ascending, std::int64_t limit) {
        Stopwatch watch;
        watch.start();
        const auto order = (*reader)->order(mailbox, key, ascending, limit);
        watch.stop();
        milliseconds = watch.wallSeconds() * 1000;
        return order.has_value() || report(order.error());
    };
    bool fine = timed(figures.more[0], SortKey::Date, false, -1); // reads the file
    fine = fine && timed(figures.more[1], SortKey::Date, false, -1); // from the system's cache
    fine = fine && timed(figures.more[2], SortKey::Date, false, 200);
    fine = fine && timed(figures.more[3], SortKey::From, true, -1);
    fine = fine && timed(figures.more[4], SortKey::Subject, true, -1);
    fine = fine && timed(figures.more[5], SortKey::Size, false, -1);
    const auto page = (*reader)->order(mailbox, SortKey::Date, false, 200, 50'000);
    if (!fine || !page)
        return false;
    std::vector<MessageId> ids;
    for (const OrderEntry &entry : *page)
        ids.push_back(entry.id);
    Stopwatch watch;
    watch.start();
    const auto rows = (*reader)->rows(ids);
    watch.stop();
    figures.more[6] = watch.wallSeconds() * 1000;
    return rows.has_value();
}

/** The floor of the order: the C API walks the same index and keeps nothing. */
bool readBare(const QString &profile, Figures &figures)
{
    RawDatabase database(profile + QStringLiteral("/cache.db"), false);
    sqlite3_stmt *statement = database.prepare("SELECT id, thread FROM message INDEXED BY message_order "
                                               "WHERE mailbox = 1 ORDER BY date DESC, uid DESC");
    for (double &milliseconds : {std::ref(figures.more[0]), std::ref(figures.more[1])}) {
        Stopwatch watch;
        std::int64_t sum = 0;
        watch.start();
        while (sqlite3_step(statement) == SQLITE_ROW)
            sum += sqlite3_column_int64(statement, 0) ^ sqlite3_column_int64(statement, 1);
        watch.stop();
        sqlite3_reset(statement);
        milliseconds = watch.wallSeconds() * 1000;
        figures.more[2] = static_cast<double>(sum);
    }
    sqlite3_finalize(statement);
    return true;
}

/** UIDs and flags for a resync, and the deletion of everything, in milliseconds. */
bool resync(const QString &profile, Figures &figures)
{
    auto store = CacheStore::open(profile, Secret());
    if (!store)
        return report(store.error());
    const auto timed = [](double &milliseconds, const auto &work) {
        Stopwatch watch;
        watch.start();
        const auto done = work();
        watch.stop();
        milliseconds = watch.wallSeconds() * 1000;
        return done.has_value() || report(done.error());
    };
    const MailboxId mailbox(1);
    return timed(figures.more[0], [&] { return (*store)->uids(mailbox); })
        && timed(figures.more[1], [&] { return (*store)->uidsAndFlags(mailbox); })
        && timed(figures.more[2],
                 [&] {
                     return (*store)->write([&](CacheTransaction &transaction) {
                         return transaction.resetMailbox(mailbox, UidValidity(2));
                     });
                 })
        && timed(figures.more[3], [&] { return (*store)->clear(); });
}

void printInsert(const char *what, const Figures &figures, double megabytes)
{
    std::printf("%-28s wall %7.3f s   cpu %7.3f s   peak %6.1f MiB   file %7.1f MiB\n", what, figures.wallSeconds,
                figures.cpuSeconds, figures.peakMiB, megabytes);
}

bool benchInsert(std::int64_t total)
{
    const QTemporaryDir folder;
    const QString profile = folder.path();
    const QString bare = folder.filePath(QStringLiteral("bare.db"));
    const auto own = runPhase([&](Figures &figures) { return fill(profile, total, figures); });
    const auto floor = runPhase([&](Figures &figures) { return fillBare(profile, bare, figures); });
    if (!own || !floor)
        return false;
    std::printf("insert %lld headers, %lld a transaction\n", static_cast<long long>(total),
                static_cast<long long>(batchSize));
    printInsert("  CacheStore", *own, fileMiB(profile + QStringLiteral("/cache.db")));
    printInsert("  floor: bare SQLite, no threads", *floor, fileMiB(bare));
    std::printf("  ratio                        wall %7.2f     cpu %7.2f\n", own->wallSeconds / floor->wallSeconds,
                own->cpuSeconds / floor->cpuSeconds);
    std::printf("  slowest transaction %.1f ms, checkpoint when idle %.1f ms\n", own->more[0], own->more[1]);
    return true;
}

bool benchOrder(std::int64_t total)
{
    const QTemporaryDir folder;
    const QString profile = folder.path();
    const auto filled = runPhase([&](Figures &figures) { return fill(profile, total, figures); });
    const auto floor = runPhase([&](Figures &figures) { return readBare(profile, figures); });
    const auto own = runPhase([&](Figures &figures) { return readOrders(profile, figures); });
    const auto writer = runPhase([&](Figures &figures) { return resync(profile, figures); });
    if (!filled || !own || !floor || !writer)
        return false;
    std::printf("read a mailbox of %lld messages\n", static_cast<long long>(total));
    printInsert("  filled by CacheStore", *filled, fileMiB(profile + QStringLiteral("/cache.db")));
    std::printf("  order by date, all           %8.1f ms, again %8.1f ms   peak %.1f MiB\n", own->more[0], own->more[1],
                own->peakMiB);
    std::printf("  floor: bare index scan       %8.1f ms, again %8.1f ms   ratio of the second %.2f\n", floor->more[0],
                floor->more[1], own->more[1] / floor->more[1]);
    std::printf("  order by date, first 200     %8.2f ms\n", own->more[2]);
    std::printf("  order by sender %.0f ms, by subject %.0f ms, by size %.0f ms\n", own->more[3], own->more[4],
                own->more[5]);
    std::printf("  200 rows                     %8.2f ms\n", own->more[6]);
    std::printf("  uids %.0f ms, uids and flags %.0f ms, reset %.0f ms, clear %.0f ms\n", writer->more[0],
                writer->more[1], writer->more[2], writer->more[3]);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t headers = argc > 1 ? std::atoll(argv[1]) : 100'000;
    const std::int64_t messages = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
    const bool fine = (headers <= 0 || benchInsert(headers)) && (messages <= 0 || benchOrder(messages));
    return fine ? 0 : 1;
}
