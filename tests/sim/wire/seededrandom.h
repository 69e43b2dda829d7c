// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"

namespace kittiwake::sim
{

/** Chance that can be repeated: SplitMix64, which needs no warming up and gives unlike streams for neighbouring seeds.
 */
class SeededRandom final : public Random
{
public:
    explicit SeededRandom(std::uint64_t seed) : m_state(seed) { }

    [[nodiscard]] std::uint64_t next() override
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /** Uniform in [low, high]. */
    [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
    [[nodiscard]] bool oneIn(std::uint64_t n) { return below(n) == 0; }
    [[nodiscard]] bool percent(std::uint64_t chance) { return below(100) < chance; }

private:
    std::uint64_t m_state;
};

} // namespace kittiwake::sim
