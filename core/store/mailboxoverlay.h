// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/mailboxstate.h"
#include "core/store/rows.h"

#include <QString>

#include <optional>
#include <span>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;
class MailboxWriter;

/** UIDVALIDITY of a waiting room (CacheTransaction::waitingRoom). */
inline constexpr UidValidity waitingValidity{1};

/** How a mailbox is shown until the server has confirmed what the person did to it. */
struct MailboxOverlay {
    MailboxId mailbox;
    QString name; ///< its full name; empty: its own
    bool hidden = false; ///< deleted
    std::optional<bool> subscribed; ///< none: as the server says

    bool operator==(const MailboxOverlay &) const = default;
};

/** Rows as they are shown: by their new names, in the order of those, without what is deleted. */
[[nodiscard]] Result<void> showMailboxes(Database &database, std::vector<MailboxRow> &rows);
/** Whether any mailbox is shown otherwise than the server has it, or is not there yet. */
[[nodiscard]] Result<bool> hasMailboxOverlay(Database &database);

/** The overlay of mailboxes, derived from pending.db as that of messages is. Part of CacheWriter. */
class MailboxOverlayWriter
{
public:
    MailboxOverlayWriter(Database &database, MailboxWriter &mailboxes, ChangeCollector &changes)
        : m_database(database), m_mailboxes(mailboxes), m_changes(changes)
    {
    }

    /** Makes the overlay of an account equal to overlays. Announced only if something changed. */
    [[nodiscard]] Result<void> set(AccountId account, std::span<const MailboxOverlay> overlays);
    /** Makes the mailboxes that the server is still to have equal to these, but for those that it has by now. */
    [[nodiscard]] Result<void> setProvisional(AccountId account, std::span<const MailboxListing> provisional);
    /** The mailbox of an account that nobody sees, in which messages stand that no server has; make: if need be. */
    [[nodiscard]] Result<std::optional<MailboxId>> waitingRoom(AccountId account, bool make);

private:
    Database &m_database;
    MailboxWriter &m_mailboxes;
    ChangeCollector &m_changes;
};

} // namespace kittiwake::store
