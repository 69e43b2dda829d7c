// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/mailboxname.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QChar>

#include <cstdint>
#include <optional>

namespace kittiwake::imap
{

/** Mailbox attributes (RFC 9051 section 7.3.1, RFC 6154), as bits. */
enum class ListAttribute : std::uint32_t {
    NoInferiors = 1u << 0,
    NoSelect = 1u << 1,
    Marked = 1u << 2,
    Unmarked = 1u << 3,
    HasChildren = 1u << 4,
    HasNoChildren = 1u << 5,
    NonExistent = 1u << 6,
    Subscribed = 1u << 7,
    Remote = 1u << 8,
    All = 1u << 9, ///< also \AllMail of XLIST
    Archive = 1u << 10,
    Drafts = 1u << 11,
    Flagged = 1u << 12, ///< also \Starred of XLIST
    Junk = 1u << 13, ///< also \Spam of XLIST
    Sent = 1u << 14,
    Trash = 1u << 15,
    Important = 1u << 16, ///< RFC 8457
    Inbox = 1u << 17, ///< only XLIST
};

/** A set of ListAttribute. */
class ListAttributes
{
public:
    [[nodiscard]] bool has(ListAttribute attribute) const
    {
        return (m_bits & static_cast<std::uint32_t>(attribute)) != 0;
    }
    void set(ListAttribute attribute) { m_bits |= static_cast<std::uint32_t>(attribute); }
    bool operator==(const ListAttributes &) const = default;

private:
    std::uint32_t m_bits = 0;
};

/** LIST, LSUB, XLIST (RFC 9051 section 7.3.1, with the extended items of RFC 5258). */
struct ListData {
    enum class Kind { List, Lsub, Xlist };
    Kind kind = Kind::List;
    ListAttributes attributes;
    QByteArrayList otherAttributes; ///< that this client does not know, as they came
    QChar delimiter; ///< null: NIL, a flat namespace
    mail::MailboxName mailbox;
    std::optional<mail::MailboxName> oldName; ///< OLDNAME
    QByteArrayList childInfo; ///< CHILDINFO, upper case: "SUBSCRIBED"

    /** Neither \NoSelect nor \NonExistent. */
    [[nodiscard]] bool isSelectable() const;
    /** What the attributes say (INBOX by its name). */
    [[nodiscard]] mail::MailboxRole role() const;
    bool operator==(const ListData &) const = default;
};

/** STATUS (RFC 9051 section 7.3.4). What the server left out has no value (NetEase omits UIDNEXT; 163 everything). */
struct MailboxStatusData {
    mail::MailboxName mailbox;
    std::optional<std::uint32_t> messages;
    std::optional<std::uint32_t> recent;
    std::optional<std::uint32_t> unseen;
    std::optional<std::uint32_t> deleted;
    Uid uidNext;
    UidValidity uidValidity;
    std::optional<std::uint64_t> highestModSeq; ///< 0: the mailbox keeps no MODSEQ (RFC 7162 section 3.1.2.1)
    std::optional<std::uint64_t> size;
    QByteArray mailboxId;
    std::optional<std::uint64_t> appendLimit;
    bool operator==(const MailboxStatusData &) const = default;
};

} // namespace kittiwake::imap
