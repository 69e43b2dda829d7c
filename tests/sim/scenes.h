// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/history.h"

namespace kittiwake::sim
{

/**
 * Some histories have a scene: a few events that belong together, in the place of as many others. Chance alone brings
 * together once in a thousand histories, or never, what shows certain defects (docs/testing.md). What is drawn for it
 * is drawn apart, so that the others stay what they are.
 */
void addScene(History &history);

} // namespace kittiwake::sim
