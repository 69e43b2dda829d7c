// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold once nothing goes wrong any more.
#include "tests/sim/simulation.h"

#include <sqlite3.h>

#include <algorithm>

namespace kittiwake::sim
{

namespace
{

using namespace std::chrono_literals;

constexpr int rounds = 3;
/** Within this time everything known is fetched, and the client is idle. */
constexpr Clock::Duration settlingTime = 60s;
/** An answer that was lost before everything became well is given up after a minute, and the connection is made anew.
 */
constexpr Clock::Duration answerTime = 75s;
/** By then the client has looked at all mailboxes again. */
constexpr Clock::Duration sweepTime = 6min;
/** Between two attempts of one operation. */
constexpr Clock::Duration longestPause = 6min;
/** In a minute of idleness: IDLE may be renewed, NOOP may ask. */
constexpr std::uint64_t mostIdleCommands = 12;

QString firstColumn(sqlite3 *database, const char *sql)
{
    QString result;
    const auto take = [](void *context, int count, char **values, char **) {
        if (count > 0 && values[0] != nullptr)
            *static_cast<QString *>(context) += QString::fromUtf8(values[0]) + QLatin1Char(' ');
        return 0;
    };
    if (sqlite3_exec(database, sql, take, &result, nullptr) != SQLITE_OK)
        return QString::fromUtf8(sqlite3_errmsg(database));
    return result.trimmed();
}

} // namespace

void Simulation::makeWell()
{
    note(QStringLiteral("=== everything is well from here on"));
    m_isOver = true;
    if (m_onlineAt && m_client)
        kill(false);
    m_onlineAt.reset();
    m_disk.setFault(MemoryDisk::Fault::None);
    m_diskHealsAt.reset();
    m_killAtStep.reset();
    if (m_powerCutAtWrite || !m_client)
        m_powerCutAtWrite = false;
    m_disk.thaw();
    m_network.goDownUntil(Clock::Duration::zero());
    m_server.behave();
    m_submission.behave();
    // What was ordered of these connections is not to come any more.
    for (const auto &link : m_network.openLinks())
        link->heal();
}

void Simulation::settle()
{
    makeWell();
    const auto links = m_network.openLinks();
    runFor(answerTime);
    checkTold(links);
    if (m_client)
        m_client->account().checkNow();
    runFor(settlingTime);
    checkHeldUp();
    unlock(); // not before: it must hold up nothing else
    restOutbox();
    waitForPauses();
    checkWatched();
    if (m_client)
        m_client->compareViewWithCache();
    if (!m_outcome.isGood())
        return;
    QStringList found = m_client ? differences(Which::All) : QStringList(QStringLiteral("the program does not run"));
    // Often it is equal already; checkQuiet() starts it once more in any case.
    for (int round = 0; round < rounds && !found.isEmpty() && m_outcome.isGood(); ++round) {
        note(QStringLiteral("before round %1: ").arg(round + 1) + found.join(QLatin1String("; ")));
        kill(false);
        runFor(settlingTime);
        if (!m_client)
            return violation(QStringLiteral("the program does not run"));
        found = differences(Which::All);
    }
    for (const QString &difference : found)
        violation(difference);
    if (m_outcome.isGood())
        checkLetters();
    if (m_outcome.isGood())
        checkDeeds();
    if (m_outcome.isGood())
        checkQuiet();
}

/** What the server refused for the moment is asked again after a pause, which is five minutes at most. */
void Simulation::waitForPauses()
{
    for (int attempt = 0; attempt < rounds && m_client && m_outcome.isGood(); ++attempt) {
        std::int64_t until = 0;
        for (const PendingRow &row : m_client->pending()) {
            if (row.isQueued())
                until = std::max(until, row.nextAttemptAt);
        }
        const Clock::Duration pause(until - m_clock.wall().toMSecsSinceEpoch());
        if (pause <= Clock::Duration::zero() || pause > longestPause)
            return;
        runFor(pause + answerTime);
    }
}

/** Where the server tells by itself (NOTIFY), nobody has to ask. */
void Simulation::checkTold(const std::vector<std::shared_ptr<SimLink>> &links)
{
    // A line that has failed pauses for some minutes before it goes on with its work: then the other one is alone.
    const auto now = m_network.openLinks();
    if (now.size() < 2 && now != links)
        return;
    // Without LIST-STATUS the counts from before it was asked to tell come one mailbox after the other.
    const bool isCounted = m_history.server.listExtended && m_history.server.listStatus;
    if (!m_client || !m_outcome.isGood() || !m_server.isWatched() || !isCounted)
        return;
    const std::vector<PendingRow> rows = m_client->pending();
    if (std::any_of(rows.begin(), rows.end(), [](const PendingRow &row) { return row.isQueued(); }))
        return; // what is shown is not what the server has
    const QStringList found = differences(Which::Told);
    if (!found.isEmpty())
        violation(QStringLiteral("nobody asked, and the server had told: ") + found.join(QLatin1String("; ")));
}

/** A client that stays connected follows what happens, without being started again. */
void Simulation::checkWatched()
{
    if (!m_outcome.isGood())
        return;
    if (!m_client)
        return violation(QStringLiteral("the program does not run"));
    // INBOX has news at once with IDLE; the others with the next look at all mailboxes.
    const bool isTold = m_history.server.idle;
    if (isTold && !differences(Which::Inbox).isEmpty())
        return violation(QStringLiteral("while connected: ") + differences(Which::Inbox).join(QLatin1String("; ")));
    if (differences(Which::Watched).isEmpty())
        return;
    runFor(sweepTime);
    const QStringList found = m_client ? differences(Which::Watched) : QStringList();
    if (!found.isEmpty())
        violation(QStringLiteral("while connected: ") + found.join(QLatin1String("; ")));
}

/** A further round changes nothing and sends no change, and then nothing is asked but what waiting needs. */
void Simulation::checkQuiet()
{
    kill(false);
    const std::uint64_t changes = m_ledger.changesByClient();
    runFor(settlingTime);
    if (!m_client)
        return violation(QStringLiteral("the program does not run"));
    if (m_ledger.changesByClient() != changes)
        violation(QStringLiteral("a further round sent %1 changes").arg(m_ledger.changesByClient() - changes));
    if (m_client->announcedMessages() > 0)
        violation(QStringLiteral("a further round changed %1 messages").arg(m_client->announcedMessages()));
    const std::uint64_t commands = m_server.commands();
    const std::uint64_t connections = m_network.connections();
    runFor(settlingTime);
    if (m_server.commands() - commands > mostIdleCommands || m_network.connections() - connections > 1)
        violation(QStringLiteral("not idle: %1 commands, %2 connections in a minute")
                      .arg(QString::number(m_server.commands() - commands),
                           QString::number(m_network.connections() - connections)));
    if (m_client)
        m_client->compareViewWithCache();
}

/** Between the server and the cache. */
QStringList Simulation::differences(Which which)
{
    QStringList found;
    const auto rows = m_client->reader().mailboxes(ClientProcess::accountId);
    if (!rows)
        return {QStringLiteral("reading the mailboxes failed: ") + rows.error().detail};
    std::map<QString, const store::MailboxRow *> known;
    for (const store::MailboxRow &row : *rows)
        known.emplace(row.name.text, &row);
    for (const auto &[wire, mailbox] : m_server.mail().mailboxes()) {
        const QString name = decodeMailboxName(wire);
        const auto row = known.find(name);
        const bool isAsked = which == Which::All || wire == "INBOX"
            || ((which == Which::Watched || which == Which::Told)
                && m_history.server.condstore); // STATUS tells whether anything has changed
        if (!isAsked) {
            known.erase(name);
            continue;
        }
        if (row == known.end()) {
            found.append(QStringLiteral("“%1” is missing").arg(name));
            continue;
        }
        // A first sync is for the other connection, which may have to wait for its next attempt.
        if (which == Which::Told && !row->second->uidValidity.isValid()) {
            known.erase(row);
            continue;
        }
        // The model tells nobody of subscriptions.
        if (which != Which::Told && row->second->subscribed != mailbox->isSubscribed)
            found.append(QStringLiteral("“%1”: subscribed").arg(name));
        compareMailbox(*mailbox, *row->second, found);
        known.erase(row);
    }
    for (const auto &[name, row] : which == Which::Inbox ? std::map<QString, const store::MailboxRow *>() : known)
        found.append(QStringLiteral("“%1” is there, but not on the server").arg(name));
    while (found.size() > 5)
        found.removeLast();
    return found;
}

void Simulation::compareMailbox(const model::Mailbox &mailbox, const store::MailboxRow &row, QStringList &found)
{
    const auto differs = [&](const QString &what) { found.append(QStringLiteral("“%1”: ").arg(row.name.text) + what); };
    if (row.selectable != mailbox.isSelectable)
        differs(QStringLiteral("selectable"));
    const auto order = m_client->reader().order(row.id, store::SortKey::Date);
    if (!order)
        return differs(order.error().detail);
    std::vector<MessageId> ids;
    for (const store::OrderEntry &entry : *order)
        ids.push_back(entry.id);
    std::map<std::uint32_t, mail::MessageHeader> cached;
    for (std::size_t at = 0; at < ids.size(); at += 1000) {
        const auto part
            = m_client->reader().rows(std::span(ids).subspan(at, std::min<std::size_t>(1000, ids.size() - at)));
        if (!part)
            return differs(part.error().detail);
        for (const store::MessageRow &message : *part)
            cached.emplace(message.header.uid.value(), message.header);
    }
    if (!mailbox.isSelectable) {
        if (!cached.empty())
            differs(QStringLiteral("cannot be opened, but holds messages"));
        return;
    }
    if (row.uidValidity.value() != mailbox.uidValidity && !(mailbox.messages.empty() && cached.empty()))
        differs(QStringLiteral("UIDVALIDITY"));
    // Without UIDPLUS the originals of what was moved stay, marked, and are not shown.
    const auto isHidden = [&](const model::Message &message) {
        return m_ledger.isMarked(*message.content, mailbox.serial) && !cached.contains(message.uid);
    };
    std::int64_t messages = 0;
    std::int64_t unseen = 0;
    for (const model::Message &message : mailbox.messages) {
        messages += isHidden(message) ? 0 : 1;
        unseen += isHidden(message) || message.flags.contains("\\Seen") ? 0 : 1;
    }
    if (row.messages != messages || row.unseen != unseen)
        differs(QStringLiteral("counts %1 messages and %2 unseen, the server has %3 and %4")
                    .arg(QString::number(row.messages), QString::number(row.unseen), QString::number(messages),
                         QString::number(unseen)));
    for (const model::Message &message : mailbox.messages) {
        const auto here = cached.find(message.uid);
        const QString uid = QString::number(message.uid);
        if (here == cached.end()) {
            if (!isHidden(message))
                differs(QStringLiteral("UID %1 is missing").arg(uid));
            continue;
        }
        const mail::MessageHeader &header = here->second;
        std::set<std::string> flags;
        for (const QByteArray &flag : header.flags.names())
            flags.insert(flag.toStdString());
        if (flags != message.flags)
            differs(QStringLiteral("flags of UID %1").arg(uid));
        const ExpectedHeader *expected = m_writer.expected(*message.content);
        if (expected == nullptr)
            differs(QStringLiteral("UID %1 is from nowhere").arg(uid));
        else if (header.subject != expected->subject || header.messageId != expected->messageId
                 || header.from.size() != 1 || header.from.front().name != expected->fromName
                 || header.from.front().address != expected->fromAddress
                 || header.hasAttachment != expected->hasAttachment || header.size != message.content->size()
                 || header.internalDate != message.content->internalDate)
            differs(QStringLiteral("header of UID %1").arg(uid));
        cached.erase(here);
    }
    for (const auto &[uid, header] : cached)
        differs(QStringLiteral("UID %1 is there, but not on the server").arg(uid));
}

/** What is left on the disk is sound, also what this history did not read. */
void Simulation::checkFiles()
{
    kill(false);
    m_world.otherReader.reset();
    m_startAt.reset();
    for (const char *name : {"/sim/cache.db", "/sim/pending.db"}) {
        const QString file = QString::fromLatin1(name);
        sqlite3 *database = nullptr;
        const int opened = sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE, m_computer.vfs.name().constData());
        if (opened != SQLITE_OK)
            violation(file + QStringLiteral(" cannot be opened at the end"));
        const QString damage = firstColumn(database, "PRAGMA integrity_check(3)");
        if (damage != QLatin1String("ok"))
            violation(file + QStringLiteral(", integrity: ") + damage);
        const QString orphans = firstColumn(database, "PRAGMA foreign_key_check");
        if (!orphans.isEmpty())
            violation(file + QStringLiteral(", foreign keys: ") + orphans);
        const QString counts = file.contains(QLatin1String("pending"))
            ? QString()
            : firstColumn(database,
                          "SELECT name FROM mailbox WHERE cached <> (SELECT count(*) FROM message "
                          "WHERE mailbox = mailbox.id) OR cached_unseen <> (SELECT count(*) FROM "
                          "message WHERE mailbox = mailbox.id AND flags & 1 = 0)");
        if (!counts.isEmpty())
            violation(QStringLiteral("counts are wrong: ") + counts);
        sqlite3_close(database);
    }
}

} // namespace kittiwake::sim
