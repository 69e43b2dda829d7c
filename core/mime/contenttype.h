// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace kittiwake::mime
{

/** "value; name=value …" of Content-Type and Content-Disposition (RFC 2045 section 5.1), read leniently. */
struct ParameterisedValue {
    QByteArray value; ///< lower case: "text/plain", "attachment"
    mail::BodyParameters parameters; ///< as they came, without quotes; at most 1,000
};

[[nodiscard]] ParameterisedValue parseParameterisedValue(QByteArrayView field);

/**
 * A parameter as text: the pieces and charsets of RFC 2231 put together, encoded words (not allowed, yet common) and
 * raw 8-bit bytes decoded. Not cleaned: a file name still needs safeFileName().
 */
[[nodiscard]] QString decodedParameter(const mail::BodyParameters &parameters, QByteArrayView name);

} // namespace kittiwake::mime
