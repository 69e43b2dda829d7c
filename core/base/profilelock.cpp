// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/profilelock.h"

#include <QCoreApplication>
#include <QDir>

namespace kittiwake
{

Result<std::unique_ptr<ProfileLock>> ProfileLock::acquire(const QString &profile)
{
    std::unique_ptr<ProfileLock> lock(new ProfileLock(profile + QLatin1String("/profile.lock")));
    // Never stale by age: an engine runs for weeks. A lock whose process is gone is taken over all the same.
    lock->m_file.setStaleLockTime(0);
    if (lock->m_file.tryLock(0))
        return lock;
    if (lock->m_file.error() == QLockFile::LockFailedError) {
        // QLockFile would wait for ever for a program that was killed after it had made the file and before it wrote
        // its name there, or whose process number another of its kind has now. What looks old to it, it takes away only
        // where nobody holds it, by the lock of the operating system on the file itself.
        lock->m_file.setStaleLockTime(1);
        const bool taken = lock->m_file.tryLock(0);
        lock->m_file.setStaleLockTime(0);
        if (taken)
            return lock;
    }
    const QString folder = QDir::toNativeSeparators(profile);
    qint64 process = 0;
    QString host;
    QString program;
    if (lock->m_file.error() == QLockFile::LockFailedError) {
        // Between the two calls the owner may have left; then there is nothing to name.
        if (!lock->m_file.getLockInfo(&process, &host, &program)) {
            return failure(ErrorKind::Storage, folder,
                           QCoreApplication::translate(
                               "core", "The profile %1 is in use by another program; close it and try again.")
                               .arg(folder));
        }
        return failure(ErrorKind::Storage, folder,
                       QCoreApplication::translate(
                           "core", "The profile %1 is in use by %2 (process %3 on %4); close it and try again.")
                           .arg(folder, program, QString::number(process), host));
    }
    return failure(ErrorKind::Storage, folder,
                   QCoreApplication::translate(
                       "core", "The profile %1 cannot be locked; check that the folder exists and can be written to.")
                       .arg(folder));
}

} // namespace kittiwake
