// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/diagnostics.h"

#include "core/imap/codec/responsejson.h"
#include "core/mime/messagejson.h"
#include "core/store/schemaaudit.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

namespace kittiwake::engine
{

namespace
{

enum class Kind { Opened, Accounts, Cache, Pending, Settings, Lock, Unknown };

Kind kindOf(const QString &path)
{
    if (path.startsWith(QLatin1String("opened/")))
        return path.endsWith(QLatin1String(".lock")) && path.count(QLatin1Char('/')) == 1 ? Kind::Lock : Kind::Opened;
    if (path == QLatin1String("accounts.json"))
        return Kind::Accounts;
    if (path == QLatin1String("cache.db") || path == QLatin1String("cache.db-wal")
        || path == QLatin1String("cache.db-shm"))
        return Kind::Cache;
    if (path == QLatin1String("pending.db") || path == QLatin1String("pending.db-wal")
        || path == QLatin1String("pending.db-shm"))
        return Kind::Pending;
    if (path == QLatin1String("window.ini") || path == QLatin1String("pictures.json"))
        return Kind::Settings;
    if (path == QLatin1String("profile.lock"))
        return Kind::Lock;
    return Kind::Unknown;
}

QString kindName(Kind kind)
{
    switch (kind) {
    case Kind::Opened:
        return QStringLiteral("opened attachment");
    case Kind::Accounts:
        return QStringLiteral("accounts");
    case Kind::Cache:
        return QStringLiteral("header cache");
    case Kind::Pending:
        return QStringLiteral("pending work");
    case Kind::Settings:
        return QStringLiteral("settings");
    case Kind::Lock:
        return QStringLiteral("lock");
    case Kind::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

} // namespace

Result<AuditReport> auditProfile(const QString &profile)
{
    AuditReport report;
    const QDir root(profile);
    QDirIterator files(profile, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        AuditedFile file;
        file.path = root.relativeFilePath(files.filePath());
        file.bytes = files.fileInfo().size();
        const Kind kind = kindOf(file.path);
        file.kind = kindName(kind);
        // Files that the person has opened are bodies on the disk for as long as the window is there.
        if (kind == Kind::Unknown || kind == Kind::Opened) {
            file.bodyBytes = file.bytes;
        } else if (file.path == QLatin1String("cache.db")) {
            const auto foreign = store::foreignBytesInCache(profile);
            if (!foreign)
                return failure(foreign.error());
            file.bodyBytes = *foreign;
        }
        report.bodyBytes += file.bodyBytes;
        report.files.push_back(std::move(file));
    }
    std::sort(report.files.begin(), report.files.end(),
              [](const AuditedFile &left, const AuditedFile &right) { return left.path < right.path; });
    return report;
}

QJsonObject parseImapForDisplay(const QByteArray &bytes, int split)
{
    imap::DescribeOptions options;
    options.split = split;
    return imap::describeStream(bytes, options);
}

QJsonObject parseMimeForDisplay(const QByteArray &message)
{
    return mime::messageToJson(message);
}

QJsonObject renderForDisplay(const QByteArray &message)
{
    return mime::renderToJson(message);
}

} // namespace kittiwake::engine
