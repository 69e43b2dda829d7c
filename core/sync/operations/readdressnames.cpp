// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/appendoperation.h"
#include "core/sync/operations/flagoperation.h"
#include "core/sync/operations/folderoperation.h"
#include "core/sync/operations/moveoperation.h"
#include "core/sync/operations/readdress.h"

#include <algorithm>

/** What waits follows folders that have other names by now. */
namespace kittiwake::sync
{

namespace
{

bool isOpen(const store::PendingOperation &operation)
{
    return operation.state != store::OperationState::Done;
}

bool isFlags(const store::PendingOperation &operation)
{
    return operation.kind == QLatin1String(FlagOperation::kind);
}

/** What a folder operation says of folders that have other names by now. */
bool renameFolders(store::PendingOperation &record, std::span<const MailboxRename> renames)
{
    using Kind = FolderOperation::Kind;
    auto operation = FolderOperation::fromBytes(record.kind, record.payload);
    if (!operation)
        return false;
    const FolderOperation before = *operation;
    // A folder that is still to be made, or to be called so, is another one than what had that name until now.
    const bool isNew = operation->kind == Kind::Create && isOpen(record);
    const auto follow = [&](mail::MailboxName &name, const MailboxRename &rename, bool only) {
        if (only && name.text == rename.before.text)
            return;
        if (const auto now = renamedWith(name.text, rename.before.text, rename.now.text, operation->delimiter))
            name = name == rename.before ? rename.now : mail::MailboxName{*now, {}};
    };
    for (const MailboxRename &rename : renames) {
        if (operation->kind == Kind::Rename && before.mailbox == rename.before && before.to == rename.now)
            return false; // this very renaming
        const bool hadIt = before.mailbox.text == rename.before.text
            || isBelow(before.mailbox.text, rename.before.text, before.delimiter);
        if (hadIt && operation->mailbox == before.mailbox)
            follow(operation->mailbox, rename, isNew);
        if (operation->kind == Kind::Rename && operation->to == before.to)
            follow(operation->to, rename, isOpen(record));
    }
    if (*operation == before)
        return false;
    record.payload = operation->toBytes();
    return true;
}

} // namespace

void followNames(MoveOperation &operation, MoveProgress &progress, const MoveOperation &now)
{
    for (MovedPart &part : progress.done) {
        if (operation.target && now.target && part.mailbox == *operation.target)
            part.mailbox = *now.target;
        else if (part.mailbox == operation.source)
            part.mailbox = now.source;
    }
    operation.source = now.source;
    operation.target = now.target;
    operation.original = now.original;
}

Result<void> renameOperations(store::PendingStore &pending, AccountId account, std::span<const MailboxRename> renames)
{
    if (renames.empty())
        return {};
    const auto all = pending.list(account);
    if (!all)
        return failure(all.error());
    const auto rename = [renames](mail::MailboxName &name) {
        const auto found = std::find_if(renames.begin(), renames.end(),
                                        [&name](const MailboxRename &one) { return one.before == name; });
        if (found == renames.end())
            return false;
        name = found->now;
        return true;
    };
    std::vector<store::PendingOperation> changed;
    for (store::PendingOperation operation : *all) {
        bool isRenamed = renameFolders(operation, renames);
        if (auto append = AppendOperation::fromBytes(operation.kind, operation.payload)) {
            if (rename(append->mailbox)) {
                operation.payload = append->toBytes();
                isRenamed = true;
            }
            AppendProgress progress = AppendProgress::fromBytes(operation.progress);
            if (rename(progress.mailbox)) {
                operation.progress = progress.toBytes();
                isRenamed = true;
            }
        }
        if (isFlags(operation)) {
            if (auto flags = FlagOperation::fromBytes(operation.payload); flags && rename(flags->mailbox)) {
                operation.payload = flags->toBytes();
                isRenamed = true;
            }
            std::vector<FlagOperation> undo = FlagOperation::listFromBytes(operation.undo);
            if (std::count_if(undo.begin(), undo.end(), [&](FlagOperation &one) { return rename(one.mailbox); }) > 0) {
                operation.undo = FlagOperation::listToBytes(undo);
                isRenamed = true;
            }
        } else if (auto move = MoveOperation::fromBytes(operation.kind, operation.payload)) {
            const bool hasSource = rename(move->source);
            const bool hasTarget = move->target && rename(*move->target);
            const bool hasOriginal = move->original && rename(*move->original);
            if (hasSource || hasTarget || hasOriginal) {
                operation.payload = move->toBytes();
                isRenamed = true;
            }
            MoveProgress progress = MoveProgress::fromBytes(operation.progress);
            const auto parts = std::count_if(progress.done.begin(), progress.done.end(),
                                             [&](MovedPart &part) { return rename(part.mailbox); });
            if (parts > 0) {
                operation.progress = progress.toBytes();
                isRenamed = true;
            }
        }
        if (isRenamed)
            changed.push_back(std::move(operation));
    }
    return changed.empty() ? Result<void>() : pending.update(changed);
}

} // namespace kittiwake::sync
