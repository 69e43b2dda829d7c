// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/sync/account/accountsync.h"

#include <QCoreApplication>

#include <algorithm>

/** The main line: INBOX first, then all mailboxes, then whatever the server tells, or is asked. */
namespace kittiwake::sync
{

async::Task<void> AccountSync::runMain()
{
    Backoff backoff(m_environment.random);
    while (true) {
        Result<void> result;
        if (!m_main.isConnected()) {
            setState(AccountStatus::State::Connecting);
            result = co_await m_main.connect();
            if (result) {
                m_connectionLimit = m_main.client().quirks().maxConnections;
                tell(WatchEvent::Kind::Connected);
            }
        }
        if (result) {
            result = co_await mainSession();
            m_setUpScope.cancelAll();
            if (!m_main.isConnected())
                tell(WatchEvent::Kind::Disconnected);
        }
        m_inboxSettled = false;
        m_mainIsBusy = false;
        m_mainTakesLong = false;
        m_queue.release(Role::Main);
        // A provider that asks for a pause may leave the connection open: signing in again would only be more of it.
        if (!m_main.isConnected()) {
            m_main.disconnect();
            m_left.clear();
            m_lately.clear();
            m_lastCounts.clear();
            m_renames.clear();
        }
        m_side.wake();
        co_await pauseAfter(result.error(), backoff, Role::Main);
    }
}

/** Ends only with an error. */
async::Task<Result<void>> AccountSync::mainSession()
{
    m_notifyAttemptsLeft = notifyAttempts;
    m_notifyLost = false;
    m_setUpDone.reset();
    const auto ensured = ensureInbox();
    if (!ensured)
        co_return failure(ensured.error());
    m_mainIsBusy = true;
    enqueue(m_inbox, true);
    const auto synced = co_await work(Role::Main, m_inbox);
    m_mainIsBusy = false;
    if (!synced)
        co_return failure(synced.error());
    startSetUp(); // where INBOX would not open, or made way
    const async::Completion<Result<void>> done = *m_setUpDone;
    const Result<void> ready = co_await done;
    if (!ready)
        co_return failure(ready.error());
    m_inboxSettled = true;
    settle();
    const auto served = co_await serve(Role::Main);
    co_return served;
}

/** INBOX is there, whatever the server lists (RFC 9051 section 5.1): its row need not wait for that. */
Result<void> AccountSync::ensureInbox()
{
    const auto known = m_environment.store.findMailbox(m_account.id, mail::MailboxName::inbox());
    if (!known)
        return failure(known.error());
    if (*known) {
        m_inbox = **known;
        return {};
    }
    return m_environment.store.write([this](store::CacheTransaction &transaction) -> Result<void> {
        store::MailboxListing inbox;
        inbox.name = mail::MailboxName::inbox();
        inbox.role = mail::MailboxRole::Inbox;
        const auto made = transaction.putMailbox(m_account.id, inbox);
        if (!made)
            return failure(made.error());
        m_inbox = *made;
        return {};
    });
}

/** Beside the headers of INBOX that are still to come: its newest page is there. Once a session. */
void AccountSync::startSetUp()
{
    if (m_setUpDone)
        return;
    m_setUpDone.emplace(m_environment.clock);
    m_setUpScope.start(setUp(this));
}

async::Task<void> AccountSync::setUp(AccountSync *self)
{
    const async::Completion<Result<void>> done = *self->m_setUpDone;
    // First NOTIFY, then the counts: what happens in between is told.
    Result<void> result = co_await self->askNotify();
    if (result)
        result = co_await self->sweep(false);
    done.complete(std::move(result));
}

async::Task<Result<void>> AccountSync::askNotify()
{
    // Without MODSEQ nothing tells of changed flags in a mailbox that is not selected (RFC 5465 section 5.2), and the
    // line that hears the news selects none.
    if (m_notifyAttemptsLeft <= 0 || !m_main.client().capabilities().has("CONDSTORE"))
        co_return Result<void>();
    --m_notifyAttemptsLeft;
    // "personal" leaves out what belongs to others (RFC 5465 section 6.2).
    imap::NotifyOptions options;
    const imap::NamespaceData &namespaces = m_main.client().namespaces();
    for (const auto *entries : {&namespaces.otherUsers, &namespaces.shared}) {
        for (const imap::NamespaceData::Entry &entry : *entries) {
            mail::MailboxName prefix = entry.prefix;
            if (!entry.delimiter.isNull() && prefix.text.endsWith(entry.delimiter))
                prefix.text.chop(1);
            if (!prefix.text.isEmpty())
                options.subtrees.push_back(std::move(prefix));
        }
    }
    const auto events = co_await m_main.client().notify(options);
    if (!events)
        co_return failure(events.error());
    qCInfo(logSync) << m_account.email << (*events == 0 ? "is asked for news" : "tells news by itself");
    co_return Result<void>();
}

async::Task<Result<void>> AccountSync::sweep(bool trustCounts)
{
    m_sweepWanted = false;
    const auto before = m_environment.store.mailboxes(m_account.id);
    if (!before)
        co_return failure(before.error());
    const std::int64_t asked = m_environment.clock.wall().toMSecsSinceEpoch();
    std::vector<MailboxRename> renames = std::exchange(m_renames, {});
    const auto folders
        = co_await syncFolderList(m_main.client(), m_environment, m_account.id, Counts::InList, std::move(renames));
    if (!folders)
        co_return failure(folders.error());
    m_listedAt = asked;
    m_main.noteListed();
    tellTreeChanges(*before, *folders);
    openByNewNames();
    const auto taken = takeStatus(*folders, trustCounts, asked);
    if (!taken)
        co_return failure(taken.error());
    std::vector<mail::MailboxName> untold;
    for (const Folder &folder : *folders) {
        if (folder.selectable && !folder.status)
            untold.push_back(folder.name);
    }
    if (m_main.client().capabilities().has("LIST-STATUS"))
        untold.clear(); // what it says nothing about may not be looked into
    m_ring.setMailboxes(std::move(untold));
    if (!trustCounts) {
        m_comparedAt = asked; // they all are
    } else if (const auto compared = compareUnproven(); !compared) {
        co_return failure(compared.error());
    }
    resolveOpenName();
    wakeBoth();
    armSweep();
    co_return Result<void>();
}

/** What is selected under a name that another client has taken away may say nothing any more. */
void AccountSync::openByNewNames()
{
    for (Line *one : {&m_main, &m_side}) {
        if (one->mailbox() == nullptr)
            continue;
        const auto name = nameOf(one->mailbox()->mailbox());
        if (name && *name != one->mailbox()->name())
            enqueue(one->mailbox()->mailbox(), true);
    }
}

async::Task<Result<void>> AccountSync::ringStep()
{
    const auto count = static_cast<std::size_t>(m_main.client().quirks().maxPipelinedStatus);
    m_ring.setDue(false);
    std::vector<Folder> folders;
    std::vector<mail::MailboxName> names;
    for (mail::MailboxName &name : m_ring.take(count)) {
        const auto found = m_environment.store.findMailbox(m_account.id, name);
        if (!found)
            co_return failure(found.error());
        // STATUS is not for the selected mailbox (RFC 9051 section 6.3.11), which needs none.
        if (!*found || m_main.hasOpen(**found) || m_side.hasOpen(**found))
            continue;
        folders.push_back({**found, name, mail::MailboxRole::None, true, {}});
        names.push_back(std::move(name));
    }
    const std::int64_t asked = m_environment.clock.wall().toMSecsSinceEpoch();
    const auto told = co_await m_main.client().statuses(std::move(names), countedItems(m_main.client()));
    if (!told)
        co_return failure(told.error());
    for (Folder &folder : folders) {
        const auto found = std::find_if(told->begin(), told->end(), [&folder](const imap::MailboxStatusData &status) {
            return status.mailbox == folder.name;
        });
        if (found != told->end())
            folder.status = *found;
    }
    std::erase_if(folders, [](const Folder &folder) { return !folder.status; });
    const auto counted = storeCounts(m_environment.store, folders);
    if (!counted)
        co_return failure(counted.error());
    const auto taken = takeStatus(folders, true, asked);
    if (!taken)
        co_return failure(taken.error());
    m_environment.clock.cancel(m_ringTimer);
    m_ringTimer = m_environment.clock.callAfter(m_ring.pace(count), [this] {
        m_ringTimer = 0;
        m_ring.setDue(true);
        m_main.wake();
    });
    co_return Result<void>();
}

/**
 * Nothing is selected any more, so that NOTIFY tells of everything. Dovecot 2.3 leaves gaps while something is selected
 * (measured 2026-11: an arrival in the selected mailbox right behind its SELECT, or in INBOX after it was the selected
 * one, was told late or never; with nothing selected none of 240 was missed): so what was selected meanwhile, and
 * INBOX, are asked about once.
 */
async::Task<Result<void>> AccountSync::leaveMain()
{
    const auto left = co_await m_main.leave();
    if (!left && left.error().kind != ErrorKind::ServerRefused)
        co_return failure(left.error());
    std::vector<mail::MailboxName> names = std::exchange(m_left, {});
    if (std::find(names.begin(), names.end(), mail::MailboxName::inbox()) == names.end())
        names.push_back(mail::MailboxName::inbox());
    askAgainLater(names);
    const auto asked = co_await askAbout(std::move(names));
    co_return asked;
}

/**
 * When it has been quiet for a moment, once more: what changes while Dovecot still has an older change of the same
 * mailbox to tell (it collects for half a second) and answers STATUS meanwhile is sometimes not told at all (measured
 * 2026-11 with Dovecot 2.3.19: 3 of some 40 random histories on a busy machine ended so).
 */
void AccountSync::askAgainLater(const std::vector<mail::MailboxName> &names)
{
    for (const mail::MailboxName &name : names) {
        if (std::find(m_lately.begin(), m_lately.end(), name) == m_lately.end())
            m_lately.push_back(name);
    }
    m_environment.clock.cancel(m_latelyTimer);
    m_latelyTimer = m_environment.clock.callAfter(quietAfter, [this] {
        m_latelyTimer = 0;
        m_latelyDue = true;
        m_main.wake();
    });
}

async::Task<Result<void>> AccountSync::askAgain()
{
    m_latelyDue = false;
    std::vector<mail::MailboxName> names = std::exchange(m_lately, {});
    // STATUS is not for the selected mailbox (RFC 9051 section 6.3.11); it is asked about when it is left.
    std::erase_if(names, [this](const mail::MailboxName &name) {
        return m_main.mailbox() != nullptr && m_main.mailbox()->name() == name;
    });
    if (names.empty())
        co_return Result<void>();
    const auto asked = co_await askAbout(std::move(names));
    co_return asked;
}

async::Task<Result<void>> AccountSync::askAbout(std::vector<mail::MailboxName> names)
{
    const auto told = co_await m_main.client().statuses(std::move(names), countedItems(m_main.client()));
    if (!told)
        co_return failure(told.error());
    for (const imap::MailboxStatusData &status : *told) {
        // Counts that stay other than the mailbox itself (Gmail's, with chats) would have it visited for ever.
        auto &last = m_lastCounts[status.mailbox.text];
        if (last == status)
            continue;
        last = status;
        onStatus(status);
    }
    co_return Result<void>();
}

} // namespace kittiwake::sync
