// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QStringList>

namespace kittiwake::sync
{

/**
 * X-GM-LABELS as people know them. Gmail's own begin with a backslash and stay as they are ("\\Inbox", "\\Sent"); the
 * others are names of mailboxes, in modified UTF-7 or, after ENABLE UTF8=ACCEPT, in UTF-8: Google says the first
 * (developers.google.com/gmail/imap/imap-extensions, read 2026-11) and nothing of the second, so both are read.
 */
[[nodiscard]] QStringList decodedLabels(const QByteArrayList &labels);

} // namespace kittiwake::sync
