// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/synconce.h"

#include "core/sync/account/line.h"
#include "core/sync/folderlist/folderlist.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <utility>

namespace kittiwake::sync
{

namespace
{

bool isNamed(const Folder &folder, const QString &name)
{
    return folder.name.text == name
        || (folder.name.isInbox() && name.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0);
}

/** The mailboxes that are to be looked at, in the order of the listing; all that can be opened where none is named. */
Result<std::vector<Folder>> chooseFolders(std::vector<Folder> folders, const QStringList &wanted)
{
    std::erase_if(folders, [](const Folder &folder) { return !folder.selectable; });
    if (wanted.isEmpty())
        return folders;
    for (const QString &name : wanted) {
        const bool known = std::any_of(folders.begin(), folders.end(),
                                       [&name](const Folder &folder) { return isNamed(folder, name); });
        if (!known) {
            return failure(ErrorKind::Input, name,
                           QCoreApplication::translate("core",
                                                       "The server has no folder \"%1\" that can be opened. "
                                                       "The others were not touched.")
                               .arg(name));
        }
    }
    std::erase_if(folders, [&wanted](const Folder &folder) {
        return std::none_of(wanted.begin(), wanted.end(),
                            [&folder](const QString &name) { return isNamed(folder, name); });
    });
    return folders;
}

/** Cached messages of the mailboxes that are not listed any more, or hold none any more: they went with the listing. */
std::int64_t countOfGone(const std::vector<store::MailboxRow> &known, const std::vector<Folder> &listed)
{
    QSet<std::int64_t> there;
    for (const Folder &folder : listed) {
        if (folder.selectable)
            there.insert(folder.id.value());
    }
    std::int64_t count = 0;
    for (const store::MailboxRow &row : known)
        count += there.contains(row.id.value()) ? 0 : row.cached;
    return count;
}

/** One sync, while it runs. Outlives its flows. */
struct Run {
    const Environment &environment;
    const accounts::Account &account;
    const SyncRequest &request;
    Line &line;
    Clock::Duration started{0};
    std::int64_t listedAt = 0; ///< seconds since 1970 UTC
    SyncReport report = {};
    std::optional<Error> refused = {}; ///< the first mailbox that would not open
    std::function<void()> firstPage = {}; ///< INBOX has its newest messages
};

using Connected = async::Completion<Result<void>>;

async::Task<void> connectInto(Line *line, Connected done)
{
    auto connected = co_await line->connect();
    done.complete(std::move(connected));
}

using Listing = async::Completion<Result<std::vector<Folder>>>;

async::Task<void> listInto(Run *run, Listing done)
{
    run->listedAt = run->environment.clock.wall().toSecsSinceEpoch();
    auto listed = co_await syncFolderList(run->line.client(), run->environment, run->account.id, Counts::InListOrEach);
    if (listed)
        run->line.noteListed();
    done.complete(std::move(listed));
}

/**
 * INBOX, where it is wanted and is not all in the cache: then its newest page comes before anything is listed. It is
 * there whatever the server lists (RFC 9051 section 5.1), so its row need not wait for that.
 */
Result<std::optional<Folder>> coldInbox(const Run &run)
{
    const QStringList &wanted = run.request.mailboxes;
    if (!wanted.isEmpty() && !wanted.contains(QLatin1String("INBOX"), Qt::CaseInsensitive))
        return std::nullopt;
    Folder inbox{{}, mail::MailboxName::inbox(), mail::MailboxRole::Inbox, true, {}};
    const auto known = run.environment.store.findMailbox(run.account.id, inbox.name);
    if (!known)
        return failure(known.error());
    if (*known) {
        inbox.id = **known;
        const auto state = run.environment.store.state(inbox.id);
        if (!state)
            return failure(state.error());
        return *state && (*state)->complete ? std::optional<Folder>() : std::optional<Folder>(inbox);
    }
    const auto written = run.environment.store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        store::MailboxListing listing;
        listing.name = inbox.name;
        listing.role = inbox.role;
        const auto made = transaction.putMailbox(run.account.id, listing);
        if (!made)
            return failure(made.error());
        inbox.id = *made;
        return {};
    });
    if (!written)
        return failure(written.error());
    return std::optional<Folder>(inbox);
}

/** Cached messages of the mailboxes that were looked at; of all of them each message once, whatever its labels. */
Result<std::int64_t> countOf(const Run &run, const std::vector<Folder> &folders)
{
    const auto rows = run.environment.store.mailboxes(run.account.id);
    if (!rows)
        return failure(rows.error());
    QSet<std::int64_t> looked;
    for (const Folder &folder : folders)
        looked.insert(folder.id.value());
    const store::OnceCounted once(*rows);
    std::int64_t count = 0;
    for (const store::MailboxRow &row : *rows) {
        if (looked.contains(row.id.value()) && (!run.request.mailboxes.isEmpty() || once.counts(row)))
            count += row.cached;
    }
    return count;
}

/** Brings one mailbox up to date and counts what that did. Errors: those that end the whole sync. */
async::Task<Result<void>> syncFolder(Run *run, Folder folder)
{
    const Environment &environment = run->environment;
    SyncReport &report = run->report;
    const auto before = environment.store.state(folder.id);
    const auto cached = environment.store.countMessages(folder.id);
    if (!before)
        co_return failure(before.error());
    if (!cached)
        co_return failure(cached.error());
    ++report.mailboxes;
    const auto empty = takeEmpty(environment.store, folder, run->listedAt);
    if (!empty)
        co_return failure(empty.error());
    if (*empty) {
        report.path.emplace_back(folder.name.text, QStringLiteral("condstore"));
        co_return Result<void>();
    }
    if (!run->request.full && folder.status && *before
        && !mayHaveChanged(*folder.status, **before, *cached, Trust::Proof)) {
        // STATUS has proved that nothing changed: no need to select it.
        // Without CONDSTORE only an empty mailbox can be proved to be the same.
        report.path.emplace_back(folder.name.text,
                                 (*before)->highestModSeq.isValid() ? QStringLiteral("condstore")
                                                                    : QStringLiteral("plain"));
        co_return environment.store.write([&](store::CacheTransaction &transaction) {
            store::MailboxState state = **before;
            state.syncedAt = run->listedAt;
            return transaction.setState(folder.id, state);
        });
    }
    MailboxHooks hooks;
    if (run->request.progress) {
        hooks.progress = [run, text = folder.name.text](std::int64_t done, std::int64_t total) {
            run->request.progress(done, total, text);
        };
    }
    if (folder.name.isInbox()) {
        hooks.firstPage = [run] {
            run->report.firstPageMs = (run->environment.clock.monotonic() - run->started).count();
            if (run->firstPage)
                run->firstPage();
        };
    }
    const auto synced = co_await run->line.bringUpToDate(folder.id, folder.name, run->request.full, hooks);
    if (!synced) {
        if (synced.error().kind != ErrorKind::ServerRefused || !run->line.isConnected())
            co_return failure(synced.error());
        run->refused = run->refused.value_or(synced.error());
        co_return Result<void>();
    }
    const MailboxOutcome &outcome = run->line.mailbox()->outcome();
    report.added += outcome.added;
    report.removed += outcome.removed;
    report.changed += outcome.changed;
    report.path.emplace_back(folder.name.text, outcome.path);
    co_return Result<void>();
}

} // namespace

async::Task<Result<SyncReport>> syncOnce(const Environment &environment, accounts::Account account, SyncRequest request)
{
    Line line(environment, account);
    Run run{environment, account, request, line};
    run.started = environment.clock.monotonic();
    async::TaskScope scope;
    const Connected connecting(environment.clock);
    scope.start(connectInto(&line, connecting));
    // While the connection is made: the first write to a database waits for the disk.
    const auto known = environment.store.mailboxes(account.id);
    if (!known)
        co_return failure(known.error());
    const auto early = coldInbox(run);
    if (!early)
        co_return failure(early.error());
    const auto connected = co_await connecting;
    if (!connected)
        co_return failure(connected.error());

    // The listing goes out behind the newest page of INBOX, beside its other headers.
    const Listing listing(environment.clock);
    bool listingAsked = false;
    const auto list = [&run, &listing, &scope, &listingAsked] {
        if (!std::exchange(listingAsked, true))
            scope.start(listInto(&run, listing));
    };
    if (*early) {
        run.firstPage = list;
        const auto synced = co_await syncFolder(&run, **early);
        run.firstPage = nullptr;
        if (!synced)
            co_return failure(synced.error());
    }
    list();
    auto listed = co_await listing;
    if (!listed)
        co_return failure(listed.error());
    run.report.removed += countOfGone(*known, *listed);
    const auto folders = chooseFolders(std::move(*listed), request.mailboxes);
    if (!folders)
        co_return failure(folders.error());
    for (const Folder &folder : *folders) {
        if (*early && folder.id == (*early)->id)
            continue;
        const auto synced = co_await syncFolder(&run, folder);
        if (!synced)
            co_return failure(synced.error());
    }

    SyncReport &report = run.report;
    const auto count = countOf(run, *folders);
    if (!count)
        co_return failure(count.error());
    report.messages = *count;
    const auto left = co_await line.client().logout();
    Q_UNUSED(left) // Everything is committed; a server that hangs up without a word takes nothing away.
    const imap::TransferFigures figures = line.figures();
    report.bytesReceived = figures.bytesReceived;
    report.bytesSent = figures.bytesSent;
    report.roundTrips = static_cast<std::int64_t>(figures.roundTrips);
    report.connections = line.connections();
    report.elapsedMs = (environment.clock.monotonic() - run.started).count();
    if (run.refused)
        co_return failure(*run.refused);
    co_return report;
}

} // namespace kittiwake::sync
