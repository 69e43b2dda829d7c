// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/submission.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace kittiwake::sim::model
{

namespace
{

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return text;
}

/** "MAIL FROM:<me@example.org> SIZE=5" -> the address; nothing where the brackets are missing. */
std::optional<std::string> pathIn(const std::string &line)
{
    const std::size_t from = line.find('<');
    const std::size_t to = line.find('>', from);
    if (from == std::string::npos || to == std::string::npos)
        return std::nullopt;
    return line.substr(from + 1, to - from - 1);
}

/** What stands after the address, each with a blank before it. */
std::string parametersIn(const std::string &line)
{
    const std::size_t end = line.find('>');
    return end == std::string::npos ? std::string() : upper(line.substr(end + 1));
}

} // namespace

SubmissionPersonality chooseSubmission(SeededRandom &random, bool lies)
{
    SubmissionPersonality server;
    server.pipelining = random.percent(70);
    server.size = random.percent(70);
    server.eightBitMime = random.percent(80);
    server.chunking = random.percent(40);
    server.dsn = random.percent(40);
    server.enhancedCodes = random.percent(60);
    server.authLogin = random.percent(30);
    if (!lies)
        return server;
    const auto some = [&random](std::uint64_t chance, std::uint64_t most) {
        return random.percent(chance) ? static_cast<unsigned>(random.between(1, most)) : 0U;
    };
    server.passing = some(50, 150);
    server.lasting = some(40, 80);
    server.lostEnds = some(50, 400);
    server.cuts = some(40, 150);
    server.hangs = some(20, 60);
    return server;
}

/** It takes one message after the other. */
class SubmissionServer::Session final : public ServerEnd
{
public:
    Session(SubmissionServer &server, SimLink &link, std::uint64_t number)
        : m_server(server), m_link(link), m_number(number)
    {
        m_server.m_sessions.push_back(this);
        m_timer = m_server.m_clock.callAfter(Clock::Duration(static_cast<std::int64_t>(m_server.m_random.below(6))),
                                             [this] { greet(); });
    }
    ~Session() override
    {
        std::erase(m_server.m_sessions, this);
        m_server.m_clock.cancel(m_timer);
    }

    void received(const QByteArray &bytes) override
    {
        m_input.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        while (!m_isOver && takeSome()) { }
    }
    [[nodiscard]] bool isHanging() const { return m_hangs; }
    void hangUp() { m_link.cut(true); }

private:
    enum class Expects { Command, UserName, Password, Response, Data, Chunk };

    const SubmissionPersonality &personality() const { return m_server.m_personality; }

    void greet()
    {
        if (m_server.happens(personality().passing / 4))
            return last(421, "4.3.2", "try later");
        say(220, {}, "sim.example ESMTP");
    }

    void say(int code, const std::string &enhanced, const std::string &text, bool goesOn = false)
    {
        std::string line = std::to_string(code) + (goesOn ? "-" : " ");
        if (!enhanced.empty() && personality().enhancedCodes)
            line += enhanced + ' ';
        line += text;
        if (m_server.m_trace)
            m_server.m_trace(m_number, true, line);
        line += "\r\n";
        m_link.send(SimLink::Way::ToClient, QByteArray::fromStdString(line));
    }
    /** The last word. */
    void last(int code, const std::string &enhanced, const std::string &text)
    {
        say(code, enhanced, text);
        m_isOver = true;
        m_link.serverCloses();
    }
    /** Instead of an answer: true where there is none any more. */
    bool goesAway()
    {
        if (m_server.happens(personality().cuts)) {
            m_isOver = true;
            m_link.serverCloses();
        } else if (m_server.happens(personality().hangs)) {
            m_isOver = true;
            m_hangs = true;
        }
        return m_isOver;
    }
    /** True where it has said no. */
    bool refuses(const char *what)
    {
        if (m_server.happens(personality().passing)) {
            say(451, "4.7.1", std::string(what) + ": try again later");
            return true;
        }
        if (m_server.happens(personality().lasting)) {
            say(550, "5.7.1", std::string(what) + ": no");
            return true;
        }
        return false;
    }
    void wrong(const std::string &what) const
    {
        if (m_server.m_wrong)
            m_server.m_wrong(what);
    }

    /** False: more must come first. */
    bool takeSome()
    {
        if (m_expects == Expects::Data)
            return takeData();
        if (m_expects == Expects::Chunk)
            return takeChunk();
        const std::size_t end = m_input.find("\r\n");
        if (end == std::string::npos)
            return false;
        const std::string line = m_input.substr(0, end);
        m_input.erase(0, end + 2);
        if (m_server.m_trace)
            m_server.m_trace(m_number, false, line);
        if (m_expects != Expects::Command) {
            takeResponse();
            return true;
        }
        const std::string verb = upper(line.substr(0, line.find(' ')));
        // RFC 2920 section 3.1; what follows BDAT is the message.
        if (!m_input.empty() && verb != "BDAT" && !personality().pipelining)
            wrong("sent more than one command at once, and PIPELINING was not offered: " + line);
        takeCommand(verb, line);
        return true;
    }

    void takeCommand(const std::string &verb, const std::string &line)
    {
        if (verb == "BDAT") // also where it is refused: its octets come
            return startChunk(line);
        if (goesAway())
            return;
        if (verb == "EHLO")
            return hello();
        if (verb == "AUTH")
            return authenticate(line);
        if (verb == "QUIT")
            return last(221, "2.0.0", "bye");
        if (verb == "RSET") {
            forget();
            return say(250, "2.0.0", "forgotten");
        }
        if (!m_isSignedIn) {
            wrong("spoke of mail before it had signed in: " + line);
            return say(530, "5.7.0", "sign in first");
        }
        if (verb == "MAIL")
            return mail(line);
        if (verb == "RCPT")
            return recipient(line);
        if (verb != "DATA")
            return say(500, "5.5.2", "what?");
        if (m_message.recipients.empty())
            return say(503, "5.5.1", "nobody receives it");
        if (refuses("DATA"))
            return;
        m_expects = Expects::Data;
        say(354, {}, "go on");
    }

    void hello()
    {
        forget();
        std::vector<std::string> words{"sim.example"};
        const auto offer = [&words](bool has, const char *word) {
            if (has)
                words.emplace_back(word);
        };
        offer(personality().pipelining, "PIPELINING");
        offer(personality().size, "SIZE 50000000");
        offer(personality().eightBitMime, "8BITMIME");
        offer(personality().chunking, "CHUNKING");
        offer(personality().dsn, "DSN");
        offer(personality().enhancedCodes, "ENHANCEDSTATUSCODES");
        words.emplace_back(personality().authLogin ? "AUTH LOGIN" : "AUTH PLAIN");
        for (const std::string &word : words)
            say(250, {}, word, &word != &words.back());
    }

    void authenticate(const std::string &line)
    {
        const std::string mechanism = upper(line.substr(5, line.find(' ', 5) - 5));
        if (mechanism != (personality().authLogin ? "LOGIN" : "PLAIN"))
            return say(504, "5.5.4", "not offered");
        if (line.find(' ', 5) != std::string::npos)
            return signedIn();
        m_expects = personality().authLogin ? Expects::UserName : Expects::Response;
        say(334, {}, personality().authLogin ? "VXNlcm5hbWU6" : "");
    }
    void takeResponse()
    {
        if (m_expects != Expects::UserName)
            return signedIn();
        m_expects = Expects::Password;
        say(334, {}, "UGFzc3dvcmQ6");
    }
    void signedIn()
    {
        m_expects = Expects::Command;
        m_isSignedIn = true;
        say(235, "2.7.0", "welcome");
    }

    void mail(const std::string &line)
    {
        const auto path = pathIn(line);
        const std::string parameters = parametersIn(line);
        const auto names = [&parameters](const char *name) { return parameters.find(name) != std::string::npos; };
        if (!path || !m_message.sender.empty())
            return say(501, "5.5.4", "not now, or not so");
        if ((names(" SIZE=") && !personality().size) || (names(" BODY=8BITMIME") && !personality().eightBitMime)
            || ((names(" RET=") || names(" ENVID=")) && !personality().dsn))
            wrong("used what was not offered: " + line);
        if (refuses("MAIL"))
            return;
        m_mayHaveEightBits = names(" BODY=8BITMIME");
        m_message.sender = *path;
        say(250, "2.1.0", "ok");
    }
    void recipient(const std::string &line)
    {
        const auto path = pathIn(line);
        if (!path || m_message.sender.empty())
            return say(503, "5.5.1", "MAIL first");
        if (parametersIn(line).find(" NOTIFY=") != std::string::npos && !personality().dsn)
            wrong("used what was not offered: " + line);
        if (refuses("RCPT"))
            return;
        m_message.recipients.push_back(*path);
        say(250, "2.1.5", "ok");
    }

    bool takeData()
    {
        const std::size_t end = m_input.find("\r\n.\r\n");
        if (end == std::string::npos)
            return false;
        const std::string stuffed = m_input.substr(0, end + 2);
        m_input.erase(0, end + 5);
        // RFC 5321 section 4.5.2.
        bool isAtStart = true;
        for (const char octet : stuffed) {
            if (!(isAtStart && octet == '.'))
                m_message.bytes += octet;
            isAtStart = octet == '\n';
        }
        m_expects = Expects::Command;
        concluded();
        return true;
    }

    void startChunk(const std::string &line)
    {
        if (!personality().chunking)
            wrong("used what was not offered: " + line);
        const std::string rest = upper(line.substr(std::min<std::size_t>(5, line.size())));
        m_chunk = std::strtoull(rest.c_str(), nullptr, 10);
        m_isLastChunk = rest.find(" LAST") != std::string::npos;
        m_expects = Expects::Chunk;
    }
    bool takeChunk()
    {
        if (m_input.size() < m_chunk)
            return false;
        m_message.bytes += m_input.substr(0, m_chunk);
        m_input.erase(0, m_chunk);
        m_expects = Expects::Command;
        if (m_message.recipients.empty())
            say(503, "5.5.1", "nobody receives it");
        else if (m_isLastChunk)
            concluded();
        else if (!goesAway())
            say(250, "2.0.0", "and more?");
        return true;
    }

    /** All of a message has come. */
    void concluded()
    {
        if (m_server.m_trace)
            m_server.m_trace(m_number, false, "(a message of " + std::to_string(m_message.bytes.size()) + " octets)");
        const bool hasEightBits = std::any_of(m_message.bytes.begin(), m_message.bytes.end(), [](char octet) {
            return (static_cast<unsigned char>(octet) & 0x80U) != 0;
        });
        if (hasEightBits && !m_mayHaveEightBits)
            wrong("sent eight bits without saying so");
        if (goesAway()) // and has not taken it
            return;
        if (refuses("the message"))
            return forget();
        if (m_server.m_taken)
            m_server.m_taken(m_message);
        forget();
        if (m_server.happens(personality().lostEnds)) {
            if (m_server.m_trace)
                m_server.m_trace(m_number, true, "(taken, and the answer is lost)");
            m_isOver = true;
            m_hangs = m_server.m_random.oneIn(2);
            if (!m_hangs)
                m_link.serverCloses();
            return;
        }
        say(250, "2.0.0", "taken");
    }

    void forget()
    {
        m_message = {};
        m_mayHaveEightBits = false;
    }

    SubmissionServer &m_server;
    SimLink &m_link;
    std::uint64_t m_number;
    Clock::TimerId m_timer = 0;
    std::string m_input;
    Expects m_expects = Expects::Command;
    bool m_isSignedIn = false;
    bool m_isOver = false;
    bool m_hangs = false;
    bool m_mayHaveEightBits = false;
    std::uint64_t m_chunk = 0;
    bool m_isLastChunk = false;
    Submitted m_message;
};

SubmissionServer::SubmissionServer(SimClock &clock, SubmissionPersonality personality, std::uint64_t seed,
                                   bool misbehaves)
    : m_clock(clock), m_personality(personality), m_random(seed), m_misbehaves(misbehaves)
{
}

SubmissionServer::~SubmissionServer() = default;

std::unique_ptr<ServerEnd> SubmissionServer::accept(SimLink &link)
{
    return std::make_unique<Session>(*this, link, ++m_number);
}

void SubmissionServer::behave()
{
    m_misbehaves = false;
    const std::vector<Session *> all = m_sessions;
    for (Session *session : all) {
        if (session->isHanging())
            session->hangUp();
    }
}

} // namespace kittiwake::sim::model
