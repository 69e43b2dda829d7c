// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/platform.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kittiwake;

namespace
{

constexpr auto owner = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;
constexpr auto everybody = owner | QFileDevice::ReadGroup | QFileDevice::ExeGroup | QFileDevice::ReadOther
    | QFileDevice::ExeOther | QFileDevice::ReadUser | QFileDevice::WriteUser | QFileDevice::ExeUser;
constexpr auto strangers = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
    | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;

bool isClosed(const QString &path)
{
    return (QFile::permissions(path) & strangers) == 0;
}

} // namespace

class TestPlatform final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase()
    {
#ifndef Q_OS_UNIX
        QSKIP("access lists do this here");
#endif
    }

    void makesPrivateFolder()
    {
        const QString path = m_folder.filePath(QStringLiteral("a/b/c"));
        QVERIFY(platform::makePrivateFolder(path).has_value());
        QVERIFY(QFileInfo(path).isDir());
        QVERIFY(isClosed(path));
        QVERIFY((QFile::permissions(path) & owner) == owner);
        // Again, and with a slash at the end.
        QVERIFY(platform::makePrivateFolder(path + u'/').has_value());
    }

    void narrowsAFolder()
    {
        const QString path = m_folder.filePath(QStringLiteral("open"));
        QVERIFY(QDir().mkpath(path));
        QVERIFY(QFile::setPermissions(path, everybody));
        QVERIFY(!isClosed(path));
        QVERIFY(platform::makePrivateFolder(path).has_value());
        QVERIFY(isClosed(path));
    }

    void leavesSharedFoldersAlone()
    {
        for (const QString &path : {QDir::tempPath(), QDir::homePath(), QDir::rootPath()}) {
            const QFileDevice::Permissions before = QFile::permissions(path);
            const Result<void> made = platform::makePrivateFolder(path);
            QVERIFY(!made.has_value());
            QCOMPARE(made.error().kind, ErrorKind::Storage);
            QVERIFY(made.error().userText.contains(path));
            QCOMPARE(QFile::permissions(path), before);
        }
    }

    void folderThatCannotBe()
    {
        const QString file = m_folder.filePath(QStringLiteral("file"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        for (const QString &path : QStringList{file, file + QStringLiteral("/below")}) {
            const Result<void> made = platform::makePrivateFolder(path);
            QVERIFY(!made.has_value());
            QCOMPARE(made.error().kind, ErrorKind::Storage);
            QVERIFY2(made.error().userText.contains(u"could not be made"), qPrintable(made.error().userText));
        }
    }

    void privateFile()
    {
        const QString path = m_folder.filePath(QStringLiteral("secret"));
        QFile out(path);
        QVERIFY(out.open(QIODevice::WriteOnly));
        QVERIFY(out.setPermissions(everybody));
        QVERIFY(platform::makePrivateFile(path).has_value());
        QVERIFY(isClosed(path));
        QVERIFY((QFile::permissions(path) & QFileDevice::ExeOwner) == 0);
        QCOMPARE(platform::makePrivateFile(path + QStringLiteral(".none")).error().kind, ErrorKind::Storage);
        platform::syncFolder(m_folder.path());
        platform::syncFolder(path + QStringLiteral(".none"));
    }

    void figuresOfThisProcess()
    {
        const platform::ProcessFigures before = platform::processFigures();
        QVERIFY(before.residentBytes > 1'000'000);
        QVERIFY(before.peakResidentBytes >= before.residentBytes / 2);
        QByteArray memory(200'000'000, 'x');
        quint64 sum = 0;
        for (int round = 0; round < 3; ++round) {
            for (const char byte : std::as_const(memory))
                sum += static_cast<quint64>(byte);
        }
        QVERIFY(sum > 0);
        const platform::ProcessFigures after = platform::processFigures();
        QVERIFY(after.residentBytes > before.residentBytes + 150'000'000);
        QVERIFY(after.peakResidentBytes > 190'000'000);
        QVERIFY(after.userCpu + after.systemCpu > before.userCpu + before.systemCpu);
        memory.clear();
        QVERIFY(platform::processFigures().peakResidentBytes >= after.peakResidentBytes);
    }
};

QTEST_GUILESS_MAIN(TestPlatform)
#include "test_platform.moc"
