// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/actions.h"
#include "core/mime/wirelines.h"
#include "core/sync/mailboxsync/comparison.h"
#include "core/sync/operations/rolefolder.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

/** Where messages go, and what is done to folders themselves. */
namespace kittiwake::engine
{

namespace
{

using mail::MailboxRole;
using mail::MoveKind;

} // namespace

Result<void> Actions::courseTo(MailboxRole role, const std::vector<store::MailboxRow> &tree, Course &course) const
{
    if (tree.empty())
        return failure(ErrorKind::Input, {},
                       QCoreApplication::translate("core", "The folders of this account have to be fetched first."));
    const sync::RoleFolder folder = sync::roleFolder(tree, role);
    course.target = folder.name;
    course.targetId = folder.id;
    if (!folder.id.isValid())
        course.folder = sync::Journal::rolePart(tree.front().account, folder.name, folder.delimiter, role);
    return {};
}

Result<Actions::Course> Actions::courseOf(const MoveRequest &request, MailboxId mailbox) const
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        return failure(row.error());
    if (!*row)
        return failure(ErrorKind::Input, {}, QCoreApplication::translate("core", "There is no such folder."));
    auto shown = m_environment.store.shownMailboxes((*row)->account);
    if (!shown)
        return failure(shown.error());
    // What is shown decides; what is noted down are the names that the server has.
    for (store::MailboxRow &one : *shown) {
        const auto own = m_environment.store.mailbox(one.id);
        if (!own)
            return failure(own.error());
        if (*own)
            one.name = (*own)->name;
    }
    Course course;
    course.kind = request.kind;
    Result<void> found;
    switch (request.kind) {
    case MoveKind::Move:
    case MoveKind::Copy: {
        const auto target = m_environment.store.mailbox(request.target);
        if (!target)
            return failure(target.error());
        if (!*target)
            return failure(ErrorKind::Input, (*row)->name.text,
                           QCoreApplication::translate("core", "There is no such folder."));
        course.target = (*target)->name;
        course.targetId = request.target;
        break;
    }
    case MoveKind::Expunge:
        break;
    case MoveKind::Delete:
        if ((*row)->role != MailboxRole::Trash)
            found = courseTo(MailboxRole::Trash, *shown, course);
        // From the Trash it is for good.
        if ((*row)->role == MailboxRole::Trash || course.targetId == mailbox) {
            course = {};
            course.kind = MoveKind::Expunge;
        }
        break;
    case MoveKind::Archive: {
        // Gmail keeps everything in All Mail: what leaves the Inbox is archived.
        const auto all = std::find_if(shown->begin(), shown->end(), [](const store::MailboxRow &one) {
            return one.role == MailboxRole::All && one.selectable;
        });
        const bool hasArchive = std::any_of(shown->begin(), shown->end(), [](const store::MailboxRow &one) {
            return one.role == MailboxRole::Archive;
        });
        if (hasArchive || all == shown->end()) {
            found = courseTo(MailboxRole::Archive, *shown, course);
        } else {
            course.target = all->name;
            course.targetId = all->id;
        }
        break;
    }
    case MoveKind::Junk:
    case MoveKind::NotJunk: {
        const bool isJunk = request.kind == MoveKind::Junk;
        // The registered keywords (RFC 9051 section 2.3.2), from which servers and other clients learn.
        (isJunk ? course.change.add : course.change.remove).addByName(QByteArrayLiteral("$Junk"));
        (isJunk ? course.change.remove : course.change.add).addByName(QByteArrayLiteral("$NotJunk"));
        course.isMarkOnly = isJunk == ((*row)->role == MailboxRole::Junk);
        if (!course.isMarkOnly)
            found = courseTo(isJunk ? MailboxRole::Junk : MailboxRole::Inbox, *shown, course);
        break;
    }
    }
    if (!found)
        return failure(found.error());
    return course;
}

Result<OperationId> Actions::empty(MailboxId mailbox)
{
    const auto bounds = m_environment.store.uidBounds(mailbox);
    if (!bounds)
        return failure(bounds.error());
    std::map<MailboxId, std::vector<Uid>> guests;
    const auto shown = m_environment.store.guests(mailbox);
    if (!shown)
        return failure(shown.error());
    for (const auto &[owner, uid] : *shown)
        guests[owner].push_back(uid);
    Chosen all;
    if (*bounds) {
        const auto own = shownOf(mailbox, imap::UidSet::range((*bounds)->first, (*bounds)->last));
        if (!own)
            return failure(own.error());
        all.emplace_back(mailbox, *own);
    }
    // What was put there a moment ago and is still on its way there goes too.
    for (const auto &[owner, uids] : guests)
        all.emplace_back(owner, imap::UidSet::fromUids(uids));
    std::vector<store::PendingOperation> parts;
    for (const auto &[owner, uids] : all) {
        if (uids.isEmpty())
            continue;
        auto part = m_journal.movePart(owner, uids, MoveKind::Expunge, {}, {}, {});
        if (!part)
            return failure(part.error());
        if (*part)
            parts.push_back(std::move(**part));
    }
    return m_journal.note(std::move(parts));
}

async::Task<Result<ActionReport>> Actions::changeFolder(FolderRequest request)
{
    using Kind = FolderRequest::Kind;
    Result<OperationId> noted;
    switch (request.kind) {
    case Kind::Create:
        noted = m_journal.createFolder(request.account, request.name);
        break;
    case Kind::Rename:
        noted = m_journal.renameFolder(request.mailbox, request.name);
        break;
    case Kind::Delete:
        noted = m_journal.deleteFolder(request.mailbox);
        break;
    case Kind::Subscribe:
    case Kind::Unsubscribe:
        noted = m_journal.subscribeFolder(request.mailbox, request.kind == Kind::Subscribe);
        break;
    case Kind::Empty:
        noted = empty(request.mailbox);
        break;
    }
    if (!noted)
        co_return failure(noted.error());
    Result<ActionReport> done = co_await report(*noted, request.wait);
    co_return done;
}

async::Task<Result<ActionReport>> Actions::append(AppendRequest request)
{
    const QByteArray message = mime::withWireLines(request.message);
    const auto noted = m_journal.append(request.mailbox, message, request.flags, request.date);
    if (!noted)
        co_return failure(noted.error());
    Result<ActionReport> done = co_await report(*noted, request.wait);
    co_return done;
}

async::Task<Result<ActionReport>> Actions::retarget(OperationId operation, MailboxId target)
{
    const auto again = m_journal.retarget(operation, target);
    if (!again)
        co_return failure(again.error());
    Result<ActionReport> done = co_await report(operation, true);
    co_return done;
}

} // namespace kittiwake::engine
