// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/wire/seededrandom.h"
#include "tests/sim/wire/simnetwork.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kittiwake::sim::model
{

/** What a submission server can do, and how it fails. */
struct SubmissionPersonality {
    bool pipelining = true;
    bool size = true;
    bool eightBitMime = true;
    bool chunking = false;
    bool dsn = false;
    bool enhancedCodes = true;
    bool authLogin = false; ///< AUTH LOGIN alone; else PLAIN

    // In answers out of a thousand, while it misbehaves.
    unsigned passing = 0; ///< 4xx to MAIL, DATA and the end of a message; to RCPT one recipient after the other
    unsigned lasting = 0; ///< 5xx, likewise
    unsigned lostEnds = 0; ///< the message is taken, and its final answer never comes
    unsigned cuts = 0; ///< hangs up instead of an answer, before the message is taken
    unsigned hangs = 0; ///< not a word any more, the connection stays
};

[[nodiscard]] SubmissionPersonality chooseSubmission(SeededRandom &random, bool lies);

/** A message for which the server has taken the responsibility: octets as they were handed over. */
struct Submitted {
    std::string sender;
    std::vector<std::string> recipients; ///< those that were not refused
    std::string bytes;
};

/**
 * The submission server on the simulated network: RFC 6409 with RFC 2920, 1870, 6152, 3030, 3461 and 4954, in little.
 * It shares no code with the client.
 */
class SubmissionServer
{
public:
    using Trace = std::function<void(std::uint64_t number, bool sent, const std::string &bytes)>;

    SubmissionServer(SimClock &clock, SubmissionPersonality personality, std::uint64_t seed, bool misbehaves);
    ~SubmissionServer();
    SubmissionServer(const SubmissionServer &) = delete;
    SubmissionServer &operator=(const SubmissionServer &) = delete;

    [[nodiscard]] std::unique_ptr<ServerEnd> accept(SimLink &link);
    /** Told of each message that is taken, before the client can know of it. */
    void setTaken(std::function<void(const Submitted &)> taken) { m_taken = std::move(taken); }
    /** Told of what no client may do. */
    void setWrong(std::function<void(const std::string &what)> wrong) { m_wrong = std::move(wrong); }
    void setTrace(Trace trace) { m_trace = std::move(trace); }
    /** From now on it refuses nothing and answers always; connections that hang are closed. */
    void behave();

private:
    class Session; ///< one connection

    /** Whether what happens so often out of a thousand happens now. */
    [[nodiscard]] bool happens(unsigned chance) { return m_misbehaves && m_random.below(1000) < chance; }

    SimClock &m_clock;
    SubmissionPersonality m_personality;
    SeededRandom m_random;
    bool m_misbehaves;
    std::uint64_t m_number = 0;
    std::vector<Session *> m_sessions;
    std::function<void(const Submitted &)> m_taken;
    std::function<void(const std::string &)> m_wrong;
    Trace m_trace;
};

} // namespace kittiwake::sim::model
