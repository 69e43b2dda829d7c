// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sync/accountserver.h"

#include <algorithm>

namespace kittiwake::sync::test
{

int AccountServer::open() const
{
    return static_cast<int>(std::count_if(m_connections.begin(), m_connections.end(),
                                          [](const auto &connection) { return connection->wire->open; }));
}

int AccountServer::count(const QByteArray &start) const
{
    return static_cast<int>(std::count_if(m_commands.begin(), m_commands.end(),
                                          [&](const QByteArray &command) { return command.startsWith(start); }));
}

async::Task<Result<std::unique_ptr<net::ByteStream>>> AccountServer::connect(net::Endpoint, net::TlsMode,
                                                                             net::TlsPolicy)
{
    ++m_attempts;
    if (!answersConnect) {
        const async::Event never(m_clock);
        co_await never;
    }
    auto made = std::make_unique<Connection>();
    Connection *connection = made.get();
    m_connections.push_back(std::move(made));
    connection->wire = std::make_shared<ScriptedWire>(m_clock);
    connection->wire->encrypted = true;
    connection->server = std::make_unique<LineServer>(connection->wire);
    connection->server->capabilities = capabilities;
    connection->begun = m_clock.monotonic();
    connection->server->special = [this, connection](const QByteArray &tag, const QByteArray &command) -> QByteArray {
        connection->log.emplace_back(m_clock.monotonic(), command);
        m_commands.append(command);
        const QByteArray own = special ? special(*connection, tag, command) : QByteArray();
        return own.isEmpty() ? reply(*connection, tag, command) : own;
    };
    std::unique_ptr<net::ByteStream> stream = std::make_unique<ScriptedStream>(connection->wire);
    connection->server->greet();
    co_return stream;
}

bool AccountServer::answer()
{
    bool any = false;
    for (std::size_t i = 0; i < m_connections.size(); ++i) {
        Connection &connection = *m_connections[i];
        if (connection.silent) {
            connection.wire->written.clear();
            continue;
        }
        mostStatusesAtOnce = std::max(mostStatusesAtOnce,
                                      static_cast<int>(connection.wire->written.count(" STATUS \"")
                                                       + connection.wire->written.count(" STATUS Box")));
        any = connection.server->answer() || any;
    }
    return any;
}

QByteArray AccountServer::status(const QByteArray &mailbox) const
{
    const Mailbox &known = mailboxes.at(mailbox);
    const std::uint32_t next = known.uids.empty() ? 1 : known.uids.back() + 1;
    QByteArray text = "* STATUS \"" + mailbox + "\" (MESSAGES " + QByteArray::number(qulonglong(known.uids.size()))
        + " UIDNEXT " + QByteArray::number(next) + " UIDVALIDITY 7 UNSEEN "
        + QByteArray::number(qulonglong(known.uids.size()));
    if (capabilities.contains("CONDSTORE"))
        text += " HIGHESTMODSEQ " + QByteArray::number(known.modseq);
    return text + ")\r\n";
}

QByteArray AccountServer::nameIn(const QByteArray &command)
{
    QByteArray name = command.mid(command.indexOf(' ') + 1);
    if (name.startsWith('"'))
        return name.mid(1, name.indexOf('"', 1) - 1);
    return name.left(name.indexOf(' ') < 0 ? name.size() : name.indexOf(' '));
}

QByteArray AccountServer::reply(Connection &connection, const QByteArray &tag, const QByteArray &command)
{
    QByteArray ok = tag + " OK Done.\r\n";
    if (command.startsWith("LIST ") || command.startsWith("LSUB ")) {
        const QByteArray verb = command.left(4);
        QByteArray told;
        for (const auto &[name, mailbox] : mailboxes) {
            told += "* " + verb + " (" + mailbox.attributes + ") \"/\" \"" + name + "\"\r\n";
            if (command.contains("STATUS ("))
                told += status(name);
        }
        return told + ok;
    }
    if (command.startsWith("STATUS ")) {
        const QByteArray name = nameIn(command);
        if (!mailboxes.contains(name))
            return tag + " NO [NONEXISTENT] None.\r\n";
        return status(name) + ok;
    }
    if (command.startsWith("NOTIFY ")) {
        connection.notified = true;
        return ok;
    }
    if (command.startsWith("SELECT ")) {
        connection.selected = nameIn(command);
        if (!mailboxes.contains(connection.selected))
            return tag + " NO [NONEXISTENT] None.\r\n";
        connection.server->uids = mailboxes[connection.selected].uids;
        if (capabilities.contains("CONDSTORE")) {
            const QByteArray modseq = QByteArray::number(mailboxes[connection.selected].modseq);
            connection.wire->deliver("* OK [HIGHESTMODSEQ " + modseq + "] Ok\r\n");
        }
        return {};
    }
    if (command == "UNSELECT")
        connection.selected.clear();
    return {};
}

void AccountServer::deliver(const QByteArray &mailbox)
{
    Mailbox &known = mailboxes[mailbox];
    known.uids.push_back(known.uids.empty() ? 1 : known.uids.back() + 1);
    ++known.modseq;
    for (const auto &connection : m_connections) {
        if (!connection->wire->open || connection->silent)
            continue;
        if (connection->selected == mailbox && idleIsLate)
            continue;
        if (connection->selected == mailbox) {
            connection->server->uids = known.uids;
            connection->wire->deliver("* " + QByteArray::number(qulonglong(known.uids.size())) + " EXISTS\r\n");
        } else if (connection->notified) {
            connection->wire->deliver(status(mailbox));
        }
    }
}

} // namespace kittiwake::sync::test
