// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QString>

#include <vector>

namespace kittiwake::ui
{

/** A line of the folder tree as a value. */
struct MailboxNode {
    enum class Kind {
        Account,
        Mailbox,
        Group, ///< a name that other mailboxes are below, which cannot be opened
    };
    Kind kind = Kind::Mailbox;
    QString key; ///< the same line in another state of the tree, among its siblings
    QString label;
    AccountId account;
    bool isCounted = true; ///< of a Mailbox: store::OnceCounted::counts
    store::MailboxRow row; ///< of a Mailbox; of a Group its name only
    std::vector<MailboxNode> children;
};

/** What people call a mailbox: "Inbox", "Sent" … by its role, otherwise the last part of its name. */
[[nodiscard]] QString mailboxLabel(const store::MailboxRow &row);
/** The icon of a role, a name for ui::icon(). */
[[nodiscard]] QString mailboxIcon(mail::MailboxRole role);

/**
 * The tree that shows accounts and their mailboxes: an account's special mailboxes first, in the order Inbox, Drafts,
 * Sent, Archive, Junk, Trash, All mail, Flagged, Important wherever the server keeps them, then the rest as the
 * server's tree, by name. A name with more than 32 parts is shown flat below its 32nd.
 */
[[nodiscard]] std::vector<MailboxNode> buildMailboxTree(const std::vector<accounts::Account> &accounts,
                                                        const std::vector<store::MailboxRow> &mailboxes);

} // namespace kittiwake::ui
