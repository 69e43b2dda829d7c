// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/synconce.h"

#include "core/sync/account/line.h"
#include "core/sync/folderlist/folderlist.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

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

} // namespace

async::Task<Result<SyncReport>> syncOnce(const Environment &environment, accounts::Account account, SyncRequest request)
{
    const auto started = environment.clock.monotonic();
    SyncReport report;
    Line line(environment, account);
    const auto connected = co_await line.connect();
    if (!connected)
        co_return failure(connected.error());
    const auto known = environment.store.mailboxes(account.id);
    if (!known)
        co_return failure(known.error());
    const std::int64_t listedAt = environment.clock.wall().toSecsSinceEpoch();
    auto listed = co_await syncFolderList(line.client(), environment.store, account.id);
    if (!listed)
        co_return failure(listed.error());
    report.removed += countOfGone(*known, *listed);
    const auto folders = chooseFolders(std::move(*listed), request.mailboxes);
    if (!folders)
        co_return failure(folders.error());

    std::optional<Error> refused;
    for (const Folder &folder : *folders) {
        const auto before = environment.store.state(folder.id);
        const auto cached = environment.store.countMessages(folder.id);
        if (!before)
            co_return failure(before.error());
        if (!cached)
            co_return failure(cached.error());
        ++report.mailboxes;
        if (!request.full && folder.status && *before
            && !mayHaveChanged(*folder.status, **before, *cached, Trust::Proof)) {
            // STATUS has proved that nothing changed: no need to select it.
            report.messages += *cached;
            // Without CONDSTORE only an empty mailbox can be proved to be the same.
            report.path.emplace_back(folder.name.text,
                                     (*before)->highestModSeq.isValid() ? QStringLiteral("condstore")
                                                                        : QStringLiteral("plain"));
            const auto confirmed = environment.store.write([&](store::CacheTransaction &transaction) {
                store::MailboxState state = **before;
                state.syncedAt = listedAt;
                return transaction.setState(folder.id, state);
            });
            if (!confirmed)
                co_return failure(confirmed.error());
            continue;
        }
        MailboxHooks hooks;
        if (request.progress) {
            hooks.progress = [&request, &folder](std::int64_t done, std::int64_t total) {
                request.progress(done, total, folder.name.text);
            };
        }
        if (folder.name.isInbox()) {
            hooks.firstPage = [&report, &environment, started] {
                report.firstPageMs = (environment.clock.monotonic() - started).count();
            };
        }
        const auto synced = co_await line.bringUpToDate(folder.id, folder.name, request.full, hooks);
        if (!synced) {
            if (synced.error().kind != ErrorKind::ServerRefused || !line.isConnected())
                co_return failure(synced.error());
            refused = refused.value_or(synced.error());
            continue;
        }
        const MailboxOutcome &outcome = line.mailbox()->outcome();
        report.added += outcome.added;
        report.removed += outcome.removed;
        // Messages that the server renumbered are other messages: all of the old ones went.
        if (outcome.reset)
            report.removed += *cached;
        report.changed += outcome.changed;
        report.path.emplace_back(folder.name.text, outcome.path);
        const auto now = environment.store.countMessages(folder.id);
        if (!now)
            co_return failure(now.error());
        report.messages += *now;
    }
    const auto left = co_await line.client().logout();
    Q_UNUSED(left) // Everything is committed; a server that hangs up without a word takes nothing away.
    const imap::TransferFigures figures = line.figures();
    report.bytesReceived = figures.bytesReceived;
    report.bytesSent = figures.bytesSent;
    report.roundTrips = static_cast<std::int64_t>(figures.roundTrips);
    report.connections = line.connections();
    report.elapsedMs = (environment.clock.monotonic() - started).count();
    if (refused)
        co_return failure(*refused);
    co_return report;
}

} // namespace kittiwake::sync
