// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/messagequeries.h"

#include "core/store/rowcodec.h"

namespace kittiwake::store
{

MessageRow readMessageRow(const Statement &statement)
{
    MessageRow row;
    row.id = statement.id<MessageId>(0);
    row.mailbox = statement.id<MailboxId>(1);
    row.thread = statement.id<ThreadId>(2);
    mail::MessageHeader &header = row.header;
    header.uid = statement.id<Uid>(3);
    header.flags = parseFlags(static_cast<std::uint32_t>(statement.integer(4)), statement.blob(5));
    header.modseq = statement.id<ModSeq>(6);
    header.internalDate = statement.integer(7);
    header.date = statement.integer(8);
    header.size = static_cast<std::uint64_t>(statement.integer(9));
    header.hasAttachment = statement.boolean(10);
    header.messageId = statement.blob(11);
    header.subject = statement.text(12);
    header.to = parseAddresses(statement.text(16));
    header.cc = parseAddresses(statement.text(17));
    header.replyTo = parseAddresses(statement.text(18));
    header.emailId = statement.blob(19);
    mail::Address author{statement.text(13), statement.text(14)};
    mail::AddressList others = parseAddresses(statement.text(15));
    if (!others.empty() || !author.name.isEmpty() || !author.address.isEmpty()) {
        header.from.push_back(std::move(author));
        header.from.insert(header.from.end(), others.begin(), others.end());
    }
    return row;
}

} // namespace kittiwake::store
