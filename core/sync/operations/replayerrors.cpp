// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/replayerrors.h"

#include "core/imap/client/clienttypes.h"
#include "core/sync/account/backoff.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::sync
{

bool isTemporary(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Network:
    case ErrorKind::Tls:
    case ErrorKind::Auth:
    case ErrorKind::Protocol:
    case ErrorKind::Cancelled:
    case ErrorKind::Storage: // this computer's disk: the server has refused nothing
        return true;
    case ErrorKind::ServerRefused:
        return imap::isRefusal(error, imap::SimpleCode::Unavailable) || imap::isRefusal(error, imap::SimpleCode::InUse)
            || imap::isRefusal(error, imap::SimpleCode::Limit) || imap::isRefusal(error, imap::SimpleCode::Throttled)
            || imap::isRefusal(error, imap::SimpleCode::ServerBug)
            // Others have expunged one of several messages, and nothing was done to the rest: by the next time this
            // session has been told of it (RFC 5530; Dovecot answers COPY and MOVE so).
            || imap::isRefusal(error, imap::SimpleCode::ExpungeIssued);
    case ErrorKind::Input:
        return false;
    }
    return false;
}

std::chrono::milliseconds pauseAfter(int attempts)
{
    return std::min<std::chrono::milliseconds>(std::chrono::seconds(1) * (1 << std::clamp(attempts, 1, 10)),
                                               Backoff::longest);
}

bool isToCome(std::int64_t attemptAt, std::int64_t now)
{
    return attemptAt > now && attemptAt - now <= std::chrono::milliseconds(Backoff::longest).count();
}

Error refusal(const mail::MailboxName &mailbox, const QString &sentence)
{
    return {ErrorKind::Input, mailbox.text, sentence, {}};
}

Error foldersUnknownError(const mail::MailboxName &mailbox)
{
    return {ErrorKind::Cancelled,
            mailbox.text,
            QCoreApplication::translate("core", "The folders have to be fetched first."),
            {}};
}

bool isUnlisted(const std::vector<store::MailboxRow> &tree)
{
    // LIST tells of a delimiter, which nobody else knows; a server without any has one folder less to lose.
    return std::all_of(tree.begin(), tree.end(),
                       [](const store::MailboxRow &row) { return row.name.isInbox() && row.delimiter.isNull(); });
}

Error connectionLostError()
{
    return {ErrorKind::Network, {}, QCoreApplication::translate("core", "The connection was lost; try again."), {}};
}

Error madeAnewError(const mail::MailboxName &mailbox)
{
    return refusal(mailbox,
                   QCoreApplication::translate("core",
                                               "The server has made this folder anew, and the messages could not be "
                                               "found in it again."));
}

Result<std::optional<MailboxId>> findFolder(const store::CacheStore &store, AccountId account,
                                            const mail::MailboxName &name)
{
    auto mailbox = store.findMailbox(account, name);
    if (!mailbox)
        return mailbox;
    if (*mailbox) {
        const auto row = store.mailbox(**mailbox);
        if (!row)
            return failure(row.error());
        // It was to be made, and was not.
        return *row && (*row)->isProvisional ? Result<std::optional<MailboxId>>(std::optional<MailboxId>()) : mailbox;
    }
    const auto tree = store.mailboxes(account);
    if (!tree)
        return failure(tree.error());
    // A cache that was dropped knows no folder at all, then INBOX, then all of them; until then it says nothing about
    // those of the server.
    if (isUnlisted(*tree))
        return failure(foldersUnknownError(name));
    return std::optional<MailboxId>();
}

std::optional<Error> tooLargeError(const imap::Client &client, const mail::MailboxName &mailbox, std::uint64_t size)
{
    std::uint64_t limit = 0;
    for (const QByteArray &name : client.capabilities().names()) {
        if (name.startsWith("APPENDLIMIT="))
            limit = name.mid(12).toULongLong();
    }
    if (limit == 0 || size <= limit)
        return std::nullopt;
    return refusal(
        mailbox,
        QCoreApplication::translate("core", "The message has %1 MB, and this server takes no more than %2 MB.")
            .arg(QString::number((size + 999'999) / 1'000'000), QString::number(limit / 1'000'000)));
}

Error targetRefusedError(const Error &error, const mail::MailboxName &target)
{
    using Code = imap::SimpleCode;
    Error told = error;
    if (imap::isRefusal(error, Code::TryCreate) || imap::isRefusal(error, Code::NonExistent))
        told.userText = QCoreApplication::translate("core",
                                                    "The folder “%1” is not there any more, so the messages stay where "
                                                    "they are. Make it again, or give this up.")
                            .arg(target.text);
    else if (imap::isRefusal(error, Code::OverQuota) || imap::isRefusal(error, Code::TooBig))
        told.userText = QCoreApplication::translate("core",
                                                    "There is no room left for the messages in “%1”, so they stay "
                                                    "where they are. Delete something, then try again.")
                            .arg(target.text);
    else if (imap::isRefusal(error, Code::NoPerm) || imap::isRefusal(error, Code::ReadOnly))
        told.userText = QCoreApplication::translate("core",
                                                    "This account may not put messages into “%1”, so they stay where "
                                                    "they are.")
                            .arg(target.text);
    return told;
}

} // namespace kittiwake::sync
