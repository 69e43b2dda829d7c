// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/templates.h"

namespace kittiwake::mail
{

namespace
{

constexpr QLatin1StringView usualName("Templates");

} // namespace

bool isTemplatesMailbox(const MailboxName &name, QChar delimiter)
{
    const QString parent = name.parent(delimiter);
    return name.leaf(delimiter).compare(usualName, Qt::CaseInsensitive) == 0
        && (parent.isEmpty() || parent.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0);
}

MailboxName templatesMailboxBeside(const MailboxName &drafts, QChar delimiter)
{
    // "[Gmail]/Drafts" stands in a folder that takes no others.
    const QString parent = delimiter.isNull() ? QString() : drafts.parent(delimiter);
    if (parent.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) != 0)
        return {usualName, {}};
    return {parent + delimiter + usualName, {}};
}

} // namespace kittiwake::mail
