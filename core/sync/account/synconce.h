// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/task.h"
#include "core/base/result.h"
#include "core/sync/account/environment.h"
#include "core/sync/reports.h"

namespace kittiwake::sync
{

/**
 * Connects, makes the cache of the account (or of the mailboxes that the request names) equal to the server, and
 * closes. Errors: those of signing in; Input for a mailbox that the server does not have; Storage. A mailbox that the
 * server refuses to open is the error only after all others are synced.
 */
[[nodiscard]] async::Task<Result<SyncReport>> syncOnce(const Environment &environment, accounts::Account account,
                                                       SyncRequest request);

} // namespace kittiwake::sync
