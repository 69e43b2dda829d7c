// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"

#include <vector>

namespace kittiwake::sync
{

/**
 * The copy of a message in Sent, as operations of the journal: the last one is an "append" that looks for the
 * Message-ID there first, since some servers save what is submitted; before it, where the account has no such folder,
 * one that makes it. Empty where the server saves everything (Gmail, X-GM-EXT-1), or its folders cannot be read.
 * operation: in the outbox, with the message as its content, which is read in pieces.
 */
[[nodiscard]] std::vector<store::PendingOperation> sentCopyParts(const Environment &environment,
                                                                 const store::PendingStore &pending,
                                                                 const store::PendingOperation &operation);

} // namespace kittiwake::sync
