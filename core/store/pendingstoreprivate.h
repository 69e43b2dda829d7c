// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/database.h"
#include "core/store/pendingstore.h"

namespace kittiwake::store
{

/** Octets of one value in pending.db; Gmail and Outlook take 25 to 35 MB, before base64. */
inline constexpr qsizetype longestPending = 64 * 1024 * 1024;

/** What cannot be noted down. */
[[nodiscard]] Failure unusablePending(const QString &detail);

struct PendingStore::Private {
    std::unique_ptr<Database> database;
};

} // namespace kittiwake::store
