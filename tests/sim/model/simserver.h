// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/model/mailmodel.h"
#include "tests/sim/model/personality.h"
#include "tests/sim/wire/simnetwork.h"

#include <functional>
#include <string>
#include <vector>

namespace kittiwake::sim::model
{

/** The model server on the simulated network. */
class SimServer
{
public:
    /** sent: by the server; number: which connection. */
    using Trace = std::function<void(std::uint64_t number, bool sent, const std::string &bytes)>;

    SimServer(SimClock &clock, Personality personality, std::uint64_t seed, bool misbehaves);
    ~SimServer();
    SimServer(const SimServer &) = delete;
    SimServer &operator=(const SimServer &) = delete;

    [[nodiscard]] MailModel &mail() { return m_mail; }
    [[nodiscard]] const MailModel &mail() const { return m_mail; }
    [[nodiscard]] const Personality &personality() const { return m_personality; }
    [[nodiscard]] std::unique_ptr<ServerEnd> accept(SimLink &link);
    /** Called while a session is at work in a mailbox, so that somebody else can be so too. */
    void setWorking(std::function<void(const std::shared_ptr<Mailbox> &)> working) { m_working = std::move(working); }
    /** After each change of mail(): whoever waits for news is told in a moment. */
    void changed();
    void sayByeToAll();
    /** Somebody has asked to be told what happens in all mailboxes. */
    [[nodiscard]] bool isWatched() const;
    /** From now on it is honest; connections that hang are closed. */
    void behave();
    void setTrace(Trace trace) { m_trace = std::move(trace); }
    /** What is being done was asked for over a connection that the client has long given up. */
    [[nodiscard]] bool isLate() const { return m_isLate; }
    [[nodiscard]] std::uint64_t commands() const { return m_commands; } ///< lines that came, as a measure of noise

    class Connection;

private:
    SimClock &m_clock;
    Personality m_personality;
    SeededRandom m_random;
    bool m_misbehaves;
    MailModel m_mail;
    std::vector<Connection *> m_connections;
    std::uint64_t m_number = 0;
    std::uint64_t m_commands = 0;
    bool m_pokes = false;
    bool m_isLate = false;
    Trace m_trace;
    std::function<void(const std::shared_ptr<Mailbox> &)> m_working;
};

} // namespace kittiwake::sim::model
