// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/store/cachetransaction.h"
#include "core/store/flagshash.h"
#include "core/store/mailboxstate.h"
#include "core/store/messageidentity.h"
#include "core/store/rowidentity.h"
#include "core/store/rows.h"
#include "core/store/storechanges.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace kittiwake::store
{

/** Where a message is on the server: enough to SELECT its mailbox and FETCH it, checked against UIDVALIDITY. */
struct MessageLocation {
    MessageId id;
    AccountId account;
    MailboxId mailbox;
    mail::MailboxName mailboxName;
    UidValidity uidValidity;
    Uid uid;
    std::uint64_t size = 0; ///< octets

    bool operator==(const MessageLocation &) const = default;
};

/** Headers of a mailbox in the cache. */
struct CachedCounts {
    std::int64_t messages = 0;
    std::int64_t unseen = 0;

    bool operator==(const CachedCounts &) const = default;
};

/** A message in the cache, by its address. */
struct MessagePlace {
    MailboxId mailbox;
    Uid uid;

    bool operator==(const MessagePlace &) const = default;
};

/**
 * The one writer of cache.db: header cache of all accounts. Lives in the engine thread, owned by the engine. The cache
 * can be thrown away at any time: nothing in it exists only here. Whoever only reads, in whatever thread, opens a
 * CacheReader. Reads of this class see the open transaction. Errors: Storage, unless something else is said.
 */
class CacheStore
{
public:
    using Listener = std::function<void(const StoreChanges &)>;

    struct Opened; ///< below

    /** profile is the folder for cache.db (made with mode 0600). vfs: SQLite's default where empty. */
    [[nodiscard]] static Result<std::unique_ptr<CacheStore>> open(const QString &profile, const Secret &key,
                                                                  const QByteArray &vfs = {});

    enum class Check {
        Quick, ///< header, schema and the first page of each table: milliseconds
        Full, ///< reads every page (PRAGMA quick_check): about a second for each gigabyte, after an error said
              ///< "damaged"
    };
    /**
     * As open, but a damaged cache.db is deleted and begun again; Opened says so, and the caller tells the person and
     * syncs everything. A file of a newer version or of another program is never deleted: that fails.
     */
    [[nodiscard]] static Result<Opened> openOrRebuild(const QString &profile, const Secret &key,
                                                      Check check = Check::Quick, const QByteArray &vfs = {});
    /** Deletes cache.db and its -wal and -shm. Nobody may have it open. */
    [[nodiscard]] static Result<void> destroy(const QString &profile);

    ~CacheStore();
    CacheStore(const CacheStore &) = delete;
    CacheStore &operator=(const CacheStore &) = delete;

    /** Called after each COMMIT that changed something, in the order of the commits, in the thread that committed. It
     * must not begin a transaction (begin refuses). */
    void setListener(Listener listener);

    /** Fails while another transaction is open. */
    [[nodiscard]] Result<CacheTransaction> begin();
    /** begin, work, commit; rolls back and returns work's error if it fails. */
    [[nodiscard]] Result<void> write(const std::function<Result<void>(CacheTransaction &)> &work);

    /** Forgets everything, file space included, while readers stay open; announced like a transaction. Ids are not
     * reused. */
    [[nodiscard]] Result<void> clear();

    /** As the server has them: without what waits for it. In the order of CacheReader::mailboxes. */
    [[nodiscard]] Result<std::vector<MailboxRow>> mailboxes(AccountId account) const;
    /** As people see them: with those that are to be made, by their new names, without those that are deleted. */
    [[nodiscard]] Result<std::vector<MailboxRow>> shownMailboxes(AccountId account) const;
    /** As the server has them, and those that it is to have (MailboxRow::isProvisional). */
    [[nodiscard]] Result<std::vector<MailboxRow>> rowsWithProvisional(AccountId account) const;
    /** As the server has it, or is to have it (MailboxRow::isProvisional). */
    [[nodiscard]] Result<std::optional<MailboxRow>> mailbox(MailboxId id) const;
    [[nodiscard]] Result<std::optional<MailboxId>> findMailbox(AccountId account, const mail::MailboxName &name) const;
    [[nodiscard]] Result<std::optional<MailboxState>> state(MailboxId mailbox) const;

    /** UIDs of the cached messages, ascending. */
    [[nodiscard]] Result<std::vector<Uid>> uids(MailboxId mailbox) const;
    /** UIDs in [first, last] and what their flags hash to, ascending. */
    [[nodiscard]] Result<std::vector<UidFlagsHash>> uidsAndFlags(MailboxId mailbox,
                                                                 UidRange range = {Uid(1), Uid(UINT32_MAX)}) const;
    /** Headers with UIDs in range, ascending, as CacheReader::rows gives them; at most limit of them. */
    [[nodiscard]] Result<std::vector<mail::MessageHeader>> headers(MailboxId mailbox, UidRange range,
                                                                   std::int64_t limit) const;
    /** The smallest and the largest cached UID. */
    [[nodiscard]] Result<std::optional<UidRange>> uidBounds(MailboxId mailbox) const;
    [[nodiscard]] Result<std::int64_t> countMessages(MailboxId mailbox) const; ///< in the cache
    [[nodiscard]] Result<std::int64_t> countUnseen(MailboxId mailbox) const; ///< in the cache

    /** Where messages of an account with this Message-ID (with angle brackets) are; one may have many copies. */
    [[nodiscard]] Result<std::vector<MessagePlace>> findMessages(AccountId account, const QByteArray &messageId) const;

    /** Counts the rows themselves, not trusting the counters: 0.4 s for a million. */
    [[nodiscard]] Result<CachedCounts> recount(MailboxId mailbox) const;

    /** UIDs in ranges and their flags as they are shown, pending changes included, ascending within each range. */
    [[nodiscard]] Result<std::vector<ShownFlags>> shownFlags(MailboxId mailbox, std::span<const UidRange> uids) const;
    /** Likewise, with what they are known by under another UID. */
    [[nodiscard]] Result<std::vector<ShownMessage>> shownMessages(MailboxId mailbox,
                                                                  std::span<const UidRange> uids) const;
    /** Messages of other mailboxes that this one shows, until the server has moved them: where they are, and as what.
     */
    [[nodiscard]] Result<std::vector<std::pair<MailboxId, Uid>>> guests(MailboxId mailbox) const;
    /** What the server has last said of their flags, whatever waits to be changed, ascending within each range. */
    [[nodiscard]] Result<std::vector<FlagUpdate>> serverFlags(MailboxId mailbox, std::span<const UidRange> uids) const;
    [[nodiscard]] Result<std::optional<MessageLocation>> locate(MessageId message) const;
    [[nodiscard]] Result<std::optional<MessageId>> findUid(MailboxId mailbox, Uid uid) const;

    /** What every cached message of a mailbox is known by, by rising UID. */
    [[nodiscard]] Result<std::vector<RowIdentity>> identities(MailboxId mailbox) const;
    /**
     * Housekeeping for idle moments: moves the WAL into the file without waiting for readers, so that the writer need
     * not do it within a batch. Cheap when there is nothing to do; call it a second or so after the last write.
     */
    [[nodiscard]] Result<void> checkpoint();

private:
    explicit CacheStore(std::unique_ptr<CacheWriter> writer);

    std::unique_ptr<CacheWriter> m_writer;
};

struct CacheStore::Opened {
    std::unique_ptr<CacheStore> store;
    bool rebuilt = false; ///< it was damaged, and everything must be fetched again
    Error damage; ///< what was wrong, if rebuilt
};

} // namespace kittiwake::store
