// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"

#include <QString>

namespace kittiwake::mime
{

/**
 * A file name that can be shown and used on every system: the last component of what came, without control, bidi and
 * invisible characters (CVE-2023-3417), without what Windows forbids, no dot in front, no device name, at most
 * ContentLimits::fileNameBytes with its extension kept. Empty where nothing usable is left.
 */
[[nodiscard]] QString safeFileName(const QString &name);

/**
 * Whether a name as it came holds what makes its kind look like another one: characters that turn the direction of
 * writing round ("annexe\u202Efdp.exe"), line breaks, or blanks in such numbers that its end is pushed out of sight.
 */
[[nodiscard]] bool hidesItsKind(const QString &name);
/** The same for the names that a part gives itself. */
[[nodiscard]] bool hidesItsKind(const mail::BodyPart &part);

/** The name of an attachment: what the part says of itself, or one made from its type. Never empty. */
[[nodiscard]] QString attachmentName(const mail::BodyPart &part);

} // namespace kittiwake::mime
