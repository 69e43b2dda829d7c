// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace kittiwake::ui
{

/**
 * Text of a message for one line of the window: control and bidi control characters are taken out, every kind of blank
 * (Braille and Hangul fillers too: CVE-2020-12397, CVE-2022-1834) becomes one space, and what is longer than limit
 * characters ends in "…".
 */
[[nodiscard]] QString oneLine(const QString &text, qsizetype limit = 1000);

/** oneLine() between first-strong isolates, so that its direction does not leak into a sentence it is put into. */
[[nodiscard]] QString isolated(const QString &text, qsizetype limit = 1000);

} // namespace kittiwake::ui
