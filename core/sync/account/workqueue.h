// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <deque>
#include <functional>
#include <optional>

namespace kittiwake::sync
{

/** The connections of an account: Main always, Side when there is more to do than Main should be kept busy with. */
enum class Role { Main, Side };

/** A mailbox that may have changed. */
struct Job {
    MailboxId mailbox;
    bool isFirstSync = false; ///< its headers are not all here yet: takes long
    std::optional<Role> claimedBy; ///< is being synced

    bool operator==(const Job &) const = default;
};

/**
 * Which mailboxes are to be synced, each once, in the order in which they were added. A value without I/O; one thread.
 */
class WorkQueue
{
public:
    /** Adds a mailbox; one that is waiting or claimed already keeps its place. first: before all that wait. */
    void add(MailboxId mailbox, bool isFirstSync, bool first = false);
    void finish(MailboxId mailbox);
    void claim(MailboxId mailbox, Role role);
    /** Back to waiting, where it has not been finished. */
    void release(Role role);
    void clear() { m_jobs.clear(); }

    /** The first for which takes() holds that nobody has claimed; mailboxes that take long come last. */
    [[nodiscard]] std::optional<MailboxId> next(const std::function<bool(const Job &)> &takes) const;
    [[nodiscard]] bool isClaimed(MailboxId mailbox) const;
    [[nodiscard]] bool isEmpty() const { return m_jobs.empty(); }
    [[nodiscard]] const std::deque<Job> &jobs() const { return m_jobs; }

private:
    [[nodiscard]] std::deque<Job>::iterator find(MailboxId mailbox);

    std::deque<Job> m_jobs;
};

} // namespace kittiwake::sync
