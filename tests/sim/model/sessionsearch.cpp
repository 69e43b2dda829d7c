// SPDX-License-Identifier: GPL-3.0-or-later
// SEARCH, with ESEARCH (RFC 4731).
#include "tests/sim/model/session.h"

#include <algorithm>

namespace kittiwake::sim::model
{

void Session::search(const ImapCommand &command, bool byUid)
{
    auto keys = command.arguments;
    bool extended = false;
    bool wantsAll = false;
    bool wantsCount = false;
    if (keys.size() >= 2 && keys[0].is("RETURN") && keys[1].isList()) {
        if (!m_personality.esearch) {
            bad(command);
            return;
        }
        extended = true;
        wantsAll = keys[1].items.empty();
        for (const Argument &option : keys[1].items) {
            wantsAll = wantsAll || option.is("ALL");
            wantsCount = wantsCount || option.is("COUNT");
        }
        keys.erase(keys.begin(), keys.begin() + 2);
    }
    if (keys.size() >= 2 && keys[0].is("CHARSET"))
        keys.erase(keys.begin(), keys.begin() + 2);
    std::vector<std::uint32_t> found;
    for (std::size_t i = 0; i < m_view->entries.size(); ++i) {
        const auto matched = keys.empty() ? std::nullopt : matchesAll(keys, 0, i);
        if (!matched) {
            bad(command);
            return;
        }
        if (*matched)
            found.push_back(byUid ? m_view->entries[i].uid : static_cast<std::uint32_t>(i + 1));
    }
    if (extended) {
        std::string text = "ESEARCH (TAG " + formatString(command.tag) + ')' + (byUid ? " UID" : "");
        if (wantsCount)
            text += " COUNT " + std::to_string(found.size());
        if (wantsAll && !found.empty())
            text += " ALL " + formatSet(found);
        untagged(text);
    } else {
        std::string text = "SEARCH";
        for (const std::uint32_t number : found)
            text += ' ' + std::to_string(number);
        untagged(text);
    }
    if (announce(byUid && m_personality.expungesInUidCommands))
        ok(command);
}

std::optional<bool> Session::matchesAll(const std::vector<Argument> &keys, std::size_t from, std::size_t index)
{
    bool all = true;
    for (std::size_t at = from; at < keys.size();) {
        const auto one = matches(keys, at, index);
        if (!one)
            return std::nullopt;
        all = all && *one;
    }
    return all;
}

std::optional<bool> Session::matches(const std::vector<Argument> &keys, std::size_t &at, std::size_t index)
{
    const Argument &key = keys[at++];
    const std::uint32_t uid = m_view->entries[index].uid;
    const Message *message = m_view->mailbox->find(uid);
    const auto has = [message](const char *flag) { return message != nullptr && message->flags.contains(flag); };
    const auto inSet = [](const std::string &set, std::uint32_t number, std::uint32_t largest) -> std::optional<bool> {
        const auto ranges = parseSet(set, largest);
        if (!ranges)
            return std::nullopt;
        return std::any_of(ranges->begin(), ranges->end(),
                           [number](const auto &range) { return range.first <= number && number <= range.second; });
    };
    if (key.isList())
        return matchesAll(key.items, 0, index);
    if (key.is("ALL"))
        return true;
    if (key.is("SEEN") || key.is("UNSEEN"))
        return has("\\Seen") == key.is("SEEN");
    if (key.is("DELETED") || key.is("UNDELETED"))
        return has("\\Deleted") == key.is("DELETED");
    if (key.is("FLAGGED") || key.is("UNFLAGGED"))
        return has("\\Flagged") == key.is("FLAGGED");
    if (at < keys.size() && key.is("UID"))
        return inSet(keys[at++].text, uid, m_view->entries.back().uid);
    if (at < keys.size() && key.is("NOT")) {
        const auto inner = matches(keys, at, index);
        return inner ? std::optional(!*inner) : std::nullopt;
    }
    if (at < keys.size() && key.is("KEYWORD"))
        return has(keys[at++].text.c_str());
    if (at + 1 < keys.size() && key.is("HEADER")) {
        const std::string &name = keys[at++].text;
        const std::string &wanted = keys[at++].text;
        return message != nullptr && message->content->field(name).find(wanted) != std::string::npos;
    }
    if (key.kind == Argument::Kind::Atom)
        return inSet(key.text, static_cast<std::uint32_t>(index + 1),
                     static_cast<std::uint32_t>(m_view->entries.size()));
    return std::nullopt;
}

} // namespace kittiwake::sim::model
