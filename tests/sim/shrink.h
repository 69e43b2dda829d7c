// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/history.h"

namespace kittiwake::sim
{

/** The shortest history found, within so many runs, that still comes to something that must never be. */
[[nodiscard]] History shrink(History history, int runs);

} // namespace kittiwake::sim
