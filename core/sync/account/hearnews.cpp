// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/hearnews.h"

#include "core/imap/client/client.h"
#include "core/sync/operations/replayerrors.h"

namespace kittiwake::sync
{

async::Task<Result<void>> hearNews(const Lease &lease)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const auto told = co_await client->noop();
    if (!told && told.error().kind != ErrorKind::ServerRefused)
        co_return failure(told.error());
    co_return Result<void>();
}

} // namespace kittiwake::sync
