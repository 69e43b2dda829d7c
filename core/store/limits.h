// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

/**
 * What one message may put into cache.db. Everything beyond is cut, not refused: one absurd mail must not stop a
 * mailbox (compare CVE-2021-3181 in Mutt). Lengths of text are in UTF-16 code units, a surrogate pair is never cut in
 * two; NUL is stored as U+FFFD. The whole text is on the server and is shown when the message is opened.
 */
namespace kittiwake::store::limits
{

inline constexpr qsizetype subject = 1000; ///< a line of a header has 998 characters at most (RFC 5322 section 2.1.1)
inline constexpr qsizetype addressName = 200;
inline constexpr qsizetype address = 320; ///< 64 local, "@", 255 domain (RFC 5321 section 4.5.3.1)
inline constexpr qsizetype addresses = 100; ///< in each of From, To, Cc, Reply-To
inline constexpr qsizetype messageId = 998; ///< octets; a longer one is stored as none
inline constexpr qsizetype objectId = 255; ///< octets (RFC 8474 section 4); a longer one is stored as none
inline constexpr qsizetype references = 100; ///< used for threading: the first and the last half of them
inline constexpr qsizetype keywords = 64; ///< of a message
inline constexpr qsizetype keyword = 255; ///< octets; a longer one is not stored
inline constexpr qsizetype labels = 500; ///< of a message
inline constexpr qsizetype label = 300; ///< Gmail allows 225
inline constexpr qsizetype mailboxName = 2000;
inline constexpr qsizetype mailboxes = 50'000; ///< of an account; a longer list is refused
inline constexpr qsizetype changesListed = 10'000; ///< ids listed for a mailbox in one StoreChanges; beyond: reset

} // namespace kittiwake::store::limits
