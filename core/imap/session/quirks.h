// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/response.h"
#include "core/imap/session/capabilities.h"

#include <QByteArray>
#include <QByteArrayList>

namespace kittiwake::imap
{

/**
 * How the server at hand differs from the RFCs, merged from all rows of the table in quirks.cpp that match it. Each row
 * there says which server, since when, and where it was read.
 */
struct Quirks {
    QByteArrayList rows; ///< names of the rows that matched, for the log
    QByteArrayList withoutCapabilities; ///< offered, but broken: not used
    qsizetype maxCommandLength = 8000; ///< octets of one command line, literals not counted
    int maxPipelinedStatus = 25; ///< STATUS commands in flight
    bool noNamespace = false; ///< NAMESPACE makes it fall over
    bool sequenceNumbersLie = false; ///< EXPUNGE does not renumber: no sequence number means anything
    std::uint32_t newestOnly = 0; ///< shows no more messages of a mailbox until UIDONLY is enabled; 0: all of them
    bool partialFetch = true; ///< BODY[]<0.n> can be trusted
    bool statusMailboxId = true; ///< MAILBOXID of STATUS can be asked for
    bool copyUidPermuted = false; ///< COPYUID of more than one message pairs them wrongly
    bool vanishedNeedsLimit = false; ///< leaves expunges above the highest UID out of VANISHED for "1:*"
    bool selectWithoutUidNext = false; ///< SELECT tells no UIDNEXT: STATUS has to
    /** Puts a copy of what is submitted into Sent by itself, perhaps seconds later, and perhaps with another
     * Message-ID. */
    bool savesSubmitted = false;
    int idleRenewMinutes = 9; ///< how long one IDLE lasts at least; at most a third longer
    int noopMinutes = 2; ///< how often NOOP asks where there is no IDLE
    int maxConnections = 2; ///< of one account, by this client

    bool operator==(const Quirks &) const = default;
};

/** Matches the server by the text of its greeting, by its ID and by its capabilities (all may be empty). */
[[nodiscard]] Quirks quirksFor(const QByteArray &greeting, const IdData &id, const Capabilities &capabilities);

} // namespace kittiwake::imap
