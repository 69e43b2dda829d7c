// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/sequenceset.h"

#include <algorithm>
#include <limits>

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

} // namespace

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
