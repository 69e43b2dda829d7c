// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/identitymatch.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace kittiwake::sync
{

namespace
{

/** Of so few messages the Message-IDs cost nothing worth saving. */
constexpr std::size_t allOfThem = 64;
/**
 * A Message-ID takes a sixth of the bytes of a header: a sample of 1 in 50, and not more than 200, costs a third of a
 * per cent. If only one in fifty messages that look the same were others, 200 of them would show it in 98 of 100 cases.
 */
constexpr std::size_t sampleShare = 50;
constexpr std::size_t largestSample = 200;
/** A mailbox that has grown more than this is not worth looking through: it is fetched. */
constexpr std::size_t moreThanKnown = 4;
constexpr std::size_t someMore = 100'000;

template <typename Identity>
auto keyOf(const Identity &one)
{
    return std::tuple(one.size, one.internalDate);
}

template <typename Identity>
bool isBefore(const Identity &left, const Identity &right)
{
    return std::tuple(keyOf(left), left.uid) < std::tuple(keyOf(right), right.uid);
}

template <typename Identity>
bool isBeforeByEmailId(const Identity &left, const Identity &right)
{
    return std::tuple(left.emailId, left.uid) < std::tuple(right.emailId, right.uid);
}

/** Whether an EMAILID forbids that they are the same. */
bool hasOtherEmailId(const store::RowIdentity &row, const ServerIdentity &message)
{
    return row.emailId != 0 && message.emailId != 0 && row.emailId != message.emailId;
}

/** How many there are of the EMAILID at "at", in a list that is sorted by it. */
template <typename Iterator>
std::ptrdiff_t countOfEmailId(Iterator at, Iterator end)
{
    return std::find_if(at, end, [&at](const auto &one) { return one.emailId != at->emailId; }) - at;
}

/** The end of the run of equal keys that begins at first. */
template <typename Identity>
std::size_t endOfRun(const std::vector<Identity> &list, std::size_t first)
{
    std::size_t last = first;
    while (last < list.size() && keyOf(list[last]) == keyOf(list[first]))
        ++last;
    return last;
}

} // namespace

IdentityMatch::IdentityMatch(std::vector<store::RowIdentity> rows, imap::UidSet exact, bool hasSameUids)
    : m_exact(std::move(exact)), m_hasSameUids(hasSameUids), m_limit(rows.size() * moreThanKnown + someMore),
      m_rows(std::move(rows))
{
}

void IdentityMatch::add(const ServerIdentity &message)
{
    if (m_messages.size() < m_limit)
        m_messages.push_back(message);
    else
        m_isTooMuch = true;
}

void IdentityMatch::setMessageId(Uid uid, std::uint64_t messageId)
{
    if (m_told.size() < m_limit)
        m_told.emplace_back(uid, messageId);
}

imap::UidSet IdentityMatch::wanted()
{
    if (m_isTooMuch)
        return {};
    if (m_stage == Stage::Adding) {
        m_stage = Stage::Asked;
        forgetTwiceTold();
        matchByEmailId();
        sortIntoGroups();
        m_sample = sample();
        imap::UidSet wanted = m_sample;
        for (const Group &group : m_groups) {
            if (isSingle(group) && !isExact(group))
                continue;
            for (std::size_t at = group.firstMessage; at < group.lastMessage; ++at)
                wanted.add(m_messages[at].uid);
        }
        if (!wanted.isEmpty())
            return wanted;
    }
    takeMessageIds();
    if (m_stage == Stage::Asked) {
        const bool holds = sampleHolds();
        m_stage = Stage::AskedAll;
        if (!holds) {
            imap::UidSet rest;
            for (const Group &group : m_groups) {
                if (isSingle(group) && !isExact(group))
                    rest.add(m_messages[group.firstMessage].uid);
            }
            rest.subtract(m_sample);
            m_trustsSingles = false;
            if (!rest.isEmpty())
                return rest;
        }
    }
    if (m_stage == Stage::AskedAll) {
        m_stage = Stage::Done;
        matchGroups(m_trustsSingles);
    }
    return {};
}

/** A server may tell of a message twice; its first word counts. */
void IdentityMatch::forgetTwiceTold()
{
    std::stable_sort(m_messages.begin(), m_messages.end(),
                     [](const ServerIdentity &left, const ServerIdentity &right) { return left.uid < right.uid; });
    const auto twice
        = std::unique(m_messages.begin(), m_messages.end(),
                      [](const ServerIdentity &left, const ServerIdentity &right) { return left.uid == right.uid; });
    m_messages.erase(twice, m_messages.end());
}

void IdentityMatch::takeMessageIds()
{
    if (m_told.empty())
        return;
    std::unordered_map<std::uint32_t, std::uint64_t> ids;
    for (const auto &[uid, messageId] : std::exchange(m_told, {}))
        ids[uid.value()] = messageId;
    for (ServerIdentity &message : m_messages) {
        if (const auto told = ids.find(message.uid.value()); told != ids.end())
            message.messageId = told->second;
    }
}

/**
 * An EMAILID that one side has several times, or that comes with another size, is none (RFC 8474 section 4.2: the same
 * id means the same content): copies of a message in one mailbox, or a server that gives the same to all. Those may
 * still be told apart by the rest.
 */
void IdentityMatch::matchByEmailId()
{
    std::sort(m_rows.begin(), m_rows.end(), isBeforeByEmailId<store::RowIdentity>);
    std::sort(m_messages.begin(), m_messages.end(), isBeforeByEmailId<ServerIdentity>);
    const bool serverHasIds = !m_messages.empty() && m_messages.back().emailId != 0;
    std::vector<store::RowIdentity> rows;
    std::vector<ServerIdentity> messages;
    auto row = m_rows.begin();
    auto message = m_messages.begin();
    while (row != m_rows.end() || message != m_messages.end()) {
        const bool hasRow = row != m_rows.end();
        const bool hasMessage = message != m_messages.end();
        if (hasRow && (row->emailId == 0 || !hasMessage || row->emailId < message->emailId)) {
            // Where the server tells ids, a row whose id it did not tell is none of its messages.
            if (row->emailId == 0 || !serverHasIds)
                rows.push_back(*row);
            ++row;
        } else if (hasMessage && (message->emailId == 0 || !hasRow || message->emailId < row->emailId)) {
            messages.push_back(*message++);
        } else {
            const auto ofRows = countOfEmailId(row, m_rows.end());
            const auto ofMessages = countOfEmailId(message, m_messages.end());
            if (ofRows == 1 && ofMessages == 1 && row->size == message->size) {
                found(*row, *message);
            } else if (ofRows != 1 || ofMessages != 1) {
                rows.insert(rows.end(), row, row + ofRows);
                messages.insert(messages.end(), message, message + ofMessages);
            }
            row += ofRows;
            message += ofMessages;
        }
    }
    m_rows = std::move(rows);
    m_messages = std::move(messages);
}

void IdentityMatch::sortIntoGroups()
{
    std::sort(m_rows.begin(), m_rows.end(), isBefore<store::RowIdentity>);
    std::sort(m_messages.begin(), m_messages.end(), isBefore<ServerIdentity>);
    std::size_t row = 0;
    std::size_t message = 0;
    while (row < m_rows.size() && message < m_messages.size()) {
        if (keyOf(m_rows[row]) < keyOf(m_messages[message])) {
            ++row;
        } else if (keyOf(m_messages[message]) < keyOf(m_rows[row])) {
            ++message;
        } else {
            const Group group{row, endOfRun(m_rows, row), message, endOfRun(m_messages, message)};
            m_groups.push_back(group);
            row = group.lastRow;
            message = group.lastMessage;
        }
    }
}

bool IdentityMatch::isSingle(const Group &group) const
{
    return group.lastRow - group.firstRow == 1 && group.lastMessage - group.firstMessage == 1;
}

bool IdentityMatch::isExact(const Group &group) const
{
    return std::any_of(m_rows.begin() + static_cast<std::ptrdiff_t>(group.firstRow),
                       m_rows.begin() + static_cast<std::ptrdiff_t>(group.lastRow),
                       [this](const store::RowIdentity &row) { return m_exact.contains(row.uid); });
}

imap::UidSet IdentityMatch::sample() const
{
    std::vector<Uid> singles;
    for (const Group &group : m_groups) {
        if (isSingle(group) && !isExact(group))
            singles.push_back(m_messages[group.firstMessage].uid);
    }
    const std::size_t size = singles.size() <= allOfThem
        ? singles.size()
        : std::clamp(singles.size() / sampleShare, allOfThem, largestSample);
    // Groups are sorted by size and date: every part of the mailbox has its share.
    std::vector<Uid> chosen;
    for (std::size_t index = 0; index < size; ++index)
        chosen.push_back(singles[index * singles.size() / size]);
    return imap::UidSet::fromUids(chosen);
}

bool IdentityMatch::sampleHolds() const
{
    return std::all_of(m_groups.begin(), m_groups.end(), [this](const Group &group) {
        const ServerIdentity &message = m_messages[group.firstMessage];
        return !isSingle(group) || isExact(group) || !m_sample.contains(message.uid)
            || message.messageId == m_rows[group.firstRow].messageId;
    });
}

void IdentityMatch::matchGroups(bool trustSingles)
{
    for (const Group &group : m_groups) {
        const store::RowIdentity &row = m_rows[group.firstRow];
        const ServerIdentity &message = m_messages[group.firstMessage];
        if (trustSingles && isSingle(group) && !isExact(group)) {
            if (!hasOtherEmailId(row, message))
                found(row, message);
        } else {
            matchGroup(group);
        }
    }
}

void IdentityMatch::found(const store::RowIdentity &row, const ServerIdentity &message)
{
    m_found.push_back({row.id, message.uid});
}

/** Both are sorted by Message-ID and then by UID, as the groups are: what is found leaves them. */
void IdentityMatch::takeSameUids(Numbered &rows, Numbered &messages)
{
    Numbered otherRows;
    Numbered otherMessages;
    auto message = messages.begin();
    for (const auto &row : rows) {
        const auto keyOfRow = std::pair(row.first, m_rows[row.second].uid);
        while (message != messages.end() && std::pair(message->first, m_messages[message->second].uid) < keyOfRow)
            otherMessages.push_back(*message++);
        const bool isSame = row.first != 0 && message != messages.end()
            && std::pair(message->first, m_messages[message->second].uid) == keyOfRow
            && !hasOtherEmailId(m_rows[row.second], m_messages[message->second]);
        if (isSame)
            found(m_rows[row.second], m_messages[(message++)->second]);
        else
            otherRows.push_back(row);
    }
    otherMessages.insert(otherMessages.end(), message, messages.end());
    rows = std::move(otherRows);
    messages = std::move(otherMessages);
}

/** By Message-ID, where it is unique on both sides. */
void IdentityMatch::matchGroup(const Group &group)
{
    Numbered rows;
    Numbered messages;
    for (std::size_t at = group.firstRow; at < group.lastRow; ++at)
        rows.emplace_back(m_rows[at].messageId, at);
    for (std::size_t at = group.firstMessage; at < group.lastMessage; ++at)
        messages.emplace_back(m_messages[at].messageId, at);
    std::sort(rows.begin(), rows.end());
    std::sort(messages.begin(), messages.end());
    if (m_hasSameUids)
        takeSameUids(rows, messages);
    const auto isUnique = [](const auto &list, auto at) {
        return (at == list.begin() || std::prev(at)->first != at->first)
            && (std::next(at) == list.end() || std::next(at)->first != at->first);
    };
    auto message = messages.begin();
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        while (message != messages.end() && message->first < row->first)
            ++message;
        if (message == messages.end())
            return;
        if (row->first != 0 && message->first == row->first && isUnique(rows, row) && isUnique(messages, message)
            && !hasOtherEmailId(m_rows[row->second], m_messages[message->second]))
            found(m_rows[row->second], m_messages[message->second]);
    }
}

} // namespace kittiwake::sync
