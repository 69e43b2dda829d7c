// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/store/messageidentity.h"
#include "core/sync/account/environment.h"
#include "core/sync/operations/messageat.h"

#include <optional>
#include <vector>

/**
 * A message whose arrival was never confirmed, and which is not where it was to arrive: another device may have moved
 * it on. What is known of it before it is sent, and how it is found afterwards.
 */
namespace kittiwake::sync
{

class AccountSync;

/**
 * Where the cache has messages with this Message-ID (with angle brackets), 50 at most; empty without one. Noted down
 * before a message is sent: one that is stored twice on purpose is not taken for the one that was sent. Errors:
 * Storage.
 */
[[nodiscard]] Result<std::vector<MessageAt>> placesOf(const store::CacheStore &store, AccountId account,
                                                      const QByteArray &messageId);

struct ElsewhereSearch {
    AccountId account;
    MailboxId except; ///< where they have been looked for
    std::vector<store::MessageIdentity> wanted; ///< those without a Message-ID are not looked for; size 0: of any size
    std::vector<MessageAt> known; ///< these are not it

    bool operator==(const ElsewhereSearch &) const = default;
};

/**
 * Searches all mailboxes of an account that can be opened, one after the other, by Message-ID and size; the result is
 * in the order of what is wanted, none where it is nowhere. What is found stands for one of them at most. Not more than
 * a hundred are looked for. Errors: those of borrowing a line; a mailbox that the server does not open is passed over.
 */
[[nodiscard]] async::Task<Result<std::vector<std::optional<MessageAt>>>>
findElsewhere(const Environment &environment, AccountSync &sync, ElsewhereSearch search);

} // namespace kittiwake::sync
