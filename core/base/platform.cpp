// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/platform.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <cstdio>
#include <cstdlib>

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define KITTIWAKE_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KITTIWAKE_SANITIZED 1
#endif

#ifdef Q_OS_WIN
#include <windows.h>

#include <psapi.h>
#else
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
#ifdef Q_OS_MACOS
#include <mach/mach.h>
#endif

namespace kittiwake::platform
{

namespace
{

Failure notPrivate(const QString &path)
{
    const QString shown = QDir::toNativeSeparators(path);
    return failure(ErrorKind::Storage, shown,
                   QCoreApplication::translate(
                       "core", "%1 could not be closed to other users; check who owns it and where it is stored.")
                       .arg(shown));
}

} // namespace

int leaveProcess(int code)
{
#ifdef KITTIWAKE_SANITIZED
    return code;
#else
    std::fflush(nullptr);
    std::_Exit(code);
#endif
}

#ifdef Q_OS_WIN

Result<void> makePrivateFolder(const QString &path)
{
    // Below the person's own folders the inherited access list lets nobody else in.
    if (!QDir().mkpath(path)) {
        const QString shown = QDir::toNativeSeparators(path);
        return failure(ErrorKind::Storage, shown,
                       QCoreApplication::translate(
                           "core", "The folder %1 could not be made; check the permissions and the free space.")
                           .arg(shown));
    }
    return {};
}

Result<void> makePrivateFile(const QString &path)
{
    if (!QFile::exists(path))
        return notPrivate(path);
    return {};
}

void syncFolder(const QString &) { }

ProcessFigures processFigures()
{
    ProcessFigures figures;
    PROCESS_MEMORY_COUNTERS memory;
    if (GetProcessMemoryInfo(GetCurrentProcess(), &memory, sizeof memory)) {
        figures.residentBytes = memory.WorkingSetSize;
        figures.peakResidentBytes = memory.PeakWorkingSetSize;
    }
    FILETIME created, ended, kernel, user;
    if (GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) {
        const auto micros = [](const FILETIME &time) {
            return std::chrono::microseconds(
                ((static_cast<std::int64_t>(time.dwHighDateTime) << 32) | time.dwLowDateTime) / 10);
        };
        figures.userCpu = micros(user);
        figures.systemCpu = micros(kernel);
    }
    return figures;
}

#else

namespace
{

/** A mistyped path must not lock others, or the system, out of a folder that is shared: /tmp, /, a whole home. */
bool isOurs(const QString &path, const struct stat &status)
{
    const QString canonical = QFileInfo(path).canonicalFilePath();
    return status.st_uid == ::geteuid() && (status.st_mode & S_ISVTX) == 0 && canonical != QDir::rootPath()
        && canonical != QFileInfo(QDir::homePath()).canonicalFilePath();
}

} // namespace

Result<void> makePrivateFolder(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    // The last folder is made private, not opened and then closed: nobody may slip in between.
    if (::mkdir(name.constData(), S_IRWXU) == 0)
        return {};
    const QDir parent = QFileInfo(path).dir();
    if (!QFileInfo(path).isDir() && (!parent.mkpath(QStringLiteral(".")) || ::mkdir(name.constData(), S_IRWXU) != 0)) {
        const QString shown = QDir::toNativeSeparators(path);
        return failure(ErrorKind::Storage, shown,
                       QCoreApplication::translate(
                           "core", "The folder %1 could not be made; check the permissions and the free space.")
                           .arg(shown));
    }
    struct stat status {
    };
    if (::stat(name.constData(), &status) != 0 || !isOurs(path, status) || ::chmod(name.constData(), S_IRWXU) != 0)
        return notPrivate(path);
    return {};
}

Result<void> makePrivateFile(const QString &path)
{
    if (::chmod(QFile::encodeName(path).constData(), S_IRUSR | S_IWUSR) != 0)
        return notPrivate(path);
    return {};
}

void syncFolder(const QString &path)
{
    const int folder = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    ::fsync(folder);
    ::close(folder);
}

ProcessFigures processFigures()
{
    ProcessFigures figures;
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto micros = [](const timeval &time) {
            return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
        };
        figures.userCpu = micros(usage.ru_utime);
        figures.systemCpu = micros(usage.ru_stime);
#ifdef Q_OS_MACOS
        figures.peakResidentBytes = static_cast<std::uint64_t>(usage.ru_maxrss);
#else
        figures.peakResidentBytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
#endif
    }
#ifdef Q_OS_MACOS
    mach_task_basic_info info{};
    mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
    if (task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &count) == KERN_SUCCESS)
        figures.residentBytes = info.resident_size;
#else
    // proc(5): the second number is the resident set, in pages.
    QFile statm(QStringLiteral("/proc/self/statm"));
    if (statm.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> numbers = statm.readAll().split(' ');
        if (numbers.size() > 1)
            figures.residentBytes = numbers.at(1).toULongLong() * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    }
#endif
    return figures;
}

#endif

} // namespace kittiwake::platform
