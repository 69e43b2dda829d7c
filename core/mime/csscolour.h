// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace kittiwake::mime
{

/** A colour of sRGB; each component from 0 to 1. */
struct CssColour {
    double red = 0;
    double green = 0;
    double blue = 0;
    double alpha = 1;
};

/** What a colour is painted on or as. */
enum class ColourRole { Ground, Ink, Line };

/**
 * How dark mode keeps every text readable without knowing which ground it ends up on: no ground is lighter than the one
 * bound, no ink darker than the other, and (0.40 + 0.05) / (0.05 + 0.05) is 4.5 to 1 (WCAG 2.1, contrast ratio).
 */
struct DarkBounds {
    static constexpr double lightestGround = 0.05; ///< relative luminance
    static constexpr double darkestInk = 0.40;
};

/** "#abc", "#aabbccdd", a name (that of a system colour as well), rgb(), rgba(), hsl(), hsla(); nothing for others. */
[[nodiscard]] std::optional<CssColour> parseCssColour(const QByteArray &text);

/** A colour attribute of old HTML: as above, or six digits without "#". */
[[nodiscard]] std::optional<CssColour> parseAttributeColour(const QByteArray &text);

/** Relative luminance (WCAG 2.1), 0 to 1, of the opaque colour. */
[[nodiscard]] double luminanceOf(const CssColour &colour);

/**
 * The colour for dark mode, as CSS. What is dark enough for a ground or light enough for an ink stays as it is; the
 * rest keeps its hue. White grounds become var(--kw-ground), the ground of the pane.
 */
[[nodiscard]] QByteArray darkColour(const CssColour &colour, ColourRole role);

/**
 * The value of a declaration with its colours for dark mode. value was written by filterCssValue(), without
 * "!important". Null where the property has nothing to do with colours.
 */
[[nodiscard]] QByteArray darkCssValue(const QByteArray &property, const QByteArray &value);

} // namespace kittiwake::mime
