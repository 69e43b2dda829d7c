// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/imap/client/client.h"
#include "core/store/cachestore.h"

#include <vector>

namespace kittiwake::sync
{

/** A mailbox of the server and the row that stands for it. */
struct Folder {
    MailboxId id;
    mail::MailboxName name;
    mail::MailboxRole role = mail::MailboxRole::None;
    bool selectable = true;
    std::optional<imap::MailboxStatusData> status; ///< as of the listing

    bool operator==(const Folder &) const = default;
};

/**
 * Lists the account's mailboxes with their counts and makes the store's tree equal to it, in one transaction. Returned
 * in the order in which they are to be synced: INBOX, those with a role, the others. Errors: those of the client;
 * Storage; Protocol when the server lists not even INBOX (then nothing is removed).
 */
[[nodiscard]] async::Task<Result<std::vector<Folder>>> syncFolderList(imap::Client &client, store::CacheStore &store,
                                                                      AccountId account);

/** How much STATUS is believed where the server has no HIGHESTMODSEQ. */
enum class Trust {
    Proof, ///< only HIGHESTMODSEQ proves that nothing changed
    Counts, ///< equal counts of messages and unseen ones and an equal UIDNEXT are enough for now: for frequent looks
};

/** Whether STATUS leaves open that something changed since the cache was true. */
[[nodiscard]] bool mayHaveChanged(const imap::MailboxStatusData &status, const store::MailboxState &state,
                                  std::int64_t cached, Trust trust);

} // namespace kittiwake::sync
