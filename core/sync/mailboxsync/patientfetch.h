// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/imap/client/client.h"

namespace kittiwake::sync
{

struct PatientResult {
    imap::UidSet vanished; ///< as imap::FetchResult
    imap::UidSet refused; ///< the server has them and cannot tell of them
};

/**
 * As Client::fetch, but a message that the server cannot read does not keep all others from being told: Yahoo refuses
 * a whole UID FETCH because of one ("NO [UNAVAILABLE] UID FETCH Server error", imapsync issue 119, read 2026-08). What
 * was not told is asked for in halves until the message is found, and left out. Errors: those of the client;
 * ServerRefused where the mailbox as a whole is refused, or more messages than can be sought out.
 */
[[nodiscard]] async::Task<Result<PatientResult>> fetchPatiently(imap::Client &client, imap::UidSet uids,
                                                                imap::FetchItems items, imap::FetchSink sink);

} // namespace kittiwake::sync
