// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/correspondents.h"

#include "core/mime/domains.h"

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

constexpr std::int64_t rowsAtOnce = 20000;
constexpr qsizetype maxDomains = 2000;
constexpr int often = 3;

} // namespace

Result<std::shared_ptr<const Correspondents>>
Correspondents::refreshed(const store::CacheReader &cache, AccountId account,
                          const std::shared_ptr<const Correspondents> &known)
{
    auto result = known ? std::make_shared<Correspondents>(*known) : std::make_shared<Correspondents>();
    const auto mailboxes = cache.mailboxes(account);
    if (!mailboxes)
        return failure(mailboxes.error());
    result->m_complete
        = !mailboxes->empty() && std::all_of(mailboxes->begin(), mailboxes->end(), [](const store::MailboxRow &row) {
              return !row.selectable || row.complete || row.role == mail::MailboxRole::Junk
                  || row.role == mail::MailboxRole::Trash || row.role == mail::MailboxRole::Drafts;
          });
    while (true) {
        const auto rows = cache.correspondence(account, result->m_last, rowsAtOnce);
        if (!rows)
            return failure(rows.error());
        for (const store::CorrespondenceRow &row : *rows)
            result->note(row);
        if (static_cast<std::int64_t>(rows->size()) < rowsAtOnce)
            break;
    }
    return std::shared_ptr<const Correspondents>(std::move(result));
}

void Correspondents::note(const store::CorrespondenceRow &row)
{
    m_last = row.id;
    if (row.isSent) {
        for (const mail::Address &person : row.recipients) {
            if (m_written.size() < limit)
                m_written.insert(person.address.toLower());
        }
        return;
    }
    if (row.author.isEmpty() || m_received.size() >= limit)
        return;
    Received &from = m_received[row.author.toLower()];
    if (from.count == 0)
        from.first = row.messageId;
    // The same message in two mailboxes is one.
    if (from.count == 0 || row.messageId.isEmpty() || row.messageId != from.first)
        from.count = std::min(often, from.count + 1);
}

bool Correspondents::knows(const QString &address, const QByteArray &exceptMessage) const
{
    const QString key = address.toLower();
    if (m_written.contains(key))
        return true;
    const auto from = m_received.constFind(key);
    return from != m_received.constEnd() && (from->count > 1 || from->first.isEmpty() || from->first != exceptMessage);
}

QStringList Correspondents::domains() const
{
    QSet<QString> found;
    const auto add = [&found](const QString &address) {
        const QString domain = mime::domainOfAddress(address);
        if (!domain.isEmpty() && found.size() < maxDomains)
            found.insert(domain);
    };
    for (const QString &address : m_written)
        add(address);
    for (auto it = m_received.cbegin(); it != m_received.cend(); ++it) {
        if (it->count >= often)
            add(it.key());
    }
    return {found.cbegin(), found.cend()};
}

} // namespace kittiwake::engine
