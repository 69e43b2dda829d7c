// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/mailboxname.h"
#include "core/mail/messageheader.h"

#include <QChar>

#include <cstdint>
#include <span>
#include <vector>

namespace kittiwake::store
{

/** A mailbox as the cache knows it. */
struct MailboxRow {
    MailboxId id;
    AccountId account;
    mail::MailboxName name;
    QChar delimiter; ///< null: flat namespace
    mail::MailboxRole role = mail::MailboxRole::None;
    bool selectable = true; ///< not \Noselect and not \NonExistent
    bool subscribed = false;
    std::int64_t messages = 0; ///< as the server last said (STATUS, EXISTS)
    std::int64_t unseen = 0; ///< as the server last said, or counted in the cache once all headers are there
    std::int64_t cached = 0; ///< headers in the cache
    UidValidity uidValidity;
    Uid uidNext;
    ModSeq highestModSeq;
    bool complete = false; ///< the first sync has got to the oldest message
    std::int64_t syncedAt = 0; ///< "true as of": as MailboxState::syncedAt
    /** A label (X-GM-EXT-1): a message in it is in other mailboxes of the account too, one and the same. */
    bool isLabel = false;
    bool isProvisional = false; ///< asked for, and not on the server yet
    std::int64_t newestOnly = 0; ///< the server shows no more than so many of its newest messages; 0: all

    bool operator==(const MailboxRow &) const = default;
};

/**
 * Which mailboxes are to be added up, so that each message counts once: where messages have labels, All Mail holds all
 * but junk and what was deleted; elsewhere a message is in one mailbox, and All, Flagged and Important (RFC 6154, RFC
 * 8457) are views of the others. A value.
 */
class OnceCounted
{
public:
    /** All mailboxes of one account or of several. */
    explicit OnceCounted(std::span<const MailboxRow> mailboxes);
    /** row is one of them. */
    [[nodiscard]] bool counts(const MailboxRow &row) const;

private:
    std::vector<AccountId> m_withAllMail;
};

/** A message as the cache knows it. header.references is empty: they are not stored (docs/schema.md). */
struct MessageRow {
    MessageId id;
    MailboxId mailbox;
    ThreadId thread;
    mail::MessageHeader header;

    bool operator==(const MessageRow &) const = default;
};

/** One message as far as it tells who knows whom. */
struct CorrespondenceRow {
    MessageId id;
    bool isSent = false; ///< it lies in a mailbox for sent mail
    QByteArray messageId;
    QString author; ///< address of the first one
    QString authorName; ///< of the same; may be empty
    std::int64_t date = 0; ///< seconds since 1970 UTC
    mail::AddressList recipients; ///< To and Cc, of sent mail only
};

enum class SortKey { Date, From, Subject, Size };

/** One entry of a mailbox's order: 16 bytes, so that a million of them are 16 MB. */
struct OrderEntry {
    MessageId id;
    ThreadId thread;

    bool operator==(const OrderEntry &) const = default;
};

} // namespace kittiwake::store
