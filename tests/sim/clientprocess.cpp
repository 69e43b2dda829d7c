// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/clientprocess.h"

#include "tests/sim/healthy.h"

namespace kittiwake::sim
{

namespace
{

const QString profile = QStringLiteral("/sim");
const QString credentialKey = QStringLiteral("sim");

accounts::Account simAccount(bool sends)
{
    accounts::Account account;
    account.id = ClientProcess::accountId;
    account.email = QStringLiteral("me@example.org");
    account.imap.endpoint = {QStringLiteral("sim.example"), 993};
    account.credentialKey = credentialKey;
    if (sends)
        account.smtp = accounts::Server{{QStringLiteral("sim.example"), ClientProcess::submissionPort}};
    return account;
}

async::Task<void> keepPassword(credentials::MemoryStore *store)
{
    const Result<void> kept = co_await store->write(credentialKey, Secret("secret"));
    Q_UNUSED(kept) // memory does not fail
}

} // namespace

std::unique_ptr<ClientProcess> ClientProcess::start(ClientWorld &world, std::uint64_t seed, Network network)
{
    auto process = std::unique_ptr<ClientProcess>(new ClientProcess(world, seed));
    if (!process->open(network))
        return nullptr;
    return process;
}

ClientProcess::ClientProcess(ClientWorld &world, std::uint64_t seed)
    : m_world(world), m_random(seed), m_passwords(world.clock, m_credentials)
{
    m_scope.start(keepPassword(&m_credentials));
}

ClientProcess::~ClientProcess()
{
    // A process that dies writes nothing any more, and says nothing.
    m_world.disk.freeze();
    m_world.network.setMuted(true);
    m_scope.cancelAll();
    if (m_store)
        m_store->setListener({});
    m_mailing.reset();
    m_actions.reset();
    m_account.reset();
    m_peek.reset();
    m_world.otherReader = std::move(m_reader);
    m_store.reset();
    m_pending.reset();
    m_world.network.setMuted(false);
    m_world.disk.thaw();
}

/** As EngineCore does it: pending.db first, and what waits is laid over the cache before anybody looks. */
bool ClientProcess::open(Network network)
{
    auto pending = store::PendingStore::open(profile, Secret(), store::PendingStore::Access::ReadWrite, m_world.vfs);
    if (!pending)
        return cannotOpen(QStringLiteral("pending.db cannot be opened: ") + pending.error().detail);
    m_pending = std::move(*pending);
    auto opened = store::CacheStore::openOrRebuild(profile, Secret(), store::CacheStore::Check::Quick, m_world.vfs);
    if (!opened)
        return cannotOpen(QStringLiteral("the cache cannot be opened: ") + opened.error().detail);
    if (opened->rebuilt) {
        m_world.violation(QStringLiteral("the cache was damaged: ") + opened->damage.detail);
        return false;
    }
    m_store = std::move(opened->store);
    m_environment.emplace(sync::Environment{m_world.clock, m_world.network, *m_store, m_passwords, m_random,
                                            QByteArray("sim"), m_world.trace, nullptr, m_pending.get()});
    m_actions = std::make_unique<engine::Actions>(
        *m_environment, *m_pending, [this](AccountId) { return m_account.get(); }, [](engine::PendingSummary) {},
        network == Network::Online ? engine::Actions::Replay::Yes : engine::Actions::Replay::No);
    if (m_world.letters != nullptr)
        m_mailing = std::make_unique<engine::Mailing>(
            *m_environment, *m_pending, m_actions->journal(), [](AccountId) { return simAccount(true); },
            engine::Mailing::ProgressHandler(), engine::Mailing::LimitHandler(), network == Network::Offline);
    {
        const Healthy healthy(m_world.disk);
        m_reader = std::move(m_world.otherReader);
        auto reader = m_reader ? Result<std::unique_ptr<store::CacheReader>>(nullptr)
                               : store::CacheReader::open(profile, Secret(), m_world.vfs);
        if (!reader) {
            if (!m_world.disk.isFrozen())
                m_world.violation(QStringLiteral("the cache cannot be read: ") + reader.error().detail);
            return false;
        }
        if (!m_reader)
            m_reader = std::move(*reader);
        loadMailboxes();
        for (const auto &[mailbox, seen] : m_mailboxes)
            loadMessages(mailbox);
    }
    m_store->setListener([this](const store::StoreChanges &changes) {
        m_actions->journal().storeChanged(changes);
        onChanges(changes);
    });
    sync::AccountHandlers handlers;
    handlers.status = [this](const sync::AccountStatus &status) {
        m_actions->journal().statusChanged(status);
        tellOutbox(status);
    };
    m_account = std::make_unique<sync::AccountSync>(*m_environment, simAccount(m_world.letters != nullptr),
                                                    std::move(handlers));
    const auto restored = m_actions->journal().restore();
    Q_UNUSED(restored) // with a disk that fails it is laid over later
    if (m_mailing) {
        const auto outbox = m_mailing->outbox().restore();
        Q_UNUSED(outbox)
    }
    if (network == Network::Offline)
        return true;
    m_actions->journal().start();
    if (m_mailing)
        m_mailing->outbox().start();
    m_account->start();
    return true;
}

/** As EngineCore does it: a connection to one server is a sign that the other one can be reached too. */
void ClientProcess::tellOutbox(const sync::AccountStatus &status)
{
    using State = sync::AccountStatus::State;
    const bool isConnected = status.state == State::Syncing || status.state == State::UpToDate;
    if (m_mailing && isConnected && !m_isConnected)
        m_mailing->outbox().tryNow(accountId);
    m_isConnected = isConnected;
}

/** With nothing wrong with the disk the files of a process that died must be as good as any. */
bool ClientProcess::cannotOpen(const QString &why)
{
    if (m_world.disk.fault() == MemoryDisk::Fault::None && !m_world.disk.isFrozen())
        m_world.violation(why);
    return false;
}

void ClientProcess::openMailbox(std::uint64_t pick)
{
    if (m_mailboxes.empty())
        return;
    auto chosen = m_mailboxes.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(pick % m_mailboxes.size()));
    m_world.lastOpened = chosen->second.name;
    m_account->setOpenMailbox(chosen->first);
}

void ClientProcess::readMessage(std::uint64_t pick)
{
    if (m_messages.empty())
        return;
    auto chosen = m_messages.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(pick % m_messages.size()));
    const Healthy healthy(m_world.disk);
    const auto location = m_store->locate(chosen->first);
    if (location && *location)
        m_scope.start(fetchText(**location));
}

async::Task<void> ClientProcess::fetchText(store::MessageLocation location)
{
    const auto lease = co_await m_account->borrow(location.mailbox);
    if (!lease)
        co_return;
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return;
    const UidValidity validity = lease->uidValidity();
    const auto text = co_await client->fetchSection(location.uid, QByteArrayLiteral("TEXT"));
    if (!text)
        co_return;
    ++m_textsRead;
    const auto expected = m_world.text(location.mailboxName.text, validity, location.uid);
    if (expected && *expected != *text)
        m_world.violation(QStringLiteral("the text of another message came for UID %1 of “%2”")
                              .arg(QString::number(location.uid.value()), location.mailboxName.text));
}

} // namespace kittiwake::sim
