// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/simulation.h"

#include <algorithm>
#include <array>

namespace kittiwake::sim
{

namespace
{

using namespace std::chrono_literals;

constexpr std::array newNames{"Work",  "Work/2026", "Lists/Kde", "Projekte/Gr&APYA3w-e",
                              "Trash", "a \"b\"",   "Spam",      "Work/2026/Q1"};
constexpr std::array flags{"\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "$Forwarded", "$Junk", "Later"};

} // namespace

void Simulation::apply(const Event &event)
{
    m_ledger.setIsOnline(!m_onlineAt);
    m_ledger.setActor(Ledger::Actor::Other);
    applyToMail(event);
    applyToScene(event);
    m_ledger.setActor(Ledger::Actor::Client);
    applyToNetwork(event);
    applyToClient(event);
    if (m_client)
        applyToPerson(event);
    if (m_client)
        applyToLetters(event);
}

const char *Simulation::pickName(SeededRandom &random)
{
    return newNames.at(random.below(newNames.size()));
}

std::shared_ptr<model::Mailbox> Simulation::pickMailbox(SeededRandom &random, bool selectableOnly)
{
    std::vector<std::shared_ptr<model::Mailbox>> all;
    for (const auto &[name, mailbox] : m_server.mail().mailboxes()) {
        if (mailbox->isSelectable || !selectableOnly)
            all.push_back(mailbox);
    }
    // INBOX is where most things happen.
    return random.oneIn(2) ? m_server.mail().find("INBOX") : all[random.below(all.size())];
}

std::vector<std::uint32_t> Simulation::pickMessages(const model::Mailbox &mailbox, SeededRandom &random)
{
    std::vector<std::uint32_t> uids;
    if (mailbox.messages.empty())
        return uids;
    const std::uint64_t count = random.oneIn(4) ? random.between(1, mailbox.messages.size()) : 1;
    std::size_t at = random.below(mailbox.messages.size());
    for (std::uint64_t i = 0; i < count && i < 30; ++i) {
        uids.push_back(mailbox.messages[at % mailbox.messages.size()].uid);
        at += random.between(1, 2);
    }
    return uids;
}

void Simulation::remember(const model::Mailbox &mailbox)
{
    for (const model::Message &message : mailbox.messages)
        m_archive.emplace(std::pair(mailbox.uidValidity, message.uid), message.content);
}

void Simulation::deliver(model::Mailbox &mailbox, std::uint64_t seed)
{
    SeededRandom random(seed);
    std::set<std::string> initial;
    if (random.oneIn(5))
        initial.insert(flags.at(random.below(flags.size())));
    const std::uint32_t uid = m_server.mail().deliver(mailbox, m_writer.write(seed), initial);
    m_archive.emplace(std::pair(mailbox.uidValidity, uid), mailbox.messages.back().content);
}

/** Somebody else is in the same mailbox at the same moment. */
void Simulation::bustle(const std::shared_ptr<model::Mailbox> &mailbox)
{
    if (m_isOver || mailbox->isDeleted || m_bustle.below(1000) >= m_history.bustle)
        return;
    model::MailModel &mail = m_server.mail();
    m_ledger.setActor(Ledger::Actor::Other);
    const std::uint64_t kind = m_bustle.below(3);
    if (kind == 0 || mailbox->messages.empty()) {
        deliver(*mailbox, m_bustle.next());
    } else if (kind == 1) {
        m_othersMoved = true;
        mail.expunge(*mailbox, pickMessages(*mailbox, m_bustle));
    } else {
        // Mostly what was touched last.
        model::Message &message = m_bustle.oneIn(2) ? mailbox->messages.back()
                                                    : mailbox->messages[m_bustle.below(mailbox->messages.size())];
        auto changed = message.flags;
        const std::string flag = flags.at(m_bustle.below(flags.size()));
        if (!changed.erase(flag))
            changed.insert(flag);
        mail.setFlags(*mailbox, message, std::move(changed));
    }
    m_ledger.setActor(Ledger::Actor::Client);
    note(QStringLiteral("--- another client changes “%1”").arg(QString::fromStdString(mailbox->name)));
    m_server.changed();
}

/** Keeps track of when names were not there. */
void Simulation::noteNames()
{
    std::set<std::string> there;
    for (const auto &[name, mailbox] : m_server.mail().mailboxes())
        there.insert(name);
    for (const std::string &name : m_names) {
        if (!there.contains(name))
            m_lastAbsent[name] = m_clock.monotonic();
    }
    for (const std::string &name : there) {
        if (!m_names.contains(name))
            m_lastAbsent[name] = m_clock.monotonic();
    }
    m_names = std::move(there);
}

void Simulation::applyToMail(const Event &event)
{
    SeededRandom random(event.pick);
    model::MailModel &mail = m_server.mail();
    switch (event.kind) {
    case EventKind::Deliver: {
        const auto mailbox = pickMailbox(random);
        const std::uint64_t count = random.oneIn(8) ? random.between(2, 12) : 1;
        for (std::uint64_t i = 0; i < count; ++i)
            deliver(*mailbox, random.next());
        break;
    }
    case EventKind::ChangeFlags: {
        const auto mailbox = pickMailbox(random);
        for (const std::uint32_t uid : pickMessages(*mailbox, random)) {
            model::Message *message = mailbox->find(uid);
            auto changed = message->flags;
            const std::string flag = flags.at(random.below(flags.size()));
            if (!changed.erase(flag))
                changed.insert(flag);
            mail.setFlags(*mailbox, *message, std::move(changed));
        }
        break;
    }
    case EventKind::Expunge: {
        m_othersMoved = true;
        const auto mailbox = pickMailbox(random);
        mail.expunge(*mailbox, pickMessages(*mailbox, random));
        break;
    }
    case EventKind::MoveByOther: {
        m_othersMoved = true;
        const auto from = pickMailbox(random);
        const auto to = pickMailbox(random);
        const auto uids = pickMessages(*from, random);
        if (from == to)
            break;
        mail.copy(*from, uids, *to);
        mail.expunge(*from, uids);
        remember(*to);
        break;
    }
    case EventKind::CreateMailbox:
        mail.create(pickName(random));
        break;
    case EventKind::DeleteMailbox:
        m_othersMoved = true;
        mail.remove(pickMailbox(random, false)->name);
        break;
    case EventKind::RenameMailbox: {
        m_othersMoved = true;
        const std::string from = pickMailbox(random, false)->name;
        mail.rename(from, pickName(random));
        break;
    }
    case EventKind::Subscribe: {
        const auto mailbox = pickMailbox(random);
        mailbox->isSubscribed = !mailbox->isSubscribed;
        break;
    }
    case EventKind::Renumber: {
        m_othersMoved = true;
        const auto mailbox = pickMailbox(random);
        mail.renumber(*mailbox);
        remember(*mailbox);
        break;
    }
    case EventKind::LoseModSeqs:
        mail.loseModSeqs(*pickMailbox(random));
        break;
    case EventKind::ForgetExpunged:
        mail.forgetExpunged(*pickMailbox(random), random.below(3));
        break;
    default:
        return;
    }
    noteNames();
    m_server.changed();
}

void Simulation::applyToNetwork(const Event &event)
{
    SeededRandom random(event.pick);
    const auto links = m_network.openLinks();
    const auto link = links.empty() ? nullptr : links[random.below(links.size())];
    switch (event.kind) {
    case EventKind::CutToClient:
        if (link)
            link->cutAfter(SimLink::Way::ToClient, random.below(random.oneIn(2) ? 200 : 4000), random.oneIn(2));
        break;
    case EventKind::CutToServer:
        if (link)
            link->cutAfter(SimLink::Way::ToServer, random.below(300), random.oneIn(2));
        break;
    case EventKind::CutNow:
        for (const auto &one : links)
            one->cutUnderChange(random.oneIn(2));
        break;
    case EventKind::Stall:
        if (link)
            link->stallUntil(m_clock.monotonic() + Clock::Duration(random.oneIn(3) ? 900'000 : random.below(70'000)));
        break;
    case EventKind::NetworkDown:
        m_network.goDownUntil(m_clock.monotonic() + Clock::Duration(random.below(60'000)));
        for (const auto &one : links)
            one->cut(true);
        break;
    case EventKind::Bye:
        m_server.sayByeToAll();
        break;
    default:
        break;
    }
}

void Simulation::applyToClient(const Event &event)
{
    SeededRandom random(event.pick);
    switch (event.kind) {
    case EventKind::OpenMailbox:
        if (m_client)
            m_client->openMailbox(random.next());
        break;
    case EventKind::ReadMessage:
        if (m_client)
            m_client->readMessage(random.next());
        break;
    case EventKind::CheckNow:
        if (m_client)
            m_client->account().checkNow();
        break;
    case EventKind::Restart:
        if (m_client)
            kill(false);
        break;
    case EventKind::KillWhileStarting:
        if (m_client)
            kill(false);
        startClient();
        m_killAtStep = m_clock.steps() + random.below(random.oneIn(2) ? 60 : 300);
        break;
    case EventKind::KillAtStep:
        m_killAtStep = m_clock.steps() + random.below(random.oneIn(3) ? 2000 : 100);
        break;
    case EventKind::KillAtWrite:
        m_disk.freezeAfter(random.below(60));
        break;
    case EventKind::PowerCutAtWrite:
        m_powerCutAtWrite = true;
        m_disk.freezeAfter(random.below(60));
        break;
    case EventKind::DropCache:
        if (m_client) {
            kill(false);
            m_cacheDroppedAfter = m_ledger.youngest();
            m_disk.freeze(); // nobody tidies up
            m_world.otherReader.reset();
            m_disk.thaw();
            m_disk.remove("/sim/cache.db");
            m_disk.remove("/sim/cache.db-wal");
            if (m_history.isPrepared)
                m_disk.install(preparedDisk(), "/sim/cache.db"); // empty, as the program would make it
        }
        break;
    case EventKind::WorkOffline:
        if (m_client && !m_onlineAt) {
            kill(false);
            m_onlineAt = m_clock.monotonic() + Clock::Duration(random.below(random.oneIn(4) ? 3'600'000 : 60'000));
        }
        break;
    case EventKind::DiskFull:
    case EventKind::DiskErrors:
        m_diskFailed = true;
        m_disk.setFault(event.kind == EventKind::DiskFull ? MemoryDisk::Fault::Full : MemoryDisk::Fault::Errors);
        m_diskHealsAt = m_clock.monotonic() + Clock::Duration(random.below(20'000));
        break;
    case EventKind::ClockJump:
        m_clock.jumpWall(std::chrono::seconds(static_cast<std::int64_t>(random.below(200'000)) - 100'000));
        break;
    default:
        break;
    }
}

void Simulation::changeFolder(EventKind kind, std::uint64_t pick)
{
    using Kind = engine::FolderRequest::Kind;
    SeededRandom random(pick);
    const QString name = decodeMailboxName(pickName(random));
    switch (kind) {
    case EventKind::CreateFolder:
        return m_client->changeFolder(random.next(), Kind::Create, name);
    case EventKind::RenameFolder:
        return m_client->changeFolder(random.next(), Kind::Rename, name);
    case EventKind::DeleteFolder:
        return m_client->changeFolder(random.next(), Kind::Delete, name);
    case EventKind::SubscribeFolder:
        return m_client->changeFolder(random.next(), random.oneIn(2) ? Kind::Subscribe : Kind::Unsubscribe, name);
    default:
        return m_client->changeFolder(random.next(), Kind::Empty, name);
    }
}

void Simulation::applyToPerson(const Event &event)
{
    using mail::MoveKind;
    SeededRandom random(event.pick);
    const std::uint64_t pick = random.next();
    switch (event.kind) {
    case EventKind::Mark:
        m_client->mark(pick);
        break;
    case EventKind::ChangeMind:
        m_client->changeMind();
        break;
    case EventKind::MarkVariously:
        m_client->markVariously(pick);
        break;
    case EventKind::MarkAllRead:
        m_client->markAllRead(pick);
        break;
    case EventKind::Move:
        m_client->move(pick, MoveKind::Move);
        break;
    case EventKind::Copy:
        m_client->move(pick, MoveKind::Copy);
        break;
    case EventKind::Delete:
        m_client->move(pick, MoveKind::Delete);
        break;
    case EventKind::Remove:
        m_client->move(pick, MoveKind::Expunge);
        break;
    case EventKind::Archive:
        m_client->move(pick, MoveKind::Archive);
        break;
    case EventKind::Junk:
        m_client->move(pick, MoveKind::Junk);
        break;
    case EventKind::NotJunk:
        m_client->move(pick, MoveKind::NotJunk);
        break;
    case EventKind::Append:
        m_client->append(pick, *m_writer.write(random.next()));
        break;
    case EventKind::CreateFolder:
    case EventKind::RenameFolder:
    case EventKind::DeleteFolder:
    case EventKind::SubscribeFolder:
    case EventKind::EmptyFolder:
        m_othersMoved = true; // what waits may have lost its folder
        changeFolder(event.kind, pick);
        break;
    case EventKind::Undo:
        m_client->undo();
        break;
    case EventKind::UndoMany:
        for (std::uint64_t i = random.between(2, sync::Journal::undoDepth); i > 0; --i)
            m_client->undo();
        break;
    case EventKind::Retry:
        m_client->retry(pick);
        break;
    case EventKind::GiveUp:
        m_client->drop(pick);
        break;
    default:
        break;
    }
}

} // namespace kittiwake::sim
