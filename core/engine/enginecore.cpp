// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/enginecore.h"

#include "core/base/log.h"
#include "core/base/platform.h"
#include "core/sync/account/line.h"
#include "core/sync/account/synconce.h"
#include "core/sync/outbox/submission.h"
#include "core/sync/verify/verifyaccount.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

/** Both stores are to be encrypted at rest with a key from the keychain; until then there is none (docs/schema.md). */
Secret storeKey()
{
    return {};
}

imap::TraceHandler traceTo(const std::function<void(const QString &)> &sink)
{
    if (!sink)
        return {};
    return [sink](imap::TraceDirection direction, const QByteArray &line) {
        const QString arrow = direction == imap::TraceDirection::Sent ? QStringLiteral("C: ")
            : direction == imap::TraceDirection::Received             ? QStringLiteral("S: ")
                                                                      : QStringLiteral("-- ");
        sink(arrow + QString::fromUtf8(line));
    };
}

} // namespace

Result<std::unique_ptr<EngineCore>> EngineCore::open(const EngineOptions &options)
{
    auto registry = accounts::AccountRegistry::open(options.profile);
    if (!registry)
        return failure(registry.error());
    // Pending work first: where it cannot be opened, nothing may pretend that everything is fine.
    auto pending = store::PendingStore::open(options.profile, storeKey());
    if (!pending)
        return failure(pending.error());
    auto cache = store::CacheStore::openOrRebuild(options.profile, storeKey());
    if (!cache)
        return failure(cache.error());
    if (cache->rebuilt)
        qCWarning(logEngine) << "the header cache was damaged and is fetched again:" << cache->damage;
    return std::unique_ptr<EngineCore>(
        new EngineCore(options, std::move(*registry), std::move(cache->store), std::move(*pending)));
}

EngineCore::EngineCore(const EngineOptions &options, accounts::AccountRegistry registry,
                       std::unique_ptr<store::CacheStore> cache, std::unique_ptr<store::PendingStore> pending)
    : m_options(options), m_streams(m_clock), m_keychain(m_clock), m_passwords(m_clock, m_keychain),
      m_registry(std::move(registry)), m_cache(std::move(cache)), m_pending(std::move(pending)),
      m_environment{m_clock,
                    m_streams,
                    *m_cache,
                    m_passwords,
                    m_random,
                    QCoreApplication::applicationVersion().toUtf8(),
                    traceTo(options.trace),
                    &m_surroundings,
                    m_pending.get()},
      m_offload(m_clock), m_access(m_clock, *m_cache, [this](AccountId account) { return findAccount(account); }),
      m_messages(m_access, m_offload), m_downloads(m_clock, m_access, m_offload), m_connector(m_clock),
      m_pictures(m_clock, m_connector), m_unsubscriber(m_clock, m_connector), m_pictureSenders(options.profile),
      m_senders(options.profile, m_access, m_offload, [this] { return ownDomains(); }), m_readAhead(m_clock, m_messages)
{
    m_actions = std::make_unique<Actions>(
        m_environment, *m_pending, [this](AccountId account) { return findAccount(account); },
        [this](const PendingSummary &summary) { Q_EMIT pendingChanged(summary); },
        options.offline ? Actions::Replay::No : Actions::Replay::Yes);
    const auto accountOf = [this](AccountId account) {
        const accounts::Account *known = m_registry.find(account);
        return known == nullptr ? std::nullopt : std::optional(*known);
    };
    m_mailing = std::make_unique<Mailing>(
        m_environment, *m_pending, m_actions->journal(), accountOf,
        [this](const SendProgress &progress) { Q_EMIT sendProgressed(progress); },
        [this](AccountId account, std::uint64_t octets) { limitTold(account, octets); }, options.offline);
    m_drafts = std::make_unique<Drafts>(Drafts::Parts{m_environment, *m_pending, m_actions->journal(), *m_mailing,
                                                      m_access, m_messages, m_offload, accountOf, options.offline,
                                                      std::chrono::milliseconds(options.draftPauseMs)},
                                        [this](const DraftState &state) { Q_EMIT draftChanged(state); });
    m_cache->setListener([this](const store::StoreChanges &changes) {
        m_actions->journal().storeChanged(changes);
        for (const store::MailboxChanges &mailbox : changes.messages) {
            if (mailbox.reset)
                m_messages.clear();
            for (const MessageId message : mailbox.removed)
                m_messages.forget(message);
        }
        scheduleCheckpoint();
        Q_EMIT storeChanged(changes);
    });
}

EngineCore::~EngineCore()
{
    m_requests.clear();
    m_readAhead.want({});
    m_cache->setListener({});
    m_drafts.reset();
    m_mailing.reset();
    m_actions.reset();
    m_syncs.clear();
}

void EngineCore::begin()
{
    if (const auto restored = m_actions->journal().restore(); !restored)
        qCWarning(logEngine) << restored.error();
    if (const auto restored = m_mailing->outbox().restore(); !restored)
        qCWarning(logEngine) << restored.error();
    m_drafts->restore();
    if (!m_options.stayConnected)
        return;
    m_actions->journal().start();
    m_mailing->outbox().start();
    for (const accounts::Account &account : m_registry.accounts())
        accountSync(account).start();
}

void EngineCore::scheduleCheckpoint()
{
    if (m_checkpointTimer != 0)
        m_clock.cancel(m_checkpointTimer);
    m_checkpointTimer = m_clock.callAfter(std::chrono::seconds(1), [this] {
        m_checkpointTimer = 0;
        if (const auto done = m_cache->checkpoint(); !done)
            qCWarning(logEngine) << done.error();
    });
}

void EngineCore::startRequest(quint64 id, async::Task<void> request)
{
    auto scope = std::make_unique<async::TaskScope>();
    async::TaskScope &running = *scope;
    m_requests.emplace(id, std::move(scope));
    running.start(std::move(request));
    // Finished ones are swept here, since none may free the frame that it runs on.
    std::erase_if(m_requests, [](const auto &entry) { return entry.second->isEmpty(); });
}

void EngineCore::cancelRequest(quint64 id)
{
    m_requests.erase(id);
}

sync::AccountSync &EngineCore::accountSync(const accounts::Account &account)
{
    auto &entry = m_syncs[account.id];
    if (!entry) {
        sync::AccountHandlers handlers;
        handlers.status = [this](const sync::AccountStatus &status) {
            if (m_actions)
                m_actions->journal().statusChanged(status);
            stateChanged(status);
            Q_EMIT accountStatusChanged(status);
        };
        handlers.event = [this](const sync::WatchEvent &event) { Q_EMIT watchEvent(event); };
        entry = std::make_unique<sync::AccountSync>(m_environment, account, std::move(handlers));
    }
    return *entry;
}

/** A connection to one server is a sign that the others can be reached too. */
void EngineCore::stateChanged(const sync::AccountStatus &status)
{
    using State = sync::AccountStatus::State;
    const auto isConnected = [](State state) { return state == State::Syncing || state == State::UpToDate; };
    const State before = std::exchange(m_states[status.account], status.state);
    if (m_mailing && isConnected(status.state) && !isConnected(before))
        m_mailing->outbox().tryNow(status.account);
}

sync::AccountSync *EngineCore::findAccount(AccountId account)
{
    const accounts::Account *known = m_registry.find(account);
    return known == nullptr ? nullptr : &accountSync(*known);
}

async::Task<Result<ActionReport>> EngineCore::retryAction(OperationId operation)
{
    if (m_mailing->has(operation)) {
        Result<ActionReport> sent = co_await m_mailing->retry(operation);
        co_return sent;
    }
    Result<ActionReport> done = co_await m_actions->retry(operation);
    co_return done;
}

async::Task<Result<void>> EngineCore::dropAction(OperationId operation)
{
    if (m_mailing->has(operation)) {
        Result<void> given = co_await m_mailing->drop(operation);
        co_return given;
    }
    Result<void> done = co_await m_actions->drop(operation);
    co_return done;
}

async::Task<Result<Pictures>> EngineCore::fetchPictures(std::vector<mime::RemoteImage> wanted)
{
    remote::FetchedImages fetched = co_await m_pictures.fetch(std::move(wanted));
    Pictures pictures;
    pictures.failed = fetched.failed;
    for (remote::FetchedImage &image : fetched.images)
        pictures.images.push_back({std::move(image.id), std::move(image.mimeType), std::move(image.data)});
    co_return pictures;
}

QStringList EngineCore::ownDomains() const
{
    QStringList domains;
    for (const accounts::Account &account : m_registry.accounts())
        domains.append(account.email.section(QLatin1Char('@'), -1).toLower());
    return domains;
}

async::Task<Result<SenderReport>> EngineCore::inspectSender(MessageId message)
{
    const auto place = m_access.locate(message);
    if (!place)
        co_return failure(place.error());
    Result<SenderReport> report = co_await m_senders.inspect(*place);
    co_return report;
}

async::Task<Result<void>> EngineCore::setPictureSender(PictureSender sender, bool allowed)
{
    const Result<void> stored = m_pictureSenders.set(sender, allowed);
    if (stored)
        Q_EMIT pictureSendersChanged(m_pictureSenders.all());
    co_return stored;
}

/** One of them, or all for an invalid id. */
std::vector<accounts::Account> EngineCore::accountsOf(AccountId account) const
{
    std::vector<accounts::Account> result;
    for (const accounts::Account &one : m_registry.accounts()) {
        if (!account.isValid() || one.id == account)
            result.push_back(one);
    }
    return result;
}

async::Task<Result<SyncReport>> EngineCore::sync(SyncRequest request)
{
    std::vector<accounts::Account> wanted = accountsOf(request.account);
    Result<SyncReport> report = co_await syncAccounts(std::move(request), std::move(wanted));
    co_return report;
}

async::Task<Result<SyncReport>> EngineCore::syncAccounts(SyncRequest request, std::vector<accounts::Account> accounts)
{
    SyncReport sum;
    for (const accounts::Account &account : accounts) {
        co_await m_mailing->drain(account.id);
        co_await m_actions->drain(account.id);
        Result<SyncReport> one = co_await sync::syncOnce(m_environment, account, request);
        if (!one)
            co_return failure(one.error());
        // Once more for what needed the folders first, because the cache had been dropped.
        co_await m_actions->drain(account.id);
        sum.mailboxes += one->mailboxes;
        sum.messages += one->messages;
        sum.added += one->added;
        sum.removed += one->removed;
        sum.changed += one->changed;
        sum.elapsedMs += one->elapsedMs;
        if (sum.firstPageMs == 0)
            sum.firstPageMs = one->firstPageMs;
        sum.bytesReceived += one->bytesReceived;
        sum.bytesSent += one->bytesSent;
        sum.roundTrips += one->roundTrips;
        sum.connections += one->connections;
        sum.path.insert(sum.path.end(), one->path.begin(), one->path.end());
    }
    co_return sum;
}

async::Task<Result<VerifyReport>> EngineCore::verify(VerifyRequest request)
{
    VerifyReport sum;
    const std::vector<accounts::Account> wanted = accountsOf(request.account);
    for (const accounts::Account &account : wanted) {
        sync::Guest guest;
        if (const auto running = m_syncs.find(account.id); running != m_syncs.end())
            guest = co_await running->second->makeRoom();
        Result<VerifyReport> one = co_await sync::verifyAccount(m_environment, account, request);
        if (!one)
            co_return failure(one.error());
        sum.messages += one->messages;
        sum.elapsedMs += one->elapsedMs;
        sum.bytesReceived += one->bytesReceived;
        sum.bytesSent += one->bytesSent;
        sum.mailboxes.insert(sum.mailboxes.end(), std::make_move_iterator(one->mailboxes.begin()),
                             std::make_move_iterator(one->mailboxes.end()));
    }
    co_return sum;
}

async::Task<Result<void>> EngineCore::dropCache()
{
    m_readAhead.want({});
    m_messages.clear();
    m_syncs.clear();
    const auto cleared = m_cache->clear();
    begin();
    co_return cleared;
}

void EngineCore::setOpenMailbox(MailboxId mailbox)
{
    const auto row = m_cache->mailbox(mailbox);
    const AccountId owner = row && *row ? (*row)->account : AccountId();
    for (const auto &[account, running] : m_syncs)
        running->setOpenMailbox(account == owner ? mailbox : MailboxId());
}

void EngineCore::setOpenMailboxByName(AccountId account, const QString &name)
{
    for (const auto &[id, running] : m_syncs) {
        if (!account.isValid() || account == id) {
            running->setOpenMailboxByName({name, {}});
            return;
        }
    }
}

void EngineCore::checkNow()
{
    for (const auto &[account, running] : m_syncs)
        running->checkNow();
}

} // namespace kittiwake::engine
