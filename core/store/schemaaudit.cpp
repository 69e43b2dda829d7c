// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schemaaudit.h"

#include "core/store/database.h"
#include "core/store/migrations.h"
#include "core/store/profilefiles.h"

#include <QFileInfo>
#include <QHash>

#include <sqlite3.h>

#include <memory>

namespace kittiwake::store
{

namespace
{

/** Table -> the statement that makes it, of a database that has just been made. */
QHash<QByteArray, QByteArray> expectedTables()
{
    QHash<QByteArray, QByteArray> tables;
    sqlite3 *raw = nullptr;
    const int opened = sqlite3_open(":memory:", &raw);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> memory(raw, &sqlite3_close);
    if (opened != SQLITE_OK)
        return tables;
    for (const Migration &migration : cacheMigrations())
        sqlite3_exec(memory.get(), migration.sql, nullptr, nullptr, nullptr);
    const auto collect = [](void *context, int, char **values, char **) {
        auto &found = *static_cast<QHash<QByteArray, QByteArray> *>(context);
        found.insert(QByteArray(values[0]), QByteArray(values[1] != nullptr ? values[1] : ""));
        return 0;
    };
    sqlite3_exec(memory.get(), "SELECT name, sql FROM sqlite_schema WHERE type = 'table'", collect, &tables, nullptr);
    return tables;
}

QByteArray quoted(QByteArray identifier)
{
    identifier.replace('"', "\"\"");
    return '"' + identifier + '"';
}

Result<std::int64_t> contentBytes(Database &database, const QByteArray &table)
{
    QByteArray sum;
    {
        auto columns = database.prepare("SELECT name FROM pragma_table_info(?)");
        if (!columns)
            return failure(columns.error());
        columns->bind(1, QString::fromUtf8(table));
        while (true) {
            const auto row = columns->step();
            if (!row)
                return failure(row.error());
            if (!*row)
                break;
            const QByteArray column = quoted(columns->text(0).toUtf8());
            sum += (sum.isEmpty() ? "" : " + ") + QByteArray("coalesce(length(CAST(") + column + " AS BLOB)), 0)";
        }
    }
    if (sum.isEmpty())
        return 0;
    const QByteArray sql = "SELECT coalesce(sum(" + sum + "), 0) FROM " + quoted(table);
    return database.integer(std::string_view(sql.constData(), static_cast<std::size_t>(sql.size())));
}

} // namespace

Result<std::int64_t> foreignBytesInCache(const QString &profile)
{
    const QString path = cachePath(profile);
    if (!QFileInfo::exists(path))
        return 0;
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    const auto database = Database::open(path, Secret(), options);
    if (!database)
        return failure(database.error());
    const QHash<QByteArray, QByteArray> expected = expectedTables();
    std::vector<QByteArray> foreign;
    {
        auto tables = (*database)->prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
        if (!tables)
            return failure(tables.error());
        while (true) {
            const auto row = tables->step();
            if (!row)
                return failure(row.error());
            if (!*row)
                break;
            const QByteArray name = tables->text(0).toUtf8();
            const auto known = expected.constFind(name);
            if (known == expected.constEnd() || *known != tables->text(1).toUtf8())
                foreign.push_back(name);
        }
    }
    std::int64_t bytes = 0;
    for (const QByteArray &table : foreign) {
        const auto content = contentBytes(**database, table);
        if (!content)
            return failure(content.error());
        bytes += *content;
    }
    return bytes;
}

} // namespace kittiwake::store
