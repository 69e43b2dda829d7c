// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/listdata.h"

#include <array>

namespace kittiwake::imap
{

/** How an attribute is spelled; the first spelling of each is the one to write. */
struct ListAttributeName {
    ListAttribute attribute;
    const char *spelled; ///< without the backslash; case does not count
};

inline constexpr std::array<ListAttributeName, 22> listAttributeNames{{
    {ListAttribute::NoInferiors, "NoInferiors"},
    {ListAttribute::NoSelect, "NoSelect"},
    {ListAttribute::Marked, "Marked"},
    {ListAttribute::Unmarked, "Unmarked"},
    {ListAttribute::HasChildren, "HasChildren"},
    {ListAttribute::HasNoChildren, "HasNoChildren"},
    {ListAttribute::NonExistent, "NonExistent"},
    {ListAttribute::Subscribed, "Subscribed"},
    {ListAttribute::Remote, "Remote"},
    {ListAttribute::All, "All"},
    {ListAttribute::Archive, "Archive"},
    {ListAttribute::Drafts, "Drafts"},
    {ListAttribute::Flagged, "Flagged"},
    {ListAttribute::Junk, "Junk"},
    {ListAttribute::Sent, "Sent"},
    {ListAttribute::Trash, "Trash"},
    {ListAttribute::Important, "Important"},
    {ListAttribute::Inbox, "Inbox"},
    {ListAttribute::All, "AllMail"}, // XLIST, as the following
    {ListAttribute::Flagged, "Starred"},
    {ListAttribute::Junk, "Spam"},
    {ListAttribute::Junk, "Bulk"}, // Yahoo and Zoho, seen beside \Junk
}};

} // namespace kittiwake::imap
