// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/imap/client/client.h"
#include "core/store/cachestore.h"
#include "core/sync/account/environment.h"
#include "core/sync/operations/readdress.h"

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

/** Where the counts of a listing come from. */
enum class Counts {
    InList, ///< LIST … RETURN (STATUS …) where the server can; else there are none
    InListOrEach, ///< where it cannot, STATUS of each mailbox
};

/** What is asked about a mailbox that is not selected, as far as the server knows it. */
[[nodiscard]] imap::StatusItems countedItems(const imap::Client &client);

/**
 * Lists the account's mailboxes with their counts and makes the store's tree equal to it, in one transaction; what
 * waits for messages of a mailbox that was renamed follows it. renames: those that the server has told by itself since
 * the last listing. Where a mailbox has gone and another one is new, STATUS is asked of what is new, if the list did
 * not tell it. Returned in the order in which they are to be synced: INBOX, those with a role, the others. Errors:
 * those of the client; Storage; Protocol when the server lists not even INBOX (then nothing is removed).
 */
[[nodiscard]] async::Task<Result<std::vector<Folder>>> syncFolderList(imap::Client &client,
                                                                      const Environment &environment, AccountId account,
                                                                      Counts counts,
                                                                      std::vector<MailboxRename> renames = {});

/** Writes the counts of folders that have any, for whoever looks at the tree. */
[[nodiscard]] Result<void> storeCounts(store::CacheStore &store, const std::vector<Folder> &folders);

/** How much STATUS is believed where the server has no HIGHESTMODSEQ. */
enum class Trust {
    Proof, ///< only HIGHESTMODSEQ proves that nothing changed
    Counts, ///< equal counts of messages and unseen ones and an equal UIDNEXT are enough for now: for frequent looks
};

/** Whether STATUS leaves open that something changed since the cache was true. */
[[nodiscard]] bool mayHaveChanged(const imap::MailboxStatusData &status, const store::MailboxState &state,
                                  std::int64_t cached, Trust trust);

/**
 * A folder that was never selected, and of which STATUS tells that it holds nothing: that is all there is to know, so
 * it is noted as synced, as of the moment of the question (seconds since 1970 UTC), and need not be selected. True
 * where that was so. Only where HIGHESTMODSEQ was told as well: of servers that have it none is known whose counts
 * cannot be believed.
 */
[[nodiscard]] Result<bool> takeEmpty(store::CacheStore &store, const Folder &folder, std::int64_t askedAt);

/**
 * Whether a STATUS that tells only some of it (NOTIFY, RFC 5465 section 5.2) differs from the cache. A mailbox whose
 * first sync is not over is no news.
 */
[[nodiscard]] bool bringsNews(const imap::MailboxStatusData &status, const store::MailboxState &state,
                              std::int64_t cached);

} // namespace kittiwake::sync
