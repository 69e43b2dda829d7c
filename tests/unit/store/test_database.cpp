// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"
#include "core/store/storageerror.h"
#include "tests/unit/store/cachefixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sqlite3.h>

#include <atomic>
#include <thread>

using namespace kittiwake;
using namespace kittiwake::store;

namespace
{

/** Enough to keep a statement busy until it is interrupted: it would count for hours. */
constexpr const char *endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                "SELECT count(*) FROM n WHERE i < 1000000000000";

} // namespace

class TestDatabase final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_files = 0;

    QString newPath() { return m_folder.filePath(QStringLiteral("%1.db").arg(++m_files)); }

private Q_SLOTS:
    void refusesAKeyRatherThanPretend()
    {
        const QString path = newPath();
        const auto database = Database::open(path, Secret(QByteArrayLiteral("k")), {});
        QVERIFY(!database);
        QCOMPARE(database.error().kind, ErrorKind::Storage);
        QVERIFY(!database.error().userText.isEmpty());
        QVERIFY(!database.error().detail.contains(QLatin1String("'k'")));
        QVERIFY(!QFile::exists(path));
    }

    void hasThePragmasItPromises()
    {
        DatabaseOptions options;
        options.synchronous = DatabaseOptions::Synchronous::Full;
        options.secureDelete = DatabaseOptions::SecureDelete::On;
        const auto database = Database::open(newPath(), Secret(), options);
        VERIFY_OK(database);
        QCOMPARE((*database)->integer("PRAGMA temp_store").value_or(-1), 2); // memory
        QCOMPARE((*database)->integer("PRAGMA foreign_keys").value_or(-1), 1);
        QCOMPARE((*database)->integer("PRAGMA synchronous").value_or(-1), 2); // full
        QCOMPARE((*database)->integer("PRAGMA secure_delete").value_or(-1), 1);
        auto mode = (*database)->prepare("PRAGMA journal_mode");
        VERIFY_OK(mode);
        QVERIFY(mode->step().value_or(false));
        QCOMPARE(mode->text(0), QStringLiteral("wal"));

        const auto cache = Database::open(newPath(), Secret(), {});
        VERIFY_OK(cache);
        QCOMPARE((*cache)->integer("PRAGMA synchronous").value_or(-1), 1); // normal
        QCOMPARE((*cache)->integer("PRAGMA secure_delete").value_or(-1), 2); // fast
    }

    void filesAreForTheirOwnerOnly()
    {
#ifdef Q_OS_UNIX
        const QString path = newPath();
        {
            QFile loose(path); // as an older program or a restored backup may have left it
            QVERIFY(loose.open(QIODevice::WriteOnly));
            QVERIFY(loose.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
        }
        const QString fresh = newPath();
        for (const QString &file : {path, fresh}) {
            const auto database = Database::open(file, Secret(), {});
            VERIFY_OK(database);
            VERIFY_OK((*database)->execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)"));
            for (const char *suffix : {"", "-wal", "-shm"}) {
                const QFileInfo info(file + QLatin1String(suffix));
                QVERIFY2(info.exists(), suffix);
                const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
                    | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
                QVERIFY2((info.permissions() & others) == QFile::Permissions(), suffix);
            }
        }
#else
        QSKIP("permissions are an access list here");
#endif
    }

    void missingFolderIsAPlainSentence()
    {
        const auto database = Database::open(m_folder.filePath(QStringLiteral("no/such/x.db")), Secret(), {});
        QVERIFY(!database);
        QCOMPARE(database.error().kind, ErrorKind::Storage);
        QVERIFY(database.error().detail.startsWith(QLatin1String("SQLITE_CANTOPEN")));
        QVERIFY(database.error().userText.contains(database.error().where));
    }

    void readOnlyNeedsAFile()
    {
        DatabaseOptions options;
        options.mode = DatabaseOptions::Mode::ReadOnly;
        const QString path = newPath();
        QVERIFY(!Database::open(path, Secret(), options));
        QVERIFY(!QFile::exists(path));
    }

    void garbageIsDamage()
    {
        const QString path = newPath();
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(QByteArray(8192, 'x')), 8192);
        file.close();
        const auto database = Database::open(path, Secret(), {});
        QVERIFY(!database);
        QVERIFY(isDamaged(database.error()));
        QVERIFY(database.error().detail.startsWith(QLatin1String("SQLITE_NOTADB (26)")));
    }

    void sentencesDifferByCause_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("word");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("full") << int(SQLITE_FULL) << QStringLiteral("disk is full") << ErrorKind::Storage;
        QTest::newRow("readonly") << int(SQLITE_READONLY_DIRECTORY) << QStringLiteral("may not write")
                                  << ErrorKind::Storage;
        QTest::newRow("cantopen") << int(SQLITE_CANTOPEN_ISDIR) << QStringLiteral("cannot be opened")
                                  << ErrorKind::Storage;
        QTest::newRow("corrupt") << int(SQLITE_CORRUPT_INDEX) << QStringLiteral("damaged") << ErrorKind::Storage;
        QTest::newRow("busy") << int(SQLITE_BUSY_SNAPSHOT) << QStringLiteral("another program") << ErrorKind::Storage;
        QTest::newRow("io") << int(SQLITE_IOERR_WRITE) << QStringLiteral("disk failed") << ErrorKind::Storage;
        QTest::newRow("memory") << int(SQLITE_NOMEM) << QStringLiteral("memory") << ErrorKind::Storage;
        QTest::newRow("interrupt") << int(SQLITE_INTERRUPT) << QStringLiteral("stopped") << ErrorKind::Cancelled;
        QTest::newRow("other") << int(SQLITE_MISUSE) << QStringLiteral("SQLITE_MISUSE") << ErrorKind::Storage;
    }
    void sentencesDifferByCause()
    {
        QFETCH(int, code);
        QFETCH(QString, word);
        QFETCH(ErrorKind, kind);
        const Error error = storageError(code, QStringLiteral("/p/100%1/cache.db"), true, "why");
        QCOMPARE(error.kind, kind);
        QVERIFY2(error.userText.contains(word), qPrintable(error.userText));
        // A file name is never taken for a place marker.
        QVERIFY2(error.userText.contains(QDir::toNativeSeparators(QStringLiteral("/p/100%1/cache.db")))
                     || code == SQLITE_MISUSE,
                 qPrintable(error.userText));
        QVERIFY(error.detail.contains(QStringLiteral("(%1): why").arg(code)));
    }

    void damageOfWorkIsNoInvitationToDeleteIt()
    {
        const Error error = storageError(SQLITE_CORRUPT, QStringLiteral("pending.db"), false);
        QVERIFY(!error.userText.contains(QLatin1String("drop")));
        QVERIFY(error.userText.contains(QLatin1String("left as it is")));
    }

    void bindsAndReadsBack()
    {
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK((*database)->execute("CREATE TABLE t (t TEXT, b BLOB, i INTEGER) STRICT"));
        const QString hostile
            = QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b") + QChar(0xD800) + QStringLiteral("Größe 会議");
        const QByteArray bytes("\0\xFF\r\n", 4);
        {
            auto insert = (*database)->prepare("INSERT INTO t VALUES (?1, ?2, ?3)");
            VERIFY_OK(insert);
            insert->bind(1, QStringView(hostile));
            insert->bind(2, QByteArrayView(bytes));
            insert->bind(3, std::numeric_limits<std::int64_t>::min());
            VERIFY_OK(insert->run());
            insert->bind(1, QStringView());
            insert->bindUncopied(2, QByteArrayView());
            insert->bind(3, MessageId(5));
            VERIFY_OK(insert->run());
        }
        auto select = (*database)->prepare("SELECT t, b, i FROM t ORDER BY rowid");
        VERIFY_OK(select);
        QVERIFY(select->step().value_or(false));
        QCOMPARE(select->text(0),
                 QStringLiteral("a\uFFFDb\uFFFDGröße 会議")); // no NUL, no half of a surrogate pair
        QCOMPARE(select->blob(1), bytes);
        QCOMPARE(select->integer(2), std::numeric_limits<std::int64_t>::min());
        QVERIFY(select->step().value_or(false));
        QVERIFY(select->text(0).isEmpty()); // and not NULL, or STRICT NOT NULL columns would refuse it
        QCOMPARE(select->id<MessageId>(2), MessageId(5));
        QVERIFY(!select->step().value_or(true));
        QCOMPARE((*database)->integer("SELECT count(*) FROM t WHERE t IS NULL OR b IS NULL").value_or(-1), 0);
    }

    void statementsAreReusedAndMayNest()
    {
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK((*database)->execute("CREATE TABLE t (i); INSERT INTO t VALUES (1), (2)"));
        int seen = 0;
        {
            auto outer = (*database)->prepare("SELECT i FROM t WHERE i >= ?1");
            VERIFY_OK(outer);
            outer->bind(1, 1);
            while (outer->step().value_or(false)) {
                auto inner = (*database)->prepare("SELECT i FROM t WHERE i >= ?1");
                VERIFY_OK(inner);
                inner->bind(1, 2);
                QVERIFY(inner->step().value_or(false));
                QCOMPARE(inner->integer(0), 2);
                ++seen;
            }
        }
        QCOMPARE(seen, 2);
        int statements = 0;
        for (sqlite3_stmt *one = sqlite3_next_stmt((*database)->handle(), nullptr); one != nullptr;
             one = sqlite3_next_stmt((*database)->handle(), one))
            statements += qstrncmp(sqlite3_sql(one), "SELECT i FROM t WHERE", 21) == 0 ? 1 : 0;
        QCOMPARE(statements, 2);
        // A lease begins with nothing bound: NULL, so no row.
        auto again = (*database)->prepare("SELECT i FROM t WHERE i >= ?1");
        VERIFY_OK(again);
        QVERIFY(!again->step().value_or(true));
    }

    void wrongSqlIsAnError()
    {
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        QVERIFY(!(*database)->prepare("SELEKT"));
        QVERIFY(!(*database)->execute("INSERT INTO nothing VALUES (1)"));
        QVERIFY(!(*database)->integer("SELECT x"));
        // Double quotes are identifiers, never text that is silently something else.
        QVERIFY(!(*database)->prepare("SELECT \"x\""));
    }

    void transactionsRollBack()
    {
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK((*database)->execute("CREATE TABLE t (i)"));
        VERIFY_OK((*database)->begin());
        QVERIFY((*database)->inTransaction());
        VERIFY_OK((*database)->execute("INSERT INTO t VALUES (1)"));
        (*database)->rollback();
        QVERIFY(!(*database)->inTransaction());
        (*database)->rollback(); // nothing to do, nothing to complain about
        QCOMPARE((*database)->integer("SELECT count(*) FROM t").value_or(-1), 0);
        VERIFY_OK((*database)->begin());
        VERIFY_OK((*database)->execute("INSERT INTO t VALUES (1)"));
        VERIFY_OK((*database)->commit());
        QCOMPARE((*database)->integer("SELECT count(*) FROM t").value_or(-1), 1);
    }

    void aSecondWriterWaitsThenSaysBusy()
    {
        const QString path = newPath();
        const auto first = Database::open(path, Secret(), {});
        VERIFY_OK(first);
        DatabaseOptions impatient;
        impatient.busyTimeout = std::chrono::milliseconds(1);
        const auto second = Database::open(path, Secret(), impatient);
        VERIFY_OK(second);
        VERIFY_OK((*first)->begin());
        const auto refused = (*second)->begin();
        QVERIFY(!refused);
        QVERIFY(isBusy(refused.error()));
        VERIFY_OK((*first)->commit());
        VERIFY_OK((*second)->begin());
    }

    void diskFullIsSaidSo()
    {
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK((*database)->execute("CREATE TABLE t (b); PRAGMA max_page_count=20"));
        const auto done = (*database)->execute("INSERT INTO t VALUES (zeroblob(500000))");
        QVERIFY(!done);
        QVERIFY(isDiskFull(done.error()));
        QCOMPARE((*database)->integer("SELECT count(*) FROM t").value_or(-1), 0);
    }

    void interruptStopsAStatementInAnotherThread()
    {
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        std::atomic<bool> ended = false;
        Result<std::int64_t> result = 0;
        std::thread worker([&] {
            result = (*database)->integer(endless);
            ended = true;
        });
        // It only hits a statement that runs, so it is asked until it has.
        while (!ended) {
            (*database)->interrupt();
            std::this_thread::yield();
        }
        worker.join();
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QCOMPARE((*database)->integer("SELECT 1").value_or(0), 1); // and the connection goes on
    }

    void checkFindsADamagedPage()
    {
        const QString path = newPath();
        {
            const auto database = Database::open(path, Secret(), {});
            VERIFY_OK(database);
            VERIFY_OK((*database)->execute("CREATE TABLE t (i INTEGER PRIMARY KEY, b); "
                                           "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) "
                                           "INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n"));
            VERIFY_OK((*database)->check(true));
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(4096 * 3));
        QCOMPARE(file.write(QByteArray(4096, '\x5A')), 4096);
        file.close();
        const auto database = Database::open(path, Secret(), {});
        VERIFY_OK(database);
        for (const bool full : {false, true}) {
            const auto checked = (*database)->check(full);
            QVERIFY(!checked);
            QVERIFY(isDamaged(checked.error()));
        }
    }
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "test_database.moc"
