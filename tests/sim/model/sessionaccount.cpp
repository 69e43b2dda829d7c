// SPDX-License-Identifier: GPL-3.0-or-later
// Sign-in and mailboxes as a whole.
#include "tests/sim/model/session.h"

#include <algorithm>

namespace kittiwake::sim::model
{

namespace
{

/** "*" is anything, "%" anything without the delimiter (RFC 3501 section 6.3.8). */
bool matchesPattern(std::string_view pattern, std::string_view name)
{
    if (pattern.empty())
        return name.empty();
    if (pattern.front() == '*' || pattern.front() == '%') {
        for (std::size_t taken = 0; taken <= name.size(); ++taken) {
            if (taken > 0 && pattern.front() == '%' && name[taken - 1] == '/')
                return false;
            if (matchesPattern(pattern.substr(1), name.substr(taken)))
                return true;
        }
        return false;
    }
    return !name.empty() && name.front() == pattern.front() && matchesPattern(pattern.substr(1), name.substr(1));
}

/** Mailbox names travel as atoms, quoted strings or literals; here always quoted or literal. */
std::string formatName(const std::string &name)
{
    return formatString(name);
}

} // namespace

void Session::tellCapabilities()
{
    std::string text = "CAPABILITY";
    for (const std::string &name : m_personality.capabilities())
        text += ' ' + name;
    untagged(text);
}

void Session::authenticate(const ImapCommand &command)
{
    if (command.arguments.empty() || !command.arguments.front().is("PLAIN")) {
        no(command);
    } else if (command.arguments.size() > 1) {
        signedIn(command);
    } else {
        m_output += "+ \r\n";
        m_challenge = command;
    }
}

void Session::login(const ImapCommand &command)
{
    if (command.arguments.size() != 2)
        bad(command);
    else
        signedIn(command);
}

void Session::signedIn(const ImapCommand &command)
{
    m_state = State::Authenticated;
    std::string code;
    if (m_personality.tellsCapabilitiesAtSignIn) {
        code = "[CAPABILITY";
        for (const std::string &name : m_personality.capabilities())
            code += ' ' + name;
        code += ']';
    }
    ok(command, code, "signed in");
}

void Session::enable(const ImapCommand &command)
{
    std::string enabled;
    for (const Argument &what : command.arguments) {
        if (what.is("QRESYNC") && m_personality.qresync) {
            m_qresync = true;
            m_condstore = true;
            enabled += " QRESYNC";
        } else if (what.is("CONDSTORE") && m_personality.condstore) {
            m_condstore = true;
            enabled += " CONDSTORE";
        }
    }
    untagged("ENABLED" + enabled);
    ok(command);
}

std::string Session::listLine(const Mailbox &mailbox, const ListWishes &wishes) const
{
    std::vector<std::string> attributes;
    if (!mailbox.isSelectable)
        attributes.emplace_back("\\Noselect");
    const std::string prefix = mailbox.name + m_model.delimiter();
    const auto below = m_model.mailboxes().lower_bound(prefix);
    const bool hasChildren = below != m_model.mailboxes().end() && below->first.starts_with(prefix);
    if (wishes.children)
        attributes.emplace_back(hasChildren ? "\\HasChildren" : "\\HasNoChildren");
    if (wishes.subscribed && mailbox.isSubscribed)
        attributes.emplace_back("\\Subscribed");
    if (wishes.role && m_personality.specialUse && !mailbox.specialUse.empty())
        attributes.push_back(mailbox.specialUse);
    std::string text = "(";
    for (const std::string &attribute : attributes)
        text += (text.size() > 1 ? " " : "") + attribute;
    return text + ") \"/\" " + formatName(mailbox.name);
}

void Session::list(const ImapCommand &command)
{
    const auto &arguments = command.arguments;
    const bool extended = arguments.size() > 2;
    if (arguments.size() < 2 || (extended && !m_personality.listExtended)) {
        bad(command);
        return;
    }
    const std::string pattern = arguments[0].text + arguments[1].text;
    if (pattern.empty()) {
        untagged("LIST (\\Noselect) \"/\" \"\"");
        ok(command);
        return;
    }
    // The extended form names what is wanted (RFC 5258 section 3.2, RFC 6154 section 2), and Dovecot tells no more.
    ListWishes wishes{false, !extended, !extended};
    const std::vector<Argument> *statusItems = nullptr;
    if (extended) {
        if (arguments.size() != 4 || !arguments[2].is("RETURN") || !arguments[3].isList()) {
            bad(command);
            return;
        }
        const auto &options = arguments[3].items;
        for (std::size_t i = 0; i < options.size(); ++i) {
            wishes.subscribed = wishes.subscribed || options[i].is("SUBSCRIBED");
            wishes.children = wishes.children || options[i].is("CHILDREN");
            wishes.role = wishes.role || options[i].is("SPECIAL-USE");
            if (options[i].is("STATUS") && i + 1 < options.size() && m_personality.listStatus)
                statusItems = &options[++i].items;
        }
    }
    for (const auto &[name, mailbox] : m_model.mailboxes()) {
        if (!matchesPattern(pattern, name))
            continue;
        untagged("LIST " + listLine(*mailbox, wishes));
        if (statusItems != nullptr && mailbox->isSelectable)
            untagged(statusLine(*mailbox, *statusItems));
    }
    ok(command);
}

void Session::lsub(const ImapCommand &command)
{
    if (command.arguments.size() != 2) {
        bad(command);
        return;
    }
    const std::string pattern = command.arguments[0].text + command.arguments[1].text;
    std::set<std::string> names = m_model.goneButSubscribed();
    for (const auto &[name, mailbox] : m_model.mailboxes()) {
        if (mailbox->isSubscribed)
            names.insert(name);
    }
    for (const std::string &name : names) {
        if (matchesPattern(pattern, name))
            untagged("LSUB () \"/\" " + formatName(name));
    }
    ok(command);
}

std::string Session::statusLine(const Mailbox &mailbox, const std::vector<Argument> &items) const
{
    std::string values;
    for (const Argument &item : items) {
        std::string value;
        if (item.is("MESSAGES"))
            value = std::to_string(mailbox.messages.size());
        else if (item.is("UIDNEXT"))
            value = std::to_string(mailbox.uidNext);
        else if (item.is("UIDVALIDITY"))
            value = std::to_string(mailbox.uidValidity);
        else if (item.is("UNSEEN"))
            value = std::to_string(mailbox.countUnseen());
        else if (item.is("RECENT"))
            value = "0";
        else if (item.is("HIGHESTMODSEQ") && m_personality.condstore)
            value = std::to_string(mailbox.highestModSeq);
        else
            continue;
        values += (values.empty() ? "" : " ") + upperCase(item.text) + ' ' + value;
    }
    return "STATUS " + formatName(mailbox.name) + " (" + values + ')';
}

void Session::status(const ImapCommand &command)
{
    if (command.arguments.size() != 2 || !command.arguments[1].isList()) {
        bad(command);
        return;
    }
    for (const Argument &item : command.arguments[1].items) {
        if (item.is("HIGHESTMODSEQ") && m_personality.condstore)
            m_condstore = true; // RFC 7162 section 3.1: a command that enables it
    }
    const auto mailbox = m_model.find(command.arguments[0].text);
    if (!mailbox || !mailbox->isSelectable) {
        no(command, "[NONEXISTENT]", "no such mailbox");
        return;
    }
    untagged(statusLine(*mailbox, command.arguments[1].items));
    m_looked = Looked{mailbox->serial, mailbox->uidNext, m_commands};
    ok(command);
}

void Session::create(const ImapCommand &command)
{
    if (command.arguments.empty()) {
        bad(command);
    } else if (!m_model.create(command.arguments[0].text)) {
        no(command, "[ALREADYEXISTS]", "it exists");
    } else {
        ok(command);
        m_host.changed();
    }
}

void Session::rename(const ImapCommand &command)
{
    if (command.arguments.size() != 2) {
        bad(command);
    } else if (!m_model.rename(command.arguments[0].text, command.arguments[1].text)) {
        no(command, m_model.find(command.arguments[0].text) ? "[ALREADYEXISTS]" : "[NONEXISTENT]");
    } else {
        ok(command);
        m_host.changed();
    }
}

void Session::remove(const ImapCommand &command)
{
    const auto mailbox = command.arguments.size() == 1 ? m_model.find(command.arguments[0].text) : nullptr;
    constexpr std::uint64_t justNow = 4; // others may have asked something on the same connection
    const bool hasLooked
        = mailbox && m_looked && m_looked->serial == mailbox->serial && m_commands - m_looked->command <= justNow;
    if (mailbox)
        mailbox->deletedKnowing = hasLooked ? m_looked->uidNext : 0;
    if (command.arguments.size() != 1) {
        bad(command);
    } else if (!m_model.remove(command.arguments[0].text)) {
        no(command, "[NONEXISTENT]", "no such mailbox");
    } else {
        ok(command);
        m_host.changed();
    }
}

void Session::subscribe(const ImapCommand &command, bool on)
{
    const auto mailbox = command.arguments.size() == 1 ? m_model.find(command.arguments[0].text) : nullptr;
    const bool isGone
        = !mailbox && !on && !command.arguments.empty() && m_model.forgetSubscription(command.arguments.front().text);
    if (!mailbox && !isGone) {
        no(command, "[NONEXISTENT]", "no such mailbox");
        return;
    }
    if (mailbox)
        mailbox->isSubscribed = on;
    ok(command);
    m_host.changed();
}

} // namespace kittiwake::sim::model
