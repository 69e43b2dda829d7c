// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/sync/account/lease.h"

namespace kittiwake::sync
{

/**
 * Has the session told what has come into the mailbox that it has open, and what has gone (NOOP, RFC 9051 section
 * 6.1.2): to a session that was not told of a message, it does not exist (section 5.2). A server that will not has
 * nothing to tell. Errors: those of the connection.
 */
[[nodiscard]] async::Task<Result<void>> hearNews(const Lease &lease);

} // namespace kittiwake::sync
