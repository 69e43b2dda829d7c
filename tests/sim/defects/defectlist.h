// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace kittiwake::sim
{

/** A row of defects.txt. */
struct Defect {
    const char *name;
    const char *what;
    std::vector<std::uint64_t> seeds; ///< that have found it before; empty: none is recorded
    bool isPlanted; ///< false: the source has changed, and defects.txt must be told how to damage it now
};

[[nodiscard]] const std::vector<Defect> &allDefects();

} // namespace kittiwake::sim
