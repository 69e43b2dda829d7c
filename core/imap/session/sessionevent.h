// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/imap/codec/command.h"
#include "core/imap/codec/response.h"
#include "core/imap/session/mailboxupdate.h"
#include "core/imap/session/serverreport.h"

#include <QByteArray>

#include <optional>
#include <variant>

namespace kittiwake::imap
{

/** A command given to one Session. */
using CommandId = StrongId<struct CommandIdTag, std::uint64_t>;

/** The server may be spoken to. */
struct GreetingReceived {
    StatusKind kind = StatusKind::Ok; ///< Ok or PreAuth
    QByteArray text;
};

/** A command is over. Not reported for abandoned ones. */
struct CommandFinished {
    CommandId command;
    CommandKind kind = CommandKind::Noop;
    StatusResponse status; ///< its code only where this command may have it (CVE-2021-3578)
    std::optional<Error> error; ///< it could not be sent (Input), or the sign-in failed on our side
};

/** IDLE was confirmed. */
struct IdleStarted {
    CommandId command;
};

/** Untagged data that is an answer: to command, or to nobody where that is invalid (abandoned, or unsolicited). */
struct DataReceived {
    CommandId command;
    Response
        data; ///< Capability, Enabled, List, MailboxStatus, Search, ESearch, Namespace, Id, Vanished (EARLIER), Quota
};

/** A COPYUID that came before the tagged OK (RFC 6851 section 4.3). */
struct CopyUidReceived {
    CommandId command;
    CopyUidCode code;
};

/** What the server tells by itself about other mailboxes than the selected one, since NOTIFY asked for it. */
struct ReportReceived {
    ServerReport report;
};

/** FETCH. uid is filled in where the server left it out and it is known; it may be invalid. */
struct FetchReceived {
    FetchData data;
};

/** [ALERT] (RFC 9051 section 7.1): must be shown to the person. */
struct AlertReceived {
    QString text;
};

/** What the parser had to drop, or a response that has no place here; the stream is in step. */
struct MalformedReceived {
    QByteArray why;
    bool overLimit = false; ///< it was too large, not wrong
};

/** The tagged OK of STARTTLS or COMPRESS came: upgrade the stream, then call upgraded(). Nothing is sent until then. */
struct UpgradeWanted {
    enum class Kind { Tls, Deflate };
    Kind kind = Kind::Tls;
    QByteArray unread; ///< Deflate: compressed bytes that came behind the answer
};

/** The session is over: BYE, or the stream makes no sense, or must not be trusted. The last event. */
struct SessionEnded {
    Error error;
    bool expected = false; ///< BYE after LOGOUT
};

using SessionEvent
    = std::variant<GreetingReceived, CommandFinished, IdleStarted, DataReceived, CopyUidReceived, FetchReceived,
                   MailboxUpdate, ReportReceived, AlertReceived, MalformedReceived, UpgradeWanted, SessionEnded>;

} // namespace kittiwake::imap
