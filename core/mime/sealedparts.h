// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"
#include "core/mime/messagecontent.h"

#include <QString>

namespace kittiwake::mime
{

/** What of a message nobody can read here. */
enum class Seal {
    None,
    Encrypted, ///< multipart/encrypted (RFC 1847, RFC 3156), enveloped S/MIME (RFC 8551), a PGP block in a text
    SignedOpaquely, ///< S/MIME signed-data: the text is within the signature
};

/** Looks at ContentLimits::parts parts down to ContentLimits::depth. */
[[nodiscard]] Seal sealOf(const mail::BodyPart &root);
/** "-----BEGIN PGP MESSAGE-----" at the beginning of a line. */
[[nodiscard]] bool holdsPgpMessage(const QString &text);

/** Beside the text: that there is more which cannot be shown. Empty for None. */
[[nodiscard]] QString sentenceBesideText(Seal seal);
/** In place of a text that is not there; never empty. */
[[nodiscard]] QString sentenceInsteadOfText(Seal seal, const MessageContent &content, bool isMissing);

} // namespace kittiwake::mime
