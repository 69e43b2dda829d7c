// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/imap/codec/sequenceset.h"
#include "core/mail/flags.h"

#include <QByteArray>
#include <QByteArrayList>

#include <cstdint>
#include <optional>
#include <variant>

namespace kittiwake::imap
{

/** Response codes without arguments (RFC 9051 section 7.1, RFC 5530, 7162, 8474, 5465, 4978, 9586). */
enum class SimpleCode {
    Alert,
    AlreadyExists,
    AuthenticationFailed,
    AuthorizationFailed,
    Cannot,
    ClientBug,
    Closed,
    CompressionActive,
    ContactAdmin,
    Corruption,
    Expired,
    ExpungeIssued,
    HasChildren,
    InUse,
    Limit,
    NoModSeq,
    NonExistent,
    NoPerm,
    NotificationOverflow,
    NotSaved,
    OverQuota,
    Parse,
    PrivacyRequired,
    ReadOnly,
    ReadWrite,
    ServerBug,
    Throttled, ///< Gmail and Outlook, no RFC
    TooBig,
    TryCreate,
    UidNotSticky,
    UidRequired,
    Unavailable,
    UnknownCte,
    UseAttr,
};

struct CapabilityCode {
    QByteArrayList names; ///< upper case
    bool operator==(const CapabilityCode &) const = default;
};

struct PermanentFlagsCode {
    mail::Flags flags;
    bool newKeywords = false; ///< "\*": keywords that are not in the list can be stored too
    bool operator==(const PermanentFlagsCode &) const = default;
};

struct UidNextCode {
    Uid uid;
    bool operator==(const UidNextCode &) const = default;
};

struct UidValidityCode {
    UidValidity value; ///< invalid (0) is sent by home.pl and xwtec: UIDs of such a mailbox mean nothing
    bool operator==(const UidValidityCode &) const = default;
};

struct UnseenCode {
    std::uint32_t sequence = 0; ///< of the first unseen message
    bool operator==(const UnseenCode &) const = default;
};

struct HighestModSeqCode {
    ModSeq value;
    bool operator==(const HighestModSeqCode &) const = default;
};

struct BadCharsetCode {
    QByteArrayList charsets; ///< that the server knows; may be empty
    bool operator==(const BadCharsetCode &) const = default;
};

/** MODIFIED (RFC 7162 section 3.1.3): UIDs after UID STORE, sequence numbers after STORE. */
struct ModifiedCode {
    SequenceSet numbers;
    bool operator==(const ModifiedCode &) const = default;
};

/** APPENDUID (RFC 4315): honoured only as the answer to APPEND (CVE-2021-3578). */
struct AppendUidCode {
    UidValidity validity;
    NumberRanges uids; ///< one UID, except after MULTIAPPEND
    bool operator==(const AppendUidCode &) const = default;
};

/**
 * COPYUID (RFC 4315): the n-th source UID became the n-th destination UID, in the order sent. Exchange sends both sets
 * empty when nothing was copied. Honoured only for COPY and MOVE. Yahoo permutes it for more than one message.
 */
struct CopyUidCode {
    UidValidity validity;
    NumberRanges source;
    NumberRanges destination;

    /** Both sides name the same number of messages. Otherwise no pair can be trusted. */
    [[nodiscard]] bool isConsistent() const { return countOf(source) == countOf(destination); }
    /** Where a source UID went; invalid when it is not in the set or the code is not consistent. */
    [[nodiscard]] Uid destinationOf(Uid uid) const;
    bool operator==(const CopyUidCode &) const = default;
};

struct MailboxIdCode {
    QByteArray id; ///< RFC 8474
    bool operator==(const MailboxIdCode &) const = default;
};

/** INPROGRESS (RFC 9585): a long command is alive. */
struct InProgressCode {
    QByteArray tag; ///< may be empty
    std::optional<std::uint32_t> done;
    std::optional<std::uint32_t> total;
    bool operator==(const InProgressCode &) const = default;
};

/** MESSAGELIMIT (RFC 9738): only part of the messages were worked on. */
struct MessageLimitCode {
    std::uint32_t limit = 0;
    Uid lowestProcessed; ///< may be none
    bool operator==(const MessageLimitCode &) const = default;
};

/** Any other code, METADATA among them; also a known code whose arguments make no sense. */
struct UnknownCode {
    QByteArray name; ///< upper case
    QByteArray arguments; ///< as they came
    bool operator==(const UnknownCode &) const = default;
};

/** std::monostate: the response has no code. */
using ResponseCode
    = std::variant<std::monostate, SimpleCode, CapabilityCode, PermanentFlagsCode, UidNextCode, UidValidityCode,
                   UnseenCode, HighestModSeqCode, BadCharsetCode, ModifiedCode, AppendUidCode, CopyUidCode,
                   MailboxIdCode, InProgressCode, MessageLimitCode, UnknownCode>;

/** "READ-ONLY", as on the wire. */
[[nodiscard]] QByteArray simpleCodeName(SimpleCode code);

} // namespace kittiwake::imap
