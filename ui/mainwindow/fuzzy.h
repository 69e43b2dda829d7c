// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

namespace kittiwake::ui
{

/**
 * How well typed letters fit a name: every letter must occur in order, case and accents aside; beginnings of words and
 * letters in a row count more. Negative: not at all. Linear in the name for each letter typed.
 */
[[nodiscard]] int fuzzyScore(QStringView typed, QStringView name);

} // namespace kittiwake::ui
