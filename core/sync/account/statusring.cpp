// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/statusring.h"

#include <algorithm>

namespace kittiwake::sync
{

void StatusRing::setMailboxes(std::vector<mail::MailboxName> mailboxes)
{
    if (mailboxes == m_mailboxes)
        return;
    std::size_t next = 0;
    if (m_next < m_mailboxes.size()) {
        const auto same = std::find(mailboxes.begin(), mailboxes.end(), m_mailboxes[m_next]);
        if (same != mailboxes.end())
            next = static_cast<std::size_t>(same - mailboxes.begin());
    }
    m_isFirstRound = m_isFirstRound || m_mailboxes.empty();
    m_mailboxes = std::move(mailboxes);
    m_next = next;
    setDue(m_isDue || m_isFirstRound);
}

std::vector<mail::MailboxName> StatusRing::take(std::size_t count)
{
    std::vector<mail::MailboxName> batch;
    const std::size_t end = std::min(m_next + count, m_mailboxes.size());
    for (; m_next < end; ++m_next)
        batch.push_back(m_mailboxes[m_next]);
    if (m_next >= m_mailboxes.size()) {
        m_next = 0;
        m_isFirstRound = false;
    }
    return batch;
}

Clock::Duration StatusRing::pace(std::size_t count) const
{
    if (m_isFirstRound)
        return firstPace;
    const std::size_t batches = (m_mailboxes.size() + count - 1) / std::max<std::size_t>(count, 1);
    const Clock::Duration share = Clock::Duration(round) / static_cast<int>(std::max<std::size_t>(batches, 1));
    return std::max<Clock::Duration>(share, laterPace);
}

} // namespace kittiwake::sync
