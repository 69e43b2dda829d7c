// SPDX-License-Identifier: GPL-3.0-or-later
// Opened files: who may see them, and when they go.
#include <QTest>

#include "core/base/openedfiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

using namespace kittiwake;

namespace
{

QString written(OpenedFiles &files, const QString &name)
{
    const auto path = files.place(name);
    if (!path)
        return {};
    QFile file(*path);
    if (!file.open(QIODevice::WriteOnly) || file.write("secret") != 6)
        return {};
    file.close();
    return OpenedFiles::seal(*path) ? *path : QString();
}

QFile::Permissions others(const QString &path)
{
    return QFileInfo(path).permissions()
        & (QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther
           | QFile::ExeOther);
}

} // namespace

class TestOpenedFiles final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theyAreForThisPersonOnly()
    {
        const QTemporaryDir profile;
        OpenedFiles files(profile.path());
        QVERIFY(!QFileInfo::exists(OpenedFiles::folder(profile.path()))); // nothing before the first file
        const QString first = written(files, QStringLiteral("a.pdf"));
        const QString second = written(files, QStringLiteral("a.pdf"));
        QVERIFY(!first.isEmpty() && !second.isEmpty() && first != second);
        QCOMPARE(QFileInfo(second).fileName(), QStringLiteral("a.pdf")); // it keeps its name
        for (QString path = first; path != profile.path(); path = QFileInfo(path).absolutePath())
            QCOMPARE(others(path), QFile::Permissions());
        QVERIFY(!files.place(QStringLiteral("../x")));
        QVERIFY(!files.place(QString()));
    }

    void theyGoWithTheProcess()
    {
        const QTemporaryDir profile;
        {
            OpenedFiles files(profile.path());
            QVERIFY(!written(files, QStringLiteral("a.pdf")).isEmpty());
        }
        QVERIFY(QDir(profile.path()).isEmpty());
    }

    void whatAKilledProcessLeftGoesWithTheNext()
    {
        const QTemporaryDir profile;
        const QString root = OpenedFiles::folder(profile.path());
        QVERIFY(QDir().mkpath(root + QStringLiteral("/1234/1")));
        QFile left(root + QStringLiteral("/1234/1/left.pdf"));
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.close();
        // The lock of a process that has ended: its number is not in use any more.
        QProcess ended;
        ended.start(QStringLiteral("true"), QStringList());
        QVERIFY(ended.waitForStarted());
        const qint64 pid = ended.processId();
        QVERIFY(ended.waitForFinished());
        QFile lock(root + QStringLiteral("/1234.lock"));
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.write(QByteArray::number(pid) + "\nkittiwake\n" + QSysInfo::machineHostName().toUtf8() + "\n");
        lock.close();
        // Beside it one that still runs.
        OpenedFiles running(profile.path());
        const QString kept = written(running, QStringLiteral("kept.pdf"));
        OpenedFiles::wipeLeftBehind(profile.path());
        QVERIFY(!QFileInfo::exists(root + QStringLiteral("/1234")));
        QVERIFY(!QFileInfo::exists(lock.fileName()));
        QVERIFY(QFileInfo::exists(kept));
    }

    void withoutAProfileThereIsNoPlace()
    {
        OpenedFiles files{QString()};
        QVERIFY(!files.place(QStringLiteral("a.pdf")));
        OpenedFiles::wipeLeftBehind({});
    }
};

QTEST_GUILESS_MAIN(TestOpenedFiles)
#include "test_openedfiles.moc"
