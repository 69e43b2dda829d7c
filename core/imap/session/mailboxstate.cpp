// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/mailboxstate.h"

#include <utility>

namespace kittiwake::imap
{

void MailboxState::beginSelect(const mail::MailboxName &name, bool readOnly, bool numbersLie)
{
    *this = MailboxState();
    m_phase = Phase::Selecting;
    m_mailbox.name = name;
    m_mailbox.readOnly = readOnly;
    m_numbersLie = numbersLie;
}

void MailboxState::finishSelect(const StatusResponse &tagged)
{
    code(tagged.code);
    m_phase = Phase::Open;
    m_updates.clear();
}

void MailboxState::close()
{
    *this = MailboxState();
}

std::optional<SelectedMailbox> MailboxState::current() const
{
    if (m_phase != Phase::Open)
        return std::nullopt;
    SelectedMailbox mailbox = m_mailbox;
    mailbox.exists = m_map.size();
    mailbox.unknownUids = m_map.unknownCount();
    // RFC 9051 section 6.3.2: without PERMANENTFLAGS all flags can be changed for good.
    if (!m_permanentFlagsTold)
        mailbox.permanentFlags = mailbox.flags;
    return mailbox;
}

std::optional<UidSet> MailboxState::knownUids() const
{
    return m_phase == Phase::Open ? m_map.uids() : std::nullopt;
}

void MailboxState::contradiction(const char *reason)
{
    m_map.forget();
    if (std::exchange(m_broken, true))
        return;
    m_updates.emplace_back(Inconsistent{QString::fromLatin1(reason)});
}

void MailboxState::exists(const ExistsData &data)
{
    if (m_phase == Phase::Selecting) {
        // What came before may still be of the mailbox that was selected last: the number is taken as it is.
        m_map.clear();
        m_map.grow(data.count);
        return;
    }
    if (data.count > m_map.size()) {
        m_map.grow(data.count);
        m_updates.emplace_back(Arrived{data.count});
    } else if (data.count < m_map.size()) {
        const std::uint32_t gone = m_map.size() - data.count;
        m_map.clear();
        m_map.grow(data.count);
        if (m_numbersLie)
            removed({}, gone);
        else
            contradiction("EXISTS shrank without EXPUNGE");
    }
}

void MailboxState::removed(Uid uid, std::uint32_t unknown)
{
    if (m_updates.empty() || !std::holds_alternative<Vanished>(m_updates.back()))
        m_updates.emplace_back(Vanished{});
    auto &vanished = std::get<Vanished>(m_updates.back());
    if (uid.isValid())
        vanished.uids.add(uid);
    vanished.unknown += unknown;
    vanished.exists = m_map.size();
}

void MailboxState::expunge(const ExpungeData &data)
{
    // While SELECT is being answered an EXPUNGE can only be about the mailbox that is being left.
    if (m_phase == Phase::Selecting)
        return;
    if (m_numbersLie) {
        removed({}, 1);
        return;
    }
    if (data.sequence == 0 || data.sequence > m_map.size()) {
        contradiction("EXPUNGE of a message that does not exist");
        return;
    }
    const Uid uid = m_map.remove(data.sequence);
    removed(uid, uid.isValid() ? 0 : 1);
}

void MailboxState::vanished(const VanishedData &data)
{
    if (m_phase == Phase::Selecting)
        return;
    m_map.removeUids(data.uids);
    if (m_updates.empty() || !std::holds_alternative<Vanished>(m_updates.back()))
        m_updates.emplace_back(Vanished{});
    auto &vanished = std::get<Vanished>(m_updates.back());
    vanished.uids.unite(data.uids);
    vanished.exists = m_map.size();
}

void MailboxState::flags(const FlagsData &data)
{
    m_mailbox.flags = data.flags;
}

void MailboxState::code(const ResponseCode &code)
{
    if (const auto *permanent = std::get_if<PermanentFlagsCode>(&code)) {
        m_mailbox.permanentFlags = permanent->flags;
        m_mailbox.newKeywords = permanent->newKeywords;
        m_permanentFlagsTold = true;
    } else if (const auto *next = std::get_if<UidNextCode>(&code)) {
        m_mailbox.uidNext = next->uid;
    } else if (const auto *validity = std::get_if<UidValidityCode>(&code)) {
        if (m_phase == Phase::Selecting)
            m_mailbox.uidValidity = validity->value;
        else if (validity->value != m_mailbox.uidValidity)
            contradiction("UIDVALIDITY changed while the mailbox was selected");
    } else if (const auto *highest = std::get_if<HighestModSeqCode>(&code)) {
        m_mailbox.highestModSeq = highest->value;
    } else if (const auto *id = std::get_if<MailboxIdCode>(&code)) {
        m_mailbox.mailboxId = id->id;
    } else if (const auto *simple = std::get_if<SimpleCode>(&code)) {
        switch (*simple) {
        case SimpleCode::Closed:
            // RFC 7162 section 3.2.11: what came so far was about the mailbox that is being left.
            if (m_phase == Phase::Selecting)
                beginSelect(mail::MailboxName(m_mailbox.name), m_mailbox.readOnly, m_numbersLie);
            break;
        case SimpleCode::ReadOnly:
            m_mailbox.readOnly = true;
            break;
        case SimpleCode::ReadWrite:
            m_mailbox.readOnly = false;
            break;
        case SimpleCode::NoModSeq:
            m_mailbox.highestModSeq = {};
            break;
        case SimpleCode::UidNotSticky:
            m_mailbox.uidNotSticky = true;
            break;
        default:
            break;
        }
    }
}

void MailboxState::fetch(FetchData &data)
{
    learn(data);
    if (data.uid.isValid() && m_mailbox.uidNext.isValid() && data.uid >= m_mailbox.uidNext
        && data.uid.value() != UINT32_MAX)
        m_mailbox.uidNext = Uid(data.uid.value() + 1);
}

void MailboxState::learn(FetchData &data)
{
    if (m_numbersLie)
        return;
    if (data.sequence == 0 || data.sequence > m_map.size()) {
        // Courier answers "* 0 FETCH" for messages that another client is expunging. Before EXISTS, while SELECT is
        // being answered, it is nothing unusual.
        if (m_phase == Phase::Open)
            contradiction("FETCH of a message that does not exist");
        return;
    }
    if (!data.uid.isValid()) {
        data.uid = m_map.at(data.sequence);
        return;
    }
    if (!m_map.learn(data.sequence, data.uid))
        contradiction("a sequence number changed its UID");
}

void MailboxState::allUids(const SequenceSet &uids)
{
    // The UIDs in rising order are the sequence numbers in rising order (RFC 9051 section 2.3.1.2). Where the counts
    // differ, messages came or went meanwhile, and nothing is learnt.
    if (m_phase == Phase::Open && !m_numbersLie && m_map.unknownCount() > 0)
        m_map.assign(uids);
}

std::vector<MailboxUpdate> MailboxState::takeUpdates()
{
    if (m_phase != Phase::Open)
        return {};
    return std::exchange(m_updates, {});
}

} // namespace kittiwake::imap
