// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/listdata.h"

#include <array>
#include <utility>

namespace kittiwake::imap
{

bool ListData::isSelectable() const
{
    return !attributes.has(ListAttribute::NoSelect) && !attributes.has(ListAttribute::NonExistent);
}

mail::MailboxRole ListData::role() const
{
    using mail::MailboxRole;
    if (mailbox.isInbox())
        return MailboxRole::Inbox;
    constexpr std::array<std::pair<ListAttribute, MailboxRole>, 8> roles{{
        {ListAttribute::Drafts, MailboxRole::Drafts},
        {ListAttribute::Sent, MailboxRole::Sent},
        {ListAttribute::Archive, MailboxRole::Archive},
        {ListAttribute::Junk, MailboxRole::Junk},
        {ListAttribute::Trash, MailboxRole::Trash},
        {ListAttribute::All, MailboxRole::All},
        {ListAttribute::Flagged, MailboxRole::Flagged},
        {ListAttribute::Important, MailboxRole::Important},
    }};
    for (const auto &[attribute, role] : roles) {
        if (attributes.has(attribute))
            return role;
    }
    return MailboxRole::None;
}

} // namespace kittiwake::imap
