// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/client/clienttypes.h"

#include <QByteArray>

/** Results and updates as the one-line texts that transcripts expect. */
namespace kittiwake::reports
{

[[nodiscard]] QByteArray of(const Error &error);
[[nodiscard]] QByteArray of(const imap::SelectResult &result);
[[nodiscard]] QByteArray of(const imap::ListedMailbox &mailbox);
[[nodiscard]] QByteArray of(const imap::MailboxStatusData &status);
[[nodiscard]] QByteArray of(const imap::FetchedMessage &message);
[[nodiscard]] QByteArray of(const imap::CommandReply &reply);
[[nodiscard]] QByteArray of(const imap::MailboxUpdate &update);
[[nodiscard]] QByteArray of(const imap::ServerReport &report);

} // namespace kittiwake::reports
