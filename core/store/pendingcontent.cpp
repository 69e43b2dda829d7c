// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/blobdevice.h"
#include "core/store/pendingstoreprivate.h"

#include <algorithm>

/** Messages that no server has yet, beside the operations that bring them there. */
namespace kittiwake::store
{

namespace
{

constexpr qsizetype pieceSize = 256 * 1024;

/** A row of content with so many octets, to be written. */
Result<std::unique_ptr<BlobDevice>> newContent(Database &database, OperationId operation, qint64 size)
{
    // In pieces: SQLite would make a copy of a value that it is given as a whole.
    auto statement = database.prepare("INSERT INTO content (operation, bytes) VALUES (?1, zeroblob(?2))");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, operation);
    statement->bind(2, size);
    if (auto inserted = statement->run(); !inserted)
        return failure(std::move(inserted.error()));
    return BlobDevice::open(database, "content", "bytes", operation.value(), BlobDevice::Access::Write);
}

/** The message of one operation for another one. SQLite would have the whole row in memory twice to copy it. */
Result<void> copyContent(Database &database, OperationId from, OperationId to)
{
    const auto source = BlobDevice::open(database, "content", "bytes", from.value(), BlobDevice::Access::Read);
    if (!source)
        return failure(source.error());
    const auto target = newContent(database, to, (*source)->size());
    if (!target)
        return failure(target.error());
    for (qint64 left = (*source)->size(); left > 0;) {
        const QByteArray piece = (*source)->read(std::min<qint64>(left, pieceSize));
        if (piece.isEmpty())
            return failure(database.error((*source)->errorCode()));
        if ((*target)->write(piece) != piece.size())
            return failure(database.error((*target)->errorCode()));
        left -= piece.size();
    }
    return {};
}

} // namespace

Result<OperationId> PendingStore::add(const PendingOperation &operation, const QByteArray &content)
{
    if (content.size() > longestPending)
        return unusablePending(QStringLiteral("message of %1 octets").arg(content.size()));
    OperationId id;
    auto done = inTransaction([&]() -> Result<void> {
        const auto added = insert(operation);
        if (!added)
            return failure(added.error());
        id = *added;
        const auto blob = newContent(*d->database, id, content.size());
        if (!blob)
            return failure(blob.error());
        for (qsizetype at = 0; at < content.size();) {
            const qsizetype piece = std::min<qsizetype>(content.size() - at, pieceSize);
            if ((*blob)->write(content.constData() + at, piece) != piece)
                return failure(d->database->error((*blob)->errorCode()));
            at += piece;
        }
        return {};
    });
    return done ? Result<OperationId>(id) : failure(std::move(done.error()));
}

Result<std::optional<QByteArray>> PendingStore::content(OperationId operation) const
{
    const auto size = contentSize(operation);
    if (!size)
        return failure(size.error());
    if (!*size)
        return std::optional<QByteArray>();
    // Not as a value, of which SQLite would have a copy of its own.
    auto bytes = contentPiece(operation, 0, static_cast<qsizetype>(**size));
    return bytes ? Result<std::optional<QByteArray>>(std::move(*bytes)) : failure(std::move(bytes.error()));
}

Result<std::optional<std::int64_t>> PendingStore::contentSize(OperationId operation) const
{
    // length() of a column reads no more than the beginning of its row.
    auto statement = d->database->prepare("SELECT length(bytes) FROM content WHERE operation = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, operation);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? std::optional(statement->integer(0)) : std::nullopt;
}

Result<QByteArray> PendingStore::contentPiece(OperationId operation, std::int64_t from, qsizetype most) const
{
    // Opened for each piece: an open BLOB would keep the WAL from being emptied for as long as the network takes.
    const auto blob = BlobDevice::open(*d->database, "content", "bytes", operation.value(), BlobDevice::Access::Read);
    if (!blob)
        return failure(blob.error());
    (*blob)->seek(std::min<qint64>(from, (*blob)->size()));
    const qint64 left = (*blob)->size() - (*blob)->pos();
    QByteArray piece = (*blob)->read(std::min<qint64>(most, left));
    if (piece.isEmpty() && left > 0 && most > 0)
        return failure(d->database->error((*blob)->errorCode()));
    return piece;
}

Result<void> PendingStore::dropContent(OperationId operation)
{
    auto statement = d->database->prepare("DELETE FROM content WHERE operation = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, operation);
    return statement->run();
}

Result<std::vector<OperationId>> PendingStore::conclude(const PendingOperation &operation,
                                                        std::span<const PendingOperation> parts)
{
    std::vector<OperationId> ids;
    auto done = inTransaction([&]() -> Result<void> {
        OperationId heir;
        for (const PendingOperation &part : parts) {
            const auto id = insert(part);
            if (!id)
                return failure(id.error());
            ids.push_back(*id);
            if (!heir.isValid() && part.kind == QLatin1String("append"))
                heir = *id;
        }
        const bool isOver = operation.state == OperationState::Done;
        const auto size
            = heir.isValid() ? contentSize(operation.id) : Result<std::optional<std::int64_t>>(std::nullopt);
        if (!size)
            return failure(size.error());
        if (*size) {
            if (auto copied = copyContent(*d->database, operation.id, heir); !copied)
                return copied;
        }
        return isOver ? remove(operation.id) : update(operation);
    });
    return done ? Result<std::vector<OperationId>>(std::move(ids)) : failure(std::move(done.error()));
}

} // namespace kittiwake::store
