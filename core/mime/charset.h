// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace kittiwake::mime
{

/**
 * Bytes of a charset named in a mail (any case, aliases and common misnomers included) -> text. Linear. Bytes that are
 * no text in it become U+FFFD; where they show that the name is wrong or unknown, guessText() decides. Names outside a
 * fixed list never reach iconv, whose rarer converters have a history (CVE-2024-2961, CVE-2020-27618).
 */
[[nodiscard]] QString decodeText(QByteArrayView charset, QByteArrayView bytes);

/** UTF-8 where the bytes are valid UTF-8, otherwise windows-1252. */
[[nodiscard]] QString guessText(QByteArrayView bytes);

/** Whether decodeText() knows the name. */
[[nodiscard]] bool isKnownCharset(QByteArrayView charset);

/** Only bytes below 0x80. */
[[nodiscard]] bool isAscii(QByteArrayView bytes);

} // namespace kittiwake::mime
