// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/imap/codec/section.h"
#include "core/imap/codec/sequenceset.h"
#include "core/mail/flags.h"
#include "core/mail/mailboxname.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QDate>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace kittiwake::imap
{

/** Which octets of a section: "<offset.length>". */
struct FetchPartial {
    std::uint64_t offset = 0;
    std::uint64_t length = 0; ///< at least 1
    bool operator==(const FetchPartial &) const = default;
};

/** What UID FETCH asks for (RFC 9051 section 6.4.5). UID comes by itself. */
struct FetchItems {
    struct Body {
        Section section;
        bool peek = true; ///< false sets \Seen on the server
        bool binary = false; ///< BINARY[…] (RFC 3516): only of whole parts
        std::optional<FetchPartial> partial;
    };
    bool flags = false;
    bool internalDate = false;
    bool size = false; ///< RFC822.SIZE
    bool envelope = false;
    bool body = false; ///< BODY: the structure without extension data
    bool bodyStructure = false;
    bool modseq = false;
    bool emailId = false;
    bool threadId = false;
    bool gmailMessageId = false;
    bool gmailThreadId = false;
    bool gmailLabels = false;
    std::vector<Body> bodies;
    std::vector<Section> binarySizes; ///< BINARY.SIZE[…]
};

/** RFC 7162: what changed since, and what has gone (VANISHED only with CHANGEDSINCE, after ENABLE QRESYNC). */
struct FetchModifiers {
    ModSeq changedSince; ///< none: no modifier. 0 cannot be asked for.
    bool vanished = false;
    /** PARTIAL (RFC 9394 section 3.4): of those asked for, the ones at these positions, from 1; negative: from the end.
     */
    std::optional<std::pair<std::int64_t, std::int64_t>> partial = {};
};

/** Items of STATUS (RFC 9051 section 6.3.11). */
enum class StatusItem {
    Messages,
    UidNext,
    UidValidity,
    Unseen,
    Recent, ///< IMAP4rev1 only
    Deleted, ///< IMAP4rev2 or RFC 9208
    Size, ///< STATUS=SIZE
    HighestModSeq, ///< CONDSTORE
    MailboxId, ///< OBJECTID
    AppendLimit, ///< RFC 7889
};
using StatusItems = std::vector<StatusItem>;

/** LIST-EXTENDED (RFC 5258) with RFC 5819 and RFC 6154. Plain when everything is off. */
struct ListOptions {
    // Which mailboxes
    bool selectSubscribed = false;
    bool selectRemote = false;
    bool selectRecursiveMatch = false; ///< only beside another selection (RFC 5258 section 3.1)
    bool selectSpecialUse = false; ///< Proton Bridge answers BAD
    // What is told about them
    bool returnSubscribed = false;
    bool returnChildren = false;
    bool returnSpecialUse = false;
    StatusItems returnStatus; ///< LIST-STATUS
};

/** QRESYNC parameter of SELECT (RFC 7162 section 3.2.5). */
struct QResyncParameters {
    UidValidity uidValidity;
    ModSeq modseq;
    UidSet knownUids; ///< may be empty
    SequenceSet knownSequences; ///< with matchingUids, or empty
    UidSet matchingUids;
};

struct SelectOptions {
    bool condstore = false;
    std::optional<QResyncParameters> qresync; ///< only after ENABLE QRESYNC
};

/** How UID STORE changes flags. Answers are silent: changes come as FETCH only with echo. */
struct StoreChange {
    enum class Kind { Replace, Add, Remove };
    Kind kind = Kind::Add;
    mail::Flags flags;
    bool echo = false; ///< false: .SILENT
    std::optional<std::uint64_t> unchangedSince; ///< CONDSTORE; 0 is legal (RFC 7162 section 3.1.3)
};

/** One key of SEARCH; several are joined by AND. Strings are UTF-8, without CR, LF, NUL. */
class SearchKey
{
public:
    enum class Kind {
        All,
        Uids,
        Flag, ///< has the flag
        NotFlag,
        Header, ///< field, text
        From,
        To,
        Cc,
        Subject,
        Body,
        Text,
        Since, ///< INTERNALDATE, days of the server
        Before,
        SentSince, ///< Date header
        SentBefore,
        Larger, ///< octets
        Smaller,
        ModSeqSince, ///< MODSEQ n: CONDSTORE
        Not, ///< operands[0]
        Or, ///< operands[0] or operands[1]
    };

    [[nodiscard]] static SearchKey all() { return SearchKey(Kind::All); }
    [[nodiscard]] static SearchKey uids(UidSet set);
    [[nodiscard]] static SearchKey flag(QByteArray name, bool set = true); ///< "\\Seen" or a keyword
    [[nodiscard]] static SearchKey header(QByteArray field, QByteArray text); ///< empty text: has the field
    [[nodiscard]] static SearchKey text(Kind kind, QByteArray text); ///< From, To, Cc, Subject, Body, Text
    [[nodiscard]] static SearchKey date(Kind kind, QDate date); ///< Since, Before, SentSince, SentBefore
    [[nodiscard]] static SearchKey number(Kind kind, std::uint64_t value); ///< Larger, Smaller, ModSeqSince
    [[nodiscard]] static SearchKey negated(SearchKey key);
    [[nodiscard]] static SearchKey either(SearchKey left, SearchKey right);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] const QByteArray &name() const { return m_name; }
    [[nodiscard]] const QByteArray &textValue() const { return m_text; }
    [[nodiscard]] const UidSet &uidSet() const { return m_uids; }
    [[nodiscard]] QDate dateValue() const { return m_date; }
    [[nodiscard]] std::uint64_t numberValue() const { return m_number; }
    [[nodiscard]] const std::vector<SearchKey> &operands() const { return m_operands; }

private:
    explicit SearchKey(Kind kind) : m_kind(kind) { }

    Kind m_kind;
    QByteArray m_name;
    QByteArray m_text;
    UidSet m_uids;
    QDate m_date;
    std::uint64_t m_number = 0;
    std::vector<SearchKey> m_operands;
};

/** RETURN (…) of ESEARCH (RFC 4731, RFC 9394). All off: plain SEARCH. */
struct SearchReturn {
    bool minimum = false;
    bool maximum = false;
    bool count = false;
    bool all = false;
    bool save = false;
    std::optional<std::pair<std::int64_t, std::int64_t>> partial; ///< positions from 1; negative from the end
};

struct AppendOptions {
    mail::Flags flags;
    std::optional<std::int64_t> internalDate; ///< seconds since 1970 UTC
    bool utf8 = false; ///< the message's header holds UTF-8: only after ENABLE UTF8=ACCEPT (RFC 6855 section 4)
};

/** NOTIFY SET (RFC 5465): what the server tells about which mailboxes. */
struct NotifyGroup {
    enum class Mailboxes { Selected, SelectedDelayed, Inboxes, Personal, Subscribed, Subtree, Named };
    enum Event : unsigned {
        MessageNew = 1,
        MessageExpunge = 2,
        FlagChange = 4,
        MailboxName = 8,
        SubscriptionChange = 16,
    };
    Mailboxes mailboxes = Mailboxes::Personal;
    std::vector<mail::MailboxName> names; ///< of Subtree and Named
    unsigned events = 0; ///< of Event; 0: NONE. New and Expunge come together (RFC 5465 section 5).
    std::optional<FetchItems> newMessages; ///< what comes with MessageNew; only of Selected
};

} // namespace kittiwake::imap
