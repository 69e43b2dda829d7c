// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mailboxerrors.h"

#include <QCoreApplication>

namespace kittiwake::store
{

Error unknownMailboxError(MailboxId mailbox)
{
    return {ErrorKind::Protocol, QStringLiteral("cache.db"),
            QCoreApplication::translate("core",
                                        "The mailbox is no longer there. The list of mailboxes is being read again."),
            QStringLiteral("no mailbox with id %1").arg(mailbox.value())};
}

Result<void> checkUidValidity(MailboxId mailbox, UidValidity cached, UidValidity expected)
{
    if (cached == expected)
        return {};
    return failure(
        ErrorKind::Protocol, QStringLiteral("cache.db"),
        QCoreApplication::translate("core",
                                    "The mailbox was made anew on the server while it was being read, so it "
                                    "is being read again from the start."),
        QStringLiteral("mailbox %1 has UIDVALIDITY %2, expected %3")
            .arg(QString::number(mailbox.value()), QString::number(cached.value()), QString::number(expected.value())));
}

} // namespace kittiwake::store
