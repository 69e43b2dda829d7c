// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/folderreplay.h"

#include "core/base/log.h"
#include "core/sync/account/accountsync.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

using Kind = FolderOperation::Kind;

/** The name below the person's own namespace, where the server has everything there ("INBOX." of Courier and Cyrus). */
QString withPrefix(const imap::NamespaceData &namespaces, const QString &name)
{
    if (namespaces.personal.empty() || namespaces.personal.front().prefix.text.isEmpty())
        return name;
    for (const auto *group : {&namespaces.personal, &namespaces.otherUsers, &namespaces.shared}) {
        for (const imap::NamespaceData::Entry &entry : *group) {
            const QString &prefix = entry.prefix.text;
            if (!prefix.isEmpty() && (name.startsWith(prefix) || name + entry.delimiter == prefix))
                return name;
            // One without a prefix takes any name.
            if (prefix.isEmpty())
                return name;
        }
    }
    return namespaces.personal.front().prefix.text + name;
}

} // namespace

FolderReplay::FolderReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync,
                           AccountId account, OperationId operation)
    : m_environment(environment), m_pending(pending), m_sync(sync), m_account(account), m_id(operation)
{
}

Result<void> FolderReplay::read()
{
    const auto record = m_pending.find(m_id);
    if (!record)
        return failure(record.error());
    const auto operation = *record ? FolderOperation::fromBytes((*record)->kind, (*record)->payload) : std::nullopt;
    if (!operation)
        return failure(ErrorKind::Cancelled, {}, QCoreApplication::translate("core", "This was given up."));
    m_record = **record;
    m_operation = *operation;
    return {};
}

async::Task<Result<void>> FolderReplay::run()
{
    const auto inbox = findFolder(m_environment.store, m_account, mail::MailboxName::inbox());
    if (!inbox)
        co_return failure(inbox.error());
    if (!*inbox)
        co_return failure(foldersUnknownError(mail::MailboxName::inbox()));
    const MailboxId id = **inbox;
    const auto lease = co_await m_sync.borrow(id);
    if (!lease)
        co_return failure(lease.error());
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    m_hasBegun = true;
    // The lease keeps the client alive; where the connection is lost, each call says so.
    if (auto known = read(); !known)
        co_return known;
    if (m_operation.kind == Kind::Create && m_operation.role != mail::MailboxRole::None) {
        const auto other = co_await findRole(client);
        if (!other)
            co_return failure(other.error());
        if (*other) {
            const MailboxRename rename{m_operation.mailbox, **other};
            co_return renameOperations(m_pending, m_account, std::span(&rename, 1));
        }
    }
    if (m_operation.kind == Kind::Create) {
        // The namespace that new folders belong into.
        const QString name = withPrefix(client->namespaces(), m_operation.mailbox.text);
        if (name != m_operation.mailbox.text) {
            if (auto called = callItself({name, {}}); !called)
                co_return called;
        }
    }
    bool done = false;
    if (!m_record.progress.isEmpty()) {
        const auto already = co_await isDone(client);
        if (!already)
            co_return failure(already.error());
        done = *already;
    }
    if (!done && m_operation.kind == Kind::Delete) {
        const auto allowed = co_await mayDelete(client);
        if (!allowed)
            co_return failure(allowed.error());
    }
    if (!done) {
        // Committed before the command is sent: whoever finds this after a crash looks before doing it again.
        const std::pair<OperationId, QByteArray> note(m_id, FolderOperation::sentMark());
        if (auto noted = m_pending.setProgress(std::span(&note, 1)); !noted)
            co_return noted;
        const auto reply = co_await command(client);
        if (!reply && reply.error().kind != ErrorKind::ServerRefused)
            co_return failure(reply.error());
        if (!reply) {
            // The answer to an earlier try may have been lost, or another client was faster.
            const auto already = co_await isDone(client);
            if (!already)
                co_return failure(already.error());
            if (!*already)
                co_return failure(refused(reply.error()));
        }
    }
    const auto subscribed = co_await subscribe(client);
    if (!subscribed)
        co_return failure(subscribed.error());
    const auto listed = co_await list(client);
    co_return listed;
}

/** Before the server has it, the folder gets another name, and what waits for it follows. */
Result<void> FolderReplay::callItself(const mail::MailboxName &name)
{
    const MailboxRename rename{m_operation.mailbox, name};
    if (auto followed = renameOperations(m_pending, m_account, std::span(&rename, 1)); !followed)
        return followed;
    m_operation.mailbox = name;
    const auto record = m_pending.find(m_id);
    if (!record || !*record)
        return record ? Result<void>() : failure(record.error());
    m_record = **record;
    m_record.payload = m_operation.toBytes();
    return m_pending.update(m_record);
}

std::vector<MailboxRename> FolderReplay::renames() const
{
    std::vector<MailboxRename> result;
    if (m_operation.kind != Kind::Rename)
        return result;
    result.push_back({m_operation.mailbox, m_operation.to});
    const auto add = [&](const mail::MailboxName &name) {
        if (!isBelow(name.text, m_operation.mailbox.text, m_operation.delimiter))
            return;
        const auto now = renamedWith(name.text, m_operation.mailbox.text, m_operation.to.text, m_operation.delimiter);
        result.push_back({name, {*now, {}}});
    };
    const auto rows = m_environment.store.mailboxes(m_account);
    if (!rows)
        return result;
    for (const store::MailboxRow &row : *rows)
        add(row.name);
    // Messages may wait for a folder below that is still to be made.
    const auto waiting = m_pending.list(m_account);
    if (!waiting)
        return result;
    for (const store::PendingOperation &record : *waiting) {
        const auto other = FolderOperation::fromBytes(record.kind, record.payload);
        if (other && other->kind == Kind::Create && record.state != store::OperationState::Done)
            add(other->mailbox);
    }
    return result;
}

Error FolderReplay::refused(const Error &error) const
{
    using Code = imap::SimpleCode;
    Error told = error;
    const QString name = m_operation.mailbox.text;
    if (m_operation.kind == Kind::Rename && imap::isRefusal(error, Code::AlreadyExists))
        told.userText = QCoreApplication::translate("core",
                                                    "There is a folder “%1” already, so “%2” keeps its name. Choose "
                                                    "another one.")
                            .arg(m_operation.to.text, name);
    else if (imap::isRefusal(error, Code::NonExistent))
        told.userText = QCoreApplication::translate("core", "The folder “%1” is not there any more.").arg(name);
    else if (imap::isRefusal(error, Code::NoPerm) || imap::isRefusal(error, Code::Cannot))
        told.userText
            = QCoreApplication::translate("core", "The server does not let this account do that to the folder “%1”.")
                  .arg(name);
    else if (imap::isRefusal(error, Code::OverQuota))
        told.userText = QCoreApplication::translate("core",
                                                    "There is no room left for the folder “%1”. Delete something, then "
                                                    "try again.")
                            .arg(name);
    return told;
}

} // namespace kittiwake::sync
