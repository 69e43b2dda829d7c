// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"
#include "core/mail/messageheader.h"
#include "core/store/cachestore.h"

#include <span>

namespace kittiwake::sync
{

/**
 * Puts headers into the cache that were read in another mailbox's errand: they may be some round trips old. What a sync
 * has fetched meanwhile is left as it is. What was told meanwhile of flags that another client has changed went past
 * messages that the cache did not have, and the mailbox counts as known up to that MODSEQ: it counts as known up to
 * these headers only from then on, so that the next sync asks again. Errors as of CacheTransaction::insertHeaders().
 */
[[nodiscard]] Result<void> insertArrived(const store::CacheStore &store, store::CacheTransaction &transaction,
                                         MailboxId mailbox, UidValidity uidValidity,
                                         std::span<const mail::MessageHeader> headers);

} // namespace kittiwake::sync
