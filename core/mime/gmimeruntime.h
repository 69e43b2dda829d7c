// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kittiwake::mime
{

/** Prepares GMime once in the process; any thread, cheap afterwards. Call it before any function of GMime. */
void ensureGMime();

} // namespace kittiwake::mime
