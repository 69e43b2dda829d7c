// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/passwordsource.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/imap/client/clienttypes.h"
#include "core/net/bytestream.h"
#include "core/net/surroundings.h"
#include "core/store/cachestore.h"
#include "core/store/pendingstore.h"

#include <QByteArray>

namespace kittiwake::sync
{

/** What the flows of all accounts share. Everything outlives them. */
struct Environment {
    Clock &clock;
    net::StreamFactory &streams;
    store::CacheStore &store;
    const accounts::PasswordSource &passwords;
    Random &random;
    QByteArray version; ///< of the program, for ID
    imap::TraceHandler trace; ///< may be empty
    net::Surroundings *surroundings = nullptr; ///< may be null: then sleep and changes of the network go unnoticed
    store::PendingStore *pending = nullptr; ///< what speaks of messages by address; null: nothing does
};

} // namespace kittiwake::sync
