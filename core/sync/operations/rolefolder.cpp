// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/rolefolder.h"

#include "core/imap/client/rolenames.h"
#include "core/mail/templates.h"

namespace kittiwake::sync
{

namespace
{

using mail::MailboxRole;

/** English, as most servers and clients call theirs. */
QString conventionalName(MailboxRole role)
{
    switch (role) {
    case MailboxRole::Archive:
        return QStringLiteral("Archive");
    case MailboxRole::Junk:
        return QStringLiteral("Junk");
    case MailboxRole::Drafts:
        return QStringLiteral("Drafts");
    case MailboxRole::Sent:
        return QStringLiteral("Sent");
    default:
        return QStringLiteral("Trash");
    }
}

/** At the top, or next to the others below INBOX (Courier, Cyrus). */
bool isAtTop(const store::MailboxRow &row)
{
    const QString parent = row.name.parent(row.delimiter);
    return parent.isEmpty() || parent.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0;
}

} // namespace

RoleFolder roleFolder(const std::vector<store::MailboxRow> &tree, MailboxRole role)
{
    RoleFolder result;
    for (const store::MailboxRow &row : tree) {
        if (!row.delimiter.isNull())
            result.delimiter = row.delimiter;
    }
    const store::MailboxRow *found = nullptr;
    for (const store::MailboxRow &row : tree) {
        if (found == nullptr && row.role == role && row.selectable)
            found = &row;
    }
    for (const store::MailboxRow &row : tree) {
        if (found == nullptr && row.role == MailboxRole::None && row.selectable && isAtTop(row)
            && imap::roleOfName(row.name.leaf(row.delimiter)) == role)
            found = &row;
    }
    result.name = found == nullptr ? mail::MailboxName{conventionalName(role), {}} : found->name;
    result.id = found == nullptr ? MailboxId() : found->id;
    return result;
}

RoleFolder templatesFolder(const std::vector<store::MailboxRow> &tree)
{
    const RoleFolder drafts = roleFolder(tree, MailboxRole::Drafts);
    RoleFolder result;
    result.delimiter = drafts.delimiter;
    for (const store::MailboxRow &row : tree) {
        if (row.selectable && mail::isTemplatesMailbox(row.name, row.delimiter)) {
            result.name = row.name;
            result.id = row.id;
            return result;
        }
    }
    result.name
        = mail::templatesMailboxBeside(drafts.id.isValid() ? drafts.name : mail::MailboxName(), drafts.delimiter);
    return result;
}

} // namespace kittiwake::sync
