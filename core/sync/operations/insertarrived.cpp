// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/insertarrived.h"

#include "core/sync/mailboxsync/comparison.h"

#include <algorithm>
#include <vector>

namespace kittiwake::sync
{

Result<void> insertArrived(const store::CacheStore &store, store::CacheTransaction &transaction, MailboxId mailbox,
                           UidValidity uidValidity, std::span<const mail::MessageHeader> headers)
{
    std::vector<Uid> uids;
    for (const mail::MessageHeader &header : headers)
        uids.push_back(header.uid);
    std::vector<Uid> known;
    for (const store::UidRange &range : rangesOf(imap::UidSet::fromUids(uids))) {
        const auto here = store.uidsAndFlags(mailbox, range);
        if (!here)
            return failure(here.error());
        for (const auto &message : *here)
            known.push_back(message.uid);
    }
    std::vector<mail::MessageHeader> missing;
    std::copy_if(headers.begin(), headers.end(), std::back_inserter(missing),
                 [&known](const auto &header) { return !std::binary_search(known.begin(), known.end(), header.uid); });
    if (missing.empty())
        return {};
    const auto inserted = transaction.insertHeaders(mailbox, uidValidity, missing);
    if (!inserted)
        return failure(inserted.error());
    const auto oldest = std::min_element(
        missing.begin(), missing.end(), [](const auto &left, const auto &right) { return left.modseq < right.modseq; });
    auto state = store.state(mailbox);
    if (!state)
        return failure(state.error());
    if (!*state || !oldest->modseq.isValid() || (*state)->highestModSeq <= oldest->modseq)
        return {};
    (*state)->highestModSeq = oldest->modseq;
    return transaction.setState(mailbox, **state);
}

} // namespace kittiwake::sync
