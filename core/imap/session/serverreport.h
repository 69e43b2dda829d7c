// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/listdata.h"

#include <variant>

namespace kittiwake::imap
{

/**
 * The server cannot keep up with telling (NOTIFICATIONOVERFLOW, RFC 5465 section 5.8), or says that it may have left
 * something out (Dovecot 2.3: "* NO NOTIFY error, some events might have got lost"): look at everything once.
 */
struct ReportsLost {
    bool stopped = false; ///< it tells nothing any more until it is asked again

    bool operator==(const ReportsLost &) const = default;
};

/**
 * What NOTIFY brings about mailboxes that are not selected (RFC 5465 section 5): their counts, as far as the server
 * tells them (Dovecot gives only HIGHESTMODSEQ when a flag changed, and never UIDVALIDITY); a mailbox that came, went
 * (\NonExistent), was renamed (oldName) or whose subscription changed.
 */
using ServerReport = std::variant<MailboxStatusData, ListData, ReportsLost>;

} // namespace kittiwake::imap
