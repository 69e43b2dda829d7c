// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/flags.h"

#include <QByteArrayView>

#include <cstdint>

namespace kittiwake::store
{

/**
 * A number that is equal for equal flags as the cache stores them, and different for different ones but for a chance of
 * 1 in 2^63: what a resync compares with the server's FLAGS without holding a million keyword lists. Without keywords
 * it is the system bits. Not stored; may change between versions.
 */
[[nodiscard]] std::uint64_t flagsHash(const mail::Flags &flags);
/** The same from the columns of a row. */
[[nodiscard]] std::uint64_t flagsHash(std::uint32_t systemBits, QByteArrayView keywords);

/** One cached message for comparison: 16 bytes, so that a million of them are 16 MB. */
struct UidFlagsHash {
    std::uint64_t hash = 0; ///< flagsHash of what is cached
    Uid uid;

    bool operator==(const UidFlagsHash &) const = default;
};

} // namespace kittiwake::store
