// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/csstokens.h"

#include <QByteArray>

#include <cstdint>
#include <span>

namespace kittiwake::mime
{

/**
 * A selector list (Selectors Level 4), written anew and confined to scope; selectors with anything else than types,
 * classes, ids, [class=…] and harmless pseudo-classes are left out and counted. Null where none is left.
 */
[[nodiscard]] QByteArray filterSelectors(std::span<const CssToken> tokens, const QByteArray &scope,
                                         std::uint64_t &removed);

} // namespace kittiwake::mime
