// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"

namespace kittiwake::store
{

/** Protocol: the mailbox went while something was written into it. */
[[nodiscard]] Error unknownMailboxError(MailboxId mailbox);

/**
 * Protocol unless they are the same: UIDs of one validity must not be written into rows of another (RFC 9051 section
 * 2.3.1.1; CVE-2024-1936 is a client that put what it knew of one message onto another).
 */
[[nodiscard]] Result<void> checkUidValidity(MailboxId mailbox, UidValidity cached, UidValidity expected);

} // namespace kittiwake::store
