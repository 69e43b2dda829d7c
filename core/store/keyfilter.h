// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kittiwake::store
{

/**
 * A Bloom filter for keys that are hashes: says for sure that a key was never added, and sometimes errs the other way
 * (in 1 % of cases with a million keys, in 7 % with two million). 2 MB of memory from the first key on. A value.
 */
class KeyFilter
{
public:
    void add(std::uint64_t key)
    {
        if (m_words.empty())
            m_words.resize(bits / 64);
        for (const std::size_t bit : bitsOf(key))
            m_words[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
    [[nodiscard]] bool mayContain(std::uint64_t key) const
    {
        if (m_words.empty())
            return false;
        for (const std::size_t bit : bitsOf(key)) {
            if ((m_words[bit / 64] & std::uint64_t{1} << (bit % 64)) == 0)
                return false;
        }
        return true;
    }

private:
    static constexpr std::size_t bits = std::size_t{1} << 24;

    /** The keys are hashes already: their bits are as good as those of any other. */
    static std::array<std::size_t, 4> bitsOf(std::uint64_t key)
    {
        constexpr std::uint64_t mask = bits - 1;
        return {key & mask, (key >> 20) & mask, (key >> 40) & mask, (key * 0x9E37'79B9'7F4A'7C15u) >> 40};
    }

    std::vector<std::uint64_t> m_words;
};

} // namespace kittiwake::store
