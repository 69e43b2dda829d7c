// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"

#include <QSet>

#include <algorithm>

/** What the counts of mailboxes mean, and what is told to whoever uses the account. */
namespace kittiwake::sync
{

/** Queues those that may have changed, and notes about the others that they have not. */
Result<void> AccountSync::takeStatus(const std::vector<Folder> &folders, bool trustCounts, std::int64_t asked)
{
    std::vector<MailboxId> unchanged;
    for (const Folder &folder : folders) {
        if (!folder.selectable)
            continue;
        const auto empty = takeEmpty(m_environment.store, folder, asked / 1000);
        if (!empty)
            return failure(empty.error());
        if (*empty)
            continue;
        const auto state = m_environment.store.state(folder.id);
        const auto cached = m_environment.store.countMessages(folder.id);
        if (!state)
            return failure(state.error());
        if (!cached)
            return failure(cached.error());
        const auto isClean = [&](Trust trust) {
            return folder.status && *state && !mayHaveChanged(*folder.status, **state, *cached, trust);
        };
        // Counts that did not change are good enough not to look, but no proof: flags may have changed.
        if (isClean(Trust::Proof)) {
            unchanged.push_back(folder.id);
            continue;
        }
        const bool isGoodEnough = trustCounts && isClean(Trust::Counts);
        const bool waits = *state && waitsForStatus(folder, **state, trustCounts);
        if (isGoodEnough || waits || m_main.hasOpen(folder.id))
            continue;
        if (!m_side.hasOpen(folder.id))
            enqueue(folder.id, folder.id == m_inbox);
        else if (folder.status)
            leaveToSide(folder.id, *folder.status);
    }
    return confirmUnchanged(unchanged, asked);
}

/**
 * The ring will say whether a mailbox without counts has changed, where that is enough; one that was never synced need
 * not wait for it.
 */
bool AccountSync::waitsForStatus(const Folder &folder, const store::MailboxState &state, bool trustCounts)
{
    const imap::Capabilities &capabilities = m_main.client().capabilities();
    return !folder.status && state.complete && !capabilities.has("LIST-STATUS")
        && (trustCounts || capabilities.has("CONDSTORE"));
}

/**
 * Where a server has no CONDSTORE, its counts do not tell of a star that another device set in a mailbox that is not
 * open. Such mailboxes are compared once in a while, those first that were longest ago.
 */
Result<void> AccountSync::compareUnproven()
{
    const std::int64_t now = m_environment.clock.wall().toMSecsSinceEpoch();
    if (now >= m_comparedAt && now - m_comparedAt < std::chrono::milliseconds(compareInterval).count())
        return {};
    auto rows = m_environment.store.mailboxes(m_account.id);
    if (!rows)
        return failure(rows.error());
    std::erase_if(*rows, [this, now](const store::MailboxRow &row) {
        const auto interval = std::chrono::milliseconds(compareInterval) + row.cached * compareIntervalPerMessage;
        const bool isDue = now - row.syncedAt * 1000 >= interval.count();
        return !isDue || !row.selectable || !row.complete || row.cached == 0 || row.highestModSeq.isValid()
            || m_main.hasOpen(row.id) || m_side.hasOpen(row.id);
    });
    std::stable_sort(rows->begin(), rows->end(), [](const store::MailboxRow &left, const store::MailboxRow &right) {
        return left.syncedAt < right.syncedAt;
    });
    for (std::size_t i = 0; i < std::min(rows->size(), comparedAtOnce); ++i)
        enqueue((*rows)[i].id);
    if (!rows->empty())
        m_comparedAt = now;
    return {};
}

/** Mailboxes that came or went; nothing on the very first listing, when all of them come. */
void AccountSync::tellTreeChanges(const std::vector<store::MailboxRow> &before, const std::vector<Folder> &now)
{
    // An INBOX without a delimiter was put there before anything was listed.
    if (before.empty() || (before.size() == 1 && before.front().id == m_inbox && before.front().delimiter.isNull()))
        return;
    QSet<QString> known;
    for (const store::MailboxRow &row : before)
        known.insert(row.name.text);
    for (const Folder &folder : now) {
        if (!known.remove(folder.name.text))
            tell(WatchEvent::Kind::Mailbox, folder.name.text);
    }
    for (const QString &gone : std::as_const(known))
        tell(WatchEvent::Kind::Mailbox, gone);
}

/** An answer to what was asked at that moment has proved that their caches are equal to the server. */
Result<void> AccountSync::confirmUnchanged(const std::vector<MailboxId> &mailboxes, std::int64_t asked)
{
    if (mailboxes.empty())
        return {};
    return m_environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        for (const MailboxId mailbox : mailboxes) {
            auto state = m_environment.store.state(mailbox);
            if (!state)
                return failure(state.error());
            if (!*state)
                continue;
            // Another line may have proved it since.
            (*state)->syncedAt = std::max((*state)->syncedAt, asked / 1000);
            if (auto done = transaction.setState(mailbox, **state); !done)
                return done;
        }
        return {};
    });
}

void AccountSync::setState(AccountStatus::State state, std::optional<Error> error, std::int64_t retryAt)
{
    m_status.state = state;
    m_status.error = std::move(error);
    m_status.retryAt = retryAt;
    if (state != AccountStatus::State::Syncing) {
        m_status.progressDone = 0;
        m_status.progressTotal = 0;
        m_status.mailbox.clear();
    }
    if (m_handlers.status)
        m_handlers.status(m_status);
}

void AccountSync::publishProgress(std::int64_t done, std::int64_t total, const mail::MailboxName &name)
{
    m_status.progressDone = done;
    m_status.progressTotal = total;
    m_status.mailbox = name.text;
    setState(AccountStatus::State::Syncing);
}

/** Says that everything is there, once it is. */
void AccountSync::settle()
{
    if (!m_inboxSettled || m_mainIsBusy || m_sideIsBusy || !m_queue.isEmpty() || m_openNeedsSync)
        return;
    // A round trip proves something of all mailboxes only where the server tells of all of them by itself; otherwise
    // of the one that is open.
    m_status.trueAsOf = m_main.isNotified() ? std::max(m_listedAt, m_main.provenAt()) : m_listedAt;
    setState(AccountStatus::State::UpToDate);
}

void AccountSync::tell(WatchEvent::Kind kind, const QString &mailbox, std::vector<Uid> uids, const QString &text)
{
    if (!m_handlers.event)
        return;
    m_handlers.event(
        {kind, m_account.id, mailbox, std::move(uids), text, m_environment.clock.wall().toMSecsSinceEpoch()});
}

} // namespace kittiwake::sync
