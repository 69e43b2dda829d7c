// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/openedfiles.h"

#include "core/base/log.h"
#include "core/base/platform.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRandomGenerator>

namespace kittiwake
{

namespace
{

constexpr QLatin1String lockSuffix(".lock");

Failure noPlace(const QString &where)
{
    return failure(ErrorKind::Storage, where,
                   QCoreApplication::translate("core",
                                               "There is no place for opened files; save the file and open it "
                                               "from there."));
}

} // namespace

QString OpenedFiles::folder(const QString &profile)
{
    return profile + QLatin1String("/opened");
}

void OpenedFiles::wipeLeftBehind(const QString &profile)
{
    QDir root(folder(profile));
    if (profile.isEmpty() || !root.exists())
        return;
    for (const QString &name : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Hidden)) {
        // The lock lies beside the folder and is there before it, so a folder without an owner has nobody's lock.
        QLockFile lock(root.filePath(name + lockSuffix));
        lock.setStaleLockTime(0); // stale is only what a dead process holds
        if (!lock.tryLock(0))
            continue;
        if (!QDir(root.filePath(name)).removeRecursively())
            qCWarning(logEngine) << "opened files were left behind and could not be deleted";
        lock.unlock();
    }
    for (const QString &name : root.entryList({QLatin1Char('*') + lockSuffix}, QDir::Files | QDir::Hidden)) {
        QLockFile lock(root.filePath(name));
        lock.setStaleLockTime(0);
        if (!root.exists(name.chopped(lockSuffix.size())) && lock.tryLock(0))
            lock.unlock(); // deletes it
    }
    QDir().rmdir(root.path()); // where nothing is left
}

OpenedFiles::~OpenedFiles()
{
    wipe();
}

void OpenedFiles::wipe()
{
    if (m_folder.isEmpty())
        return;
    if (!QDir(m_folder).removeRecursively())
        qCWarning(logEngine) << "opened files could not be deleted; the next start tries again";
    m_lock.reset();
    m_folder.clear();
    QDir().rmdir(folder(m_profile)); // where no other process has any
}

Result<QString> OpenedFiles::place(const QString &name)
{
    if (m_profile.isEmpty() || name.isEmpty() || name.contains(QLatin1Char('/')))
        return noPlace(name);
    if (m_folder.isEmpty()) {
        const QString root = folder(m_profile);
        if (auto made = platform::makePrivateFolder(root); !made)
            return failure(made.error());
        const QString own = root + QLatin1Char('/') + QString::number(QRandomGenerator::system()->generate64(), 16);
        auto lock = std::make_unique<QLockFile>(own + lockSuffix);
        lock->setStaleLockTime(0);
        if (!lock->tryLock(0))
            return noPlace(own);
        if (auto made = platform::makePrivateFolder(own); !made)
            return failure(made.error());
        m_lock = std::move(lock);
        m_folder = own;
    }
    // A folder for each, so that every file keeps its name.
    const QString place = m_folder + QLatin1Char('/') + QString::number(++m_count);
    if (auto made = platform::makePrivateFolder(place); !made)
        return failure(made.error());
    return QString(place + QLatin1Char('/') + name);
}

Result<void> OpenedFiles::seal(const QString &path)
{
    return platform::makePrivateFile(path);
}

} // namespace kittiwake
