// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/flagupdate.h"
#include "core/store/labels.h"
#include "core/store/mailboxoverlay.h"
#include "core/store/mailboxstate.h"
#include "core/store/overlay.h"
#include "core/store/rowidentity.h"
#include "core/store/rows.h"
#include "core/store/uidrange.h"

#include <cstdint>
#include <span>
#include <vector>

namespace kittiwake::store
{

class CacheWriter;

/** What insertHeaders did with the headers it was given. */
struct InsertReport {
    std::int64_t added = 0;
    std::int64_t changed = 0; ///< were there already, with other flags

    bool operator==(const InsertReport &) const = default;
};

/**
 * One transaction on cache.db: everything in it happens, or nothing. Made by CacheStore::begin. The destructor rolls
 * back what was not committed; the store outlives it. Engine thread; never held across an await. After an error of any
 * call the transaction must be given up (commit refuses).
 *
 * Every call that writes messages takes the UIDVALIDITY under which its UIDs were read, and fails with Protocol where
 * the mailbox has another one by now: a late answer never lands on another message (compare CVE-2024-1936).
 * Other errors: Storage.
 */
class CacheTransaction
{
public:
    explicit CacheTransaction(CacheWriter &writer); ///< by CacheStore::begin only, which also began it
    CacheTransaction(CacheTransaction &&other) noexcept;
    CacheTransaction &operator=(CacheTransaction &&) = delete;
    ~CacheTransaction();

    /** Makes it durable (WAL, synchronous=NORMAL: a power cut may lose the last ones, never damage the file), then
     * calls the listener with what changed. */
    [[nodiscard]] Result<void> commit();
    void rollback();

    /**
     * Makes the mailboxes of an account equal to the list: new ones are added, known ones (same name) updated, the
     * others removed with their messages. One that another client has renamed or moved keeps its id and its messages
     * where the listing's mark says which one it is. Returns the ids in the order of the list; of a name that comes
     * twice the first counts, and both get its id. Makes the account.
     */
    [[nodiscard]] Result<std::vector<MailboxId>> replaceMailboxes(AccountId account,
                                                                  std::span<const MailboxListing> listings);
    /** Adds or updates one mailbox and leaves the others alone. Makes the account. */
    [[nodiscard]] Result<MailboxId> putMailbox(AccountId account, const MailboxListing &listing);
    [[nodiscard]] Result<void> removeMailbox(MailboxId mailbox);
    /** Removes an account's mailboxes, messages and threads. Unknown ids are allowed. */
    [[nodiscard]] Result<void> dropAccount(AccountId account);

    /** Forgets all messages of the mailbox and how far it was synced, and starts again under this UIDVALIDITY. */
    [[nodiscard]] Result<void> resetMailbox(MailboxId mailbox, UidValidity uidValidity);
    /**
     * As resetMailbox, but the messages of kept stay, ids and all, under their new UIDs. Each id and each UID at most
     * once; ids that are not in the mailbox are ignored. Returns how many stayed.
     */
    [[nodiscard]] Result<std::int64_t> renumberMailbox(MailboxId mailbox, UidValidity uidValidity,
                                                       std::span<const Renumbered> kept);
    /** Fails with Protocol if state.uidValidity is not the mailbox's: only resetMailbox changes it. */
    [[nodiscard]] Result<void> setState(MailboxId mailbox, const MailboxState &state);
    /**
     * Something in the mailbox was found to be wrong: its messages are counted again, and how far it was synced is
     * forgotten, so that the next sync compares all of it. The messages stay.
     */
    [[nodiscard]] Result<void> distrust(MailboxId mailbox);
    /** What STATUS said. Announced only if it changed. */
    [[nodiscard]] Result<void> setServerCounts(MailboxId mailbox, std::int64_t messages, std::int64_t unseen);

    /**
     * Adds messages and links them into threads. Idempotent: where the UID is there already, its flags are updated and
     * the rest is left (messages never change, RFC 9051 section 2.3.1.1). Texts are cut at the limits of limits.h.
     * references are used for threading and not stored.
     */
    [[nodiscard]] Result<InsertReport> insertHeaders(MailboxId mailbox, UidValidity uidValidity,
                                                     std::span<const mail::MessageHeader> headers);
    /** Returns the UIDs whose flags really changed; UIDs that are not in the cache are ignored. */
    [[nodiscard]] Result<std::vector<Uid>> setFlags(MailboxId mailbox, UidValidity uidValidity,
                                                    std::span<const FlagUpdate> updates);
    /** Returns the UIDs that were there. */
    [[nodiscard]] Result<std::vector<Uid>> remove(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids);

    /**
     * As remove(), but kept aside until the pass after the next one has ended: a server that leaves messages out of an
     * answer has not deleted them, and one that was moved turns up in another mailbox.
     */
    [[nodiscard]] Result<std::vector<Uid>> unlink(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids);
    /** Those that were unlinked under this UIDVALIDITY, ascending. */
    [[nodiscard]] Result<std::vector<Uid>> unlinkedUids(MailboxId mailbox, UidValidity uidValidity);
    /** Brings unlinked messages back as they were, flags and id included; returns their UIDs, ascending. */
    [[nodiscard]] Result<std::vector<Uid>> relink(MailboxId mailbox, UidValidity uidValidity,
                                                  std::span<const UidRange> uids);
    /** The mailbox was compared as a whole: what was unlinked before the pass that ended now is deleted. */
    [[nodiscard]] Result<void> endPass(MailboxId mailbox);

    /** All labels of messages that are in the cache. Returns the UIDs whose labels really changed. */
    [[nodiscard]] Result<std::vector<Uid>> setLabels(MailboxId mailbox, UidValidity uidValidity,
                                                     std::span<const LabelUpdate> updates);
    /**
     * Where mailboxes are labels, a message is one and the same in all of them (LabelUpdate::message): its flags in
     * the other mailboxes become those it has in this one.
     */
    [[nodiscard]] Result<void> shareFlags(MailboxId mailbox, std::span<const Uid> uids);
    /** MailboxRow::isLabel. */
    [[nodiscard]] Result<void> setIsLabel(MailboxId mailbox, bool isLabel);
    /** MailboxRow::newestOnly. */
    [[nodiscard]] Result<void> setNewestOnly(MailboxId mailbox, std::int64_t messages);

    /** Lays a pending change over messages, on top of what lies there. Returns how many are in the cache. */
    [[nodiscard]] Result<std::int64_t> overlay(MailboxId mailbox, UidValidity uidValidity,
                                               std::span<const UidRange> uids, const OverlayChange &change);
    /** Makes equal to these: how an account's mailboxes are shown; and those that the server is still to have. */
    [[nodiscard]] Result<void> setMailboxOverlay(AccountId account, std::span<const MailboxOverlay> overlays);
    [[nodiscard]] Result<void> setProvisional(AccountId account, std::span<const MailboxListing> provisional);
    /** Where messages of an account stand that no server has yet, under waitingValidity; nobody sees the mailbox. */
    [[nodiscard]] Result<MailboxId> waitingRoom(AccountId account);
    /** The others that stand there are removed. */
    [[nodiscard]] Result<void> keepWaiting(AccountId account, std::span<const Uid> waiting);
    /** Nothing lies over an account's messages any more. What is laid again as it was is not announced. */
    [[nodiscard]] Result<void> clearOverlay(AccountId account);

private:
    CacheWriter *m_writer; ///< null once committed, rolled back or moved from
};

} // namespace kittiwake::store
