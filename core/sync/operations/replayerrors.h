// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/imap/client/client.h"
#include "core/mail/mailboxname.h"
#include "core/store/cachestore.h"

#include <chrono>
#include <cstdint>

/** What stops the replay of an operation, and whether waiting helps. */
namespace kittiwake::sync
{

/** Whether the same command may be accepted later without anybody doing anything. */
[[nodiscard]] bool isTemporary(const Error &error);

/** How long a refusal that will pass is left alone: 2 s, 4 s, … 5 minutes. */
[[nodiscard]] std::chrono::milliseconds pauseAfter(int attempts);

/**
 * Whether an attempt that was put off until then (milliseconds since 1970) is still to come. One further away than the
 * longest pause is not: the computer's clock has been put back since.
 */
[[nodiscard]] bool isToCome(std::int64_t attemptAt, std::int64_t now);

/** It waits for the person. */
[[nodiscard]] Error refusal(const mail::MailboxName &mailbox, const QString &sentence);

/** The server's folders have never been listed: INBOX may be there, since every account has it. */
[[nodiscard]] bool isUnlisted(const std::vector<store::MailboxRow> &tree);
/** The folders are not known yet, because the cache was dropped: the operation waits for them. */
[[nodiscard]] Error foldersUnknownError(const mail::MailboxName &mailbox);
[[nodiscard]] Error connectionLostError();
/** UIDs of one UIDVALIDITY mean nothing under another one. */
[[nodiscard]] Error madeAnewError(const mail::MailboxName &mailbox);

/**
 * The folder in the cache; none where the server does not have it any more. Errors: Storage; foldersUnknownError().
 */
[[nodiscard]] Result<std::optional<MailboxId>> findFolder(const store::CacheStore &store, AccountId account,
                                                          const mail::MailboxName &name);

/** Why the server would not take a message of that size into mailbox (APPENDLIMIT, RFC 7889); nothing: it may. */
[[nodiscard]] std::optional<Error> tooLargeError(const imap::Client &client, const mail::MailboxName &mailbox,
                                                 std::uint64_t size);

/** The server's NO to copying or moving into target, as a sentence for the person. */
[[nodiscard]] Error targetRefusedError(const Error &error, const mail::MailboxName &target);

} // namespace kittiwake::sync
