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
    m_disk.setFault(MemoryDisk::Fault::None);
    m_diskHealsAt.reset();
    m_killAtStep.reset();
    if (m_powerCutAtWrite || !m_client)
        m_powerCutAtWrite = false;
    m_disk.thaw();
    m_network.goDownUntil(Clock::Duration::zero());
    m_server.behave();
    // What was ordered of these connections is not to come any more.
    for (const auto &link : m_network.openLinks())
        link->heal();
}

void Simulation::settle()
{
    makeWell();
    runFor(answerTime);
    if (m_client)
        m_client->account().checkNow();
    runFor(settlingTime);
    checkWatched();
    if (m_client)
        m_client->compareViewWithCache();
    QStringList found;
    for (int round = 0; round < rounds && m_outcome.isGood(); ++round) {
        kill(false);
        runFor(settlingTime);
        if (!m_client)
            return violation(QStringLiteral("the program does not run"));
        found = differences(Which::All);
        if (found.isEmpty())
            break;
        note(QStringLiteral("after round %1: ").arg(round + 1) + found.join(QLatin1String("; ")));
    }
    for (const QString &difference : found)
        violation(difference);
    if (m_outcome.isGood())
        checkQuiet();
    if (m_outcome.isGood())
        checkFiles();
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

/** A further round changes nothing, and then nothing is asked but what waiting needs. */
void Simulation::checkQuiet()
{
    kill(false);
    runFor(settlingTime);
    if (!m_client)
        return violation(QStringLiteral("the program does not run"));
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
            || (which == Which::Watched && m_history.server.condstore); // STATUS tells whether anything has changed
        if (!isAsked) {
            known.erase(name);
            continue;
        }
        if (row == known.end()) {
            found.append(QStringLiteral("“%1” is missing").arg(name));
            continue;
        }
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
    if (row.subscribed != mailbox.isSubscribed)
        differs(QStringLiteral("subscribed"));
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
    if (row.messages != static_cast<std::int64_t>(mailbox.messages.size())
        || row.unseen != static_cast<std::int64_t>(mailbox.countUnseen()))
        differs(QStringLiteral("counts %1 messages and %2 unseen, the server has %3 and %4")
                    .arg(QString::number(row.messages), QString::number(row.unseen),
                         QString::number(mailbox.messages.size()), QString::number(mailbox.countUnseen())));
    for (const model::Message &message : mailbox.messages) {
        const auto here = cached.find(message.uid);
        const QString uid = QString::number(message.uid);
        if (here == cached.end()) {
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

void Simulation::checkFiles()
{
    kill(false);
    sqlite3 *database = nullptr;
    const int opened = sqlite3_open_v2("/sim/cache.db", &database, SQLITE_OPEN_READWRITE, m_vfs.name().constData());
    if (opened != SQLITE_OK) {
        violation(QStringLiteral("the cache cannot be opened at the end"));
    } else {
        const QString damage = firstColumn(database, "PRAGMA integrity_check(3)");
        if (damage != QLatin1String("ok"))
            violation(QStringLiteral("integrity: ") + damage);
        const QString orphans = firstColumn(database, "PRAGMA foreign_key_check");
        if (!orphans.isEmpty())
            violation(QStringLiteral("foreign keys: ") + orphans);
        const QString counts = firstColumn(database,
                                           "SELECT name FROM mailbox WHERE cached <> (SELECT count(*) FROM message "
                                           "WHERE mailbox = mailbox.id) OR cached_unseen <> (SELECT count(*) FROM "
                                           "message WHERE mailbox = mailbox.id AND flags & 1 = 0)");
        if (!counts.isEmpty())
            violation(QStringLiteral("counts are wrong: ") + counts);
    }
    sqlite3_close(database);
    m_startAt.reset();
}

} // namespace kittiwake::sim
