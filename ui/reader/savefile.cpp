// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/savefile.h"

#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QPromise>
#include <QSaveFile>
#include <QThreadPool>

#ifdef Q_OS_MACOS
#include <sys/xattr.h>
#endif

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype maxName = 200;

bool isReservedOnWindows(const QString &stem)
{
    static const QStringList names{QStringLiteral("CON"), QStringLiteral("PRN"), QStringLiteral("AUX"),
                                   QStringLiteral("NUL")};
    const QString upper = stem.section(QLatin1Char('.'), 0, 0).trimmed().toUpper();
    if (names.contains(upper))
        return true;
    return upper.size() == 4 && (upper.startsWith(QLatin1String("COM")) || upper.startsWith(QLatin1String("LPT")))
        && upper.at(3).isDigit();
}

} // namespace

SplitName splitName(const QString &fileName)
{
    const qsizetype dot = fileName.lastIndexOf(QLatin1Char('.'));
    // What follows the last dot counts as an extension only where it looks like one.
    if (dot <= 0 || fileName.size() - dot > 12 || dot + 1 == fileName.size()
        || fileName.indexOf(QLatin1Char(' '), dot) >= 0)
        return {fileName, {}};
    return {fileName.left(dot), fileName.mid(dot)};
}

QString safeFileName(const QString &fileName)
{
    QString name = oneLine(fileName, 4 * maxName);
    for (QChar &c : name) {
        if (QStringLiteral("/\\:*?\"<>|").contains(c))
            c = QLatin1Char('_');
    }
    while (name.startsWith(QLatin1Char('.')))
        name.remove(0, 1);
    while (name.endsWith(QLatin1Char('.')) || name.endsWith(QLatin1Char(' ')))
        name.chop(1);
    SplitName parts = splitName(name);
    if (name.size() > maxName)
        name = parts.stem.left(maxName - parts.extension.size()) + parts.extension;
    if (name.isEmpty())
        name = QCoreApplication::translate("ui", "attachment", "name of a file that has none");
    if (isReservedOnWindows(name))
        name.prepend(QLatin1Char('_'));
    return name;
}

QString unusedPath(const QString &folder, const QString &name)
{
    const QDir dir(folder);
    const SplitName parts = splitName(name);
    QString candidate = name;
    for (int number = 2; dir.exists(candidate); ++number)
        candidate = QStringLiteral("%1 (%2)%3").arg(parts.stem, QString::number(number), parts.extension);
    return dir.filePath(candidate);
}

void markAsDownloaded([[maybe_unused]] const QString &path)
{
#if defined(Q_OS_WINDOWS)
    // Zone 3 is the Internet: Windows asks before it runs the file, Office opens it protected.
    QFile mark(path + QStringLiteral(":Zone.Identifier"));
    if (mark.open(QIODevice::WriteOnly | QIODevice::Text))
        mark.write("[ZoneTransfer]\nZoneId=3\n");
#elif defined(Q_OS_MACOS)
    const QByteArray value = "0081;" + QByteArray::number(QDateTime::currentSecsSinceEpoch(), 16) + ";Kittiwake;";
    setxattr(QFile::encodeName(path).constData(), "com.apple.quarantine", value.constData(),
             static_cast<size_t>(value.size()), 0, 0);
#endif
}

Result<void> writeFile(const QString &path, const QByteArray &data)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(data) == data.size() && file.commit()) {
        markAsDownloaded(path);
        return {};
    }
    return failure(ErrorKind::Storage, path,
                   QCoreApplication::translate("ui", "%1 could not be written: %2. Choose another place, or make room.")
                       .arg(isolated(QFileInfo(path).fileName()), file.errorString()),
                   file.errorString());
}

QFuture<Result<void>> saveFile(const QString &path, const QByteArray &data)
{
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    QFuture<Result<void>> future = promise->future();
    QThreadPool::globalInstance()->start([promise, path, data] {
        promise->addResult(writeFile(path, data));
        promise->finish();
    });
    return future;
}

} // namespace kittiwake::ui
