// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/mailboxname.h"
#include "core/mail/messageheader.h"

#include <QChar>

#include <cstdint>

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

    bool operator==(const MailboxRow &) const = default;
};

/** A message as the cache knows it. header.references is empty: they are not stored (docs/schema.md). */
struct MessageRow {
    MessageId id;
    MailboxId mailbox;
    ThreadId thread;
    mail::MessageHeader header;

    bool operator==(const MessageRow &) const = default;
};

enum class SortKey { Date, From, Subject, Size };

/** One entry of a mailbox's order: 16 bytes, so that a million of them are 16 MB. */
struct OrderEntry {
    MessageId id;
    ThreadId thread;

    bool operator==(const OrderEntry &) const = default;
};

} // namespace kittiwake::store
