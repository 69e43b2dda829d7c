// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/fetchinterest.h"

#include <algorithm>
#include <utility>

namespace kittiwake::imap
{

namespace
{

/** How many incomplete answers are held at most. A server that splits answers sends the rest at once. */
constexpr std::size_t maxHeld = 10'000;

bool isAnswerTo(const FetchedSection &fetched, const FetchItems::Body &asked)
{
    // The origin is not compared: servers leave it out (Exchange) when the whole section fits into the part asked for.
    return fetched.section == asked.section && fetched.binary == asked.binary;
}

bool answersBody(const FetchData &data, const FetchItems::Body &asked)
{
    return std::any_of(data.sections.begin(), data.sections.end(),
                       [&](const FetchedSection &fetched) { return isAnswerTo(fetched, asked); });
}

bool answersBinarySize(const FetchData &data, const Section &asked)
{
    return std::any_of(data.binarySizes.begin(), data.binarySizes.end(),
                       [&](const BinarySize &size) { return size.section == asked; });
}

/** What newer holds replaces what older holds. */
void mergeInto(FetchData &older, FetchData &&newer)
{
    older.sequence = newer.sequence;
    if (newer.flags)
        older.flags = std::move(newer.flags);
    if (newer.modseq.isValid())
        older.modseq = newer.modseq;
    if (newer.internalDate)
        older.internalDate = newer.internalDate;
    if (newer.size)
        older.size = newer.size;
    if (newer.envelope)
        older.envelope = std::move(newer.envelope);
    if (newer.bodyStructure)
        older.bodyStructure = std::move(newer.bodyStructure);
    if (!newer.emailId.isEmpty())
        older.emailId = newer.emailId;
    if (!newer.threadId.isEmpty())
        older.threadId = newer.threadId;
    if (newer.gmailMessageId != 0)
        older.gmailMessageId = newer.gmailMessageId;
    if (newer.gmailThreadId != 0)
        older.gmailThreadId = newer.gmailThreadId;
    if (newer.gmailLabels)
        older.gmailLabels = std::move(newer.gmailLabels);
    for (FetchedSection &section : newer.sections)
        older.sections.push_back(std::move(section));
    for (BinarySize &size : newer.binarySizes)
        older.binarySizes.push_back(std::move(size));
}

} // namespace

FetchInterest::FetchInterest(UidSet uids, FetchItems items, FetchSink sink)
    : m_uids(std::move(uids)), m_items(std::move(items)), m_sink(std::move(sink)),
      m_wantsMoreThanFlags(m_items.internalDate || m_items.size || m_items.envelope || m_items.body
                           || m_items.bodyStructure || m_items.emailId || m_items.threadId || m_items.gmailMessageId
                           || m_items.gmailThreadId || m_items.gmailLabels || !m_items.bodies.empty()
                           || !m_items.binarySizes.empty())
{
}

bool FetchInterest::answersAnything(const FetchData &data) const
{
    if ((m_items.internalDate && data.internalDate) || (m_items.size && data.size)
        || (m_items.envelope && data.envelope) || ((m_items.body || m_items.bodyStructure) && data.bodyStructure)
        || (m_items.emailId && !data.emailId.isEmpty()) || (m_items.threadId && !data.threadId.isEmpty())
        || (m_items.gmailMessageId && data.gmailMessageId != 0) || (m_items.gmailThreadId && data.gmailThreadId != 0)
        || (m_items.gmailLabels && data.gmailLabels))
        return true;
    return std::any_of(m_items.bodies.begin(), m_items.bodies.end(),
                       [&](const FetchItems::Body &asked) { return answersBody(data, asked); })
        || std::any_of(m_items.binarySizes.begin(), m_items.binarySizes.end(),
                       [&](const Section &asked) { return answersBinarySize(data, asked); });
}

bool FetchInterest::isComplete(const FetchData &data) const
{
    // MODSEQ and the ids do not count: they are missing for good on some servers (Zoho sends MODSEQ -1).
    if ((m_items.flags && !data.flags) || (m_items.internalDate && !data.internalDate) || (m_items.size && !data.size)
        || (m_items.envelope && !data.envelope) || ((m_items.body || m_items.bodyStructure) && !data.bodyStructure))
        return false;
    return std::all_of(m_items.bodies.begin(), m_items.bodies.end(),
                       [&](const FetchItems::Body &asked) { return answersBody(data, asked); });
}

FetchInterest::Claim FetchInterest::claim(const FetchData &data) const
{
    if (!data.uid.isValid() || !m_uids.contains(data.uid))
        return Claim::No;
    if (!m_wantsMoreThanFlags) {
        // Where only UIDs are asked for, everything answers; but what holds more is sooner the answer to somebody else.
        if (m_items.flags && !data.flags && !data.modseq.isValid())
            return Claim::No;
        return data.envelope || data.bodyStructure || !data.sections.empty() ? Claim::Weak : Claim::Yes;
    }
    if (answersAnything(data))
        return Claim::Yes;
    return m_items.flags && data.flags ? Claim::Weak : Claim::No;
}

void FetchInterest::deliver(FetchData &&data)
{
    ++m_delivered;
    m_had.add(data.uid);
    if (m_sink)
        m_sink(std::move(data));
}

void FetchInterest::take(FetchData &&data)
{
    if (m_held.empty() && isComplete(data)) {
        deliver(std::move(data));
        return;
    }
    const auto held = m_held.find(data.uid.value());
    if (held == m_held.end()) {
        if (isComplete(data) || m_held.size() >= maxHeld)
            deliver(std::move(data));
        else
            m_held.emplace(data.uid.value(), std::move(data));
        return;
    }
    mergeInto(held->second, std::move(data));
    if (!isComplete(held->second))
        return;
    FetchData whole = std::move(held->second);
    m_held.erase(held);
    deliver(std::move(whole));
}

std::vector<FetchData> FetchInterest::close()
{
    std::vector<FetchData> rest;
    std::vector<std::uint32_t> uids;
    uids.reserve(m_held.size());
    for (const auto &[uid, data] : m_held)
        uids.push_back(uid);
    std::sort(uids.begin(), uids.end());
    for (const std::uint32_t uid : uids) {
        FetchData data = std::move(m_held.at(uid));
        if (!m_wantsMoreThanFlags || answersAnything(data))
            deliver(std::move(data));
        else
            rest.push_back(std::move(data));
    }
    m_held.clear();
    return rest;
}

} // namespace kittiwake::imap
