// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sync/account/backoff.h"
#include "core/sync/outbox/outbox.h"

namespace kittiwake::sync
{

/** The flow that sends one account's messages, and what it knows. */
struct Outbox::Runner {
    Runner(Clock &clock, Random &random) : signal(clock), backoff(random) { }

    async::Signal signal;
    Backoff backoff;
    OperationId sending; ///< at this moment
    bool isPostponed = false; ///< the last attempt failed for want of a connection
    bool needsPerson = false; ///< it failed for what only a person can change: no attempt by itself
    async::TaskScope scope; ///< last: its task uses the rest
};

} // namespace kittiwake::sync
