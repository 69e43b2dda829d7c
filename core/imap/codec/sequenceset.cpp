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

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/** nz-number. Zero is no value. */
std::optional<std::uint32_t> takeNumber(const char *&at, const char *end)
{
    std::uint64_t value = 0;
    const char *const start = at;
    while (at != end && isDigit(*at)) {
        value = value * 10 + static_cast<std::uint64_t>(*at - '0');
        if (value > highest)
            return std::nullopt;
        ++at;
    }
    if (at == start || value == 0)
        return std::nullopt;
    return static_cast<std::uint32_t>(value);
}

struct ParsedElement {
    NumberRange range; ///< of an open one only first counts
    bool open = false;
};

std::optional<ParsedElement> takeElement(const char *&at, const char *end, SequenceSet::Star star)
{
    const bool starAllowed = star == SequenceSet::Star::Allowed;
    const auto takeEnd = [&]() -> std::optional<std::uint32_t> {
        if (starAllowed && at != end && *at == '*') {
            ++at;
            return 0; // stands for "*"
        }
        return takeNumber(at, end);
    };
    const auto first = takeEnd();
    if (!first)
        return std::nullopt;
    auto last = first;
    const bool isRange = at != end && *at == ':';
    if (isRange) {
        ++at;
        last = takeEnd();
        if (!last)
            return std::nullopt;
    }
    if (*first == 0 || *last == 0) {
        const std::uint32_t from = std::max(*first, *last); // "5:*" and "*:5" are the same (RFC 9051 section 9)
        return ParsedElement{{from == 0 ? highest : from, 0}, true};
    }
    return ParsedElement{{std::min(*first, *last), std::max(*first, *last)}, false};
}

void appendRange(QByteArray &bytes, const NumberRange &range)
{
    if (!bytes.isEmpty())
        bytes += ',';
    bytes += QByteArray::number(range.first);
    if (range.last != range.first) {
        bytes += ':';
        bytes += QByteArray::number(range.last);
    }
}

void appendOpen(QByteArray &bytes, std::uint32_t from)
{
    if (!bytes.isEmpty())
        bytes += ',';
    // "4294967295:*" can only mean the last message: the same as "*", which servers know better.
    if (from != highest)
        bytes += QByteArray::number(from) + ':';
    bytes += '*';
}

int digits(std::uint32_t value)
{
    int count = 1;
    for (; value >= 10; value /= 10)
        ++count;
    return count;
}

qsizetype lengthOf(const NumberRange &range)
{
    return digits(range.first) + (range.first == range.last ? 0 : 1 + digits(range.last));
}

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

std::optional<SequenceSet> SequenceSet::parse(QByteArrayView text, Star star)
{
    const char *at = text.begin();
    const char *const end = text.end();
    NumberRanges ranges;
    std::uint32_t openFrom = 0;
    while (true) {
        const auto element = takeElement(at, end, star);
        if (!element || ranges.size() >= maximumRanges)
            return std::nullopt;
        if (element->open)
            openFrom = openFrom == 0 ? element->range.first : std::min(openFrom, element->range.first);
        else
            ranges.push_back(element->range);
        if (at == end)
            break;
        if (*at++ != ',')
            return std::nullopt;
    }
    SequenceSet set = fromRanges(std::move(ranges));
    set.m_openFrom = openFrom;
    set.absorbIntoOpen();
    return set;
}

std::optional<NumberRanges> SequenceSet::parseRanges(QByteArrayView text)
{
    const char *at = text.begin();
    const char *const end = text.end();
    NumberRanges ranges;
    while (true) {
        const auto element = takeElement(at, end, Star::Refused);
        if (!element || ranges.size() >= maximumRanges)
            return std::nullopt;
        ranges.push_back(element->range);
        if (at == end)
            return ranges;
        if (*at++ != ',')
            return std::nullopt;
    }
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

QByteArray SequenceSet::toBytes() const
{
    QByteArray bytes;
    for (const NumberRange &range : m_ranges)
        appendRange(bytes, range);
    if (m_openFrom != 0)
        appendOpen(bytes, m_openFrom);
    return bytes;
}

std::vector<SequenceSet> SequenceSet::split(qsizetype maximumBytes) const
{
    std::vector<SequenceSet> pieces;
    SequenceSet piece;
    qsizetype length = 0;
    const auto makeRoom = [&](qsizetype more) {
        if (length > 0 && length + 1 + more > maximumBytes) {
            pieces.push_back(std::exchange(piece, {}));
            length = 0;
        }
        length += more + (length > 0 ? 1 : 0);
    };
    for (const NumberRange &range : m_ranges) {
        makeRoom(lengthOf(range));
        piece.m_ranges.push_back(range);
    }
    if (m_openFrom != 0) {
        makeRoom(m_openFrom == highest ? 1 : digits(m_openFrom) + 2);
        piece.m_openFrom = m_openFrom;
    }
    if (!piece.isEmpty())
        pieces.push_back(std::move(piece));
    return pieces;
}

UidSet UidSet::fromUids(const std::vector<Uid> &uids)
{
    std::vector<std::uint32_t> numbers;
    numbers.reserve(uids.size());
    for (const Uid uid : uids)
        numbers.push_back(uid.value());
    return UidSet(SequenceSet::fromNumbers(std::move(numbers)));
}

std::optional<UidSet> UidSet::parse(QByteArrayView text, SequenceSet::Star star)
{
    auto set = SequenceSet::parse(text, star);
    if (!set)
        return std::nullopt;
    return UidSet(std::move(*set));
}

std::vector<UidSet> UidSet::split(qsizetype maximumBytes) const
{
    std::vector<UidSet> pieces;
    for (SequenceSet &piece : m_set.split(maximumBytes))
        pieces.emplace_back(std::move(piece));
    return pieces;
}

} // namespace kittiwake::imap
