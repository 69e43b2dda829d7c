// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/profilelock.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace kittiwake;

namespace
{

constexpr const char *holdVariable = "KITTIWAKE_TEST_HOLD";

/** The other program: takes the profile, says so, and keeps it until its input ends. */
int hold(const QString &profile)
{
    const auto lock = ProfileLock::acquire(profile);
    std::puts(lock ? "held" : "refused");
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    return lock ? 0 : 1;
}

} // namespace

class TestProfileLock final : public QObject
{
    Q_OBJECT

private:
    void startHolder(QProcess &holder, const QString &profile)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QLatin1String(holdVariable), profile);
        holder.setProcessEnvironment(environment);
        holder.start(QCoreApplication::applicationFilePath(), QStringList());
        QTRY_VERIFY_WITH_TIMEOUT(holder.canReadLine(), 20'000);
        QCOMPARE(holder.readLine().trimmed(), QByteArray("held"));
    }

private Q_SLOTS:
    void oneAtATime()
    {
        const QTemporaryDir folder;
        auto lock = ProfileLock::acquire(folder.path());
        QVERIFY(lock.has_value());
        const auto second = ProfileLock::acquire(folder.path());
        QVERIFY(!second.has_value());
        QCOMPARE(second.error().kind, ErrorKind::Storage);
        lock->reset();
        QVERIFY(ProfileLock::acquire(folder.path()).has_value());
        QVERIFY(ProfileLock::acquire(folder.path()).has_value());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
    }

    void theKilledAreNotWaitedFor_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::newRow("killed before it wrote its name") << QByteArray();
        QTest::newRow("killed while it wrote its name") << QByteArray("47");
        // The test itself, which holds no lock: what a process number that was used again looks like.
        QTest::newRow("its number is another's now") << QByteArray::number(QCoreApplication::applicationPid())
                + "\ntest_profilelock\n" + QSysInfo::machineHostName().toUtf8() + "\n" + QSysInfo::machineUniqueId()
                + "\n" + QSysInfo::bootUniqueId() + "\n";
    }

    void theKilledAreNotWaitedFor()
    {
        QFETCH(QByteArray, left);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("profile.lock")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(left), left.size());
        QVERIFY(file.flush());
        QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-60), QFileDevice::FileModificationTime));
        file.close();
        QVERIFY(ProfileLock::acquire(folder.path()).has_value());
    }

    void profilesAreApart()
    {
        const QTemporaryDir one;
        const QTemporaryDir two;
        const auto first = ProfileLock::acquire(one.path());
        const auto second = ProfileLock::acquire(two.path());
        QVERIFY(first.has_value() && second.has_value());
    }

    void theOwnerIsNamed()
    {
        const QTemporaryDir folder;
        QProcess holder;
        startHolder(holder, folder.path());
        const auto lock = ProfileLock::acquire(folder.path());
        QVERIFY(!lock.has_value());
        QCOMPARE(lock.error().kind, ErrorKind::Storage);
        const QString told = lock.error().userText;
        QVERIFY2(told.contains(u"in use by test_profilelock"), qPrintable(told));
        QVERIFY2(told.contains(QStringLiteral("process %1 on ").arg(holder.processId())), qPrintable(told));
        QVERIFY(told.contains(folder.path()));
        holder.closeWriteChannel();
        QVERIFY(holder.waitForFinished());
        QCOMPARE(holder.exitCode(), 0);
        QVERIFY(ProfileLock::acquire(folder.path()).has_value());
    }

    void aDeadOwnerIsForgotten()
    {
        const QTemporaryDir folder;
        QProcess holder;
        startHolder(holder, folder.path());
        QVERIFY(!ProfileLock::acquire(folder.path()).has_value());
        holder.kill();
        QVERIFY(holder.waitForFinished());
        const auto lock = ProfileLock::acquire(folder.path());
        QVERIFY2(lock.has_value(), lock ? "" : qPrintable(lock.error().userText));
    }

    void folderThatIsMissing()
    {
        const QTemporaryDir folder;
        const auto lock = ProfileLock::acquire(folder.filePath(QStringLiteral("none")));
        QVERIFY(!lock.has_value());
        QCOMPARE(lock.error().kind, ErrorKind::Storage);
        QVERIFY2(lock.error().userText.contains(u"cannot be locked"), qPrintable(lock.error().userText));
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(holdVariable))
        return hold(qEnvironmentVariable(holdVariable));
    TestProfileLock test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_profilelock.moc"
