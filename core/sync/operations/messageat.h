// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/mailboxname.h"

namespace kittiwake::sync
{

/** Where a message is, or was, as operations name it. */
struct MessageAt {
    mail::MailboxName mailbox;
    UidValidity validity;
    Uid uid;

    bool operator==(const MessageAt &) const = default;
};

} // namespace kittiwake::sync
