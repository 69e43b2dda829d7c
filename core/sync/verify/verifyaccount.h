// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/task.h"
#include "core/base/result.h"
#include "core/sync/account/environment.h"
#include "core/sync/verify/verifyreport.h"

namespace kittiwake::sync
{

/**
 * Compares the cache of the account (or of the mailboxes that the request names) with the server, over a connection of
 * its own (AccountSync::makeRoom() sees to it that there are no more than usual). With request.repair, what is wrong in
 * the cache is forgotten and syncOnce() makes it equal to the server as always; then it is compared once more. Errors:
 * those of signing in; Input for a mailbox that neither side knows; Storage. That something differs is a report, not an
 * error.
 */
[[nodiscard]] async::Task<Result<VerifyReport>> verifyAccount(const Environment &environment, accounts::Account account,
                                                              VerifyRequest request);

} // namespace kittiwake::sync
