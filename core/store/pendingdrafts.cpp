// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/blobdevice.h"
#include "core/store/pendingstoreprivate.h"

#include <QCoreApplication>

#include <algorithm>

/** Messages that are being written, and what goes along with them. */
namespace kittiwake::store
{

namespace
{

constexpr qint64 pieceSize = 256 * 1024;

DraftRow draftRow(const Statement &statement)
{
    DraftRow row;
    row.id = mail::DraftId::fromText(statement.text(0).toLatin1());
    row.account = statement.id<AccountId>(1);
    row.createdAt = statement.integer(2);
    row.changedAt = statement.integer(3);
    row.revision = statement.integer(4);
    row.synced = statement.integer(5);
    row.syncedAt = statement.integer(6);
    row.isOpen = statement.boolean(7);
    row.push = statement.id<OperationId>(8);
    row.outgoing = statement.id<OperationId>(9);
    row.notice = statement.text(10);
    row.written = statement.blob(11);
    row.server = statement.blob(12);
    return row;
}

QString keyOf(const mail::DraftId &id)
{
    return QString::fromLatin1(id.text());
}

Failure tooLarge(qint64 size)
{
    return failure(ErrorKind::Input, {},
                   QCoreApplication::translate("core",
                                               "The file is too large for a message: no provider takes more than "
                                               "64 MB. Send a link to it instead."),
                   QStringLiteral("%1 octets").arg(size));
}

} // namespace

Result<std::vector<DraftRow>> PendingStore::drafts(AccountId account) const
{
    auto statement = d->database->prepare("SELECT id, account, created_at, changed_at, revision, synced, synced_at, "
                                          "is_open, push, outgoing, notice, written, server FROM draft "
                                          "WHERE ?1 = 0 OR account = ?1 ORDER BY created_at, id");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    return statement->all([](const Statement &row) { return draftRow(row); });
}

Result<std::optional<DraftRow>> PendingStore::draft(const mail::DraftId &id) const
{
    auto statement = d->database->prepare("SELECT id, account, created_at, changed_at, revision, synced, synced_at, "
                                          "is_open, push, outgoing, notice, written, server FROM draft WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, keyOf(id));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? std::optional(draftRow(*statement)) : std::nullopt;
}

Result<void> PendingStore::putDraft(const DraftRow &draft)
{
    if (!draft.id.isValid() || !draft.account.isValid() || draft.written.size() > longestPending
        || draft.server.size() > longestPending)
        return unusablePending(QStringLiteral("draft of %1 octets").arg(draft.written.size()));
    auto statement = d->database->prepare(
        "INSERT INTO draft (id, account, created_at, changed_at, revision, synced, synced_at, is_open, push, outgoing, "
        "notice, written, server) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
        "ON CONFLICT (id) DO UPDATE SET account = ?2, changed_at = ?4, revision = ?5, synced = ?6, synced_at = ?7, "
        "is_open = ?8, push = ?9, outgoing = ?10, notice = ?11, written = ?12, server = ?13");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, keyOf(draft.id));
    statement->bind(2, draft.account);
    statement->bind(3, draft.createdAt);
    statement->bind(4, draft.changedAt);
    statement->bind(5, draft.revision);
    statement->bind(6, draft.synced);
    statement->bind(7, draft.syncedAt);
    statement->bind(8, draft.isOpen);
    statement->bind(9, draft.push);
    statement->bind(10, draft.outgoing);
    statement->bind(11, QStringView(draft.notice));
    statement->bindUncopied(12, draft.written);
    statement->bindUncopied(13, draft.server);
    return statement->run();
}

Result<void> PendingStore::removeDraft(const mail::DraftId &id)
{
    auto statement = d->database->prepare("DELETE FROM draft WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, keyOf(id));
    return statement->run();
}

Result<DraftPartId> PendingStore::addDraftPart(const mail::DraftId &draft, QIODevice &from)
{
    const qint64 size = from.size() - from.pos();
    if (size > longestPending)
        return tooLarge(size);
    DraftPartId id;
    auto done = inTransaction([&]() -> Result<void> {
        auto statement = d->database->prepare("INSERT INTO draft_part (draft, bytes) VALUES (?1, zeroblob(?2))");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, keyOf(draft));
        statement->bind(2, size);
        if (auto inserted = statement->run(); !inserted)
            return inserted;
        id = DraftPartId(d->database->lastInsertId());
        const auto blob = BlobDevice::open(*d->database, "draft_part", "bytes", id.value(), BlobDevice::Access::Write);
        if (!blob)
            return failure(blob.error());
        for (qint64 left = size; left > 0;) {
            const QByteArray piece = from.read(std::min(left, pieceSize));
            if (piece.isEmpty())
                return failure(ErrorKind::Storage, {},
                               QCoreApplication::translate("core",
                                                           "An attachment could not be read to its end. Check the "
                                                           "file, and attach it again."),
                               from.errorString());
            if ((*blob)->write(piece) != piece.size())
                return failure(d->database->error((*blob)->errorCode()));
            left -= piece.size();
        }
        return {};
    });
    return done ? Result<DraftPartId>(id) : failure(std::move(done.error()));
}

Result<QByteArray> PendingStore::draftPart(DraftPartId part) const
{
    // Not as a value, of which SQLite would have a copy of its own.
    const auto device = openDraftPart(part);
    if (!device)
        return failure(device.error());
    const qint64 size = (*device)->size();
    QByteArray bytes = (*device)->read(size);
    if (bytes.size() != size)
        return unusablePending(QStringLiteral("part %1 cannot be read").arg(part.value()));
    return bytes;
}

Result<std::unique_ptr<QIODevice>> PendingStore::openDraftPart(DraftPartId part) const
{
    auto blob = BlobDevice::open(*d->database, "draft_part", "bytes", part.value(), BlobDevice::Access::Read);
    if (!blob)
        return failure(std::move(blob.error()));
    return std::unique_ptr<QIODevice>(std::move(*blob));
}

Result<std::int64_t> PendingStore::draftPartsSize(const mail::DraftId &draft) const
{
    auto statement = d->database->prepare("SELECT coalesce(sum(length(bytes)), 0) FROM draft_part WHERE draft = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, keyOf(draft));
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return statement->integer(0);
}

Result<void> PendingStore::keepDraftParts(const mail::DraftId &draft, std::span<const DraftPartId> kept)
{
    auto listed = d->database->prepare("SELECT id FROM draft_part WHERE draft = ?1");
    if (!listed)
        return failure(std::move(listed.error()));
    listed->bind(1, keyOf(draft));
    const auto all = listed->all([](const Statement &row) { return row.id<DraftPartId>(0); });
    if (!all)
        return failure(all.error());
    for (const DraftPartId part : *all) {
        if (std::find(kept.begin(), kept.end(), part) != kept.end())
            continue;
        auto statement = d->database->prepare("DELETE FROM draft_part WHERE id = ?1");
        if (!statement)
            return failure(std::move(statement.error()));
        statement->bind(1, part);
        if (auto removed = statement->run(); !removed)
            return removed;
    }
    return {};
}

} // namespace kittiwake::store
