// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kittiwake::app
{

class ColourScheme;

/** Tells scheme what the XDG desktop portal says, now and whenever that changes. Does nothing where there is none. */
void followPortal(ColourScheme &scheme);

} // namespace kittiwake::app
