// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>

namespace kittiwake::mime
{

/** The text of a part, and in which charset it was read. */
struct BodyText {
    QString text;
    QByteArray charset; ///< lower case; empty: nothing but ASCII
    bool isGuessed = false; ///< it is not the one that was named
};

/**
 * The bytes of a body as text. The charset that is named counts, unless it is missing, unknown, or cannot be meant:
 * valid UTF-8 that calls itself Latin, text that does not decode, Cyrillic, Greek or Chinese that calls itself Latin.
 * Linear; what is looked at for guessing is bounded. Bytes that are no text come out as U+FFFD.
 */
[[nodiscard]] BodyText readBody(QByteArrayView named, QByteArrayView bytes);

/** In this charset, whatever the bytes look like: what a person chose. Unknown names: as readBody(). */
[[nodiscard]] BodyText readBodyIn(QByteArrayView charset, QByteArrayView bytes);

/** The charset that bytes without a name are most probably in; "windows-1252" where nothing else is more probable. */
[[nodiscard]] QByteArray guessCharset(QByteArrayView bytes);

/** What a person may choose from, by region; readBodyIn() knows each. */
[[nodiscard]] QByteArrayList offeredCharsets();

} // namespace kittiwake::mime
