// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <span>

namespace kittiwake::store
{

class Database;

/** One step of a schema: migrations/<database>/NNN_what.sql, which leads from version NNN - 1 to NNN. */
struct Migration {
    int version;
    const char *name;
    const char *sql;
};

/** A kind of database: how its files are told from others (PRAGMA application_id), and its steps, in order, from 1. */
struct Schema {
    int applicationId;
    std::span<const Migration> migrations;

    [[nodiscard]] int version() const { return static_cast<int>(migrations.size()); }
};

[[nodiscard]] Schema cacheSchema();
[[nodiscard]] Schema pendingSchema();

/**
 * Brings a database to the newest version, all steps in one transaction: after a crash or an error it is as it was.
 * Refuses a newer version (isNewerVersion) and another program's file. Errors: Storage.
 */
[[nodiscard]] Result<void> migrate(Database &database, const Schema &schema);

/** For readers: succeeds if the database has exactly the newest version. */
[[nodiscard]] Result<void> checkVersion(Database &database, const Schema &schema);

/** Generated from the .sql files. */
[[nodiscard]] std::span<const Migration> cacheMigrations();
[[nodiscard]] std::span<const Migration> pendingMigrations();

} // namespace kittiwake::store
