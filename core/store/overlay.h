// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/mail/flagchange.h"
#include "core/store/flagupdate.h"
#include "core/store/rows.h"
#include "core/store/uidrange.h"

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;

/** What one action of the person does to messages before the server has confirmed it. */
struct OverlayChange {
    mail::FlagChange flags;
    bool hide = false; ///< moved away or deleted: not in the list of its mailbox any more
    MailboxId target; ///< with hide: the mailbox that shows it instead; none: it is nowhere. Its own: not hidden again

    bool operator==(const OverlayChange &) const = default;
};

/** A message's flags with what is pending. */
struct ShownFlags {
    Uid uid;
    mail::Flags flags;
    bool isElsewhere = false; ///< another mailbox shows it, until the server has moved it there

    bool operator==(const ShownFlags &) const = default;
};

/** Costs nothing while nothing waits for the server, which is nearly always. */
[[nodiscard]] Result<bool> hasOverlay(Database &database);
/** Whether messages of the mailbox are hidden. */
[[nodiscard]] Result<bool> hasHidden(Database &database, MailboxId mailbox);
/** Whether the mailbox shows messages that are still in another one. */
[[nodiscard]] Result<bool> hasGuests(Database &database, MailboxId mailbox);
/** Those messages: the mailbox that each is in, and its UID there. */
[[nodiscard]] Result<std::vector<std::pair<MailboxId, Uid>>> readGuests(Database &database, MailboxId mailbox);
/** Rows as they are shown; one that another mailbox shows has that mailbox, and no UID there yet. Called with the rows
 * that a reader has just read. */
[[nodiscard]] Result<void> layOver(Database &database, std::span<MessageRow> rows);
[[nodiscard]] Result<void> layOver(Database &database, std::span<MailboxRow> rows);

/** CacheStore::shownFlags, without those that no mailbox shows. */
[[nodiscard]] Result<std::vector<ShownFlags>> readShownFlags(Database &database, MailboxId mailbox,
                                                             std::span<const UidRange> uids);
/** CacheStore::serverFlags. */
[[nodiscard]] Result<std::vector<FlagUpdate>> readServerFlags(Database &database, MailboxId mailbox,
                                                              std::span<const UidRange> uids);

/**
 * The overlay half of CacheTransaction: pending changes laid over cached messages, so that every reader sees them and
 * the rows below stay what the server said. Derived from pending.db, and made anew from there at every start; losing it
 * loses nothing. Part of CacheWriter.
 */
class OverlayWriter
{
public:
    OverlayWriter(Database &database, ChangeCollector &changes) : m_database(database), m_changes(changes) { }

    /**
     * On top of what lies there already; marks also on the same message under its other labels (Gmail). Messages that
     * are not in the cache are left out. Returns how many were.
     */
    [[nodiscard]] Result<std::int64_t> apply(MailboxId mailbox, UidValidity uidValidity, std::span<const UidRange> uids,
                                             const OverlayChange &change);
    /**
     * Takes everything off an account's messages. What is applied afterwards is gathered, so that finish() writes and
     * announces what has become different: most of what is taken off comes back as it was.
     */
    [[nodiscard]] Result<void> clear(AccountId account);
    /** Before the transaction is committed. */
    [[nodiscard]] Result<void> finish();
    /** The transaction is not committed. */
    void forget();
    /** Before messages are deleted: the mailboxes that show them as guests show them no more. */
    [[nodiscard]] Result<void> leave(MailboxId mailbox, std::span<const UidRange> uids);

private:
    struct Target {
        MessageId id;
        MailboxId mailbox;
        OverlayChange before;
    };
    /** A message with what lies over it. */
    struct Laid {
        MailboxId mailbox;
        OverlayChange change;
    };
    [[nodiscard]] OverlayChange gathered(MessageId message) const;
    Result<void> write(MessageId message, const OverlayChange &change);
    Result<void> addCopies(MailboxId mailbox, std::span<const UidRange> uids, std::vector<Target> &targets);
    void changed(MailboxId mailbox, MessageId message, const OverlayChange &before, const OverlayChange &after);

    Database &m_database;
    ChangeCollector &m_changes;
    bool m_gathers = false;
    std::map<MessageId, Laid> m_before; ///< in the table, while it gathers
    std::map<MessageId, Laid> m_after;
};

} // namespace kittiwake::store
