// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"

#include <QByteArray>

#include <optional>

namespace kittiwake::mime
{

/**
 * What a mailto: link asks for (RFC 6068): recipients, subject, body, In-Reply-To. Everything else it may name is left
 * out, above all attachments ("attach=/etc/passwd") and Bcc, which nobody would see (RFC 6068 section 7). Text is
 * decoded as UTF-8, line ends become '\n', at most 64 KB. Nothing where it is no mailto: link.
 */
[[nodiscard]] std::optional<Composition> parseMailto(const QByteArray &uri);

/** The first mailto: of a List-Post field (RFC 2369 section 3.4); an invalid address where posting is not possible. */
[[nodiscard]] mail::Address listPostAddress(QByteArrayView field);

} // namespace kittiwake::mime
