// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/pendingstore.h"

#include "core/store/migrations.h"
#include "core/store/pendingstoreprivate.h"
#include "core/store/profilefiles.h"

#include <QCoreApplication>

#include <algorithm>
#include <functional>

namespace kittiwake::store
{

namespace
{

constexpr qsizetype longestKind = 64;

Result<void> checkLimits(const PendingOperation &operation)
{
    if (!operation.account.isValid() || operation.kind.isEmpty() || operation.kind.size() > longestKind)
        return unusablePending(QStringLiteral("no account, or no kind of 1 to 64 characters"));
    if (operation.payload.size() > longestPending || operation.undo.size() > longestPending
        || operation.progress.size() > longestPending)
        return unusablePending(QStringLiteral("payload %1 octets, undo %2 octets, progress %3 octets")
                                   .arg(operation.payload.size())
                                   .arg(operation.undo.size())
                                   .arg(operation.progress.size()));
    return {};
}

} // namespace

QString operationStateName(OperationState state)
{
    switch (state) {
    case OperationState::Queued:
        return QStringLiteral("queued");
    case OperationState::Running:
        return QStringLiteral("running");
    case OperationState::Failed:
        return QStringLiteral("failed");
    case OperationState::Done:
        return QStringLiteral("done");
    case OperationState::Unknown:
        return QStringLiteral("unknown");
    }
    return QStringLiteral("unknown");
}

Failure unusablePending(const QString &detail)
{
    return failure(ErrorKind::Input, QStringLiteral("pending.db"),
                   QCoreApplication::translate("core",
                                               "The action could not be noted down, because it is too large or "
                                               "incomplete. Try it with fewer or smaller messages."),
                   detail);
}

PendingStore::PendingStore(std::unique_ptr<Private> priv) : d(std::move(priv)) { }

PendingStore::~PendingStore() = default;

Result<std::unique_ptr<PendingStore>> PendingStore::open(const QString &profile, const Secret &key, Access access,
                                                         const QByteArray &vfs)
{
    DatabaseOptions options;
    options.mode = access == Access::ReadOnly ? DatabaseOptions::Mode::ReadOnly : DatabaseOptions::Mode::ReadWrite;
    options.synchronous = DatabaseOptions::Synchronous::Full;
    options.secureDelete = DatabaseOptions::SecureDelete::On; // it may hold whole messages, until the server has them
    options.disposable = false;
    options.vfs = vfs;
    auto database = Database::open(pendingPath(profile), key, options);
    if (!database)
        return failure(std::move(database.error()));
    auto current
        = access == Access::ReadOnly ? checkVersion(**database, pendingSchema()) : migrate(**database, pendingSchema());
    if (!current)
        return failure(std::move(current.error()));
    auto sound = (*database)->check(true);
    if (!sound)
        return failure(std::move(sound.error()));
    auto d = std::make_unique<Private>();
    d->database = std::move(*database);
    if (access == Access::ReadWrite)
        d->memory.emplace(*d->database);
    return std::unique_ptr<PendingStore>(new PendingStore(std::move(d)));
}

Result<OperationId> PendingStore::add(const PendingOperation &operation)
{
    if (!operation.action.isValid())
        return insert(operation);
    const auto ids = add(std::span(&operation, 1));
    if (!ids)
        return failure(ids.error());
    return ids->front();
}

Result<OperationId> PendingStore::insert(const PendingOperation &operation)
{
    auto usable = checkLimits(operation);
    if (!usable)
        return failure(std::move(usable.error()));
    auto statement = d->database->prepare("INSERT INTO operation (account, kind, state, attempts, created_at, "
                                          "next_attempt_at, error, undo, payload, progress) "
                                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, operation.account);
    statement->bind(2, QStringView(operation.kind));
    statement->bind(3, static_cast<int>(operation.state));
    statement->bind(4, operation.attempts);
    statement->bind(5, operation.createdAt);
    statement->bind(6, operation.nextAttemptAt);
    statement->bind(7, QStringView(operation.error));
    statement->bindUncopied(8, operation.undo);
    statement->bindUncopied(9, operation.payload);
    statement->bindUncopied(10, operation.progress);
    auto done = statement->run(); // a transaction of its own: durable once it returns
    if (!done)
        return failure(std::move(done.error()));
    const OperationId id(d->database->lastInsertId());
    if (!operation.action.isValid())
        return id;
    auto grouped = d->database->prepare("INSERT INTO part_of (operation, action) VALUES (?1, ?2)");
    if (!grouped)
        return failure(std::move(grouped.error()));
    grouped->bind(1, id);
    grouped->bind(2, operation.action);
    if (auto noted = grouped->run(); !noted)
        return failure(std::move(noted.error()));
    return id;
}

Result<void> PendingStore::inTransaction(const std::function<Result<void>()> &work)
{
    if (d->database->inTransaction())
        return work();
    auto done = d->database->begin();
    if (!done)
        return done;
    done = work();
    if (done)
        done = d->database->commit();
    if (!done)
        d->database->rollback();
    return done;
}

Result<std::vector<OperationId>> PendingStore::add(std::span<const PendingOperation> action)
{
    std::vector<OperationId> ids;
    auto done = inTransaction([&]() -> Result<void> {
        for (PendingOperation operation : action) {
            if (!ids.empty() && !operation.action.isValid())
                operation.action = ids.front();
            const auto id = insert(operation);
            if (!id)
                return failure(id.error());
            ids.push_back(*id);
        }
        return {};
    });
    return done ? Result<std::vector<OperationId>>(std::move(ids)) : failure(std::move(done.error()));
}

Result<void> PendingStore::update(const PendingOperation &operation)
{
    auto usable = checkLimits(operation);
    if (!usable)
        return usable;
    auto statement = d->database->prepare("UPDATE operation SET kind = ?2, state = ?3, attempts = ?4, "
                                          "next_attempt_at = ?5, error = ?6, undo = ?7, payload = ?8, progress = ?9 "
                                          "WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, operation.id);
    statement->bind(2, QStringView(operation.kind));
    statement->bind(3, static_cast<int>(operation.state));
    statement->bind(4, operation.attempts);
    statement->bind(5, operation.nextAttemptAt);
    statement->bind(6, QStringView(operation.error));
    statement->bindUncopied(7, operation.undo);
    statement->bindUncopied(8, operation.payload);
    statement->bindUncopied(9, operation.progress);
    auto done = statement->run();
    if (done && d->database->changes() == 0)
        return unusablePending(QStringLiteral("no operation with id %1").arg(operation.id.value()));
    return done;
}

Result<void> PendingStore::update(std::span<const PendingOperation> operations)
{
    const auto replaced = replace(operations, {});
    return replaced ? Result<void>() : failure(replaced.error());
}

Result<void> PendingStore::setProgress(std::span<const std::pair<OperationId, QByteArray>> notes)
{
    return inTransaction([&]() -> Result<void> {
        for (const auto &[id, progress] : notes) {
            if (progress.size() > longestPending)
                return unusablePending(QStringLiteral("progress %1 octets").arg(progress.size()));
            auto statement = d->database->prepare("UPDATE operation SET progress = ?2 WHERE id = ?1");
            if (!statement)
                return failure(std::move(statement.error()));
            statement->bind(1, id);
            statement->bindUncopied(2, progress);
            if (auto done = statement->run(); !done)
                return done;
            if (d->database->changes() == 0)
                return unusablePending(QStringLiteral("no operation with id %1").arg(id.value()));
        }
        return {};
    });
}

Result<std::vector<OperationId>> PendingStore::replace(std::span<const PendingOperation> updated,
                                                       std::span<const PendingOperation> added)
{
    std::vector<OperationId> ids;
    if (updated.empty() && added.empty())
        return ids;
    auto done = inTransaction([&]() -> Result<void> {
        for (const PendingOperation &operation : updated) {
            if (auto replaced = update(operation); !replaced)
                return replaced;
        }
        for (const PendingOperation &operation : added) {
            const auto id = insert(operation);
            if (!id)
                return failure(id.error());
            ids.push_back(*id);
        }
        return {};
    });
    return done ? Result<std::vector<OperationId>>(std::move(ids)) : failure(std::move(done.error()));
}

Result<void> PendingStore::remove(OperationId id)
{
    auto statement = d->database->prepare("DELETE FROM operation WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, id);
    return statement->run();
}

} // namespace kittiwake::store
