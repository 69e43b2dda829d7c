// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sync/lineserver.h"

#include "core/imap/codec/sequenceset.h"

namespace kittiwake::sync::test
{

void LineServer::say(const QByteArray &bytes)
{
    if (stalled)
        m_held += bytes;
    else
        m_wire->deliver(bytes);
}

void LineServer::deliver()
{
    stalled = false;
    m_wire->deliver(std::exchange(m_held, {}));
}

bool LineServer::answer()
{
    bool any = false;
    for (qsizetype end = m_wire->written.indexOf("\r\n"); end >= 0; end = m_wire->written.indexOf("\r\n")) {
        any = true;
        const QByteArray line = m_wire->written.left(end);
        m_wire->written.remove(0, end + 2);
        if (line == "DONE") {
            commands.append(line);
            say(std::exchange(m_idleTag, {}) + " OK Idle completed.\r\n");
            continue;
        }
        const qsizetype space = line.indexOf(' ');
        const QByteArray tag = line.left(space);
        const QByteArray command = line.mid(space + 1);
        commands.append(command);
        if (command == "IDLE")
            m_idleTag = tag;
        const QByteArray own = special ? special(tag, command) : QByteArray();
        say(own.isEmpty() ? usual(tag, command) : own);
    }
    return any;
}

QByteArray LineServer::message(std::uint32_t number, std::uint32_t uid)
{
    const QByteArray text = QByteArray::number(uid);
    return "* " + QByteArray::number(number) + " FETCH (UID " + text
        + " FLAGS () INTERNALDATE \"01-Oct-2026 09:00:" + QByteArray::number(10 + uid % 50) + " +0000\" RFC822.SIZE "
        + QByteArray::number(1000 + uid) + " ENVELOPE (\"Thu, 1 Oct 2026 09:00:00 +0000\" \"Message " + text
        + "\" ((NIL NIL \"anna\" \"example.org\")) NIL NIL NIL NIL NIL NIL \"<m" + text
        + "@example.org>\") BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 10 1) BODY[HEADER.FIELDS "
          "(REFERENCES)] {2}\r\n\r\n)\r\n";
}

QByteArray LineServer::usual(const QByteArray &tag, const QByteArray &command) const
{
    QByteArray ok = tag + " OK Done.\r\n";
    if (command.startsWith("AUTHENTICATE"))
        return tag + " OK [CAPABILITY " + capabilities + "] Logged in.\r\n";
    if (command == "IDLE")
        return "+ idling\r\n";
    if (command.startsWith("SELECT") || command.startsWith("EXAMINE")) {
        const std::uint32_t next = uids.empty() ? 1 : uids.back() + 1;
        return "* FLAGS (\\Seen)\r\n* " + QByteArray::number(static_cast<qulonglong>(uids.size()))
            + " EXISTS\r\n* OK [UIDVALIDITY " + QByteArray::number(uidValidity) + "] Ok\r\n* OK [UIDNEXT "
            + QByteArray::number(next) + "] Ok\r\n" + tag + " OK [READ-WRITE] Selected.\r\n";
    }
    if (command.startsWith("UID SEARCH")) {
        QByteArray found = "* SEARCH";
        for (const std::uint32_t uid : uids)
            found += ' ' + QByteArray::number(uid);
        return found + "\r\n" + ok;
    }
    if (command.startsWith("UID FETCH")) {
        const auto wanted = imap::UidSet::parse(command.split(' ').value(2));
        QByteArray told;
        for (std::size_t index = 0; wanted && index < uids.size(); ++index) {
            if (wanted->contains(Uid(uids[index])))
                told += message(static_cast<std::uint32_t>(index + 1), uids[index]);
        }
        return told + ok;
    }
    return ok;
}

} // namespace kittiwake::sync::test
