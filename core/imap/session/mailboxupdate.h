// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/strongid.h"
#include "core/imap/codec/sequenceset.h"
#include "core/mail/flags.h"
#include "core/mail/mailboxname.h"

#include <QString>

#include <cstdint>
#include <variant>
#include <vector>

namespace kittiwake::imap
{

/** The selected mailbox has more messages than before: it now has exists. Their UIDs are at least the old UIDNEXT. */
struct Arrived {
    std::uint32_t exists = 0;

    bool operator==(const Arrived &) const = default;
};

/**
 * Messages went. uids may name some that never were (VANISHED gives ranges). unknown counts messages that went and of
 * which the server told only a sequence number whose UID we never learnt: compare all UIDs then (UID SEARCH ALL).
 */
struct Vanished {
    UidSet uids;
    std::uint32_t unknown = 0;
    std::uint32_t exists = 0;

    bool operator==(const Vanished &) const = default;
};

/** A message's flags as the server has them now. */
struct FlagChange {
    Uid uid;
    mail::Flags flags;
    ModSeq modseq; ///< none where the server has no CONDSTORE

    bool operator==(const FlagChange &) const = default;
};

/** Flags that were not asked for. unknown counts changes to messages whose UID we never learnt: fetch all flags then.
 */
struct FlagsChanged {
    std::vector<FlagChange> changes; ///< in the order told; the last of one UID counts
    std::uint32_t unknown = 0;

    bool operator==(const FlagsChanged &) const = default;
};

/**
 * The server contradicted itself about the selected mailbox (fewer messages without EXPUNGE, "* 0 FETCH", another
 * UIDVALIDITY): nothing known of sequence numbers holds any more. Resync, after select() anew.
 */
struct Inconsistent {
    QString reason; ///< English, for the log and FullResync{reason}

    bool operator==(const Inconsistent &) const = default;
};

/** The connection is gone; the last update of a client. */
struct Disconnected {
    Error error;

    bool operator==(const Disconnected &) const = default;
};

/** What the server told about the selected mailbox by itself, or beside another answer. By UID only. */
using MailboxUpdate = std::variant<Arrived, Vanished, FlagsChanged, Inconsistent, Disconnected>;

/** The selected mailbox as it is now. */
struct SelectedMailbox {
    mail::MailboxName name;
    bool readOnly = false;
    std::uint32_t exists = 0;
    UidValidity uidValidity; ///< invalid: the server told none (or 0), so its UIDs mean nothing tomorrow
    Uid uidNext; ///< invalid where the server did not tell
    ModSeq highestModSeq; ///< invalid: none told, or NOMODSEQ
    bool uidNotSticky = false; ///< UIDNOTSTICKY (RFC 4315): UIDs will not survive this session
    mail::Flags flags; ///< FLAGS
    mail::Flags permanentFlags; ///< PERMANENTFLAGS; all of flags where the server did not tell (RFC 9051 6.3.2)
    bool newKeywords = false; ///< "\*": other keywords can be stored too
    QByteArray mailboxId; ///< OBJECTID; empty where there is none
    std::uint32_t unknownUids = 0; ///< messages whose UID was not told yet (sequence numbers only)

    bool operator==(const SelectedMailbox &) const = default;
};

} // namespace kittiwake::imap
