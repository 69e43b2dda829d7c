// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/base/secret.h"
#include "core/imap/codec/commandarguments.h"
#include "core/imap/codec/response.h"
#include "core/imap/session/mailboxupdate.h"
#include "core/imap/session/serverreport.h"
#include "core/mail/mailboxname.h"
#include "core/net/bytestream.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/** Where and how to sign in. */
struct ConnectOptions {
    net::Endpoint endpoint;
    net::TlsMode tls = net::TlsMode::Implicit;
    net::TlsPolicy policy;
    QString userName;
    Secret password;
    QString mechanism; ///< forces one ("PLAIN"); empty: the strongest that both sides know
    QByteArray productName = QByteArrayLiteral("Kittiwake"); ///< for ID (RFC 2971); empty: ID is sent without fields
    QByteArray productVersion;
    bool condstore = true; ///< ENABLE CONDSTORE where offered (QRESYNC implies it)
    bool qresync = false; ///< ENABLE QRESYNC where offered: VANISHED instead of EXPUNGE
    bool utf8 = false; ///< ENABLE UTF8=ACCEPT where offered: headers and names come as UTF-8 (RFC 6855)
    bool compress = true; ///< COMPRESS=DEFLATE where offered
};

/** A mailbox of the server. */
struct ListedMailbox {
    mail::MailboxName name;
    QChar delimiter; ///< null: a flat namespace
    mail::MailboxRole role = mail::MailboxRole::None;
    bool roleGuessed = false; ///< by its name, since the server says nothing about roles
    bool selectable = true;
    bool subscribed = false;
    bool noInferiors = false; ///< nothing can be made below it
    std::optional<bool> hasChildren; ///< nothing where the server does not tell
    std::optional<mail::MailboxName> oldName; ///< OLDNAME (RFC 9051 section 6.3.9.7): it was renamed
    std::optional<MailboxStatusData> status; ///< where asked for, and the server told

    bool operator==(const ListedMailbox &) const = default;
};

/** When a search is over. */
enum class SearchEnd {
    Tagged, ///< with the command
    /**
     * As soon as an ESEARCH with its tag has told what was found, which is all of it (RFC 4731 section 3.1).
     * Dovecot 2.3 holds the tagged answer back until the commands behind it are done.
     */
    Told,
};

struct SelectMode {
    bool readOnly = false; ///< EXAMINE
    std::optional<QResyncParameters> qresync; ///< only where QRESYNC was enabled
};

/** What select() found. The mailbox is then kept up to date by the updates; Client::selected() has it as of now. */
struct SelectResult {
    SelectedMailbox mailbox;
    UidSet vanished; ///< QRESYNC: gone since the given state
    std::vector<FetchData> changed; ///< QRESYNC: flags changed since the given state
    bool tooManyChanges = false; ///< QRESYNC: more changed than changed holds (200,000): fetch all flags
};

/** One FETCH answer: what the server sent of one message; uid is always valid here. */
using FetchedMessage = FetchData;
using FetchSink = std::function<void(FetchedMessage &&message)>;

struct FetchResult {
    std::uint64_t messages = 0; ///< answers given to the sink
    UidSet vanished; ///< FetchModifiers::vanished: gone since changedSince
};

/** A tagged OK of a command that changes something. */
struct CommandReply {
    ResponseCode code; ///< of the (last) tagged OK; only codes that the command may have
    QString text; ///< the server's sentence, neutralised
    std::vector<CopyUidCode> copyUids; ///< COPY and MOVE with UIDPLUS: one for each command that it took
    std::optional<AppendUidCode> appendUid; ///< APPEND with UIDPLUS
    UidSet notModified; ///< STORE with unchangedSince: these had changed and were left alone (RFC 7162 section 3.1.3)
};

struct IdleOptions {
    /**
     * First learn the UID of every message whose UID is not known (UID SEARCH ALL), so that each EXPUNGE can be told
     * by UID. Costs one round trip when some are unknown.
     */
    bool learnUids = true;
    /**
     * Nothing is selected, or need not be: the server tells by itself (Client::notify). NOOP, as often as IDLE would be
     * renewed, keeps it from signing us out (RFC 9051 section 5.4).
     */
    bool notified = false;
    Random *random = nullptr; ///< lengthens each renewal by up to a third, so that not all clients come at once
};

/** Which mailboxes NOTIFY should cover besides the person's own: those below these names. */
struct NotifyOptions {
    std::vector<mail::MailboxName> subtrees;
};

struct TransferFigures {
    std::uint64_t bytesReceived = 0; ///< as they travelled (compressed, without TLS)
    std::uint64_t bytesSent = 0;
    /** How often the server had nothing more to do until we spoke again: waits of a whole round trip. */
    std::uint64_t roundTrips = 0;
};

enum class TraceDirection { Sent, Received, Note };
/** One line of the protocol, without its line end; secrets and message texts are left out. */
using TraceHandler = std::function<void(TraceDirection direction, const QByteArray &line)>;
/**
 * Called in the engine thread as data arrives. It must not destroy the client from within: post that. Disconnected
 * comes only when the connection died by itself after connect() had succeeded, not after die() and logout().
 */
using UpdateHandler = std::function<void(const MailboxUpdate &update)>;

/** As UpdateHandler, for what NOTIFY brings about other mailboxes. */
using ReportHandler = std::function<void(const ServerReport &report)>;

/**
 * A round trip is confirmed: the server has answered a question that it could not answer without having told before all
 * that had happened in the selected mailbox (the end of IDLE, NOOP: RFC 2177, RFC 9051 section 6.1.2). askedAt is when
 * that question was sent, in milliseconds since 1970 UTC: never later than the answer was true, however long it was on
 * its way. What was told has gone to the UpdateHandler already.
 */
using ProofHandler = std::function<void(std::int64_t askedAt)>;

/** [ALERT]: the server's sentence, neutralised; it must be shown to the person (RFC 9051 section 7.1). */
using AlertHandler = std::function<void(const QString &text)>;

/** Whether error is a server's NO with this response code, as "[NONEXISTENT]" (RFC 5530). */
[[nodiscard]] bool isRefusal(const Error &error, SimpleCode code);

} // namespace kittiwake::imap
