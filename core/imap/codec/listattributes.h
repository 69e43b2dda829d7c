// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/listdata.h"

#include <array>

namespace kittiwake::imap
{

/** How an attribute is spelled; the first spelling of each is the one to write. */
struct ListAttributeName {
    ListAttribute attribute;
    const char *spelled; ///< upper case, without the backslash
};

inline constexpr std::array<ListAttributeName, 22> listAttributeNames{{
    {ListAttribute::NoInferiors, "NOINFERIORS"},
    {ListAttribute::NoSelect, "NOSELECT"},
    {ListAttribute::Marked, "MARKED"},
    {ListAttribute::Unmarked, "UNMARKED"},
    {ListAttribute::HasChildren, "HASCHILDREN"},
    {ListAttribute::HasNoChildren, "HASNOCHILDREN"},
    {ListAttribute::NonExistent, "NONEXISTENT"},
    {ListAttribute::Subscribed, "SUBSCRIBED"},
    {ListAttribute::Remote, "REMOTE"},
    {ListAttribute::All, "ALL"},
    {ListAttribute::Archive, "ARCHIVE"},
    {ListAttribute::Drafts, "DRAFTS"},
    {ListAttribute::Flagged, "FLAGGED"},
    {ListAttribute::Junk, "JUNK"},
    {ListAttribute::Sent, "SENT"},
    {ListAttribute::Trash, "TRASH"},
    {ListAttribute::Important, "IMPORTANT"},
    {ListAttribute::Inbox, "INBOX"},
    {ListAttribute::All, "ALLMAIL"}, // XLIST, as the following
    {ListAttribute::Flagged, "STARRED"},
    {ListAttribute::Junk, "SPAM"},
    {ListAttribute::Junk, "BULK"}, // Yahoo and Zoho, seen beside \Junk
}};

} // namespace kittiwake::imap
