// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/migrations.h"

#include "core/base/log.h"
#include "core/store/database.h"
#include "core/store/storageerror.h"

#include <QCoreApplication>
#include <QDir>

#include <sqlite3.h>

namespace kittiwake::store
{

namespace
{

/** What the file says of itself. A new file says 0, 0 and has no tables. */
struct Identity {
    int applicationId = 0;
    int version = 0;
    bool empty = true;
};

Result<Identity> identity(Database &database)
{
    const auto applicationId = database.integer("PRAGMA application_id");
    if (!applicationId)
        return failure(applicationId.error());
    const auto version = database.integer("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    const auto objects = database.integer("SELECT count(*) FROM sqlite_schema");
    if (!objects)
        return failure(objects.error());
    return Identity{static_cast<int>(*applicationId), static_cast<int>(*version), *objects == 0};
}

Result<void> refuseOthers(const Database &database, const Schema &schema, const Identity &found)
{
    const bool fresh = found.applicationId == 0 && found.version == 0 && found.empty;
    if (!fresh && found.applicationId != schema.applicationId)
        return failure(foreignFileError(database.path(), found.applicationId));
    if (found.version > schema.version())
        return failure(newerVersionError(database.path(), found.version, schema.version()));
    if (found.version < 0 || (found.version == 0 && !found.empty))
        return failure(database.error(SQLITE_CORRUPT)); // ours by its id, and yet no version that we ever wrote
    return {};
}

Result<void> steps(Database &database, const Schema &schema, int from)
{
    for (const Migration &migration : schema.migrations.subspan(static_cast<std::size_t>(from))) {
        auto done = database.execute(migration.sql);
        if (!done) {
            qCWarning(logStore) << "migration" << migration.name << "failed:" << done.error();
            return done;
        }
    }
    const QByteArray stamp = "PRAGMA application_id=" + QByteArray::number(schema.applicationId)
        + "; PRAGMA user_version=" + QByteArray::number(schema.version());
    auto done = database.execute(stamp.constData());
    if (!done)
        return done;
    const auto violations = database.integer("SELECT count(*) FROM pragma_foreign_key_check");
    if (!violations)
        return failure(violations.error());
    if (*violations != 0)
        return failure(database.error(SQLITE_CONSTRAINT_FOREIGNKEY));
    return {};
}

} // namespace

Schema cacheSchema()
{
    return {0x4B575443, cacheMigrations()}; // "KWTC"
}

Schema pendingSchema()
{
    return {0x4B575450, pendingMigrations()}; // "KWTP"
}

Result<void> migrate(Database &database, const Schema &schema)
{
    auto found = identity(database);
    if (!found)
        return failure(std::move(found.error()));
    auto ours = refuseOthers(database, schema, *found);
    if (!ours || found->version == schema.version())
        return ours;

    // Steps that rebuild a table (sqlite.org/lang_altertable.html section 7) need foreign keys off, which is possible
    // outside of a transaction only; they are checked before the commit.
    auto done = database.execute("PRAGMA foreign_keys=OFF");
    if (!done)
        return done;
    done = database.begin();
    if (done) {
        // Another process may have been faster.
        found = identity(database);
        done = found ? refuseOthers(database, schema, *found) : Result<void>(failure(found.error()));
        if (done)
            done = steps(database, schema, found->version);
        if (done)
            done = database.commit();
        database.rollback();
    }
    const auto restored = database.execute("PRAGMA foreign_keys=ON");
    return done ? restored : done;
}

Result<void> checkVersion(Database &database, const Schema &schema)
{
    const auto found = identity(database);
    if (!found)
        return failure(found.error());
    auto ours = refuseOthers(database, schema, *found);
    if (!ours || found->version == schema.version())
        return ours;
    const QString file = QDir::toNativeSeparators(database.path());
    return failure(ErrorKind::Storage, file,
                   QCoreApplication::translate("core",
                                               "%1 is still being prepared by another run of Kittiwake. Try again in a "
                                               "moment.")
                       .arg(file),
                   QStringLiteral("schema %1 of %2").arg(found->version).arg(schema.version()));
}

} // namespace kittiwake::store
