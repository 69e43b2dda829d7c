// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/messagecontent.h"
#include "core/mime/reply.h"
#include "core/store/rows.h"
#include "ui/composer/composerbackend.h"
#include "ui/composer/writing.h"

/**
 * What a composer opens with when a message is answered or passed on. Pure functions of values, for worker threads: a
 * message of many megabytes takes a while to be sanitised.
 */
namespace kittiwake::ui
{

/** A message as the reader has it, and what is known beyond that. */
struct ReadMessage {
    store::MessageRow row;
    mime::MessageContent content;
    QByteArray header; ///< its header block; empty where it could not be fetched
    QString selection; ///< what the person has selected of it; empty: nothing
    AccountId account; ///< whose mailbox it is in
    QString mailbox; ///< by its full name
    QString date; ///< as the person reads dates
};

/** Text that is quoted at most; what is longer ends in "[…]". */
inline constexpr qsizetype longestQuote = 256 * 1024;

/** own: what the person may write as. The account of the message comes first where nothing else says who answers. */
[[nodiscard]] Writing replyTo(const ReadMessage &message, mime::ReplyTo whom, const std::vector<WriterIdentity> &own,
                              bool preferRich);
/** Passed on within the text. Its files are the caller's: forwardedFiles(). */
[[nodiscard]] Writing forwardOf(const ReadMessage &message, const std::vector<WriterIdentity> &own, bool preferRich);
/** Passed on as a whole; raw is the message as the server has it. */
[[nodiscard]] Writing forwardAttached(const ReadMessage &message, const QByteArray &raw,
                                      const std::vector<WriterIdentity> &own);
/** The same words again, to anybody. */
[[nodiscard]] Writing editAsNew(const ReadMessage &message, const QByteArray &raw,
                                const std::vector<WriterIdentity> &own);
/** What goes along with a message that is passed on, byte by byte. */
[[nodiscard]] std::vector<mime::OutgoingPart> forwardedFiles(const QByteArray &raw);

/** The address of the mailing list that the message came over; not valid where it came over none. */
[[nodiscard]] mail::Address listOf(const ReadMessage &message);

} // namespace kittiwake::ui
