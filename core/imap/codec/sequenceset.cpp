// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/sequenceset.h"

#include <algorithm>
#include <limits>
#include <span>

namespace kittiwake::imap
{

namespace
{

constexpr std::uint32_t highest = std::numeric_limits<std::uint32_t>::max();

/** Appends in rising order, joining what touches. */
void appendMerged(NumberRanges &ranges, const NumberRange &next)
{
    if (!ranges.empty() && (ranges.back().last == highest || next.first <= ranges.back().last + 1))
        ranges.back().last = std::max(ranges.back().last, next.last);
    else
        ranges.push_back(next);
}

void sortAndMerge(NumberRanges &ranges)
{
    const auto before = [](const NumberRange &a, const NumberRange &b) { return a.first < b.first; };
    if (!std::is_sorted(ranges.begin(), ranges.end(), before))
        std::sort(ranges.begin(), ranges.end(), before);
    NumberRanges merged;
    merged.reserve(ranges.size());
    for (const NumberRange &range : ranges)
        appendMerged(merged, range);
    merged.shrink_to_fit();
    ranges = std::move(merged);
}

} // namespace

std::uint64_t countOf(const NumberRanges &ranges)
{
    std::uint64_t count = 0;
    for (const NumberRange &range : ranges)
        count += range.count();
    return count;
}

SequenceSet SequenceSet::range(std::uint32_t first, std::uint32_t last)
{
    SequenceSet set;
    set.addRange(first, last);
    return set;
}

SequenceSet SequenceSet::from(std::uint32_t first)
{
    SequenceSet set;
    set.m_openFrom = std::max(first, 1u);
    return set;
}

SequenceSet SequenceSet::fromRanges(NumberRanges ranges)
{
    std::erase_if(ranges, [](const NumberRange &range) { return range.first == 0 || range.last < range.first; });
    SequenceSet set;
    set.m_ranges = std::move(ranges);
    sortAndMerge(set.m_ranges);
    return set;
}

SequenceSet SequenceSet::fromNumbers(std::vector<std::uint32_t> numbers)
{
    if (!std::is_sorted(numbers.begin(), numbers.end()))
        std::sort(numbers.begin(), numbers.end());
    SequenceSet set;
    for (const std::uint32_t number : numbers) {
        if (number != 0)
            appendMerged(set.m_ranges, {number, number});
    }
    return set;
}

void SequenceSet::addRange(std::uint32_t first, std::uint32_t last)
{
    if (first > last)
        std::swap(first, last);
    if (last == 0)
        return;
    first = std::max(first, 1u);
    if (m_ranges.empty() || first >= m_ranges.back().first) {
        appendMerged(m_ranges, {first, last});
    } else {
        const auto position = std::lower_bound(
            m_ranges.begin(), m_ranges.end(), first, [](const NumberRange &range, std::uint32_t number) {
                return range.last != highest && range.last + 1 < number; // ends before number, without touching it
            });
        auto beyond = position;
        NumberRange joined{first, last};
        while (beyond != m_ranges.end() && (last == highest || beyond->first <= last + 1)) {
            joined.first = std::min(joined.first, beyond->first);
            joined.last = std::max(joined.last, beyond->last);
            ++beyond;
        }
        const auto at = m_ranges.erase(position, beyond);
        m_ranges.insert(at, joined);
    }
    absorbIntoOpen();
}

void SequenceSet::closeInto(NumberRanges &ranges) const
{
    ranges = m_ranges;
    if (m_openFrom != 0)
        ranges.push_back({m_openFrom, highest});
}

void SequenceSet::absorbIntoOpen()
{
    if (m_openFrom == 0)
        return;
    while (!m_ranges.empty() && (m_openFrom == 1 || m_ranges.back().last >= m_openFrom - 1)) {
        m_openFrom = std::min(m_openFrom, m_ranges.back().first);
        m_ranges.pop_back();
    }
}

void SequenceSet::unite(const SequenceSet &other)
{
    if (other.isEmpty())
        return;
    NumberRanges merged;
    merged.reserve(m_ranges.size() + other.m_ranges.size());
    auto mine = m_ranges.begin();
    auto theirs = other.m_ranges.begin();
    while (mine != m_ranges.end() || theirs != other.m_ranges.end()) {
        const bool takeMine
            = theirs == other.m_ranges.end() || (mine != m_ranges.end() && mine->first <= theirs->first);
        appendMerged(merged, takeMine ? *mine++ : *theirs++);
    }
    m_ranges = std::move(merged);
    if (other.m_openFrom != 0)
        m_openFrom = m_openFrom == 0 ? other.m_openFrom : std::min(m_openFrom, other.m_openFrom);
    absorbIntoOpen();
}

void SequenceSet::subtract(const SequenceSet &other)
{
    NumberRanges taken;
    other.closeInto(taken);
    if (taken.empty())
        return;
    NumberRanges own;
    closeInto(own);
    const bool wasOpen = m_openFrom != 0;
    NumberRanges rest;
    auto take = taken.begin();
    for (NumberRange range : own) {
        while (take != taken.end() && take->last < range.first)
            ++take;
        bool swallowed = false;
        for (auto each = take; each != taken.end() && each->first <= range.last; ++each) {
            if (each->first > range.first)
                rest.push_back({range.first, each->first - 1});
            if (each->last >= range.last) {
                swallowed = true;
                break;
            }
            range.first = each->last + 1;
            take = each;
        }
        if (!swallowed)
            rest.push_back(range);
    }
    m_openFrom = 0;
    if (wasOpen && !rest.empty() && rest.back().last == highest) {
        m_openFrom = rest.back().first;
        rest.pop_back();
    }
    m_ranges = std::move(rest);
}

void SequenceSet::intersect(const SequenceSet &other)
{
    NumberRanges own;
    NumberRanges theirs;
    closeInto(own);
    other.closeInto(theirs);
    const bool bothOpen = m_openFrom != 0 && other.m_openFrom != 0;
    NumberRanges common;
    auto a = own.begin();
    auto b = theirs.begin();
    while (a != own.end() && b != theirs.end()) {
        const std::uint32_t first = std::max(a->first, b->first);
        const std::uint32_t last = std::min(a->last, b->last);
        if (first <= last)
            common.push_back({first, last});
        if (a->last < b->last)
            ++a;
        else
            ++b;
    }
    m_openFrom = 0;
    if (bothOpen) { // both end at 4294967295, so the last common range does too
        m_openFrom = common.back().first;
        common.pop_back();
    }
    m_ranges = std::move(common);
}

SequenceSet SequenceSet::takeLargest(std::uint64_t count)
{
    SequenceSet taken;
    while (count > 0 && !m_ranges.empty()) {
        NumberRange &last = m_ranges.back();
        const std::uint64_t here = std::min(count, last.count());
        const auto first = static_cast<std::uint32_t>(last.last - here + 1);
        taken.m_ranges.push_back({first, last.last});
        if (here == last.count())
            m_ranges.pop_back();
        else
            last.last = first - 1;
        count -= here;
    }
    std::reverse(taken.m_ranges.begin(), taken.m_ranges.end());
    return taken;
}

bool SequenceSet::contains(std::uint32_t number) const
{
    if (m_openFrom != 0 && number >= m_openFrom)
        return true;
    const auto range
        = std::lower_bound(m_ranges.begin(), m_ranges.end(), number,
                           [](const NumberRange &each, std::uint32_t wanted) { return each.last < wanted; });
    return range != m_ranges.end() && range->first <= number && number != 0;
}

std::uint64_t SequenceSet::count() const
{
    const std::uint64_t open = m_openFrom == 0 ? 0 : NumberRange{m_openFrom, highest}.count();
    return countOf(m_ranges) + open;
}

std::uint32_t SequenceSet::smallest() const
{
    return m_ranges.empty() ? m_openFrom : m_ranges.front().first;
}

std::uint32_t SequenceSet::largest() const
{
    if (m_openFrom != 0)
        return highest;
    return m_ranges.empty() ? 0 : m_ranges.back().last;
}

UidSet UidSet::fromUids(const std::vector<Uid> &uids)
{
    std::vector<std::uint32_t> numbers;
    numbers.reserve(uids.size());
    for (const Uid uid : uids)
        numbers.push_back(uid.value());
    return UidSet(SequenceSet::fromNumbers(std::move(numbers)));
}

} // namespace kittiwake::imap
