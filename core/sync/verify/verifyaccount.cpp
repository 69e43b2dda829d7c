// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/verify/verifyaccount.h"

#include "core/base/log.h"
#include "core/sync/account/line.h"
#include "core/sync/account/synconce.h"
#include "core/sync/verify/mailboxverifier.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** A mailbox of either side. */
struct Candidate {
    MailboxId here; ///< none: the cache does not know it
    mail::MailboxName name;
    bool there = true; ///< the server lists it
};

bool isNamed(const mail::MailboxName &name, const QString &wanted)
{
    return name.text == wanted || (name.isInbox() && wanted.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) == 0);
}

/** Those that can be opened: the server's in its order, then those that only the cache has. */
std::vector<Candidate> candidates(const std::vector<imap::ListedMailbox> &listed,
                                  const std::vector<store::MailboxRow> &cached)
{
    const auto keyOf = [](const mail::MailboxName &name) { return name.isInbox() ? mail::MailboxName::inbox() : name; };
    QHash<mail::MailboxName, std::size_t> places;
    for (std::size_t i = 0; i < cached.size(); ++i)
        places.insert(keyOf(cached[i].name), i);
    std::vector<Candidate> result;
    std::vector<bool> matched(cached.size(), false);
    for (const imap::ListedMailbox &mailbox : listed) {
        const auto place = places.constFind(keyOf(mailbox.name));
        const store::MailboxRow *row = place == places.constEnd() ? nullptr : &cached[*place];
        if (row != nullptr)
            matched[*place] = true;
        // A name without messages of its own: right unless the cache holds some for it.
        if (!mailbox.selectable && (row == nullptr || row->cached == 0))
            continue;
        result.push_back({row == nullptr ? MailboxId() : row->id, mailbox.name, mailbox.selectable});
    }
    for (std::size_t i = 0; i < cached.size(); ++i) {
        if (!matched[i])
            result.push_back({cached[i].id, cached[i].name, false});
    }
    return result;
}

Result<std::vector<Candidate>> choose(std::vector<Candidate> all, const QStringList &wanted)
{
    if (wanted.isEmpty())
        return all;
    for (const QString &name : wanted) {
        const bool known
            = std::any_of(all.begin(), all.end(), [&name](const Candidate &one) { return isNamed(one.name, name); });
        if (!known) {
            return failure(ErrorKind::Input, name,
                           QCoreApplication::translate("core",
                                                       "There is no folder \"%1\", neither on the server nor in the "
                                                       "cache. Nothing was compared; check the name.")
                               .arg(name));
        }
    }
    std::erase_if(all, [&wanted](const Candidate &one) {
        return std::none_of(wanted.begin(), wanted.end(),
                            [&one](const QString &name) { return isNamed(one.name, name); });
    });
    return all;
}

/** What only the cache has. */
Result<MailboxVerdict> verdictOfGone(const store::CacheStore &store, const Candidate &gone)
{
    MailboxVerdict verdict;
    verdict.mailbox = gone.here;
    verdict.name = gone.name.text;
    verdict.state = MailboxVerdict::State::NotThere;
    const auto uids = store.uids(gone.here);
    if (!uids)
        return failure(uids.error());
    for (const Uid uid : *uids)
        verdict.extra.add(uid);
    return verdict;
}

async::Task<Result<VerifyReport>> compareAccount(const Environment &environment, accounts::Account account,
                                                 VerifyRequest request)
{
    const auto started = environment.clock.monotonic();
    VerifyReport report;
    imap::Client client(environment.clock, environment.streams);
    if (environment.trace)
        client.setTraceHandler(environment.trace);
    const auto signedIn = co_await signIn(environment, account, client);
    if (!signedIn)
        co_return failure(signedIn.error());
    const auto listed = co_await client.list();
    if (!listed)
        co_return failure(listed.error());
    const auto cached = environment.store.mailboxes(account.id);
    if (!cached)
        co_return failure(cached.error());
    const auto chosen = choose(candidates(*listed, *cached), request.mailboxes);
    if (!chosen)
        co_return failure(chosen.error());

    for (const Candidate &candidate : *chosen) {
        Result<MailboxVerdict> verdict;
        if (candidate.there) {
            MailboxVerifier verifier(environment.clock, client, environment.store);
            MailboxVerifier::Progress progress;
            if (request.progress) {
                progress = [&request, &candidate](std::int64_t done, std::int64_t total) {
                    request.progress(done, total, candidate.name.text);
                };
            }
            verdict = co_await verifier.verify(candidate.here, candidate.name, std::move(progress));
        } else {
            verdict = verdictOfGone(environment.store, candidate);
        }
        if (!verdict)
            co_return failure(verdict.error());
        verdict->account = account.id;
        report.messages += verdict->there.messages;
        report.mailboxes.push_back(std::move(*verdict));
    }
    const auto left = co_await client.logout();
    Q_UNUSED(left) // Everything is compared; a server that hangs up without a word takes nothing away.
    const imap::TransferFigures figures = client.figures();
    report.bytesReceived = figures.bytesReceived;
    report.bytesSent = figures.bytesSent;
    report.elapsedMs = (environment.clock.monotonic() - started).count();
    co_return report;
}

/** The rows that are proven wrong go, and with them the claim that the mailbox is in sync: the rest is the sync's. */
Result<void> forgetDamage(store::CacheStore &store, const MailboxVerdict &verdict)
{
    const auto state = store.state(verdict.mailbox);
    if (!state)
        return failure(state.error());
    if (!*state)
        return {};
    const UidValidity validity = (*state)->uidValidity;
    return store.write([&](store::CacheTransaction &transaction) -> Result<void> {
        if (validity.isValid()) {
            const auto removed = transaction.remove(verdict.mailbox, validity, verdict.fieldsDiffer.ranges);
            if (!removed)
                return failure(removed.error());
        }
        return transaction.distrust(verdict.mailbox);
    });
}

async::Task<Result<void>> repair(const Environment &environment, accounts::Account account, VerifyReport &report)
{
    VerifyRequest wrong;
    SyncRequest sync;
    for (const MailboxVerdict &verdict : report.mailboxes) {
        if (verdict.isOk() || verdict.state == MailboxVerdict::State::NotOpened)
            continue;
        qCInfo(logSync) << "repair of mailbox" << verdict.mailbox << ":" << verdict.missing.count << "missing,"
                        << verdict.extra.count << "gone," << verdict.flagsDiffer.count << "with other flags,"
                        << verdict.fieldsDiffer.count << "damaged";
        if (verdict.mailbox.isValid()) {
            const auto forgotten = forgetDamage(environment.store, verdict);
            if (!forgotten)
                co_return failure(forgotten.error());
        }
        // What the server does not list goes with its listing, which every sync begins with.
        if (verdict.state != MailboxVerdict::State::NotThere) {
            sync.mailboxes.append(verdict.name);
            wrong.mailboxes.append(verdict.name);
        }
    }
    if (sync.mailboxes.isEmpty())
        sync.mailboxes.append(mail::MailboxName::inbox().text);
    const auto synced = co_await syncOnce(environment, account, sync);
    if (!synced)
        co_return failure(synced.error());
    std::vector<MailboxVerdict> after;
    if (!wrong.mailboxes.isEmpty()) {
        auto compared = co_await compareAccount(environment, account, wrong);
        if (!compared)
            co_return failure(compared.error());
        after = std::move(compared->mailboxes);
        report.bytesReceived += compared->bytesReceived;
        report.bytesSent += compared->bytesSent;
    }
    for (MailboxVerdict &verdict : report.mailboxes) {
        if (verdict.isOk())
            continue;
        if (verdict.state == MailboxVerdict::State::NotThere) {
            const auto row = environment.store.mailbox(verdict.mailbox);
            verdict.repaired = row && (!*row || (*row)->cached == 0);
            continue;
        }
        const auto again = std::find_if(after.begin(), after.end(),
                                        [&verdict](const MailboxVerdict &one) { return one.name == verdict.name; });
        if (again == after.end())
            continue;
        verdict.repaired = again->isOk();
        verdict.mailbox = again->mailbox;
        verdict.here = again->here;
        verdict.there = again->there;
    }
    co_return Result<void>();
}

} // namespace

async::Task<Result<VerifyReport>> verifyAccount(const Environment &environment, accounts::Account account,
                                                VerifyRequest request)
{
    const auto started = environment.clock.monotonic();
    auto report = co_await compareAccount(environment, account, request);
    if (!report)
        co_return failure(report.error());
    if (request.repair && !report->isOk()) {
        const auto repaired = co_await repair(environment, account, *report);
        if (!repaired)
            co_return failure(repaired.error());
    }
    report->elapsedMs = (environment.clock.monotonic() - started).count();
    co_return report;
}

} // namespace kittiwake::sync
