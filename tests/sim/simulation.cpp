// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/simulation.h"

#include "tests/sim/disk/connectionpool.h"

#include <sqlite3.h>

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

using namespace std::chrono_literals;

/** A program that cannot open its files is started again after this. */
constexpr Clock::Duration restartPause = 5s;
/** Nothing sensible asks more often than this in ten seconds, whatever goes wrong. */
constexpr Clock::Duration paceWindow = 10s;
constexpr std::uint64_t mostCommands = 3000;
constexpr std::uint64_t mostConnections = 40;
/** Callbacks without time going on: a loop that does not end. */
constexpr std::uint64_t mostStepsAtOnce = 5'000;

} // namespace

QString decodeMailboxName(const std::string &name)
{
    QString text;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] != '&') {
            text += QLatin1Char(name[at]);
            continue;
        }
        const std::size_t end = name.find('-', at);
        std::string coded = name.substr(at + 1, end - at - 1);
        at = end;
        if (coded.empty()) {
            text += QLatin1Char('&');
            continue;
        }
        std::replace(coded.begin(), coded.end(), ',', '/');
        const QByteArray bytes = QByteArray::fromBase64(QByteArray::fromStdString(coded));
        for (qsizetype i = 0; i + 1 < bytes.size(); i += 2)
            text += QChar(static_cast<char16_t>((static_cast<unsigned char>(bytes[i]) << 8U)
                                                | static_cast<unsigned char>(bytes[i + 1])));
    }
    return text;
}

std::string encodeMailboxName(const QString &name)
{
    std::string wire;
    QByteArray waiting;
    const auto flush = [&] {
        if (waiting.isEmpty())
            return;
        QByteArray coded = waiting.toBase64(QByteArray::OmitTrailingEquals);
        coded.replace('/', ',');
        wire += '&' + coded.toStdString() + '-';
        waiting.clear();
    };
    for (const QChar character : name) {
        const char16_t unit = character.unicode();
        if (unit < 0x20 || unit > 0x7e) {
            waiting += static_cast<char>(unit >> 8U);
            waiting += static_cast<char>(unit & 0xffU);
            continue;
        }
        flush();
        wire += unit == '&' ? std::string("&-") : std::string(1, static_cast<char>(unit));
    }
    flush();
    return wire;
}

Simulation::Simulation(const History &history, bool traces)
    : m_history(history), m_traces(traces), m_random(history.seed ^ 0x5151), m_bustle(history.seed ^ 0xb057),
      m_computer(computer()), m_disk(m_computer.disk), m_server(m_clock, history.server, m_random.next(), history.lies),
      m_submission(m_clock, history.submission, history.seed ^ 0x50b, true),
      m_letters([this](const QString &what) { violation(what); }),
      m_ledger(m_server.mail(), [this](const QString &what) { violation(what); }),
      m_network(m_clock, m_random.next(),
                [this](SimLink &link, std::uint16_t port) {
                    return port == ClientProcess::submissionPort ? m_submission.accept(link) : m_server.accept(link);
                }),
      m_world{m_clock, m_network, m_disk, m_computer.vfs.name(),
              {},      {},        {},     {},
              {},      {},        this,   history.sends ? &m_letters : nullptr}
{
    if (m_traces) {
        m_world.trace = [this](imap::TraceDirection direction, const QByteArray &text) {
            const char *arrow = direction == imap::TraceDirection::Sent ? "client > "
                : direction == imap::TraceDirection::Received           ? "client < "
                                                                        : "client - ";
            note(QLatin1String(arrow) + QString::fromUtf8(text));
        };
        m_world.note = [this](const QString &what) { note(what); };
        m_server.setTrace([this](std::uint64_t number, bool sent, const std::string &bytes) {
            QString text = QString::fromStdString(bytes);
            text.replace(QLatin1String("\r\n"), QLatin1String("⏎ "));
            note(QStringLiteral("server %1 %2 %3")
                     .arg(QString::number(number), sent ? QStringLiteral(">") : QStringLiteral("<"), text));
        });
    }
    m_server.setWorking([this](const std::shared_ptr<model::Mailbox> &mailbox) { bustle(mailbox); });
    m_world.violation = [this](const QString &what) {
        if (!m_disk.isFrozen()) // else it is dying, and nobody hears it any more
            violation(what);
    };
    watchMail();
    watchSubmission();
    m_world.stillThere = [this](const QString &name, UidValidity validity, Uid uid) {
        const auto known = m_archive.find({validity.value(), uid.value()});
        if (known != m_archive.end() && m_ledger.mayLeave(*known->second))
            return false; // the person took it away
        for (const auto &[wire, mailbox] : m_server.mail().mailboxes()) {
            if (mailbox->uidValidity == validity.value() && decodeMailboxName(wire) == name)
                return mailbox->find(uid.value()) != nullptr;
        }
        return false;
    };
    m_world.mayForgetAll = [this](const QString &name, UidValidity validity) {
        for (const auto &[wire, mailbox] : m_server.mail().mailboxes()) {
            if (decodeMailboxName(wire) != name || mailbox->uidValidity != validity.value())
                continue;
            if (mailbox->messages.empty())
                return true;
            // It may have been gone for a moment, and the client heard of that only now.
            const auto absent = m_lastAbsent.find(wire);
            return absent != m_lastAbsent.end() && m_clock.monotonic() - absent->second < 15min;
        }
        return true;
    };
    m_world.text = [this](const QString &, UidValidity validity, Uid uid) -> std::optional<QByteArray> {
        const auto found = m_archive.find({validity.value(), uid.value()});
        if (found == m_archive.end())
            return std::nullopt;
        return QByteArray::fromStdString(found->second->body);
    };
}

Simulation::~Simulation()
{
    m_client.reset();
    m_world.otherReader.reset();
    m_clock.clear();
}

Computer &Simulation::computer()
{
    static Computer only;
    return only;
}

void Simulation::violation(const QString &what)
{
    note(QStringLiteral("VIOLATION: ") + what);
    if (m_outcome.violations.size() < 5)
        m_outcome.violations.append(now() + what);
}

QString Simulation::now() const
{
    return QStringLiteral("[%1] ").arg(static_cast<double>(m_clock.monotonic().count()) / 1000.0, 0, 'f', 3);
}

void Simulation::note(const QString &what)
{
    if (m_traces)
        m_outcome.trace.append(now() + what);
}

/**
 * Empty databases as the program makes them, with small pages: making them anew costs more than many a history, and
 * every write costs what its page does. One history in twenty begins without any, and has pages as large as people's.
 */
const MemoryDisk &Simulation::preparedDisk()
{
    static const std::unique_ptr<MemoryDisk> prepared = [] {
        auto disk = std::make_unique<MemoryDisk>();
        const MemoryVfs vfs(*disk);
        for (const char *name : {"/sim/cache.db", "/sim/pending.db"}) {
            sqlite3 *database = nullptr;
            sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs.name().constData());
            sqlite3_exec(database, "PRAGMA page_size=1024; PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
            sqlite3_close(database);
        }
        const QString profile = QStringLiteral("/sim");
        const auto cache = store::CacheStore::open(profile, Secret(), vfs.name());
        const auto pending
            = store::PendingStore::open(profile, Secret(), store::PendingStore::Access::ReadWrite, vfs.name());
        return cache && pending ? std::move(disk) : std::make_unique<MemoryDisk>();
    }();
    return *prepared;
}

void Simulation::startClient()
{
    m_startAt.reset();
    m_disk.thaw();
    const bool isOnline = !m_onlineAt || *m_onlineAt <= m_clock.monotonic();
    if (isOnline)
        m_onlineAt.reset();
    m_client = ClientProcess::start(m_world, m_random.next(),
                                    isOnline ? ClientProcess::Network::Online : ClientProcess::Network::Offline);
    if (!m_client)
        m_startAt = m_clock.monotonic() + restartPause;
    note(m_client ? QStringLiteral("the program runs") : QStringLiteral("the program did not start"));
}

void Simulation::kill(bool losesPower)
{
    note(losesPower ? QStringLiteral("power cut") : QStringLiteral("killed"));
    if (m_client)
        m_outcome.textsRead += m_client->textsRead();
    m_client.reset();
    m_killAtStep.reset();
    m_powerCutAtWrite = false;
    m_startAt.reset();
    m_disk.freeze();
    if (losesPower || m_random.oneIn(2))
        m_world.otherReader.reset(); // else there is always somebody who has the files open
    m_disk.thaw();
    if (losesPower) {
        m_disk.losePower(m_random);
        m_cacheDroppedAfter = m_ledger.youngest(); // or as good as that: what was not synced is gone
    }
    ++m_outcome.kills;
    m_startAt = m_clock.monotonic() + 300ms;
}

void Simulation::runUntil(Clock::Duration time)
{
    std::uint64_t stepsAtOnce = 0;
    while (m_outcome.isGood()) {
        Clock::Duration next = std::min(m_clock.nextDue(), time);
        if (m_startAt)
            next = std::min(next, *m_startAt);
        if (m_diskHealsAt)
            next = std::min(next, *m_diskHealsAt);
        if (m_onlineAt && m_client)
            next = std::min(next, *m_onlineAt);
        if (next > m_clock.monotonic()) {
            stepsAtOnce = 0;
            if (m_client && m_disk.fault() == MemoryDisk::Fault::None && !m_disk.isFrozen())
                m_client->checkShown();
        }
        if (m_onlineAt && m_client && *m_onlineAt <= next) {
            m_clock.passTo(next);
            kill(false);
            m_onlineAt.reset();
            continue;
        }
        if (m_diskHealsAt && *m_diskHealsAt <= next) {
            m_clock.passTo(next);
            m_diskHealsAt.reset();
            m_disk.setFault(MemoryDisk::Fault::None);
            continue;
        }
        if (m_startAt && *m_startAt <= next) {
            m_clock.passTo(next);
            startClient();
            continue;
        }
        if (m_clock.nextDue() > time) {
            m_clock.passTo(time);
            return;
        }
        m_clock.step();
        if (m_traces)
            notePending();
        if (++stepsAtOnce > mostStepsAtOnce)
            violation(QStringLiteral("the client works without end at one moment"));
        if (m_disk.isFrozen() || (m_killAtStep && m_clock.steps() >= *m_killAtStep))
            kill(m_powerCutAtWrite);
        checkPace();
    }
}

void Simulation::checkPace()
{
    if (m_clock.monotonic() - m_paceSince < paceWindow)
        return;
    const std::uint64_t commands = m_server.commands() - m_paceCommands;
    const std::uint64_t connections = m_network.connections() - m_paceConnections;
    if (commands > mostCommands || connections > mostConnections + m_paceLetters)
        violation(QStringLiteral("%1 commands and %2 connections within ten seconds")
                      .arg(QString::number(commands), QString::number(connections)));
    m_paceSince = m_clock.monotonic();
    m_paceCommands = m_server.commands();
    m_paceConnections = m_network.connections();
    m_paceLetters = 0;
}

void Simulation::fillServer()
{
    SeededRandom random(m_history.seed ^ 0xf111);
    model::MailModel &mail = m_server.mail();
    static const std::vector<std::pair<const char *, const char *>> names{
        {"Archive", "\\Archive"}, {"Sent", "\\Sent"}, {"Entw&APw-rfe", "\\Drafts"}, {"Trash", "\\Trash"},
        {"Junk", "\\Junk"},       {"Lists/Qt", ""},   {"Tom &- Jerry", ""}};
    for (std::uint64_t i = 1; i < m_history.mailboxes; ++i) {
        const auto &[name, role] = names[(i - 1 + m_history.seed) % names.size()];
        if (mail.create(name))
            mail.find(name)->specialUse = role;
    }
    for (const auto &[name, mailbox] : mail.mailboxes()) {
        for (std::uint64_t i = 0; i < m_history.messages && mailbox->isSelectable; ++i)
            deliver(*mailbox, random.next());
    }
    noteNames();
}

Outcome Simulation::run()
{
    m_disk.clear();
    if (m_history.isPrepared)
        m_disk.install(preparedDisk());
    ConnectionPool::setVfs(m_history.opensAnew ? QByteArray() : m_computer.vfs.name());
    fillServer();
    m_ledger.setActor(Ledger::Actor::Client);
    startClient();
    for (const Event &event : m_history.events) {
        runFor(Clock::Duration(event.gap));
        if (!m_outcome.isGood())
            break;
        note(QStringLiteral("--- ") + event.text());
        apply(event);
    }
    if (m_outcome.isGood())
        settle();
    if (m_client)
        m_outcome.textsRead += m_client->textsRead();
    m_outcome.letters = m_letters.takenCount();
    m_outcome.actions = m_ledger.acknowledgedCount();
    m_outcome.checkedMessages = m_ledger.exactlyChecked();
    m_outcome.steps = m_clock.steps();
    m_outcome.simulatedMs = m_clock.monotonic().count();
    m_outcome.connections = m_network.connections();
    m_outcome.fingerprint = m_clock.steps() * 1'000'003 + m_server.commands() * 7919 + m_disk.writes()
        + static_cast<std::uint64_t>(m_clock.monotonic().count());
    if (m_outcome.isGood())
        checkFiles(); // after the fingerprint: connections that sleep write nothing when they are closed
    return m_outcome;
}

} // namespace kittiwake::sim
