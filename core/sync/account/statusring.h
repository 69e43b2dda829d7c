// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/mail/mailboxname.h"

#include <vector>

namespace kittiwake::sync
{

/**
 * Where a server cannot tell the counts of all mailboxes in one answer (no LIST-STATUS), they are asked one by one, a
 * few at a time, round and round. The first round is quick, since nothing is known yet; the later ones take at least
 * five minutes, so that a server with hundreds of mailboxes is not asked all of it at once. A value; one thread.
 */
class StatusRing
{
public:
    static constexpr std::chrono::seconds firstPace{1};
    static constexpr std::chrono::seconds laterPace{30}; ///< at least, between two batches
    static constexpr std::chrono::minutes round{5}; ///< at least

    /** What there is to ask about. The place in the round is kept as far as the mailboxes are the same. */
    void setMailboxes(std::vector<mail::MailboxName> mailboxes);
    void clear() { setMailboxes({}); }
    [[nodiscard]] bool isEmpty() const { return m_mailboxes.empty(); }
    [[nodiscard]] bool isDue() const { return m_isDue; }
    void setDue(bool due) { m_isDue = due && !m_mailboxes.empty(); }

    /** The next of them, at most count. */
    [[nodiscard]] std::vector<mail::MailboxName> take(std::size_t count);
    /** How long to wait before the next batch of count. */
    [[nodiscard]] Clock::Duration pace(std::size_t count) const;

private:
    std::vector<mail::MailboxName> m_mailboxes;
    std::size_t m_next = 0;
    bool m_isFirstRound = true;
    bool m_isDue = false;
};

} // namespace kittiwake::sync
