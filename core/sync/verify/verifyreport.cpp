// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/verify/verifyreport.h"

#include <algorithm>

namespace kittiwake::sync
{

void UidList::add(Uid uid)
{
    ++count;
    if (!ranges.empty() && ranges.back().last.value() + 1 == uid.value())
        ranges.back().last = uid;
    else
        ranges.push_back({uid, uid});
}

bool VerifyReport::isOk() const
{
    return std::all_of(mailboxes.begin(), mailboxes.end(), [](const MailboxVerdict &one) { return one.isOk(); });
}

} // namespace kittiwake::sync
