// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with the messages of the selected mailbox.
#include "tests/sim/model/fetchanswer.h"
#include "tests/sim/model/session.h"

#include <algorithm>

namespace kittiwake::sim::model
{

namespace
{

constexpr std::size_t fetchedAtOnce = 40;

std::set<std::string> flagsOf(const Argument &list)
{
    std::set<std::string> flags;
    for (const Argument &flag : list.items)
        flags.insert(flag.text);
    return flags;
}

} // namespace

std::size_t Session::indexOf(std::uint32_t uid) const
{
    const auto &entries = m_view->entries;
    const auto found = std::lower_bound(entries.begin(), entries.end(), uid,
                                        [](const Entry &entry, std::uint32_t wanted) { return entry.uid < wanted; });
    return found != entries.end() && found->uid == uid ? static_cast<std::size_t>(found - entries.begin())
                                                       : entries.size();
}

std::optional<std::vector<std::uint32_t>> Session::named(const std::string &set, bool byUid) const
{
    const auto &entries = m_view->entries;
    const auto count = static_cast<std::uint32_t>(entries.size());
    const std::uint32_t largest = !byUid ? count : entries.empty() ? 0 : entries.back().uid;
    const auto ranges = parseSet(set, largest);
    // A number that no message has is an error, a UID is not (RFC 9051 section 9, "seq-number").
    const auto isBeyond = [count](const auto &range) { return range.first == 0 || range.second > count; };
    if (!ranges || (!byUid && std::any_of(ranges->begin(), ranges->end(), isBeyond)))
        return std::nullopt;
    std::vector<std::uint32_t> uids;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t number = byUid ? entries[i].uid : i + 1;
        const bool isNamed = std::any_of(ranges->begin(), ranges->end(), [number](const auto &range) {
            return range.first <= number && number <= range.second;
        });
        if (isNamed)
            uids.push_back(entries[i].uid);
    }
    return uids;
}

void Session::fetch(const ImapCommand &command, bool byUid)
{
    const auto &arguments = command.arguments;
    if (arguments.size() < 2 || arguments.size() > 3) {
        bad(command);
        return;
    }
    auto uids = named(arguments[0].text, byUid);
    auto wishes = parseFetchItems(arguments[1]);
    if (!uids || !wishes) {
        bad(command);
        return;
    }
    if (wishes->has("MODSEQ"))
        m_condstore = true;
    if (arguments.size() == 3) {
        const auto &modifiers = arguments[2].items;
        std::optional<std::uint64_t> since;
        bool vanished = false;
        for (std::size_t i = 0; i < modifiers.size(); ++i) {
            if (modifiers[i].is("CHANGEDSINCE") && i + 1 < modifiers.size())
                since = modifiers[++i].number();
            else if (modifiers[i].is("VANISHED") && m_qresync)
                vanished = true;
        }
        if (!since || !m_personality.condstore) {
            bad(command);
            return;
        }
        m_condstore = true;
        if (vanished) {
            const auto gone = vanishedSince(*since, arguments[0].text);
            if (!gone.empty())
                untagged("VANISHED (EARLIER) " + formatSet(gone));
        }
        std::erase_if(*uids, [this, &since](std::uint32_t uid) {
            const Message *message = m_view->mailbox->find(uid);
            return message == nullptr || message->modseq <= *since;
        });
        if (!wishes->has("MODSEQ"))
            wishes->items.emplace_back("MODSEQ");
    }
    std::string items;
    for (const std::string &item : wishes->items)
        items += item + '\n';
    fetchSome(command, *uids, 0, items, byUid);
}

void Session::fetchSome(const ImapCommand &command, const std::vector<std::uint32_t> &uids, std::size_t from,
                        const std::string &items, bool byUid)
{
    m_busy = false;
    if (m_state == State::LoggedOut || !m_view)
        return;
    if (m_view->mailbox->uidValidity != m_view->uidValidity) {
        sayBye();
        return;
    }
    FetchWishes wishes;
    for (std::size_t at = 0; at < items.size();) {
        const std::size_t end = items.find('\n', at);
        wishes.items.push_back(items.substr(at, end - at));
        wishes.setsSeen = wishes.setsSeen || wishes.items.back().starts_with("BODY[");
        at = end + 1;
    }
    if (byUid && !wishes.has("UID"))
        wishes.items.insert(wishes.items.begin(), "UID");
    const std::size_t end = std::min(uids.size(), from + fetchedAtOnce);
    for (std::size_t i = from; i < end; ++i) {
        Message *message = m_view->mailbox->find(uids[i]);
        const std::size_t index = indexOf(uids[i]);
        if (message == nullptr || index >= m_view->entries.size())
            continue; // expunged meanwhile: there is nothing left to tell
        FetchWishes here = wishes;
        if (wishes.setsSeen && !message->flags.contains("\\Seen") && !m_view->readOnly) {
            auto flags = message->flags;
            flags.insert("\\Seen");
            m_model.setFlags(*m_view->mailbox, *message, flags);
            m_host.changed();
            if (!here.has("FLAGS"))
                here.items.emplace_back("FLAGS");
        }
        if (here.has("FLAGS")) {
            if (tellsModSeq() && m_view->entries[index].modseq != message->modseq && !here.has("MODSEQ"))
                here.items.emplace_back("MODSEQ");
            m_view->entries[index].modseq = message->modseq;
        }
        untagged(std::to_string(index + 1) + " FETCH (" + fetchAnswer(*message, here) + ')');
    }
    if (end < uids.size()) {
        m_busy = true;
        m_host.later([this, command, uids, end, items, byUid] {
            if (m_view)
                m_host.working(m_view->mailbox);
            fetchSome(command, uids, end, items, byUid);
            run();
        });
        return;
    }
    if (announce(byUid && m_personality.expungesInUidCommands))
        ok(command);
}

void Session::store(const ImapCommand &command, bool byUid)
{
    auto arguments = command.arguments;
    std::optional<std::uint64_t> unchangedSince;
    if (arguments.size() == 4 && arguments[1].isList()) {
        const auto &modifier = arguments[1].items;
        if (modifier.size() != 2 || !modifier[0].is("UNCHANGEDSINCE") || !m_personality.condstore) {
            bad(command);
            return;
        }
        unchangedSince = modifier[1].number();
        m_condstore = true;
        arguments.erase(arguments.begin() + 1);
    }
    const auto uids = arguments.size() == 3 ? named(arguments[0].text, byUid) : std::nullopt;
    std::string kind = arguments.size() == 3 ? upperCase(arguments[1].text) : std::string();
    const bool silent = kind.ends_with(".SILENT");
    if (silent)
        kind.resize(kind.size() - 7);
    if (!uids || (kind != "FLAGS" && kind != "+FLAGS" && kind != "-FLAGS")) {
        bad(command);
        return;
    }
    if (m_view->readOnly) { // as Dovecot 2.3: "OK Store ignored with read-only mailbox."
        if (announce(byUid && m_personality.expungesInUidCommands))
            ok(command, {}, "ignored, read-only");
        return;
    }
    const auto wanted = arguments[2].isList() ? flagsOf(arguments[2]) : std::set<std::string>{arguments[2].text};
    std::vector<std::uint32_t> modified;
    for (const std::uint32_t uid : *uids) {
        Message *message = m_view->mailbox->find(uid);
        if (message == nullptr)
            continue;
        if (unchangedSince && message->modseq > *unchangedSince) {
            modified.push_back(byUid ? uid : static_cast<std::uint32_t>(indexOf(uid) + 1));
            continue;
        }
        auto flags = kind == "FLAGS" ? std::set<std::string>() : message->flags;
        for (const std::string &flag : wanted) {
            if (kind == "-FLAGS")
                flags.erase(flag);
            else
                flags.insert(flag);
        }
        Entry &entry = m_view->entries[indexOf(uid)];
        // What somebody else has changed is told all the same (RFC 9051 section 6.4.6).
        const bool tellsFlags = !silent || entry.modseq != message->modseq;
        const bool changed = m_model.setFlags(*m_view->mailbox, *message, flags, wanted);
        entry.modseq = message->modseq;
        // With .SILENT only what CONDSTORE must tell (RFC 7162 section 3.1.3).
        if (!tellsFlags && !(changed && tellsModSeq()))
            continue;
        std::string text = std::to_string(indexOf(uid) + 1) + " FETCH (";
        if (byUid || m_qresync)
            text += "UID " + std::to_string(uid) + ' ';
        if (tellsModSeq())
            text += "MODSEQ (" + std::to_string(message->modseq) + ')' + (tellsFlags ? " " : "");
        if (tellsFlags)
            text += "FLAGS " + formatFlags(message->flags);
        untagged(text + ')');
    }
    m_host.changed();
    if (!announce(byUid && m_personality.expungesInUidCommands))
        return;
    ok(command, modified.empty() ? std::string() : "[MODIFIED " + formatSet(modified) + ']');
}

void Session::copy(const ImapCommand &command, bool byUid, bool moves)
{
    const auto uids = command.arguments.size() == 2 ? named(command.arguments[0].text, byUid) : std::nullopt;
    if (!uids) {
        bad(command);
        return;
    }
    const auto target = m_model.find(command.arguments[1].text);
    if (uids->empty()) {
        if (announce(byUid && m_personality.expungesInUidCommands))
            ok(command, {}, "nothing to do");
        return;
    }
    if (!target || !target->isSelectable) {
        no(command, "[TRYCREATE]", "no such mailbox");
        return;
    }
    if (moves && m_view->readOnly) {
        no(command, {}, "read-only");
        return;
    }
    // All or nothing (RFC 3501 section 6.4.7), as Dovecot; others leave out what they have not told of (RFC 2180, 4.4).
    const bool isLess = std::any_of(uids->begin(), uids->end(),
                                    [this](std::uint32_t uid) { return m_view->mailbox->find(uid) == nullptr; });
    if (isLess && !m_personality.copiesWhatIsLeft) {
        if (announce(byUid && m_personality.expungesInUidCommands))
            no(command, "[EXPUNGEISSUED]", "some of them are not there any more");
        return;
    }
    if (strikes(m_personality.overQuota)) { // RFC 9208 section 5.3: nothing is done
        no(command, "[OVERQUOTA]", "the mailbox is full");
        return;
    }
    CopyResult result = m_model.copy(*m_view->mailbox, *uids, *target);
    std::string code;
    if (m_personality.uidPlus && !result.source.empty()) {
        if (m_misbehaves && m_personality.permutesCopyUid)
            std::reverse(result.target.begin(), result.target.end());
        std::string to;
        for (const std::uint32_t uid : result.target)
            to += (to.empty() ? "" : ",") + std::to_string(uid);
        code = "[COPYUID " + std::to_string(result.uidValidity) + ' ' + formatSet(result.source) + ' ' + to + ']';
    }
    if (moves) {
        if (!code.empty())
            untagged("OK " + code + " moved");
        m_model.expunge(*m_view->mailbox, result.source);
        code.clear();
    }
    m_host.changed();
    if (announce(moves || (byUid && m_personality.expungesInUidCommands)))
        ok(command, code);
}

void Session::expunge(const ImapCommand &command, bool byUid)
{
    std::optional<std::vector<std::uint32_t>> uids;
    if (byUid)
        uids = command.arguments.size() == 1 ? named(command.arguments[0].text, true) : std::nullopt;
    else
        uids = named("1:*", true);
    if (!uids) {
        bad(command);
        return;
    }
    if (m_view->readOnly) {
        no(command, {}, "read-only");
        return;
    }
    std::erase_if(*uids, [this](std::uint32_t uid) {
        const Message *message = m_view->mailbox->find(uid);
        return message == nullptr || !message->flags.contains("\\Deleted");
    });
    m_model.expunge(*m_view->mailbox, *uids);
    m_host.changed();
    if (announce(true))
        ok(command,
           m_qresync ? "[HIGHESTMODSEQ " + std::to_string(m_view->mailbox->highestModSeq) + ']' : std::string());
}

void Session::append(const ImapCommand &command)
{
    const auto &arguments = command.arguments;
    if (arguments.size() < 2 || arguments.back().kind != Argument::Kind::String) {
        bad(command);
        return;
    }
    const auto mailbox = m_model.find(arguments[0].text);
    if (!mailbox || !mailbox->isSelectable) {
        no(command, "[TRYCREATE]", "no such mailbox");
        return;
    }
    if (strikes(m_personality.overQuota)) {
        no(command, "[OVERQUOTA]", "the mailbox is full");
        return;
    }
    auto content = std::make_shared<Content>();
    const std::string &whole = arguments.back().text;
    const std::size_t empty = whole.find("\r\n\r\n");
    content->header = empty == std::string::npos ? whole : whole.substr(0, empty + 4);
    content->body = empty == std::string::npos ? std::string() : whole.substr(empty + 4);
    content->internalDate = 1'780'000'000;
    std::set<std::string> flags;
    for (std::size_t i = 1; i + 1 < arguments.size(); ++i) {
        if (arguments[i].isList())
            flags = flagsOf(arguments[i]);
        else if (const auto date = parseInternalDate(arguments[i].text))
            content->internalDate = *date;
    }
    const std::uint32_t uid = m_model.deliver(*mailbox, m_model.identified(std::move(content)), flags);
    m_host.changed();
    if (!announce(true))
        return;
    ok(command,
       m_personality.uidPlus ? "[APPENDUID " + std::to_string(mailbox->uidValidity) + ' ' + std::to_string(uid) + ']'
                             : std::string());
}

} // namespace kittiwake::sim::model
