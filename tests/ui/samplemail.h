// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/fakesource.h"

namespace kittiwake::ui::testing
{

/** The messages of the sample that tests and pictures point at. */
struct Sample {
    AccountId account;
    MailboxId inbox;
    MailboxId archive;
    MessageId plain; ///< text with quotes and links
    MessageId newsletter; ///< HTML with inline images and things that were blocked
    MessageId attachments; ///< four attachments
    MessageId conversation; ///< newest of a conversation
    MessageId rightToLeft;
    MessageId failing; ///< its text cannot be fetched
};

/** A believable mailbox in several languages; now is what the dates are told from. */
Sample fillWithSample(FakeSource &source, const QDateTime &now);

} // namespace kittiwake::ui::testing
