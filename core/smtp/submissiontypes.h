// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/smtp/path.h"
#include "core/smtp/refusal.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::smtp
{

/** Of what a server is to tell the sender (RFC 3461 section 4.1). */
struct Notify {
    bool success = false;
    bool failure = false;
    bool delay = false;

    [[nodiscard]] bool isDefault() const { return !success && !failure && !delay; }
    bool operator==(const Notify &) const = default;
};

/** Who sends, who receives, and what the server must know of the message before it comes. */
struct Envelope {
    Path sender;
    std::vector<Path> recipients; ///< at least one
    std::uint64_t size = 0; ///< octets of the message, with CRLF line ends
    bool hasEightBit = false; ///< its body holds bytes beyond ASCII
    bool hasUtf8Header = false; ///< its header does (RFC 6532)
    // The rest is sent only where the server offers DSN.
    Notify notify; ///< for all recipients; default: what the server thinks right
    bool returnFull = false; ///< RET=FULL instead of RET=HDRS, with notify
    QByteArray envelopeId; ///< ENVID: told back in reports; up to 100 bytes

    [[nodiscard]] bool needsUtf8() const;
};

/** How a message fared with one of its recipients. */
struct RecipientResult {
    Path recipient;
    std::optional<Refusal> refusal; ///< none: taken

    bool operator==(const RecipientResult &) const = default;
};

/** What became of a message. */
struct Outcome {
    enum class State {
        Sent, ///< the server has taken the responsibility for all recipients that were not refused
        Refused, ///< nobody has it
        Unknown, ///< all of it went out, and no answer came: the recipients may have it or not. Never tried again
                 ///< unasked
    };
    State state = State::Refused;
    std::vector<RecipientResult> recipients; ///< in the order of the envelope
    std::optional<Refusal> refusal; ///< of the message as a whole
    std::optional<Error> cut; ///< Unknown: why no answer came
    QString receipt; ///< Sent: the server's words, often with the number that it gave the message
};

} // namespace kittiwake::smtp
