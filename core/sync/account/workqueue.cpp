// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/workqueue.h"

#include <algorithm>

namespace kittiwake::sync
{

std::deque<Job>::iterator WorkQueue::find(MailboxId mailbox)
{
    return std::find_if(m_jobs.begin(), m_jobs.end(), [mailbox](const Job &job) { return job.mailbox == mailbox; });
}

void WorkQueue::add(MailboxId mailbox, bool isFirstSync, bool first)
{
    if (const auto known = find(mailbox); known != m_jobs.end()) {
        // It is selected then, and hears the news itself.
        if (known->claimedBy)
            return;
        known->isFirstSync = isFirstSync;
        if (!first)
            return;
        m_jobs.erase(known);
    }
    const Job job{mailbox, isFirstSync, {}};
    if (first)
        m_jobs.push_front(job);
    else
        m_jobs.push_back(job);
}

void WorkQueue::finish(MailboxId mailbox)
{
    std::erase_if(m_jobs, [mailbox](const Job &job) { return job.mailbox == mailbox; });
}

void WorkQueue::claim(MailboxId mailbox, Role role)
{
    if (const auto known = find(mailbox); known != m_jobs.end())
        known->claimedBy = role;
}

void WorkQueue::release(Role role)
{
    for (Job &job : m_jobs) {
        if (job.claimedBy == role)
            job.claimedBy.reset();
    }
}

std::optional<MailboxId> WorkQueue::next(const std::function<bool(const Job &)> &takes) const
{
    std::optional<MailboxId> slow;
    for (const Job &job : m_jobs) {
        if (job.claimedBy || (slow && job.isFirstSync) || !takes(job))
            continue;
        if (!job.isFirstSync)
            return job.mailbox;
        slow = job.mailbox;
    }
    return slow;
}

bool WorkQueue::isClaimed(MailboxId mailbox) const
{
    return std::any_of(m_jobs.begin(), m_jobs.end(),
                       [mailbox](const Job &job) { return job.mailbox == mailbox && job.claimedBy.has_value(); });
}

} // namespace kittiwake::sync
