// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/hash64.h"

#include <QtEndian>

namespace kittiwake::store
{

namespace
{

/** The finaliser of SplitMix64: every bit of the input changes half of the bits of the result. */
std::uint64_t mix(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31);
}

} // namespace

std::uint64_t hash64(QByteArrayView bytes, std::uint64_t seed)
{
    const char *at = bytes.data();
    qsizetype left = bytes.size();
    std::uint64_t hash = seed ^ (static_cast<std::uint64_t>(left) * 0x9E3779B97F4A7C15U);
    for (; left >= 8; at += 8, left -= 8)
        hash = mix(hash ^ qFromLittleEndian<quint64>(at));
    std::uint64_t tail = 0;
    for (qsizetype index = 0; index < left; ++index)
        tail |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[index])) << (8 * index);
    return mix(hash ^ tail);
}

} // namespace kittiwake::store
