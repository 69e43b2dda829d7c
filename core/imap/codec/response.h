// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/imap/codec/fetchdata.h"
#include "core/imap/codec/listdata.h"
#include "core/imap/codec/responsecode.h"
#include "core/imap/codec/sequenceset.h"
#include "core/mail/flags.h"
#include "core/mail/mailboxname.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace kittiwake::imap
{

enum class StatusKind { Ok, No, Bad, Bye, PreAuth };

/** OK, NO, BAD, BYE, PREAUTH (RFC 9051 section 7.1): tagged, untagged, or the greeting. */
struct StatusResponse {
    QByteArray tag; ///< empty: untagged
    StatusKind kind = StatusKind::Ok;
    ResponseCode code;
    QByteArray text; ///< for people, as it came; may be missing (CVE-2018-14349). Never shown as rich text.

    [[nodiscard]] bool isTagged() const { return !tag.isEmpty(); }
    [[nodiscard]] bool hasCode(SimpleCode wanted) const { return code == ResponseCode(wanted); }
    /** The code's value if it is of that kind: `status.codeAs<UidNextCode>()`. */
    template <typename Code>
    [[nodiscard]] const Code *codeAs() const
    {
        return std::get_if<Code>(&code);
    }
    /** The text decoded (UTF-8, else Latin-1), without control characters, at most 500 characters. */
    [[nodiscard]] QString displayText() const;
    bool operator==(const StatusResponse &) const = default;
};

/** "+ …": go on with a literal, an AUTHENTICATE exchange or IDLE. */
struct ContinuationRequest {
    QByteArray text; ///< behind "+ "; may be empty ("+\r\n")
    /** The text as base64, for AUTHENTICATE; no value when it is none. Empty text is empty data. */
    [[nodiscard]] std::optional<QByteArray> decoded() const;
    bool operator==(const ContinuationRequest &) const = default;
};

struct CapabilityData {
    QByteArrayList names; ///< upper case: "IMAP4REV1", "AUTH=PLAIN"
    bool operator==(const CapabilityData &) const = default;
};

/** ENABLED (RFC 5161). Cyrus sends it empty; iCloud not at all. */
struct EnabledData {
    QByteArrayList names; ///< upper case
    bool operator==(const EnabledData &) const = default;
};

/** SEARCH: whether the numbers are UIDs is known to who asked. */
struct SearchData {
    SequenceSet numbers;
    ModSeq modseq; ///< RFC 7162; may be none
    bool operator==(const SearchData &) const = default;
};

/** PARTIAL of ESEARCH (RFC 9394). */
struct ESearchPartial {
    std::int64_t first = 0; ///< negative: counted from the end
    std::int64_t last = 0;
    SequenceSet numbers; ///< empty: NIL
    bool operator==(const ESearchPartial &) const = default;
};

/** ESEARCH (RFC 4731, RFC 9394). iCloud answers with COUNT only, whatever was asked. */
struct ESearchData {
    QByteArray tag; ///< of the command it answers; may be empty
    bool uid = false;
    std::optional<std::uint32_t> minimum;
    std::optional<std::uint32_t> maximum;
    std::optional<std::uint32_t> count;
    std::optional<SequenceSet> all;
    ModSeq modseq;
    std::optional<ESearchPartial> partial;
    bool operator==(const ESearchData &) const = default;
};

struct SortData {
    std::vector<std::uint32_t> numbers; ///< in order (RFC 5256)
    ModSeq modseq;
    bool operator==(const SortData &) const = default;
};

/** THREAD (RFC 5256), its parentheses balanced and bounded, otherwise as it came. */
struct ThreadData {
    QByteArray text;
    bool operator==(const ThreadData &) const = default;
};

struct FlagsData {
    mail::Flags flags; ///< that the mailbox knows
    bool operator==(const FlagsData &) const = default;
};

struct ExistsData {
    std::uint32_t count = 0;
    bool operator==(const ExistsData &) const = default;
};

struct RecentData {
    std::uint32_t count = 0;
    bool operator==(const RecentData &) const = default;
};

struct ExpungeData {
    std::uint32_t sequence = 0;
    bool operator==(const ExpungeData &) const = default;
};

/** VANISHED (RFC 7162 section 3.2.10). The set may name UIDs that never were: intersect it with what is known. */
struct VanishedData {
    bool earlier = false;
    UidSet uids;
    bool operator==(const VanishedData &) const = default;
};

struct NamespaceData {
    struct Entry {
        mail::MailboxName prefix;
        QChar delimiter; ///< null: flat
        bool operator==(const Entry &) const = default;
    };
    std::vector<Entry> personal;
    std::vector<Entry> otherUsers;
    std::vector<Entry> shared;
    bool operator==(const NamespaceData &) const = default;
};

/** ID (RFC 2971): "name" -> "Dovecot"; names lower case. NIL values are left out. */
struct IdData {
    std::vector<std::pair<QByteArray, QByteArray>> fields;
    [[nodiscard]] QByteArray field(QByteArrayView name) const;
    bool operator==(const IdData &) const = default;
};

/** QUOTA (RFC 9208). */
struct QuotaData {
    struct Resource {
        QByteArray name; ///< upper case: "STORAGE" counts units of 1024 octets
        std::uint64_t usage = 0;
        std::uint64_t limit = 0;
        bool operator==(const Resource &) const = default;
    };
    QByteArray root;
    std::vector<Resource> resources;
    bool operator==(const QuotaData &) const = default;
};

struct QuotaRootData {
    mail::MailboxName mailbox;
    QByteArrayList roots;
    bool operator==(const QuotaRootData &) const = default;
};

/** Untagged data that this client does not know, and lines without a tag ("Server Unavailable." of Exchange). */
struct UnknownData {
    QByteArray text; ///< at most the first 1,000 bytes, without "* "; LF is CR
    bool untagged = true; ///< false: the line did not begin with "*"
    bool operator==(const UnknownData &) const = default;
};

/** A message that breaks the grammar or a limit. It was dropped whole; the stream is still in step. */
struct Rejected {
    QByteArray why; ///< English, for the log
    qsizetype position = 0; ///< bytes into the message at which it stopped making sense
    QByteArray head; ///< at most the first 200 bytes of the message
    bool operator==(const Rejected &) const = default;
};

/** One complete message of the server, typed. */
using Response
    = std::variant<StatusResponse, ContinuationRequest, CapabilityData, EnabledData, ListData, MailboxStatusData,
                   SearchData, ESearchData, SortData, ThreadData, FlagsData, ExistsData, RecentData, ExpungeData,
                   VanishedData, FetchData, NamespaceData, IdData, QuotaData, QuotaRootData, UnknownData, Rejected>;

} // namespace kittiwake::imap
