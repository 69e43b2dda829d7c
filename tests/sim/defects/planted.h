// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/**
 * Defects that the test plants into copies of the product's sources (defects.txt), to see whether the simulator finds
 * them. The product itself knows nothing of this.
 */
namespace kittiwake::sim
{

/** Whether this defect is in force now. */
[[nodiscard]] bool planted(std::string_view name);
/** Whether the place of the defect in force was ever come to: else no history can show it. */
[[nodiscard]] bool wasReached();
/** One at a time; an empty name: none. */
void plant(std::string_view name);

} // namespace kittiwake::sim
