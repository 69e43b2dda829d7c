// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/session.h"

namespace kittiwake::sim::model
{

namespace
{

constexpr std::size_t maxQueued = 1000;

} // namespace

Session::Session(MailModel &model, const Personality &personality, std::uint64_t seed, SessionHost &host)
    : m_model(model), m_personality(personality), m_random(seed), m_host(host)
{
}

void Session::greet()
{
    std::string greeting = "OK ";
    if (m_personality.tellsCapabilitiesInGreeting) {
        greeting += "[CAPABILITY";
        for (const std::string &name : m_personality.capabilities())
            greeting += ' ' + name;
        greeting += "] ";
    }
    untagged(greeting + "model server ready");
    m_host.send(std::exchange(m_output, {}));
}

void Session::receive(std::string_view bytes)
{
    if (m_state == State::LoggedOut || m_hangs)
        return;
    m_reader.feed(bytes);
    while (true) {
        CommandReader::Next next = m_reader.next();
        if (next.kind == CommandReader::Next::Kind::None)
            break;
        if (next.kind == CommandReader::Next::Kind::WantsLiteral) {
            m_output += "+ go on\r\n";
            continue;
        }
        if (m_lines.size() < maxQueued)
            m_lines.push_back(std::move(next.line));
    }
    run();
}

void Session::run()
{
    while (!m_busy && !m_hangs && m_state != State::LoggedOut && !m_lines.empty()) {
        const std::string text = std::move(m_lines.front());
        m_lines.pop_front();
        if (m_challenge) {
            const ImapCommand command = *std::exchange(m_challenge, std::nullopt);
            if (text == "*")
                bad(command);
            else
                signedIn(command);
            continue;
        }
        if (m_idle) {
            const ImapCommand idle = *std::exchange(m_idle, std::nullopt);
            if (upperCase(text) != "DONE")
                bad(idle);
            else if (m_personality.tellsIdleLate || announce(true))
                ok(idle);
            continue;
        }
        std::string tag;
        const auto command = parseCommand(text, &tag);
        if (command)
            execute(*command);
        else
            line((tag.empty() ? "*" : tag) + " BAD what?");
    }
    tellUnasked();
    flush();
    if (m_state == State::LoggedOut)
        m_host.close();
}

void Session::tellUnasked()
{
    if (m_state == State::LoggedOut || m_state == State::NotAuthenticated || m_hangs || m_busy || m_challenge)
        return;
    if (m_watch)
        tellWatched();
    if (m_view && m_idle && m_personality.tellsIdleLate)
        tellIdleLater();
    else if (m_view && (m_idle || (m_watch && m_watch->selected)))
        announce(true);
}

void Session::tellIdleLater()
{
    if (m_idleTimerRuns)
        return;
    m_idleTimerRuns = true;
    m_host.muchLater([this] {
        m_idleTimerRuns = false;
        if (!m_view || !m_idle || m_state == State::LoggedOut || m_hangs || m_busy)
            return;
        announce(true);
        flush();
    });
}

void Session::flush()
{
    if (!m_output.empty())
        m_host.send(std::exchange(m_output, {}));
}

void Session::execute(const ImapCommand &command)
{
    if (strikes(m_personality.byes)) {
        sayBye();
        return;
    }
    if (strikes(m_personality.hangs)) {
        m_hangs = true;
        return;
    }
    if (m_view)
        m_host.working(m_view->mailbox);
    ++m_commands;
    const bool mayRefuse = command.name != "LOGOUT" && command.name != "LOGIN" && command.name != "AUTHENTICATE"
        && command.name != "CAPABILITY";
    if (mayRefuse && strikes(m_personality.refusals)) {
        if (m_random.oneIn(3))
            bad(command);
        else
            no(command, m_random.oneIn(2) ? "[UNAVAILABLE]" : "", "try again later");
        return;
    }
    if (isLocked(command)) {
        no(command, "[INUSE]", "somebody else works with it");
        return;
    }
    // Its UIDs mean other messages by now: nobody can go on with that.
    if (m_view && m_view->mailbox->uidValidity != m_view->uidValidity) {
        sayBye();
        return;
    }
    if (!dispatch(command))
        bad(command);
}

bool Session::isLocked(const ImapCommand &command) const
{
    const std::uint64_t some = m_misbehaves ? m_personality.locked : 0;
    const auto locked = [some](const Mailbox *mailbox) {
        return mailbox != nullptr && (mailbox->isLocked || (some != 0 && mailbox->serial % 3 == some)); // INBOX is 1
    };
    const bool uid = command.name.starts_with("UID ");
    const std::string name = uid ? command.name.substr(4) : command.name;
    if (m_view && locked(m_view->mailbox.get()) && (name == "STORE" || name == "EXPUNGE" || name == "MOVE"))
        return true;
    const std::size_t target = name == "APPEND" ? 0 : name == "COPY" || name == "MOVE" ? 1 : command.arguments.size();
    return target < command.arguments.size() && locked(m_model.find(command.arguments[target].text).get());
}

bool Session::dispatch(const ImapCommand &command)
{
    const std::string &name = command.name;
    if (name == "CAPABILITY") {
        tellCapabilities();
        ok(command);
    } else if (name == "NOOP" || (name == "CHECK" && m_state == State::Selected)) {
        if (announce(true))
            ok(command);
    } else if (name == "LOGOUT") {
        untagged("BYE see you");
        ok(command);
        m_state = State::LoggedOut;
    } else if (name == "ID" && m_personality.id) {
        untagged("ID (\"name\" \"model\")");
        ok(command);
    } else if (m_state == State::NotAuthenticated) {
        if (name == "LOGIN")
            login(command);
        else if (name == "AUTHENTICATE" && m_personality.authPlain)
            authenticate(command);
        else
            return false;
    } else if (name == "ENABLE" && m_personality.enable) {
        enable(command);
    } else if (name == "NAMESPACE" && m_personality.namespaces) {
        untagged(R"(NAMESPACE (("" "/")) NIL NIL)");
        ok(command);
    } else if (name == "COMPRESS" && m_personality.compress) {
        ok(command, {}, "DEFLATE active");
    } else if (name == "LIST") {
        list(command);
    } else if (name == "LSUB") {
        lsub(command);
    } else if (name == "STATUS") {
        status(command);
    } else if (name == "NOTIFY" && m_personality.notify) {
        notify(command);
    } else if (name == "SELECT" || name == "EXAMINE") {
        select(command, name == "EXAMINE");
    } else if (name == "CREATE") {
        create(command);
    } else if (name == "RENAME") {
        rename(command);
    } else if (name == "DELETE") {
        remove(command);
    } else if (name == "SUBSCRIBE" || name == "UNSUBSCRIBE") {
        subscribe(command, name == "SUBSCRIBE");
    } else if (name == "APPEND") {
        append(command);
    } else if (name == "IDLE" && m_personality.idle) {
        m_output += "+ idling\r\n";
        m_idle = command;
        // NOLINTNEXTLINE(bugprone-branch-clone): unknown here is not unknown at all
    } else if (m_state != State::Selected) {
        return false;
    } else if (name == "FETCH" || name == "UID FETCH") {
        fetch(command, name.size() > 5);
    } else if (name == "SEARCH" || name == "UID SEARCH") {
        search(command, name.size() > 6);
    } else if (name == "STORE" || name == "UID STORE") {
        store(command, name.size() > 5);
    } else if (name == "COPY" || name == "UID COPY") {
        copy(command, name.size() > 4, false);
    } else if ((name == "MOVE" || name == "UID MOVE") && m_personality.move) {
        copy(command, name.size() > 4, true);
    } else if (name == "EXPUNGE" || (name == "UID EXPUNGE" && m_personality.uidPlus)) {
        expunge(command, name.size() > 7);
    } else if (name == "CLOSE" || (name == "UNSELECT" && m_personality.unselect)) {
        unselect(command, name == "CLOSE");
    } else {
        return false;
    }
    return true;
}

void Session::line(const std::string &text)
{
    m_output += text;
    m_output += "\r\n";
}

void Session::ok(const ImapCommand &command, const std::string &code, const char *text)
{
    finish(command, "OK " + (code.empty() ? std::string() : code + ' ') + text);
}

void Session::no(const ImapCommand &command, const std::string &code, const char *text)
{
    finish(command, "NO " + (code.empty() ? std::string() : code + ' ') + text);
}

void Session::bad(const ImapCommand &command)
{
    finish(command, "BAD not like this");
}

void Session::finish(const ImapCommand &command, const std::string &status)
{
    if (m_state == State::LoggedOut)
        return;
    if (m_view && strikes(m_personality.duplicateExists))
        untagged(std::to_string(m_view->entries.size()) + " EXISTS");
    if (strikes(m_personality.lostTags))
        return;
    line(command.tag + ' ' + status);
}

void Session::sayBye()
{
    untagged("BYE the server is being restarted");
    m_state = State::LoggedOut;
}

void Session::poke()
{
    if (!m_busy && !m_hangs)
        run();
}

} // namespace kittiwake::sim::model
