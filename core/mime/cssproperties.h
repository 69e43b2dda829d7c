// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

namespace kittiwake::mime
{

/** What a value may consist of, beside the keywords of its property and those that every property has. */
enum CssAllows : unsigned {
    AllowNothing = 0,
    AllowColour = 1U << 0U,
    AllowLength = 1U << 1U, ///< lengths, percentages, calc()
    AllowNumber = 1U << 2U,
    AllowNegative = 1U << 3U,
    AllowComma = 1U << 4U,
    AllowSlash = 1U << 5U,
    AllowFamily = 1U << 6U, ///< names of fonts: strings and any words
    AllowGradient = 1U << 7U,
    AllowColourOnly = 1U << 8U, ///< of a shorthand, keep the colour or gradient and leave out the rest
};

/** A property on the allow-list, and what its values may be. */
struct CssProperty {
    std::string_view name;
    unsigned allows;
    std::string_view keywords; ///< separated and surrounded by blanks
};

/** Null where the property (lower case) is not on the list. */
[[nodiscard]] const CssProperty *findCssProperty(const QByteArray &name);

} // namespace kittiwake::mime
