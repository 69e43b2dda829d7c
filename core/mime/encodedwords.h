// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace kittiwake::mime
{

/** Encoded words and raw 8-bit bytes -> text as it is: neither cleaned nor shortened (decodeHeaderText() does that). */
[[nodiscard]] QString decodeWords(QByteArrayView raw);

/** Where the encoded word that starts at `at` ends; -1 where none does, or it is longer than 1 KiB. */
[[nodiscard]] qsizetype encodedWordEnd(QByteArrayView raw, qsizetype at);

} // namespace kittiwake::mime
