// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/store/fingerprint.h"
#include "core/store/rows.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace kittiwake::store
{

/**
 * Reads cache.db beside the writer, on a read-only WAL connection of its own. Used by one thread at a time; whoever
 * needs another thread opens another reader. Errors: Storage.
 */
class CacheReader
{
public:
    /** profile is the folder that holds cache.db, which must exist. */
    [[nodiscard]] static Result<std::unique_ptr<CacheReader>> open(const QString &profile, const Secret &key,
                                                                   const QByteArray &vfs = {});
    ~CacheReader();
    CacheReader(const CacheReader &) = delete;
    CacheReader &operator=(const CacheReader &) = delete;

    /** All mailboxes of an account (of all accounts for an invalid id), ordered by account, role (those without one
     * last), name. */
    [[nodiscard]] Result<std::vector<MailboxRow>> mailboxes(AccountId account) const;
    [[nodiscard]] Result<std::optional<MailboxRow>> mailbox(MailboxId id) const;
    [[nodiscard]] Result<std::optional<MailboxRow>> findMailbox(AccountId account, const mail::MailboxName &name) const;

    /** Newest (largest) first unless ascending. Equal keys: larger UID first. limit < 0: all. */
    [[nodiscard]] Result<std::vector<OrderEntry>> order(MailboxId mailbox, SortKey key, bool ascending = false,
                                                        std::int64_t limit = -1, std::int64_t offset = 0) const;
    /** Rows in the order of ids; ids that are no longer there are left out. At most 1,000 ids a call. */
    [[nodiscard]] Result<std::vector<MessageRow>> rows(std::span<const MessageId> ids) const;
    /** The labels of messages (X-GM-LABELS, decoded; "\\Inbox" and others of the service's own as they are), but for
     * that of the mailbox they are in. Messages without any are left out. */
    [[nodiscard]] Result<QHash<MessageId, QStringList>> labels(std::span<const MessageId> ids) const;
    [[nodiscard]] Result<std::optional<MessageRow>> findUid(MailboxId mailbox, Uid uid) const;
    /** Who wrote and who was written to, of messages with larger ids than after, in the order of their ids; at most
     * limit rows. Mail in Junk, Trash and Drafts is left out. */
    [[nodiscard]] Result<std::vector<CorrespondenceRow>> correspondence(AccountId account, MessageId after,
                                                                        std::int64_t limit) const;
    [[nodiscard]] Result<std::int64_t> countMessages(MailboxId mailbox) const;
    [[nodiscard]] Result<std::int64_t> countUnseen(MailboxId mailbox) const;
    /** Of what the cache holds of a mailbox. Reads every row: some seconds for a million. */
    [[nodiscard]] Result<Fingerprint> fingerprint(MailboxId mailbox) const;

    /** Stops a query that runs in another thread; it fails with Cancelled. The one call allowed from any thread. */
    void interrupt();

private:
    struct Private;
    explicit CacheReader(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace kittiwake::store
