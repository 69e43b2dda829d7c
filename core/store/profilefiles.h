// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/** Where the two databases of a profile are. */
namespace kittiwake::store
{

[[nodiscard]] QString cachePath(const QString &profile); ///< profile/cache.db
[[nodiscard]] QString pendingPath(const QString &profile); ///< profile/pending.db

} // namespace kittiwake::store
