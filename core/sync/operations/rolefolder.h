// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/mailboxname.h"
#include "core/store/rows.h"

#include <QChar>

#include <vector>

namespace kittiwake::sync
{

/** The folder of an account for a certain purpose. */
struct RoleFolder {
    mail::MailboxName name; ///< in the server's terms
    MailboxId id; ///< none: it is still to be made (Journal::rolePart)
    QChar delimiter; ///< of the account
};

/**
 * The folder with that role; one that is called so where the server tells no role; else one that is to be made first,
 * with the name that most servers and clients give it. Which prefix the server wants, and whether it has one by then,
 * shows when it is made. tree: all folders of the account.
 */
[[nodiscard]] RoleFolder roleFolder(const std::vector<store::MailboxRow> &tree, mail::MailboxRole role);
/** Likewise that for templates (core/mail/templates.h), which no role names. */
[[nodiscard]] RoleFolder templatesFolder(const std::vector<store::MailboxRow> &tree);

} // namespace kittiwake::sync
