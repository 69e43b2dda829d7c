// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"
#include "core/store/migrations.h"
#include "core/store/pendingstore.h"
#include "core/store/profilefiles.h"
#include "core/store/storageerror.h"
#include "tests/unit/store/cachefixture.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

using namespace kittiwake;
using namespace kittiwake::store;

namespace
{

constexpr Migration first{1, "001_first", "CREATE TABLE a (i INTEGER NOT NULL) STRICT; INSERT INTO a VALUES (1)"};
constexpr Migration second{2, "002_second", "ALTER TABLE a ADD COLUMN j INTEGER NOT NULL DEFAULT 5"};
constexpr Migration broken{2, "002_broken", "CREATE TABLE b (i); INSERT INTO nothing VALUES (1)"};
constexpr Migration dangling{2, "002_dangling",
                             "CREATE TABLE p (i INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (i)); "
                             "INSERT INTO c VALUES (9)"};
constexpr int ours = 0x4B575454;

/** Writes a database of an old version as its program left it: tests/unit/store/fixtures/NAME_vN.sql is its dump. */
bool restore(const QString &path, const QString &dump)
{
    QFile file(QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/unit/store/fixtures/") + dump);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const auto database = Database::open(path, Secret(), {});
    return database && (*database)->execute(file.readAll().constData()).has_value();
}

Result<std::string> schemaText(const QString &path)
{
    const auto database = Database::open(path, Secret(), {});
    if (!database)
        return failure(database.error());
    auto statement = (*database)->prepare("SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema "
                                          "WHERE sql IS NOT NULL ORDER BY type, name)");
    if (!statement)
        return failure(statement.error());
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return statement->text(0).toStdString();
}

} // namespace

class TestMigrations final : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_files = 0;

    QString newPath() { return m_folder.filePath(QStringLiteral("%1.db").arg(++m_files)); }
    QString newProfile()
    {
        const QString profile = m_folder.filePath(QStringLiteral("profile%1").arg(++m_files));
        return QDir().mkpath(profile) ? profile : QString();
    }

private Q_SLOTS:
    void stepsAreAppliedOnceAndStamped()
    {
        const QString path = newPath();
        const Migration one[] = {first};
        const Migration two[] = {first, second};
        {
            const auto database = Database::open(path, Secret(), {});
            VERIFY_OK(database);
            VERIFY_OK(migrate(**database, {ours, one}));
            VERIFY_OK(migrate(**database, {ours, one}));
            QCOMPARE((*database)->integer("PRAGMA user_version").value_or(-1), 1);
            QCOMPARE((*database)->integer("PRAGMA application_id").value_or(-1), ours);
        }
        const auto database = Database::open(path, Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK(migrate(**database, {ours, two}));
        QCOMPARE((*database)->integer("PRAGMA user_version").value_or(-1), 2);
        QCOMPARE((*database)->integer("SELECT j FROM a").value_or(-1), 5);
        QCOMPARE((*database)->integer("SELECT count(*) FROM a").value_or(-1), 1);
        QCOMPARE((*database)->integer("PRAGMA foreign_keys").value_or(-1), 1);
    }

    void aNewerDatabaseIsRefused()
    {
        const Migration one[] = {first};
        const Migration two[] = {first, second};
        const auto database = Database::open(newPath(), Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK(migrate(**database, {ours, two}));
        for (const auto &refused : {migrate(**database, {ours, one}), checkVersion(**database, {ours, one})}) {
            QVERIFY(!refused);
            QVERIFY(isNewerVersion(refused.error()));
            QVERIFY(!isDamaged(refused.error()));
            QVERIFY(refused.error().userText.contains(QLatin1String("newer version")));
        }
        QCOMPARE((*database)->integer("PRAGMA user_version").value_or(-1), 2);
    }

    void aFailedStepLeavesTheDatabaseAsItWas_data()
    {
        QTest::addColumn<bool>("isDangling");
        QTest::newRow("wrong SQL") << false;
        QTest::newRow("foreign key without its row") << true;
    }
    void aFailedStepLeavesTheDatabaseAsItWas()
    {
        QFETCH(bool, isDangling);
        const QString path = newPath();
        const Migration one[] = {first};
        const Migration bad[] = {first, isDangling ? dangling : broken};
        const auto database = Database::open(path, Secret(), {});
        VERIFY_OK(database);
        VERIFY_OK(migrate(**database, {ours, one}));
        const auto before = schemaText(path);
        VERIFY_OK(before);
        if (!isDangling)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("migration 002_broken failed")));
        QVERIFY(!migrate(**database, {ours, bad}));
        QVERIFY(!(*database)->inTransaction());
        QCOMPARE((*database)->integer("PRAGMA user_version").value_or(-1), 1);
        QCOMPARE(schemaText(path).value_or(std::string()), *before);
        QCOMPARE((*database)->integer("PRAGMA foreign_keys").value_or(-1), 1);
    }

    void anotherProgramsFileIsLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("tables without a stamp") << QByteArrayLiteral("CREATE TABLE theirs (x)");
        QTest::newRow("another stamp") << QByteArrayLiteral("PRAGMA application_id=77; PRAGMA user_version=1");
        QTest::newRow("the other one of ours")
            << QByteArrayLiteral("PRAGMA application_id=1264014416; PRAGMA user_version=1"); // pending.db's
    }
    void anotherProgramsFileIsLeftAlone()
    {
        QFETCH(QByteArray, sql);
        const QString profile = newProfile();
        {
            const auto database = Database::open(cachePath(profile), Secret(), {});
            VERIFY_OK(database);
            VERIFY_OK((*database)->execute(sql.constData()));
        }
        const auto before = schemaText(cachePath(profile));
        const auto opened = CacheStore::openOrRebuild(profile, Secret());
        QVERIFY(!opened);
        QVERIFY(!isDamaged(opened.error()));
        QVERIFY(opened.error().userText.contains(QLatin1String("does not belong")));
        QCOMPARE(schemaText(cachePath(profile)).value_or(std::string()), before.value_or(std::string("?")));
    }

    void aNewerCacheIsNotRebuilt()
    {
        const QString profile = newProfile();
        VERIFY_OK(CacheStore::open(profile, Secret()));
        {
            const auto database = Database::open(cachePath(profile), Secret(), {});
            VERIFY_OK(database);
            VERIFY_OK((*database)->execute("PRAGMA user_version=4711"));
        }
        const auto opened = CacheStore::openOrRebuild(profile, Secret());
        QVERIFY(!opened);
        QVERIFY(isNewerVersion(opened.error()));
        const auto reader = CacheReader::open(profile, Secret());
        QVERIFY(!reader);
        QVERIFY(isNewerVersion(reader.error()));
        const auto database = Database::open(cachePath(profile), Secret(), {});
        VERIFY_OK(database);
        QCOMPARE((*database)->integer("PRAGMA user_version").value_or(-1), 4711);
    }

    /** Each version that was ever released opens, keeps its rows, and ends with the schema of a new database. */
    void oldCachesOpen_data()
    {
        QTest::addColumn<QString>("dump");
        QTest::newRow("v1") << QStringLiteral("cache_v1.sql");
        QTest::newRow("v2") << QStringLiteral("cache_v2.sql");
        QTest::newRow("v3") << QStringLiteral("cache_v3.sql");
        QTest::newRow("v4") << QStringLiteral("cache_v4.sql");
        QTest::newRow("v5") << QStringLiteral("cache_v5.sql");
        QTest::newRow("v6") << QStringLiteral("cache_v6.sql");
    }
    void oldCachesOpen()
    {
        QFETCH(QString, dump);
        const QString profile = newProfile();
        QVERIFY(restore(cachePath(profile), dump));
        const auto store = CacheStore::open(profile, Secret());
        VERIFY_OK(store);
        const auto mailbox = (*store)->findMailbox(AccountId(1), {QStringLiteral("Projekte/Größe"), {}});
        VERIFY_OK(mailbox);
        QVERIFY(mailbox->has_value());
        QCOMPARE((*store)->countMessages(**mailbox).value_or(-1), 2);
        const auto reader = CacheReader::open(profile, Secret());
        VERIFY_OK(reader);
        const auto row = (*reader)->findUid(**mailbox, Uid(12));
        VERIFY_OK(row);
        QVERIFY(row->has_value());
        QCOMPARE((*row)->header.subject, QStringLiteral("Re: Größe"));
        QCOMPARE((*row)->header.flags, test::flags({"\\Seen", "$Forwarded"}));
        QCOMPARE((*row)->header.to.size(), 2U);
        const auto parent = (*reader)->findUid(**mailbox, Uid(11));
        VERIFY_OK(parent);
        QCOMPARE((*parent)->thread, (*row)->thread);

        const QString fresh = newProfile();
        VERIFY_OK(CacheStore::open(fresh, Secret()));
        QCOMPARE(schemaText(cachePath(profile)).value_or(std::string("?")),
                 schemaText(cachePath(fresh)).value_or(std::string("!")));
    }

    void oldPendingWorkOpens_data()
    {
        QTest::addColumn<QString>("dump");
        QTest::newRow("v1") << QStringLiteral("pending_v1.sql");
        QTest::newRow("v2") << QStringLiteral("pending_v2.sql");
        QTest::newRow("v3") << QStringLiteral("pending_v3.sql");
        QTest::newRow("v4") << QStringLiteral("pending_v4.sql");
        QTest::newRow("v5") << QStringLiteral("pending_v5.sql");
    }
    void oldPendingWorkOpens()
    {
        QFETCH(QString, dump);
        const QString profile = newProfile();
        QVERIFY(restore(pendingPath(profile), dump));
        const auto store = PendingStore::open(profile, Secret());
        VERIFY_OK(store);
        const auto list = (*store)->list();
        VERIFY_OK(list);
        QCOMPARE(list->size(), 2U);
        QCOMPARE(list->front().kind, QStringLiteral("flag"));
        QCOMPARE(list->back().state, OperationState::Failed);
        QCOMPARE(list->back().payload, QByteArray("\0\1\xFF", 3));

        const QString fresh = newProfile();
        VERIFY_OK(PendingStore::open(fresh, Secret()));
        QCOMPARE(schemaText(pendingPath(profile)).value_or(std::string("?")),
                 schemaText(pendingPath(fresh)).value_or(std::string("!")));
    }

    void everyVersionHasAFixture()
    {
        const QDir fixtures(QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/unit/store/fixtures"));
        for (const Migration &migration : cacheMigrations())
            QVERIFY2(fixtures.exists(QStringLiteral("cache_v%1.sql").arg(migration.version)), migration.name);
        for (const Migration &migration : pendingMigrations())
            QVERIFY2(fixtures.exists(QStringLiteral("pending_v%1.sql").arg(migration.version)), migration.name);
    }
};

QTEST_GUILESS_MAIN(TestMigrations)
#include "test_migrations.moc"
