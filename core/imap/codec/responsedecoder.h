// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/decoder.h"
#include "core/imap/codec/mailboxcodec.h"
#include "core/imap/codec/response.h"

#include <optional>

namespace kittiwake::imap
{

/** Without line ends and NUL at its end, which the Fragmenter takes for padding too. */
[[nodiscard]] QByteArrayView withoutPadding(QByteArrayView text);
/** For values that are kept as they came: LF, which stands before a literal, becomes CR. */
[[nodiscard]] QByteArray oneLine(QByteArrayView text);

/** What follows OK, NO, BAD, BYE, PREAUTH: [SP] ["[" resp-text-code "]" SP] [text]. Nothing here is an error. */
void decodeStatusText(Decoder &decoder, StatusResponse &status);

/**
 * The rest of an untagged response behind its keyword. No value: the keyword is unknown. Errors are left in decoder,
 * and the value is not to be used then.
 */
[[nodiscard]] std::optional<Response> decodeUntagged(Decoder &decoder, QByteArrayView keyword,
                                                     MailboxEncoding encoding);

/** The parts of decodeUntagged() that are about mailboxes. */
bool expectList(Decoder &decoder, MailboxEncoding encoding, ListData &list);
bool expectMailboxStatus(Decoder &decoder, MailboxEncoding encoding, MailboxStatusData &status);
/** The parts that are about searching. */
bool expectSearch(Decoder &decoder, SearchData &search);
bool expectESearch(Decoder &decoder, ESearchData &search);
bool expectSort(Decoder &decoder, SortData &sort);
bool expectThread(Decoder &decoder, ThreadData &thread);
bool expectVanished(Decoder &decoder, VanishedData &vanished);

} // namespace kittiwake::imap
