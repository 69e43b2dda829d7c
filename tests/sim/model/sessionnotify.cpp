// SPDX-License-Identifier: GPL-3.0-or-later
// NOTIFY (RFC 5465), as far as all mailboxes of the person and the selected one go.
#include "tests/sim/model/session.h"

#include <algorithm>

namespace kittiwake::sim::model
{

namespace
{

bool names(const std::vector<Argument> &events, std::string_view event)
{
    return std::any_of(events.begin(), events.end(), [&](const Argument &one) { return one.is(event); });
}

std::vector<Argument> watchedItems(bool condstore)
{
    std::vector<Argument> items;
    for (const char *name : {"MESSAGES", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "HIGHESTMODSEQ"}) {
        if (condstore || std::string_view(name) != "HIGHESTMODSEQ")
            items.push_back({Argument::Kind::Atom, name, {}});
    }
    return items;
}

} // namespace

void Session::notify(const ImapCommand &command)
{
    const auto &arguments = command.arguments;
    if (arguments.empty()) {
        bad(command);
        return;
    }
    if (arguments.front().is("NONE")) {
        m_watch.reset();
        ok(command);
        return;
    }
    Watch watch;
    bool tellsStatus = false;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (arguments[i].is("STATUS")) {
            tellsStatus = true;
            continue;
        }
        if (!arguments[i].isList() || arguments[i].items.size() < 2) {
            bad(command);
            return;
        }
        const auto &filter = arguments[i].items.front();
        const auto &events = arguments[i].items.back().items;
        const bool messages = names(events, "MessageNew") && names(events, "MessageExpunge");
        if (filter.is("SELECTED") || filter.is("SELECTED-DELAYED")) {
            watch.selected = messages;
        } else {
            watch.messages = messages;
            watch.names = names(events, "MailboxName");
        }
    }
    for (const auto &[name, mailbox] : m_model.mailboxes()) {
        watch.mailboxes.insert(name);
        if (mailbox->isSelectable)
            watch.status[name] = statusLine(*mailbox, watchedItems(m_personality.condstore));
    }
    if (tellsStatus && watch.messages) {
        for (const auto &[name, text] : watch.status) {
            if (!m_view || m_view->mailbox->name != name)
                untagged(text);
        }
    }
    m_watch = std::move(watch);
    ok(command);
}

void Session::tellWatched()
{
    Watch &watch = *m_watch;
    if (watch.names) {
        for (auto name = watch.mailboxes.begin(); name != watch.mailboxes.end();) {
            if (m_model.find(*name)) {
                ++name;
                continue;
            }
            untagged("LIST (\\NonExistent) \"/\" " + formatString(*name));
            watch.status.erase(*name);
            name = watch.mailboxes.erase(name);
        }
        for (const auto &[name, mailbox] : m_model.mailboxes()) {
            if (watch.mailboxes.insert(name).second)
                untagged("LIST " + listLine(*mailbox, {true, false, false}));
        }
    }
    if (!watch.messages)
        return;
    const auto items = watchedItems(m_personality.condstore);
    for (const auto &[name, mailbox] : m_model.mailboxes()) {
        if (!mailbox->isSelectable)
            continue;
        std::string text = statusLine(*mailbox, items);
        std::string &told = watch.status[name];
        if (told == text)
            continue;
        told = text;
        if (!m_view || m_view->mailbox != mailbox)
            untagged(text);
    }
}

} // namespace kittiwake::sim::model
