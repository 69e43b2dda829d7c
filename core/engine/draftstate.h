// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/drafttypes.h"
#include "core/store/pendingstore.h"

namespace kittiwake::engine
{

/** What pending.db says of a draft, without the mailboxes, which only the cache knows. */
[[nodiscard]] DraftState draftState(const store::PendingStore &pending, const store::DraftRow &row);
[[nodiscard]] DraftInfo describeDraft(const store::PendingStore &pending, const store::DraftRow &row);

/** Said where another device has written a version of its own. */
[[nodiscard]] QString draftConflictSentence();

} // namespace kittiwake::engine
