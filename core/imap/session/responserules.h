// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/command.h"
#include "core/imap/codec/fragmenter.h"
#include "core/imap/codec/response.h"
#include "core/imap/session/mailboxupdate.h"

#include <QByteArray>

/** Small rules of a Session as functions of values. */
namespace kittiwake::imap
{

/** Whether the tagged answer to such a command may carry that code; otherwise the code is ignored (CVE-2021-3578). */
[[nodiscard]] bool mayAnswerWith(CommandKind kind, const ResponseCode &code);

/** Puts next into last where both tell of the same thing; false where they have to stay two. */
[[nodiscard]] bool merge(MailboxUpdate &last, MailboxUpdate &next);

/**
 * A message for the protocol trace, at most a few hundred bytes: literals, FETCH answers and (signingIn) SASL
 * challenges only by their size.
 */
[[nodiscard]] QByteArray traceLine(const WireMessage &message, const Response &response, bool signingIn);

} // namespace kittiwake::imap
