// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

namespace kittiwake::ctl
{

/**
 * Prints what became of an action and ends the program. One that waits is safe, and no failure; one that was refused
 * is.
 */
void finishAction(Context &context, const Result<engine::ActionReport> &report, bool tellsUid = false);

} // namespace kittiwake::ctl
