// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/clientprocess.h"

namespace kittiwake::sim
{

namespace
{

const QString profile = QStringLiteral("/sim");
const QString credentialKey = QStringLiteral("sim");

/** What the simulation looks at itself must not meet the faults that it has ordered for the client. */
class Healthy
{
public:
    explicit Healthy(MemoryDisk &disk) : m_disk(disk), m_fault(disk.fault())
    {
        m_disk.setFault(MemoryDisk::Fault::None);
    }
    Healthy(const Healthy &) = delete;
    Healthy &operator=(const Healthy &) = delete;
    ~Healthy() { m_disk.setFault(m_fault); }

private:
    MemoryDisk &m_disk;
    MemoryDisk::Fault m_fault;
};

accounts::Account simAccount()
{
    accounts::Account account;
    account.id = ClientProcess::accountId;
    account.email = QStringLiteral("me@example.org");
    account.imap.endpoint = {QStringLiteral("sim.example"), 993};
    account.credentialKey = credentialKey;
    return account;
}

async::Task<void> keepPassword(credentials::MemoryStore *store)
{
    const Result<void> kept = co_await store->write(credentialKey, Secret("secret"));
    Q_UNUSED(kept) // memory does not fail
}

} // namespace

std::unique_ptr<ClientProcess> ClientProcess::start(const ClientWorld &world, std::uint64_t seed)
{
    auto process = std::unique_ptr<ClientProcess>(new ClientProcess(world, seed));
    if (!process->open(seed))
        return nullptr;
    return process;
}

ClientProcess::ClientProcess(const ClientWorld &world, std::uint64_t seed)
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
    m_account.reset();
    m_reader.reset();
    m_store.reset();
    m_world.network.setMuted(false);
    m_world.disk.thaw();
}

bool ClientProcess::open(std::uint64_t seed)
{
    auto opened = store::CacheStore::openOrRebuild(profile, Secret(), store::CacheStore::Check::Quick, m_world.vfs);
    if (!opened) {
        // With nothing wrong with the disk the files of a process that died must be as good as any.
        if (m_world.disk.fault() == MemoryDisk::Fault::None && !m_world.disk.isFrozen())
            m_world.violation(QStringLiteral("the cache cannot be opened: ") + opened.error().detail);
        return false;
    }
    if (opened->rebuilt) {
        m_world.violation(QStringLiteral("the cache was damaged: ") + opened->damage.detail);
        return false;
    }
    m_store = std::move(opened->store);
    const Healthy healthy(m_world.disk);
    auto reader = store::CacheReader::open(profile, Secret(), m_world.vfs);
    if (!reader) {
        if (!m_world.disk.isFrozen())
            m_world.violation(QStringLiteral("the cache cannot be read: ") + reader.error().detail);
        return false;
    }
    m_reader = std::move(*reader);
    loadMailboxes();
    for (const auto &[mailbox, seen] : m_mailboxes)
        loadMessages(mailbox);
    m_store->setListener([this](const store::StoreChanges &changes) { onChanges(changes); });
    m_environment.emplace(sync::Environment{m_world.clock, m_world.network, *m_store, m_passwords, m_random,
                                            QByteArray("sim"), m_world.trace});
    Q_UNUSED(seed)
    m_account = std::make_unique<sync::AccountSync>(*m_environment, simAccount(), sync::AccountHandlers());
    m_account->start();
    return true;
}

void ClientProcess::loadMailboxes()
{
    const auto rows = m_reader->mailboxes(accountId);
    if (!rows) {
        m_world.violation(QStringLiteral("reading the mailboxes failed: ") + rows.error().detail);
        return;
    }
    for (const store::MailboxRow &row : *rows)
        m_mailboxes[row.id] = {row.name.text, row.uidValidity};
}

std::optional<std::set<MessageId>> ClientProcess::messagesOf(MailboxId mailbox)
{
    const auto order = m_reader->order(mailbox, store::SortKey::Date);
    if (!order) {
        m_world.violation(QStringLiteral("reading the messages failed: ") + order.error().detail);
        return std::nullopt;
    }
    std::set<MessageId> ids;
    for (const store::OrderEntry &entry : *order)
        ids.insert(entry.id);
    return ids;
}

bool ClientProcess::readRows(const std::vector<MessageId> &ids,
                             const std::function<void(const store::MessageRow &row)> &take)
{
    constexpr std::size_t atOnce = 1000;
    for (std::size_t at = 0; at < ids.size(); at += atOnce) {
        const auto rows = m_reader->rows(std::span(ids).subspan(at, std::min(atOnce, ids.size() - at)));
        if (!rows) {
            m_world.violation(QStringLiteral("reading rows failed: ") + rows.error().detail);
            return false;
        }
        for (const store::MessageRow &row : *rows)
            take(row);
    }
    return true;
}

void ClientProcess::loadMessages(MailboxId mailbox)
{
    const auto ids = messagesOf(mailbox);
    if (!ids)
        return;
    m_view[mailbox] = *ids;
    readRows({ids->begin(), ids->end()}, [this](const store::MessageRow &row) {
        m_messages[row.id] = {row.mailbox, row.header.uid, row.header.flags.names()};
    });
}

void ClientProcess::onChanges(const store::StoreChanges &changes)
{
    const Healthy healthy(m_world.disk);
    const auto before = m_mailboxes;
    for (const store::MailboxChanges &mailbox : changes.messages) {
        if (mailbox.reset) {
            if (const auto known = before.find(mailbox.mailbox); known != before.end()
                && !m_view[mailbox.mailbox].empty()
                && !m_world.mayForgetAll(known->second.name, known->second.uidValidity))
                m_world.violation(QStringLiteral("everything in “%1” was forgotten, although the server has it")
                                      .arg(known->second.name));
        }
    }
    if (changes.mailboxTree || !changes.mailboxRows.empty())
        loadMailboxes();
    for (const store::MailboxChanges &mailbox : changes.messages) {
        m_announcedMessages += mailbox.added.size() + mailbox.changed.size() + mailbox.removed.size()
            + (mailbox.reset && !m_view[mailbox.mailbox].empty() ? 1 : 0);
        onMailboxChanges(mailbox);
    }
}

void ClientProcess::onMailboxChanges(const store::MailboxChanges &changes)
{
    auto &view = m_view[changes.mailbox];
    if (changes.reset) {
        loadMessages(changes.mailbox);
        return;
    }
    std::vector<MessageId> present = changes.added;
    present.insert(present.end(), changes.changed.begin(), changes.changed.end());
    std::size_t found = 0;
    const auto take = [&](const store::MessageRow &row) {
        ++found;
        if (row.mailbox == changes.mailbox)
            m_messages[row.id] = {row.mailbox, row.header.uid, row.header.flags.names()};
    };
    if (!readRows(present, take))
        return;
    if (found != present.size())
        m_world.violation(QStringLiteral("messages were announced that a reader does not see"));
    for (const MessageId id : changes.added) {
        if (!view.insert(id).second)
            m_world.violation(QStringLiteral("a message was announced as added twice"));
    }
    if (changes.removed.empty())
        return;
    bool isStillThere = false;
    if (!readRows(changes.removed, [&isStillThere](const store::MessageRow &) { isStillThere = true; }))
        return;
    if (isStillThere)
        m_world.violation(QStringLiteral("messages were announced as removed that a reader still sees"));
    for (const MessageId id : changes.removed) {
        view.erase(id);
        const auto seen = m_messages.find(id);
        const auto mailbox = m_mailboxes.find(changes.mailbox);
        if (seen == m_messages.end() || mailbox == m_mailboxes.end()) {
            m_world.violation(QStringLiteral("a message was announced as removed that was never there"));
            continue;
        }
        if (m_world.stillThere(mailbox->second.name, mailbox->second.uidValidity, seen->second.uid))
            m_world.violation(QStringLiteral("message %1 of “%2” was forgotten, although the server has it")
                                  .arg(QString::number(seen->second.uid.value()), mailbox->second.name));
        m_messages.erase(seen);
    }
}

void ClientProcess::openMailbox(std::uint64_t pick)
{
    if (m_mailboxes.empty())
        return;
    auto chosen = m_mailboxes.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(pick % m_mailboxes.size()));
    m_account->setOpenMailbox(chosen->first);
}

void ClientProcess::readMessage(std::uint64_t pick)
{
    if (m_messages.empty())
        return;
    auto chosen = m_messages.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(pick % m_messages.size()));
    const auto mailbox = m_mailboxes.find(chosen->second.mailbox);
    if (mailbox != m_mailboxes.end())
        m_scope.start(fetchText(chosen->second.mailbox, mailbox->second.name, chosen->second.uid));
}

async::Task<void> ClientProcess::fetchText(MailboxId mailbox, QString name, Uid uid)
{
    const auto lease = co_await m_account->borrow(mailbox);
    if (!lease)
        co_return;
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return;
    const UidValidity validity = lease->uidValidity();
    const auto text = co_await client->fetchSection(uid, QByteArrayLiteral("TEXT"));
    if (!text)
        co_return;
    ++m_textsRead;
    const auto expected = m_world.text(name, validity, uid);
    if (expected && *expected != *text)
        m_world.violation(QStringLiteral("the text of another message came for UID %1 of “%2”")
                              .arg(QString::number(uid.value()), name));
}

void ClientProcess::compareViewWithCache()
{
    const auto rows = m_reader->mailboxes(accountId);
    if (!rows) {
        m_world.violation(QStringLiteral("reading the mailboxes failed: ") + rows.error().detail);
        return;
    }
    for (const store::MailboxRow &row : *rows) {
        const auto ids = messagesOf(row.id);
        if (!ids)
            return;
        bool isSame = *ids == m_view[row.id];
        readRows({ids->begin(), ids->end()}, [&](const store::MessageRow &message) {
            const SeenMessage now{message.mailbox, message.header.uid, message.header.flags.names()};
            const auto seen = m_messages.find(message.id);
            isSame = isSame && seen != m_messages.end() && seen->second == now;
        });
        if (!isSame)
            m_world.violation(
                QStringLiteral("what was announced of “%1” is not what the cache has").arg(row.name.text));
    }
}

} // namespace kittiwake::sim
