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
 * one that makes it. Empty where the folders cannot be read. isSavingService: its copy is waited for, a while.
 * operation: in the outbox, with the message as its content, which is read in pieces. hiddenFields: the header lines
 * that only this copy has, since people want to see whom they wrote to (RFC 5322 section 3.6.3).
 */
[[nodiscard]] std::vector<store::PendingOperation> sentCopyParts(const Environment &environment,
                                                                 const store::PendingStore &pending,
                                                                 const store::PendingOperation &operation,
                                                                 const QByteArray &hiddenFields, bool isSavingService);

} // namespace kittiwake::sync
