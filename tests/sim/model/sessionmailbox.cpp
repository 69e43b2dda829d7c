// SPDX-License-Identifier: GPL-3.0-or-later
// The selected mailbox, and what its client has been told of it.
#include "tests/sim/model/session.h"

#include <algorithm>

namespace kittiwake::sim::model
{

namespace
{

constexpr const char *systemFlags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";

} // namespace

void Session::select(const ImapCommand &command, bool readOnly)
{
    if (command.arguments.empty() || (command.arguments.size() > 1 && !command.arguments[1].isList())) {
        bad(command);
        return;
    }
    const bool hadOne = m_view.has_value();
    m_view.reset();
    m_state = State::Authenticated;
    const auto mailbox = m_model.find(command.arguments[0].text);
    if (!mailbox || !mailbox->isSelectable) {
        if (hadOne && m_personality.qresync)
            untagged("OK [CLOSED] closed");
        no(command, "[NONEXISTENT]", "no such mailbox");
        return;
    }
    const Argument *parameters = nullptr;
    if (command.arguments.size() > 1) {
        const auto &options = command.arguments[1].items;
        for (std::size_t i = 0; i < options.size(); ++i) {
            if (options[i].is("CONDSTORE") && m_personality.condstore) {
                m_condstore = true;
            } else if (options[i].is("QRESYNC") && m_qresync && i + 1 < options.size()) {
                parameters = &options[++i];
            } else {
                bad(command);
                return;
            }
        }
    }
    if (hadOne && m_personality.qresync)
        untagged("OK [CLOSED] closed");
    View view;
    view.mailbox = mailbox;
    view.uidValidity = mailbox->uidValidity;
    view.version = mailbox->version;
    view.readOnly = readOnly;
    for (const Message &message : mailbox->messages)
        view.entries.push_back({message.uid, message.modseq});
    m_view = std::move(view);
    m_state = State::Selected;

    untagged(std::to_string(mailbox->messages.size()) + " EXISTS");
    untagged("0 RECENT");
    untagged(std::string("FLAGS (") + systemFlags + ')');
    untagged(std::string("OK [PERMANENTFLAGS (") + systemFlags + " \\*)] flags");
    untagged("OK [UIDVALIDITY " + std::to_string(mailbox->uidValidity) + "] valid");
    untagged("OK [UIDNEXT " + std::to_string(mailbox->uidNext) + "] next");
    if (m_personality.condstore)
        untagged("OK [HIGHESTMODSEQ " + std::to_string(mailbox->highestModSeq) + "] highest");
    if (parameters != nullptr && parameters->items.size() >= 2) {
        const auto validity = parameters->items[0].number();
        const auto modseq = parameters->items[1].number();
        std::optional<std::string> known;
        if (parameters->items.size() > 2 && !parameters->items[2].isList())
            known = parameters->items[2].text;
        if (validity && modseq && *validity == mailbox->uidValidity)
            tellChangesSince(*modseq, known);
    }
    ok(command, readOnly ? "[READ-ONLY]" : "[READ-WRITE]", "selected");
}

std::vector<std::uint32_t> Session::vanishedSince(std::uint64_t modseq, const std::string &within) const
{
    const Mailbox &mailbox = *m_view->mailbox;
    const std::uint32_t largest = mailbox.uidNext - 1;
    const auto ranges = parseSet(within, largest);
    std::set<std::uint32_t> gone;
    for (const Mailbox::Expunged &one : mailbox.expunged) {
        if (one.modseq > modseq)
            gone.insert(one.uid);
    }
    // What was expunged too long ago is not known any more: then everything that is not there (RFC 7162, 3.2.5.1).
    if (modseq < mailbox.forgottenModSeq || (m_misbehaves && m_personality.generousVanished)) {
        std::set<std::uint32_t> there;
        for (const Message &message : mailbox.messages)
            there.insert(message.uid);
        for (std::uint32_t uid = 1; uid <= largest; ++uid) {
            if (!there.contains(uid))
                gone.insert(uid);
        }
    }
    std::vector<std::uint32_t> result;
    for (const std::uint32_t uid : gone) {
        const bool named = ranges && std::any_of(ranges->begin(), ranges->end(), [uid](const auto &range) {
                               return range.first <= uid && uid <= range.second;
                           });
        if (named)
            result.push_back(uid);
    }
    return result;
}

void Session::tellChangesSince(std::uint64_t modseq, const std::optional<std::string> &known)
{
    const auto gone = vanishedSince(modseq, known.value_or("1:*"));
    if (!gone.empty())
        untagged("VANISHED (EARLIER) " + formatSet(gone));
    const Mailbox &mailbox = *m_view->mailbox;
    for (std::size_t i = 0; i < mailbox.messages.size(); ++i) {
        const Message &message = mailbox.messages[i];
        if (message.modseq > modseq)
            untagged(std::to_string(i + 1) + " FETCH (UID " + std::to_string(message.uid) + " FLAGS " +
                     [&message] {
                         std::string flags = "(";
                         for (const std::string &flag : message.flags)
                             flags += (flags.size() > 1 ? " " : "") + flag;
                         return flags + ')';
                     }()
                     + " MODSEQ (" + std::to_string(message.modseq) + "))");
    }
}

void Session::unselect(const ImapCommand &command, bool expunges)
{
    if (expunges && !m_view->readOnly && m_view->uidValidity == m_view->mailbox->uidValidity) {
        std::vector<std::uint32_t> uids;
        for (const Entry &entry : m_view->entries) { // as EXPUNGE: of those that the client has been told of
            const Message *message = m_view->mailbox->find(entry.uid);
            if (message != nullptr && message->flags.contains("\\Deleted"))
                uids.push_back(entry.uid);
        }
        m_model.expunge(*m_view->mailbox, uids);
        m_host.changed();
    }
    m_view.reset();
    m_state = State::Authenticated;
    ok(command);
}

bool Session::announce(bool mayExpunge)
{
    if (!m_view || m_state == State::LoggedOut)
        return m_state != State::LoggedOut;
    View &view = *m_view;
    Mailbox &mailbox = *view.mailbox;
    // Nobody can be told of new UIDs in a session: real servers hang up, and so does this one.
    if (mailbox.uidValidity != view.uidValidity || (mailbox.isDeleted && m_personality.closesWhenDeleted)) {
        sayBye();
        return false;
    }
    if (mailbox.version == view.version)
        return true;
    const bool hasGone = std::any_of(view.entries.begin(), view.entries.end(),
                                     [&mailbox](const Entry &entry) { return mailbox.find(entry.uid) == nullptr; });
    if (hasGone && mayExpunge)
        tellGone();
    const std::uint32_t known = view.entries.empty() ? 0 : view.entries.back().uid;
    for (std::size_t i = 0; i < view.entries.size(); ++i) {
        Message *message = mailbox.find(view.entries[i].uid);
        if (message != nullptr && message->modseq != view.entries[i].modseq)
            flagsLine(i, *message);
    }
    const std::size_t before = view.entries.size();
    for (const Message &message : mailbox.messages) {
        if (message.uid > known)
            view.entries.push_back({message.uid, message.modseq});
    }
    if (view.entries.size() > before) {
        untagged(std::to_string(view.entries.size()) + " EXISTS");
        untagged("0 RECENT");
    }
    if (mayExpunge || !hasGone)
        view.version = mailbox.version;
    return true;
}

void Session::tellGone()
{
    View &view = *m_view;
    std::vector<std::uint32_t> gone;
    for (const Entry &entry : view.entries) {
        if (view.mailbox->find(entry.uid) == nullptr)
            gone.push_back(entry.uid);
    }
    if (m_qresync)
        untagged("VANISHED " + formatSet(gone));
    for (std::size_t i = view.entries.size(); i-- > 0;) {
        if (view.mailbox->find(view.entries[i].uid) != nullptr)
            continue;
        view.entries.erase(view.entries.begin() + static_cast<std::ptrdiff_t>(i));
        if (m_qresync)
            continue;
        if (m_misbehaves && m_personality.shrinksExists)
            untagged(std::to_string(view.entries.size()) + " EXISTS");
        else
            untagged(std::to_string(i + 1) + " EXPUNGE");
    }
}

void Session::flagsLine(std::size_t index, const Message &message)
{
    m_view->entries[index].modseq = message.modseq;
    std::string text = std::to_string(index + 1) + " FETCH (";
    if (m_qresync || m_personality.tellsUidsUnasked)
        text += "UID " + std::to_string(message.uid) + ' ';
    if (tellsModSeq())
        text += "MODSEQ (" + std::to_string(message.modseq) + ") ";
    text += "FLAGS (";
    bool first = true;
    for (const std::string &flag : message.flags) {
        text += (first ? "" : " ") + flag;
        first = false;
    }
    untagged(text + "))");
}

} // namespace kittiwake::sim::model
