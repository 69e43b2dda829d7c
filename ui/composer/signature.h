// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/composerbackend.h"
#include "ui/composer/writing.h"

class QTextDocument;

namespace kittiwake::ui
{

/** "-- ", a line end and the signature (RFC 3676 section 4.3); empty where the identity has none. */
[[nodiscard]] QString signatureOf(const WriterIdentity &identity);

/** As it stands in a formatted text. */
[[nodiscard]] QString signatureHtml(const QString &signature);

/** Puts the signature into a message that is begun: below where one writes, above or below what is quoted, as the
 * identity wants it. */
void addSignature(Writing &writing, const WriterIdentity &identity);

/**
 * One signature in place of another, in a text that somebody is writing; can be undone there. Nothing is changed where
 * the old one is not found as it was: it is the person's own by then. Where there was none the new one goes to the end.
 */
void changeSignature(QTextDocument &document, const QString &before, const QString &after);

/** The same at the end of what is quoted below a formatted text; false where it does not stand there as it was. */
bool changeSignature(QuotedOriginal &quote, const QString &before, const QString &after);

} // namespace kittiwake::ui
