// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"

#include "core/base/log.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace kittiwake::sync
{

AccountSync::AccountSync(const Environment &environment, accounts::Account account, AccountHandlers handlers)
    : m_environment(environment), m_account(std::move(account)), m_handlers(std::move(handlers)),
      m_inboxLine(environment, m_account), m_workLine(environment, m_account)
{
    m_status.account = m_account.id;
}

AccountSync::~AccountSync()
{
    if (m_sweepTimer != 0)
        m_environment.clock.cancel(m_sweepTimer);
    failWishes(Error{
        ErrorKind::Cancelled, m_account.email, QCoreApplication::translate("core", "The account was closed."), {}});
}

void AccountSync::start()
{
    if (m_staysConnected)
        return;
    m_staysConnected = true;
    ensureWorkLine();
    m_scope.start(runInboxLine());
}

void AccountSync::setOpenMailbox(MailboxId mailbox)
{
    m_openName.reset();
    if (mailbox == m_openMailbox)
        return;
    m_openMailbox = mailbox;
    m_openNeedsSync = mailbox.isValid() && mailbox != m_inbox;
    if (m_openNeedsSync)
        ensureWorkLine();
    m_workLine.wake();
}

void AccountSync::setOpenMailboxByName(const mail::MailboxName &name)
{
    m_openName = name;
    resolveOpenName();
}

void AccountSync::resolveOpenName()
{
    if (!m_openName)
        return;
    const auto found = m_environment.store.findMailbox(m_account.id, *m_openName);
    if (found && *found)
        setOpenMailbox(**found);
}

void AccountSync::checkNow()
{
    m_sweepWanted = true;
    ++m_checks;
    m_inboxLine.wake();
    m_workLine.wake();
}

// --- The inbox line ------------------------------------------------------------------------------------------------

async::Task<void> AccountSync::runInboxLine()
{
    Backoff backoff(m_environment.random);
    while (true) {
        setState(AccountStatus::State::Connecting);
        Result<void> result = co_await m_inboxLine.connect();
        if (result) {
            tell(WatchEvent::Kind::Connected);
            result = co_await inboxSession(backoff);
            tell(WatchEvent::Kind::Disconnected);
        }
        m_inboxSettled = false;
        m_inboxLine.disconnect();
        co_await pauseAfter(result.error(), backoff, m_inboxLine);
    }
}

/** Ends only with an error. */
async::Task<Result<void>> AccountSync::inboxSession(Backoff &backoff)
{
    m_sweepWanted = false;
    const auto listed = co_await sweep(false);
    if (!listed)
        co_return failure(listed.error());
    backoff.reset();
    const auto synced = co_await syncOn(m_inboxLine, m_inbox, mail::MailboxName::inbox());
    if (!synced)
        co_return failure(synced.error());
    m_inboxSettled = true;
    settle();
    while (true) {
        const std::function<bool()> otherWork = [this] { return m_sweepWanted; };
        const auto followed = co_await follow(m_inboxLine, otherWork);
        if (!followed)
            co_return failure(followed.error());
        m_sweepWanted = false;
        const auto swept = co_await sweep(true);
        if (!swept)
            co_return failure(swept.error());
        settle();
    }
}

async::Task<Result<void>> AccountSync::sweep(bool trustCounts)
{
    const auto before = m_environment.store.mailboxes(m_account.id);
    if (!before)
        co_return failure(before.error());
    const std::int64_t asked = m_environment.clock.wall().toMSecsSinceEpoch();
    const auto folders = co_await syncFolderList(m_inboxLine.client(), m_environment.store, m_account.id);
    if (!folders)
        co_return failure(folders.error());
    m_listedAt = asked;
    tellTreeChanges(*before, *folders);
    std::vector<MailboxId> unchanged;
    for (const Folder &folder : *folders) {
        if (folder.name.isInbox()) {
            m_inbox = folder.id;
            continue;
        }
        if (!folder.selectable)
            continue;
        const auto state = m_environment.store.state(folder.id);
        const auto cached = m_environment.store.countMessages(folder.id);
        if (!state)
            co_return failure(state.error());
        if (!cached)
            co_return failure(cached.error());
        const auto isClean = [&](Trust trust) {
            return folder.status && *state && !mayHaveChanged(*folder.status, **state, *cached, trust);
        };
        // Counts that did not change are good enough not to look, but no proof: flags may have changed.
        if (isClean(Trust::Proof))
            unchanged.push_back(folder.id);
        else if (trustCounts && isClean(Trust::Counts))
            continue;
        else if (!m_workLine.hasOpen(folder.id))
            enqueue(folder.id);
    }
    confirmUnchanged(unchanged);
    resolveOpenName();
    m_workLine.wake();
    armSweep();
    co_return Result<void>();
}

/** Mailboxes that came or went; nothing on the very first listing, when all of them come. */
void AccountSync::tellTreeChanges(const std::vector<store::MailboxRow> &before, const std::vector<Folder> &now)
{
    if (before.empty())
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

/** The listing that was asked for at m_listedAt has proved that their caches are equal to the server. */
void AccountSync::confirmUnchanged(const std::vector<MailboxId> &mailboxes)
{
    const auto written = m_environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        for (const MailboxId mailbox : mailboxes) {
            auto state = m_environment.store.state(mailbox);
            if (!state)
                return failure(state.error());
            if (!*state)
                continue;
            (*state)->syncedAt = m_listedAt / 1000;
            if (auto done = transaction.setState(mailbox, **state); !done)
                return done;
        }
        return {};
    });
    if (!written)
        qCWarning(logSync) << written.error();
}

void AccountSync::armSweep()
{
    if (m_sweepTimer != 0)
        m_environment.clock.cancel(m_sweepTimer);
    m_sweepTimer = m_environment.clock.callAfter(sweepInterval, [this] {
        m_sweepTimer = 0;
        m_sweepWanted = true;
        m_inboxLine.wake();
    });
}

// --- Both lines ----------------------------------------------------------------------------------------------------

async::Task<Result<bool>> AccountSync::syncOn(Line &line, MailboxId mailbox, mail::MailboxName name)
{
    const MailboxHooks hooks = hooksFor(line, mailbox, name);
    const auto synced = co_await line.bringUpToDate(mailbox, std::move(name), false, hooks);
    co_return synced;
}

async::Task<Result<void>> AccountSync::follow(Line &line, std::function<bool()> hasOtherWork)
{
    line.watch();
    while (true) {
        if (line.lost())
            co_return failure(*line.lost());
        MailboxSync *mailbox = line.mailbox();
        if (mailbox->error())
            co_return failure(*mailbox->error());
        if (mailbox->needsResync()) {
            const MailboxId id = mailbox->mailbox();
            const mail::MailboxName name = mailbox->name();
            const auto synced = co_await syncOn(line, id, name);
            if (!synced)
                co_return failure(synced.error());
            line.watch();
        } else if (mailbox->needsCatchUp()) {
            const auto caught = co_await mailbox->catchUp();
            if (!caught)
                co_return failure(caught.error());
            const auto confirmed = mailbox->confirm();
            if (!confirmed)
                co_return failure(confirmed.error());
            settle();
        } else if (hasOtherWork()) {
            co_return Result<void>();
        } else {
            co_await line.signal().wait();
        }
    }
}

MailboxHooks AccountSync::hooksFor(Line &line, MailboxId mailbox, const mail::MailboxName &name)
{
    MailboxHooks hooks;
    hooks.progress = [this, name](std::int64_t done, std::int64_t total) { publishProgress(done, total, name); };
    hooks.changed
        = [this, text = name.text](WatchEvent::Kind kind, const std::vector<Uid> &uids) { tell(kind, text, uids); };
    hooks.selected = [this, &line, mailbox] { grantWishes(line, mailbox); };
    if (&line == &m_workLine)
        hooks.yields = [this, mailbox] { return hasUrgentWork(mailbox); };
    return hooks;
}

async::Task<void> AccountSync::pauseAfter(Error error, Backoff &backoff, Line &line)
{
    tell(WatchEvent::Kind::Error, {}, {}, error.userText);
    // Each wish of the person ends each line's pause once: while there is no connection, m_sweepWanted stays.
    const std::uint64_t checks = m_checks;
    if (error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls || error.kind == ErrorKind::Input) {
        setState(AccountStatus::State::NeedsUser, error);
        while (m_checks == checks)
            co_await line.signal().wait();
        co_return;
    }
    const Clock::Duration pause = backoff.next();
    setState(AccountStatus::State::Waiting, error, m_environment.clock.wall().toMSecsSinceEpoch() + pause.count());
    const auto until = m_environment.clock.monotonic() + pause;
    while (m_checks == checks) {
        const auto left = until - m_environment.clock.monotonic();
        if (left <= Clock::Duration::zero())
            break;
        co_await line.signal().waitFor(left);
        // Somebody waits for a message: what failed a moment ago may work now, and if not they are told.
        if (&line == &m_workLine && !m_wishes.empty())
            break;
    }
}

std::optional<mail::MailboxName> AccountSync::nameOf(MailboxId mailbox) const
{
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row || !*row || (*row)->account != m_account.id || !(*row)->selectable)
        return std::nullopt;
    return (*row)->name;
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
    if (!m_inboxSettled || m_workBusy || !m_queue.empty() || m_openNeedsSync)
        return;
    m_status.trueAsOf = std::max(m_listedAt, m_inboxLine.provenAt());
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
