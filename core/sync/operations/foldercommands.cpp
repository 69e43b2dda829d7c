// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/operations/folderreplay.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

/**
 * What a replayed folder operation says to the server. Apart from run(), which awaits it: clang 16 puts the frames of
 * coroutines of one file into each other, and frees what it never allocated where they are nested three deep.
 */
namespace kittiwake::sync
{

namespace
{

using Kind = FolderOperation::Kind;

const imap::ListedMailbox *find(const std::vector<imap::ListedMailbox> &listed, const mail::MailboxName &name)
{
    const auto found = std::find_if(listed.begin(), listed.end(),
                                    [&name](const imap::ListedMailbox &one) { return one.name == name; });
    return found == listed.end() ? nullptr : &*found;
}

} // namespace

async::Task<Result<bool>> FolderReplay::isDone(imap::Client *client)
{
    const auto listed = co_await client->list();
    if (!listed)
        co_return failure(listed.error());
    const imap::ListedMailbox *own = find(*listed, m_operation.mailbox);
    const imap::ListedMailbox *other = find(*listed, m_operation.to);
    switch (m_operation.kind) {
    case Kind::Create:
        co_return own != nullptr && own->selectable;
    case Kind::Rename:
        co_return own == nullptr &&other != nullptr;
    case Kind::Delete:
        // The name of one with others below it may stay (RFC 9051 section 6.3.5).
        co_return own == nullptr || !own->selectable;
    case Kind::Subscribe:
        co_return own != nullptr && own->subscribed;
    case Kind::Unsubscribe:
        co_return own == nullptr || !own->subscribed;
    }
    co_return false;
}

/** Only the mailbox that was meant, and nothing that came into it since. */
async::Task<Result<void>> FolderReplay::mayDelete(imap::Client *client)
{
    const imap::StatusItems items{imap::StatusItem::Messages, imap::StatusItem::UidNext, imap::StatusItem::UidValidity};
    const mail::MailboxName name = m_operation.mailbox;
    const auto status = co_await client->status(name, items);
    if (!status && status.error().kind != ErrorKind::ServerRefused)
        co_return failure(status.error());
    // One that holds folders only has no counts; one that has gone need not be deleted.
    if (!status)
        co_return Result<void>();
    const bool isOther = m_operation.uidValidity.isValid() && status->uidValidity.isValid()
        && status->uidValidity != m_operation.uidValidity;
    if (isOther)
        co_return failure(refusal(
            name,
            QCoreApplication::translate("core",
                                        "The folder “%1” was made anew on the server since you deleted it, so it was "
                                        "left alone. Look into it, and delete it again if you want.")
                .arg(name.text)));
    const std::int64_t count = status->messages.value_or(0);
    if (m_operation.onlyEmpty && count > 0)
        co_return failure(refusal(
            name,
            QCoreApplication::translate("core", "The folder “%1” is not empty any more, so it was not taken back.")
                .arg(name.text)));
    const bool hasNew = count > 0 && m_operation.uidNext.isValid() && status->uidNext.isValid()
        && status->uidNext > m_operation.uidNext;
    if (hasNew)
        co_return failure(refusal(
            name,
            QCoreApplication::translate("core",
                                        "New messages have come into “%1” since you deleted it, so it was left alone. "
                                        "Look at them, and delete it again if you want.")
                .arg(name.text)));
    co_return Result<void>();
}

/** A folder that the server has for that by now; none where it has none. */
async::Task<Result<std::optional<mail::MailboxName>>> FolderReplay::findRole(imap::Client *client)
{
    const auto folders = co_await syncFolderList(*client, m_environment, m_account, Counts::InList);
    if (!folders)
        co_return failure(folders.error());
    if (auto known = read(); !known)
        co_return failure(known.error());
    for (const Folder &folder : *folders) {
        if (folder.role == m_operation.role && folder.selectable && folder.name != m_operation.mailbox)
            co_return std::optional(folder.name);
    }
    co_return std::optional<mail::MailboxName>();
}

async::Task<Result<imap::CommandReply>> FolderReplay::command(imap::Client *client)
{
    if (m_operation.kind == Kind::Rename) {
        auto renamed = co_await client->rename(m_operation.mailbox, m_operation.to);
        co_return renamed;
    }
    if (m_operation.kind == Kind::Delete) {
        auto removed = co_await client->remove(m_operation.mailbox);
        co_return removed;
    }
    if (m_operation.kind != Kind::Create) {
        auto subscribed = co_await client->subscribe(m_operation.mailbox, m_operation.kind == Kind::Subscribe);
        co_return subscribed;
    }
    auto created = co_await client->create(m_operation.mailbox, m_operation.role);
    // A server may not let every folder be for that (RFC 6154 section 3).
    if (created || !imap::isRefusal(created.error(), imap::SimpleCode::UseAttr))
        co_return created;
    auto plain = co_await client->create(m_operation.mailbox);
    co_return plain;
}

/** Neither CREATE nor RENAME nor DELETE touches subscriptions (RFC 9051 section 6.3.6), by which many clients show
 * folders. A server that has none says NO; the folder is made all the same. */
async::Task<Result<void>> FolderReplay::subscribe(imap::Client *client)
{
    std::vector<std::pair<mail::MailboxName, bool>> wanted;
    if (m_operation.kind == Kind::Create) {
        wanted.emplace_back(m_operation.mailbox, true);
    } else if (m_operation.kind == Kind::Delete) {
        wanted.emplace_back(m_operation.mailbox, false);
    } else if (m_operation.kind == Kind::Rename) {
        const auto rows = m_environment.store.mailboxes(m_account);
        if (!rows)
            co_return failure(rows.error());
        for (const store::MailboxRow &row : *rows) {
            const auto now
                = renamedWith(row.name.text, m_operation.mailbox.text, m_operation.to.text, m_operation.delimiter);
            if (!now || !row.subscribed)
                continue;
            wanted.emplace_back(mail::MailboxName{*now, {}}, true);
            wanted.emplace_back(row.name, false);
        }
    }
    for (const auto &[name, on] : wanted) {
        const auto done = co_await client->subscribe(name, on);
        if (!done && done.error().kind != ErrorKind::ServerRefused)
            co_return failure(done.error());
    }
    co_return Result<void>();
}

async::Task<Result<void>> FolderReplay::list(imap::Client *client)
{
    const std::vector<MailboxRename> told = renames();
    const auto listed = co_await syncFolderList(*client, m_environment, m_account, Counts::InList, told);
    if (!listed)
        co_return failure(listed.error());
    // What has no row in the cache, a folder below that is still to be made for instance, follows as well.
    co_return renameOperations(m_pending, m_account, told);
}

} // namespace kittiwake::sync
