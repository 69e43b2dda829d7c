// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/mailboxcodec.h"
#include "core/imap/codec/response.h"

#include <QByteArray>

namespace kittiwake::imap
{

/** How a server would spell it. */
struct WriterOptions {
    MailboxEncoding mailboxes = MailboxEncoding::ModifiedUtf7;
    bool alwaysLiterals = false; ///< every string as a literal, as Courier likes it
};

/**
 * A response as bytes, line end included: what a server says. parse(write(value)) == value for every value that the
 * parser can return, Rejected apart (that one has no bytes: the result is empty). Used by tests, fuzzers and the model
 * server.
 */
[[nodiscard]] QByteArray write(const Response &response, const WriterOptions &options = {});

} // namespace kittiwake::imap
