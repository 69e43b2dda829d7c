// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/mailboxname.h"

namespace kittiwake::mail
{

QString MailboxName::leaf(QChar delimiter) const
{
    if (delimiter.isNull())
        return text;
    return text.mid(text.lastIndexOf(delimiter) + 1);
}

QString MailboxName::parent(QChar delimiter) const
{
    const qsizetype at = delimiter.isNull() ? -1 : text.lastIndexOf(delimiter);
    return at < 0 ? QString() : text.left(at);
}

QString mailboxRoleName(MailboxRole role)
{
    switch (role) {
    case MailboxRole::None:
        return {};
    case MailboxRole::Inbox:
        return QStringLiteral("inbox");
    case MailboxRole::Drafts:
        return QStringLiteral("drafts");
    case MailboxRole::Sent:
        return QStringLiteral("sent");
    case MailboxRole::Archive:
        return QStringLiteral("archive");
    case MailboxRole::Junk:
        return QStringLiteral("junk");
    case MailboxRole::Trash:
        return QStringLiteral("trash");
    case MailboxRole::All:
        return QStringLiteral("all");
    case MailboxRole::Flagged:
        return QStringLiteral("flagged");
    case MailboxRole::Important:
        return QStringLiteral("important");
    }
    return {};
}

} // namespace kittiwake::mail
