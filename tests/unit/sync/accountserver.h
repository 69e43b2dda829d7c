// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/unit/sync/lineserver.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace kittiwake::sync::test
{

/**
 * A server with several mailboxes for as many connections as come, in virtual time: it answers what AccountSync asks.
 * What it should do differently is put in by the test. It outlives the client's streams.
 */
class AccountServer final : public net::StreamFactory
{
public:
    explicit AccountServer(Clock &clock) : m_clock(clock) { }

    struct Mailbox {
        QByteArray attributes; ///< "\\Sent"
        std::vector<std::uint32_t> uids;
        std::uint32_t modseq = 5;
    };
    struct Connection {
        std::shared_ptr<ScriptedWire> wire;
        std::unique_ptr<LineServer> server;
        Clock::Duration begun{0};
        QByteArray selected;
        bool silent = false; ///< nothing gets through any more, and nobody is told
        bool notified = false;
        int statusesWaiting = 0;
        std::vector<std::pair<Clock::Duration, QByteArray>> log; ///< commands and when they came
    };

    std::map<QByteArray, Mailbox> mailboxes;
    QByteArray capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UNSELECT LIST-EXTENDED LIST-STATUS SPECIAL-USE";
    /** Instead of the usual answer; empty: the usual one. */
    std::function<QByteArray(Connection &connection, const QByteArray &tag, const QByteArray &command)> special;
    bool answersConnect = true; ///< false: connecting hangs
    bool idleIsLate = false; ///< what happens in a selected mailbox is told with the next command only
    int mostStatusesAtOnce = 0;

    [[nodiscard]] std::vector<std::unique_ptr<Connection>> &connections() { return m_connections; }
    [[nodiscard]] int open() const;
    /** Attempts to connect so far. */
    [[nodiscard]] int attempts() const { return m_attempts; }
    /** All commands of all connections, without tags, in the order in which they came. */
    [[nodiscard]] const QByteArrayList &commands() const { return m_commands; }
    [[nodiscard]] int count(const QByteArray &start) const;

    /** Answers what has come. True if there was something. */
    bool answer();
    /** Mail comes into a mailbox: whoever watches it is told. */
    void deliver(const QByteArray &mailbox);
    [[nodiscard]] QByteArray status(const QByteArray &mailbox) const;

    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(net::Endpoint endpoint, net::TlsMode mode,
                                                                  net::TlsPolicy policy) override;

private:
    [[nodiscard]] QByteArray reply(Connection &connection, const QByteArray &tag, const QByteArray &command);
    [[nodiscard]] static QByteArray nameIn(const QByteArray &command);

    Clock &m_clock;
    int m_attempts = 0;
    QByteArrayList m_commands;
    std::vector<std::unique_ptr<Connection>> m_connections;
};

} // namespace kittiwake::sync::test
