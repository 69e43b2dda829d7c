// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/outbox/sentcopy.h"

#include "core/base/log.h"
#include "core/sync/operations/appendoperation.h"
#include "core/sync/operations/journal.h"
#include "core/sync/operations/rolefolder.h"
#include "core/sync/outbox/contentsource.h"

#include <QCryptographicHash>

namespace kittiwake::sync
{

namespace
{

constexpr qsizetype pieceSize = 256 * 1024;

Result<AppendOperation> appendOf(const store::PendingStore &pending, OperationId operation,
                                 const mail::MailboxName &target, const QByteArray &hiddenFields)
{
    const auto size = pending.contentSize(operation);
    if (!size)
        return failure(size.error());
    ContentSource source(pending, operation, size->value_or(0));
    QCryptographicHash digest(QCryptographicHash::Sha256);
    digest.addData(hiddenFields);
    QByteArray start;
    while (true) {
        const auto piece = source.read(pieceSize);
        if (!piece)
            return failure(piece.error());
        if (piece->isEmpty())
            break;
        digest.addData(*piece);
        if (start.size() < AppendOperation::headLimit)
            start += *piece;
    }
    mail::Flags flags;
    flags.set(mail::SystemFlag::Seen);
    AppendOperation append = AppendOperation::of(target, start, flags, std::nullopt);
    append.identity.size = static_cast<std::uint64_t>(hiddenFields.size()) + source.size();
    append.prefix = hiddenFields;
    append.digest = digest.result();
    append.idSuffices = true;
    return append;
}

} // namespace

std::vector<store::PendingOperation> sentCopyParts(const Environment &environment, const store::PendingStore &pending,
                                                   const store::PendingOperation &operation,
                                                   const QByteArray &hiddenFields, bool isSavingService)
{
    std::vector<store::PendingOperation> parts;
    const auto tree = environment.store.mailboxes(operation.account);
    if (!tree) {
        qCWarning(logSync) << tree.error();
        return parts;
    }
    const RoleFolder sent = roleFolder(*tree, mail::MailboxRole::Sent);
    AppendProgress progress;
    if (sent.id.isValid()) {
        const auto state = environment.store.state(sent.id);
        if (state && *state && (*state)->uidNext.isValid()) {
            // As if it had been sent already: it is looked for in what came to Sent since that was synced.
            progress.isSent = true;
            progress.validity = (*state)->uidValidity;
            progress.next = (*state)->uidNext;
        }
    } else if (!tree->empty()) { // else the folders are not known yet, and the copy waits for them
        parts.push_back(Journal::rolePart(operation.account, sent.name, sent.delimiter, mail::MailboxRole::Sent));
    }
    auto append = appendOf(pending, operation.id, sent.name, hiddenFields);
    if (!append) {
        qCWarning(logSync) << append.error();
        return {};
    }
    append->mayBeSaved = isSavingService;
    store::PendingOperation part;
    part.account = operation.account;
    part.kind = QString::fromLatin1(AppendOperation::kind);
    part.payload = append->toBytes();
    if (progress.isSent)
        part.progress = progress.toBytes();
    parts.push_back(std::move(part));
    for (store::PendingOperation &one : parts) {
        one.undo.clear(); // it follows from a message that was sent, which nobody can undo
        one.createdAt = environment.clock.wall().toMSecsSinceEpoch();
    }
    return parts;
}

} // namespace kittiwake::sync
