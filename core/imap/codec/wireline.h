// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <cstdint>
#include <optional>

namespace kittiwake::imap
{

/** Without regard to ASCII case. */
[[nodiscard]] bool startsWithWord(QByteArrayView text, QByteArrayView prefix);

/** What follows OK, NO, BAD, BYE or PREAUTH at the start of text; no value when none of them stands there as a word. */
[[nodiscard]] std::optional<QByteArrayView> behindStatusWord(QByteArrayView text);

/** Whether a response code opens what follows a status word. */
[[nodiscard]] bool opensCode(QByteArrayView behindWord);

/**
 * The octets that a line without its line end announces: "{n}", "{n+}" or "~{n}" at its end (RFC 9051 section 4.3,
 * RFC 7888). Numbers past 2^64-1 come out as 2^64-1, which no limit allows. No value when there is no literal.
 */
[[nodiscard]] std::optional<std::uint64_t> literalSize(QByteArrayView line);

} // namespace kittiwake::imap
