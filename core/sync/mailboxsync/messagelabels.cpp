// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/messagelabels.h"

#include "core/imap/codec/mailboxcodec.h"

namespace kittiwake::sync
{

QStringList decodedLabels(const QByteArrayList &labels)
{
    QStringList result;
    result.reserve(labels.size());
    for (const QByteArray &label : labels) {
        if (label.startsWith('\\')) {
            result.append(QString::fromLatin1(label));
            continue;
        }
        const auto wide = imap::decodeModifiedUtf7(label);
        result.append(wide ? *wide : imap::decodeMailbox(label, imap::MailboxEncoding::Utf8).text);
    }
    return result;
}

} // namespace kittiwake::sync
