// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/line.h"

#include "core/async/awaiters.h"
#include "core/base/log.h"
#include "core/sync/folderlist/folderlist.h"
#include "core/sync/operations/readdress.h"

#include <QCoreApplication>

namespace kittiwake::sync
{

namespace
{

/** So long the list of folders is believed when a folder has other UIDs than before: many may have at once. */
constexpr std::chrono::seconds listedForUids{60};
/** And when one cannot be opened, which may be so for many too. */
constexpr std::chrono::seconds listedForNames{10};

Error closedError(const accounts::Account &account)
{
    return {ErrorKind::Network,
            account.imap.endpoint.text(),
            QCoreApplication::translate("core",
                                        "The connection to the mail server was closed. It is made again by "
                                        "itself."),
            {}};
}

} // namespace

imap::ConnectOptions connectOptions(const Environment &environment, const accounts::Account &account,
                                    const Secret &password)
{
    imap::ConnectOptions options;
    options.endpoint = account.imap.endpoint;
    options.tls = account.imap.tls;
    options.policy = account.tlsPolicy;
    options.userName = account.signInName();
    options.password = password;
    options.mechanism = account.saslMechanism;
    options.productVersion = environment.version;
    options.qresync = true;
    // Names and headers as they are; servers with UTF8=ONLY take nobody in without (RFC 6855 sections 3 and 6).
    options.utf8 = true;
    return options;
}

async::Task<Result<void>> signIn(const Environment &environment, const accounts::Account &account, imap::Client &client)
{
    const auto password = co_await environment.passwords.password(account);
    if (!password)
        co_return failure(password.error());
    const imap::ConnectOptions options = connectOptions(environment, account, *password);
    const auto connected = co_await client.connect(options);
    co_return connected;
}

Line::Line(const Environment &environment, const accounts::Account &account)
    : m_environment(environment), m_account(account), m_signal(environment.clock)
{
}

Line::~Line()
{
    m_left = {}; // whoever listens is going too
    disconnect();
}

async::Task<Result<void>> Line::connect()
{
    disconnect();
    m_lost.reset();
    m_connectedAt.reset();
    m_endedAt.reset();
    m_listedAt.reset();
    m_client = std::make_shared<imap::Client>(m_environment.clock, m_environment.streams);
    if (m_environment.trace)
        m_client->setTraceHandler(m_environment.trace);
    m_client->setUpdateHandler([this](const imap::MailboxUpdate &update) { onUpdate(update); });
    m_client->setProofHandler([this](std::int64_t askedAt) { onProof(askedAt); });
    m_provenAt = 0;
    m_client->setReportHandler([this](const imap::ServerReport &report) {
        if (m_reports)
            m_reports(report);
    });
    ++m_connections;
    m_isConnecting = true;
    const auto connected = co_await signIn(m_environment, m_account, *m_client);
    m_isConnecting = false;
    if (connected)
        m_connectedAt = m_environment.clock.monotonic();
    co_return connected;
}

void Line::drop()
{
    if (!m_client)
        return;
    m_client->die(closedError(m_account));
    if (m_isConnecting)
        m_signal.set();
    else
        noteLoss(closedError(m_account));
}

void Line::giveUpConnecting()
{
    if (m_isConnecting && m_client)
        m_client->die(closedError(m_account));
}

Clock::Duration Line::age() const
{
    if (!m_connectedAt)
        return Clock::Duration::zero();
    return m_endedAt.value_or(m_environment.clock.monotonic()) - *m_connectedAt;
}

void Line::noteLoss(const Error &error)
{
    if (!m_lost)
        m_lost = error;
    noteEnd();
    m_signal.set();
}

void Line::noteEnd()
{
    if (m_connectedAt && !m_endedAt)
        m_endedAt = m_environment.clock.monotonic();
}

void Line::disconnect()
{
    noteEnd();
    endLeases();
    m_isConnecting = false;
    m_probeScope.cancelAll();
    m_watchScope.cancelAll();
    m_isWatching = false;
    closeMailbox();
    m_past = figures();
    if (m_client) {
        // A borrower may wait on it still: it learns that the connection is gone, and lets go.
        m_client->setUpdateHandler({});
        m_client->setProofHandler({});
        m_client->setReportHandler({});
        m_client->die(m_lost.value_or(closedError(m_account)));
        m_client.reset();
    }
}

void Line::endLeases()
{
    if (m_leases) {
        m_leases->isLost = true;
        m_leases->released = nullptr;
        m_leases.reset();
    }
}

imap::TransferFigures Line::figures() const
{
    imap::TransferFigures sum = m_past;
    if (m_client) {
        const imap::TransferFigures now = m_client->figures();
        sum.bytesReceived += now.bytesReceived;
        sum.bytesSent += now.bytesSent;
        sum.roundTrips += now.roundTrips;
    }
    return sum;
}

async::Task<Result<void>> Line::open(MailboxId mailbox, mail::MailboxName name, bool full, MailboxHooks hooks)
{
    stopWatching();
    // A borrower acts by UID, and the same UID means another message in another mailbox.
    while (m_leases && m_leases->count > 0)
        co_await m_signal.wait();
    endLeases();
    if (!isConnected())
        co_return failure(m_lost.value_or(Error{ErrorKind::Network, m_account.imap.endpoint.text(), {}, {}}));
    if (m_mailbox && m_mailbox->mailbox() != mailbox)
        closeMailbox();
    m_isOpen = false;
    hooks.wake = [this] { m_signal.set(); };
    hooks.selected = [this, told = std::move(hooks.selected)] {
        m_isOpen = true;
        m_leases = std::make_shared<LeaseState>();
        m_leases->client = m_client;
        m_leases->uidValidity = m_mailbox->uidValidity();
        m_leases->released = [this] { m_signal.set(); };
        if (told)
            told();
    };
    if (m_environment.pending != nullptr)
        followAddresses(mailbox, hooks);
    hooks.isListed = wasListedWithin(listedForUids);
    m_mailbox
        = std::make_unique<MailboxSync>(m_environment.clock, *m_client, m_environment.store, mailbox, name, hooks);
    Result<void> opened = co_await m_mailbox->open(full);
    const bool isRefused = !opened && opened.error().kind == ErrorKind::ServerRefused;
    const bool isAmiss = !opened && (m_mailbox->needsListing() || (isRefused && !wasListedWithin(listedForNames)));
    if (!isAmiss || !isConnected())
        co_return opened;
    // Another client may have renamed it, and even have put another one in its place.
    const auto listed = co_await syncFolderList(*m_client, m_environment, m_account.id, Counts::InList);
    if (!listed)
        co_return failure(listed.error());
    noteListed();
    const auto row = m_environment.store.mailbox(mailbox);
    if (!row)
        co_return failure(row.error());
    if (!*row)
        co_return failure(ErrorKind::ServerRefused, name.text,
                          QCoreApplication::translate("core", "This folder is not there any more."));
    if (isRefused && (*row)->name == name)
        co_return opened;
    hooks.isListed = true;
    m_mailbox = std::make_unique<MailboxSync>(m_environment.clock, *m_client, m_environment.store, mailbox,
                                              (*row)->name, std::move(hooks));
    Result<void> second = co_await m_mailbox->open(full);
    co_return second;
}

void Line::noteListed()
{
    m_listedAt = m_environment.clock.monotonic();
}

bool Line::wasListedWithin(Clock::Duration time) const
{
    return m_listedAt && m_environment.clock.monotonic() - *m_listedAt < time;
}

/** What waits for messages of the mailbox is told when they get other UIDs. */
void Line::followAddresses(MailboxId mailbox, MailboxHooks &hooks)
{
    // By the name that the mailbox has in the cache: another client may rename it at any time.
    const auto addressOf = [this, mailbox](UidValidity uidValidity) -> Result<MailboxAddress> {
        const auto row = m_environment.store.mailbox(mailbox);
        if (!row)
            return failure(row.error());
        return MailboxAddress{*row ? (*row)->name : mail::MailboxName(), uidValidity};
    };
    hooks.awaited = [this, addressOf](UidValidity uidValidity) -> Result<imap::UidSet> {
        const auto address = addressOf(uidValidity);
        if (!address)
            return failure(address.error());
        return addressedUids(*m_environment.pending, m_account.id, *address);
    };
    hooks.renumbered
        = [this, addressOf](UidValidity before, UidValidity now, const std::vector<MovedUid> &moved) -> Result<void> {
        const auto address = addressOf(before);
        if (!address)
            return failure(address.error());
        return renumberOperations(*m_environment.pending, m_account.id, *address, now, moved);
    };
}

async::Task<Result<bool>> Line::bringUpToDate(MailboxId mailbox, mail::MailboxName name, bool full, MailboxHooks hooks)
{
    // Others may be busy in the mailbox; a server that never stops contradicting itself is left alone until later.
    constexpr int rounds = 5;
    for (int round = 0; round < rounds; ++round) {
        const auto opened = co_await open(mailbox, name, full && round == 0, hooks);
        if (!opened)
            co_return failure(opened.error());
        name = m_mailbox->name();
        const auto fetched = co_await m_mailbox->fetchMissing();
        if (!fetched)
            co_return failure(fetched.error());
        if (!*fetched)
            co_return false;
        const auto caught = co_await m_mailbox->catchUp();
        if (!caught)
            co_return failure(caught.error());
        if (const auto &error = m_mailbox->error())
            co_return failure(*error);
        if (m_mailbox->needsResync())
            continue;
        const auto confirmed = m_mailbox->confirm();
        if (!confirmed)
            co_return failure(confirmed.error());
        if (m_mailbox->needsResync())
            continue;
        co_return true;
    }
    qCWarning(logSync) << "mailbox" << mailbox << "did not come to rest";
    co_return true;
}

void Line::onUpdate(const imap::MailboxUpdate &update)
{
    if (const auto *gone = std::get_if<imap::Disconnected>(&update)) {
        noteLoss(gone->error);
        return;
    }
    // While another mailbox is being selected, the news may still be of the one before.
    const auto selected = m_client->selected();
    if (m_mailbox && selected && selected->name == m_mailbox->name())
        m_mailbox->apply(update);
}

void Line::onProof(std::int64_t askedAt)
{
    m_provenAt = askedAt;
    const auto selected = m_client->selected();
    if (m_mailbox && m_isOpen && selected && selected->name == m_mailbox->name())
        m_mailbox->proved(askedAt);
}

void Line::closeMailbox()
{
    m_isOpen = false;
    if (!m_mailbox)
        return;
    const MailboxId mailbox = m_mailbox->mailbox();
    m_mailbox.reset();
    if (m_left)
        m_left(mailbox);
}

async::Task<Result<void>> Line::leave()
{
    stopWatching();
    while (isLent())
        co_await m_signal.wait();
    endLeases();
    closeMailbox();
    if (!isConnected())
        co_return failure(m_lost.value_or(closedError(m_account)));
    const auto left = co_await m_client->unselect();
    co_return left;
}

void Line::watch()
{
    startWatching(false);
}

void Line::watchAll()
{
    startWatching(true);
}

void Line::startWatching(bool all)
{
    if (m_isWatching || !isConnected())
        return;
    m_isWatching = true;
    const auto run = [](Line &line, bool notified) -> async::Task<void> {
        imap::IdleOptions options;
        options.notified = notified;
        options.random = &line.m_environment.random;
        const auto ended = co_await line.m_client->idle(options);
        line.m_isWatching = false;
        if (!ended)
            line.noteLoss(ended.error());
        else
            line.m_signal.set();
    };
    m_watchScope.start(run(*this, all));
}

void Line::stopWatching()
{
    if (m_isWatching && m_client)
        m_client->stopIdle();
}

void Line::probe(Clock::Duration limit)
{
    if (isConnected() && m_probeScope.isEmpty())
        m_probeScope.start(ask(this, limit));
}

async::Task<void> Line::ask(Line *line, Clock::Duration limit)
{
    // Held, since a sync that is under way may end the connection while the answer is waited for.
    const std::shared_ptr<imap::Client> client = line->m_client;
    const std::uint64_t before = client->figures().bytesReceived;
    const auto answered = co_await async::withTimeout(line->m_environment.clock, limit, client->noop());
    // Behind a large answer NOOP waits its turn: what comes is a sign of life too.
    if (!answered && client->figures().bytesReceived == before && client->isConnected())
        client->die(closedError(line->m_account));
    if (!client->isConnected())
        line->noteLoss(closedError(line->m_account));
}

} // namespace kittiwake::sync
