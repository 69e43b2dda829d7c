// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QMargins>
#include <QPalette>

class QApplication;

namespace kittiwake::ui::theme
{

/**
 * Colours and measures of the window. The two palettes of our own are used where no desktop theme brings one; all other
 * colours are derived from whatever palette is there, so that the window fits a foreign one too. Every pair of text and
 * ground that is offered here has a contrast of 4.5:1 or more in both palettes (tests/ui/test_theme.cpp).
 */
[[nodiscard]] QPalette lightPalette();
[[nodiscard]] QPalette darkPalette();
[[nodiscard]] bool isDark(const QPalette &palette);

/** Padding and grid, device-independent pixels. */
inline constexpr int grid = 4;
inline constexpr int padding = 8;
inline constexpr int radius = 6;
inline constexpr int smallIcon = 16;
inline constexpr int toolIcon = 18;

/** Margins that mirror with the application's layout direction, as those of QLayout do not. */
[[nodiscard]] QMargins margins(int start, int top, int end, int bottom);

/** Mixes amount (0 to 1) of over into base. */
[[nodiscard]] QColor mix(const QColor &base, const QColor &over, qreal amount);

[[nodiscard]] QColor chrome(const QPalette &palette); ///< ground of toolbar and folder pane
[[nodiscard]] QColor border(const QPalette &palette); ///< hairlines between areas
[[nodiscard]] QColor secondaryText(const QPalette &palette); ///< dates, counts, explanations
[[nodiscard]] QColor accent(const QPalette &palette); ///< marks and text in the accent colour on Base or chrome
[[nodiscard]] QColor hover(const QPalette &palette, const QColor &ground);
[[nodiscard]] QColor selection(const QPalette &palette, bool focused); ///< ground of selected rows; text stays Text
[[nodiscard]] QColor star(const QPalette &palette);

enum class Tone { Info, Warning, Error };
[[nodiscard]] QColor toneGround(const QPalette &palette, Tone tone); ///< of banners; their text is Text
[[nodiscard]] QColor toneMark(const QPalette &palette, Tone tone); ///< of a banner's icon

/** base, larger or smaller by factor, with the given weight. */
[[nodiscard]] QFont scaled(const QFont &base, qreal factor, QFont::Weight weight = QFont::Normal);

/** Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.1). */
[[nodiscard]] qreal contrast(const QColor &one, const QColor &other);

enum class Scheme { System, Light, Dark };
/**
 * Gives the application our style and palette. With Scheme::System a desktop theme's own style and palette are left
 * alone (macOS, Windows, KDE); systemIsDark decides otherwise.
 */
void apply(QApplication &application, Scheme scheme, bool systemIsDark);

} // namespace kittiwake::ui::theme
