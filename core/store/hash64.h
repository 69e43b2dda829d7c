// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <cstdint>

namespace kittiwake::store
{

/**
 * A 64-bit hash that is the same on every machine and in every version, since cache.db stores it. Not against forgers:
 * whoever makes two Message-IDs collide joins two threads, which a References field does with less work.
 */
[[nodiscard]] std::uint64_t hash64(QByteArrayView bytes, std::uint64_t seed);

} // namespace kittiwake::store
