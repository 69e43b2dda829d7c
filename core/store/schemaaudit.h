// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <cstdint>

namespace kittiwake::store
{

/**
 * Bytes in the cache.db of a profile that no migration of this program made a place for: the content of tables that it
 * does not know, or that have other columns. The known ones hold headers only. 0 where there is no cache.db. Reads
 * beside the writer. Errors: Storage.
 */
[[nodiscard]] Result<std::int64_t> foreignBytesInCache(const QString &profile);

} // namespace kittiwake::store
