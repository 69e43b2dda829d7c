// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/mailmodel.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace kittiwake::sim::model
{

namespace
{

/** Modification sequences start high, so that a server that starts again stays below what it has told for long. */
constexpr std::uint64_t firstModSeq = 1'000'000;

bool equalsIgnoringCase(const std::string &left, const std::string &right)
{
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
               const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : static_cast<int>(c); };
               return lower(a) == lower(b);
           });
}

} // namespace

std::string Content::lines(const std::string &name) const
{
    std::size_t at = 0;
    while (at < header.size()) {
        std::size_t end = header.find("\r\n", at);
        // A line that begins with a space goes on (RFC 5322 section 2.2.3).
        while (end != std::string::npos && end + 2 < header.size()
               && (header[end + 2] == ' ' || header[end + 2] == '\t'))
            end = header.find("\r\n", end + 2);
        if (end == std::string::npos)
            end = header.size();
        const std::size_t colon = header.find(':', at);
        if (colon != std::string::npos && colon < end && equalsIgnoringCase(header.substr(at, colon - at), name))
            return header.substr(at, end - at) + "\r\n";
        at = end + 2;
    }
    return {};
}

std::string Content::field(const std::string &name) const
{
    std::string value = lines(name);
    if (value.empty())
        return value;
    value.erase(0, value.find(':') + 1);
    for (std::size_t line = value.find("\r\n"); line != std::string::npos; line = value.find("\r\n"))
        value.erase(line, 2);
    value.erase(0, value.find_first_not_of(' '));
    return value;
}

Message *Mailbox::find(std::uint32_t uid)
{
    const auto found
        = std::lower_bound(messages.begin(), messages.end(), uid,
                           [](const Message &message, std::uint32_t wanted) { return message.uid < wanted; });
    return found != messages.end() && found->uid == uid ? &*found : nullptr;
}

std::size_t Mailbox::countUnseen() const
{
    return static_cast<std::size_t>(std::count_if(
        messages.begin(), messages.end(), [](const Message &message) { return !message.flags.contains("\\Seen"); }));
}

std::shared_ptr<Mailbox> MailModel::makeMailbox(const std::string &name, std::uint32_t uidValidity)
{
    auto mailbox = std::make_shared<Mailbox>();
    mailbox->serial = m_nextSerial++;
    mailbox->name = name;
    mailbox->uidValidity = uidValidity;
    mailbox->highestModSeq = firstModSeq;
    m_goneButSubscribed.erase(name);
    tell({Change::Kind::Named, mailbox.get(), {}, {}, {}});
    return mailbox;
}

void MailModel::tell(const Change &change) const
{
    if (m_observer)
        m_observer(change);
}

MailModel::MailModel()
{
    m_mailboxes.emplace("INBOX", makeMailbox("INBOX", newUidValidity()));
}

std::shared_ptr<Mailbox> MailModel::find(const std::string &name) const
{
    const auto found = m_mailboxes.find(equalsIgnoringCase(name, "INBOX") ? "INBOX" : name);
    return found == m_mailboxes.end() ? nullptr : found->second;
}

bool MailModel::create(const std::string &name)
{
    if (name.empty())
        return false;
    const auto there = find(name);
    if (there && there->isSelectable)
        return false;
    for (std::size_t at = name.find(delimiter()); at != std::string::npos; at = name.find(delimiter(), at + 1)) {
        const std::string above = name.substr(0, at);
        if (!find(above))
            m_mailboxes.emplace(above, makeMailbox(above, newUidValidity()));
    }
    m_mailboxes[name] = makeMailbox(name, newUidValidity());
    return true;
}

bool MailModel::remove(const std::string &name)
{
    const auto mailbox = find(name);
    if (!mailbox || mailbox->name == "INBOX" || !mailbox->isSelectable)
        return false;
    const std::string prefix = name + delimiter();
    const auto below = m_mailboxes.lower_bound(prefix);
    const bool hasChildren = below != m_mailboxes.end() && below->first.starts_with(prefix);
    tell({Change::Kind::Gone, mailbox.get(), {}, {}, {}});
    mailbox->isDeleted = true;
    mailbox->messages.clear(); // who has it open can do nothing with them any more
    ++mailbox->version;
    m_mailboxes.erase(mailbox->name);
    if (mailbox->isSubscribed)
        m_goneButSubscribed.insert(mailbox->name);
    if (hasChildren) {
        auto placeholder = makeMailbox(name, 0);
        placeholder->isSelectable = false;
        placeholder->isSubscribed = false;
        m_mailboxes.emplace(name, std::move(placeholder));
    }
    return true;
}

bool MailModel::rename(const std::string &from, const std::string &to)
{
    const auto mailbox = find(from);
    const std::string prefix = from + delimiter();
    if (!mailbox || mailbox->name == "INBOX" || to.empty() || find(to) || to.starts_with(prefix))
        return false;
    std::vector<std::shared_ptr<Mailbox>> moving{mailbox};
    for (auto below = m_mailboxes.lower_bound(prefix); below != m_mailboxes.end() && below->first.starts_with(prefix);
         ++below)
        moving.push_back(below->second);
    for (const auto &one : moving) {
        if (find(to + one->name.substr(from.size())))
            return false;
    }
    for (std::size_t at = to.find(delimiter()); at != std::string::npos; at = to.find(delimiter(), at + 1)) {
        const std::string above = to.substr(0, at);
        if (!find(above))
            m_mailboxes.emplace(above, makeMailbox(above, newUidValidity()));
    }
    for (const auto &one : moving) {
        m_mailboxes.erase(one->name);
        if (one->isSubscribed)
            m_goneButSubscribed.insert(one->name);
        one->name = to + one->name.substr(from.size());
        m_mailboxes.emplace(one->name, one);
        m_goneButSubscribed.erase(one->name);
        tell({Change::Kind::Named, one.get(), {}, {}, {}});
    }
    return true;
}

std::uint32_t MailModel::put(Mailbox &mailbox, std::shared_ptr<const Content> content, std::set<std::string> flags,
                             Change::Kind kind)
{
    Message message;
    message.uid = mailbox.uidNext++;
    message.modseq = ++mailbox.highestModSeq;
    message.flags = std::move(flags);
    message.content = std::move(content);
    mailbox.messages.push_back(std::move(message));
    ++mailbox.version;
    const Message &stored = mailbox.messages.back();
    tell({kind, &mailbox, stored.content, {}, stored.flags});
    return stored.uid;
}

std::uint32_t MailModel::deliver(Mailbox &mailbox, std::shared_ptr<const Content> content, std::set<std::string> flags)
{
    return put(mailbox, std::move(content), std::move(flags), Change::Kind::Delivered);
}

bool MailModel::setFlags(Mailbox &mailbox, Message &message, std::set<std::string> flags, std::set<std::string> named)
{
    if (message.flags == flags) {
        tell({Change::Kind::Flags, &mailbox, message.content, flags, flags, std::move(named), message.uid});
        return false;
    }
    const std::set<std::string> before = std::exchange(message.flags, std::move(flags));
    message.modseq = ++mailbox.highestModSeq;
    ++mailbox.version;
    tell({Change::Kind::Flags, &mailbox, message.content, before, message.flags, std::move(named), message.uid});
    return true;
}

void MailModel::expunge(Mailbox &mailbox, const std::vector<std::uint32_t> &uids)
{
    const std::uint64_t modseq = mailbox.highestModSeq + 1;
    const std::set<std::uint32_t> wanted(uids.begin(), uids.end());
    std::vector<Message> gone;
    std::erase_if(mailbox.messages, [&](const Message &message) {
        if (!wanted.contains(message.uid))
            return false;
        mailbox.expunged.push_back({message.uid, modseq});
        gone.push_back(message);
        return true;
    });
    if (gone.empty())
        return;
    mailbox.highestModSeq = modseq;
    ++mailbox.version;
    for (const Message &message : gone)
        tell({Change::Kind::Expunged, &mailbox, message.content, message.flags, {}, {}, message.uid});
}

CopyResult MailModel::copy(Mailbox &from, const std::vector<std::uint32_t> &uids, Mailbox &to)
{
    CopyResult result;
    result.uidValidity = to.uidValidity;
    for (const std::uint32_t uid : uids) {
        const Message *message = from.find(uid);
        if (message == nullptr)
            continue;
        const Message original = *message; // a copy into the same mailbox moves the vector
        result.source.push_back(uid);
        result.target.push_back(put(to, original.content, original.flags, Change::Kind::Copied));
    }
    return result;
}

void MailModel::renumber(Mailbox &mailbox)
{
    mailbox.uidValidity = newUidValidity();
    mailbox.uidNext = 1;
    mailbox.expunged.clear();
    mailbox.forgottenModSeq = 0;
    for (Message &message : mailbox.messages)
        message.uid = mailbox.uidNext++;
    ++mailbox.version;
    tell({Change::Kind::Renumbered, &mailbox, {}, {}, {}});
}

void MailModel::loseModSeqs(Mailbox &mailbox)
{
    if (mailbox.highestModSeq < firstModSeq)
        return; // it would come near to what it has told
    std::uint64_t next = 1;
    for (Message &message : mailbox.messages)
        message.modseq = next++;
    mailbox.highestModSeq = next;
    mailbox.expunged.clear();
    mailbox.forgottenModSeq = next;
    ++mailbox.version;
}

void MailModel::forgetExpunged(Mailbox &mailbox, std::size_t keep)
{
    if (mailbox.expunged.size() <= keep)
        return;
    const auto kept = mailbox.expunged.end() - static_cast<std::ptrdiff_t>(keep);
    mailbox.forgottenModSeq = (kept - 1)->modseq;
    mailbox.expunged.erase(mailbox.expunged.begin(), kept);
}

} // namespace kittiwake::sim::model
