// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rows.h"

#include "core/mail/countedonce.h"

#include <algorithm>

namespace kittiwake::store
{

OnceCounted::OnceCounted(std::span<const MailboxRow> mailboxes)
{
    for (const MailboxRow &row : mailboxes) {
        if (row.isLabel && row.selectable && row.role == mail::MailboxRole::All)
            m_withAllMail.push_back(row.account);
    }
}

bool OnceCounted::counts(const MailboxRow &row) const
{
    const bool hasAllMail = std::find(m_withAllMail.begin(), m_withAllMail.end(), row.account) != m_withAllMail.end();
    return mail::isCountedOnce(row.role, row.isLabel, hasAllMail);
}

} // namespace kittiwake::store
