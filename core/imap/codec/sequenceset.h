// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/** Numbers first to last, both included; 1 <= first <= last. */
struct NumberRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;

    [[nodiscard]] std::uint64_t count() const { return std::uint64_t{last} - first + 1; }
    bool operator==(const NumberRange &) const = default;
};

/** Ranges in the order in which they were sent; COPYUID pairs them by that order (RFC 4315 section 3). */
using NumberRanges = std::vector<NumberRange>;

/** How many numbers the ranges name, repeats counted twice. */
[[nodiscard]] std::uint64_t countOf(const NumberRanges &ranges);

/**
 * A set of message sequence numbers, or of numbers of which only the asker knows whether they are UIDs. Kept as sorted
 * ranges that neither touch nor overlap, never as single numbers: "1:4294967295" is one range and costs 8 bytes
 * (CVE-2025-25186). It may end in "n:*" (RFC 9051 section 9, seq-range). A value; any thread.
 */
class SequenceSet
{
public:
    /** What one parsed set may hold at most: 8 MiB of ranges. */
    static constexpr std::size_t maximumRanges = 1024 * 1024;

    SequenceSet() = default;
    explicit SequenceSet(std::uint32_t number) { add(number); }
    [[nodiscard]] static SequenceSet range(std::uint32_t first, std::uint32_t last);
    /** "first:*": from first up to the highest number there is, and always that one. */
    [[nodiscard]] static SequenceSet from(std::uint32_t first);
    /** Any order, any overlap: sorted and merged here, in n log n. */
    [[nodiscard]] static SequenceSet fromRanges(NumberRanges ranges);
    [[nodiscard]] static SequenceSet fromNumbers(std::vector<std::uint32_t> numbers);

    enum class Star { Refused, Allowed };
    /**
     * The whole text as a sequence-set (RFC 9051 section 9). No value when it is anything else: empty, a zero, a number
     * past 2^32-1, a comma at its end (CVE-2021-32055), more than maximumRanges, or "*" where star is Refused (servers
     * never send it).
     */
    [[nodiscard]] static std::optional<SequenceSet> parse(QByteArrayView text, Star star = Star::Allowed);
    /** The same, ranges kept in their order, each turned so that first <= last. Never "*". */
    [[nodiscard]] static std::optional<NumberRanges> parseRanges(QByteArrayView text);

    void add(std::uint32_t number) { addRange(number, number); }
    void addRange(std::uint32_t first, std::uint32_t last); ///< zero is left out; constant time when in rising order
    void unite(const SequenceSet &other);
    void subtract(const SequenceSet &other); ///< "n:*" in other takes away n to 4294967295
    void intersect(const SequenceSet &other); ///< "n:*" counts as n:4294967295
    /** Takes the count largest numbers out; costs what is taken. "n:*" is none of them and stays. */
    [[nodiscard]] SequenceSet takeLargest(std::uint64_t count);

    [[nodiscard]] bool isEmpty() const { return m_ranges.empty() && m_openFrom == 0; }
    [[nodiscard]] bool contains(std::uint32_t number) const; ///< "n:*" contains everything from n
    /** How many numbers; "n:*" counts as n:4294967295. Never loop over this many without an upper bound of your own. */
    [[nodiscard]] std::uint64_t count() const;
    [[nodiscard]] bool isOpen() const { return m_openFrom != 0; } ///< ends in "n:*"
    [[nodiscard]] std::uint32_t openFrom() const { return m_openFrom; } ///< the n of "n:*", 0 if none
    [[nodiscard]] const NumberRanges &ranges() const { return m_ranges; } ///< without "n:*"
    [[nodiscard]] std::uint32_t smallest() const; ///< 0 when empty
    [[nodiscard]] std::uint32_t largest() const; ///< 4294967295 when open; 0 when empty

    /** "1,5:9,20:*"; empty for the empty set, which has no form on the wire. */
    [[nodiscard]] QByteArray toBytes() const;
    /**
     * The same set in pieces, each at most maximumBytes long as text (at least 21, the longest single range), because
     * servers limit the length of a command (Yahoo 1,000 bytes, Courier 16 K). Rising order.
     */
    [[nodiscard]] std::vector<SequenceSet> split(qsizetype maximumBytes) const;

    bool operator==(const SequenceSet &) const = default;

private:
    void closeInto(NumberRanges &ranges) const;
    void absorbIntoOpen();

    NumberRanges m_ranges;
    std::uint32_t m_openFrom = 0;
};

/** A set of UIDs. As SequenceSet, typed. */
class UidSet
{
public:
    UidSet() = default;
    explicit UidSet(Uid uid) : m_set(uid.value()) { }
    /** For numbers of which the caller knows that they are UIDs: the answer to its own UID SEARCH. */
    explicit UidSet(SequenceSet numbers) : m_set(std::move(numbers)) { }
    [[nodiscard]] static UidSet range(Uid first, Uid last)
    {
        return UidSet(SequenceSet::range(first.value(), last.value()));
    }
    [[nodiscard]] static UidSet from(Uid first) { return UidSet(SequenceSet::from(first.value())); }
    [[nodiscard]] static UidSet all() { return UidSet(SequenceSet::from(1)); } ///< "1:*"
    [[nodiscard]] static UidSet fromUids(const std::vector<Uid> &uids);
    [[nodiscard]] static std::optional<UidSet> parse(QByteArrayView text,
                                                     SequenceSet::Star star = SequenceSet::Star::Allowed);

    void add(Uid uid) { m_set.add(uid.value()); }
    void addRange(Uid first, Uid last) { m_set.addRange(first.value(), last.value()); }
    void unite(const UidSet &other) { m_set.unite(other.m_set); }
    void subtract(const UidSet &other) { m_set.subtract(other.m_set); }
    void intersect(const UidSet &other) { m_set.intersect(other.m_set); }
    [[nodiscard]] UidSet takeLargest(std::uint64_t count) { return UidSet(m_set.takeLargest(count)); }

    [[nodiscard]] bool isEmpty() const { return m_set.isEmpty(); }
    [[nodiscard]] bool contains(Uid uid) const { return m_set.contains(uid.value()); }
    [[nodiscard]] std::uint64_t count() const { return m_set.count(); }
    [[nodiscard]] Uid smallest() const { return Uid(m_set.smallest()); }
    [[nodiscard]] Uid largest() const { return Uid(m_set.largest()); }
    [[nodiscard]] const NumberRanges &ranges() const { return m_set.ranges(); }
    [[nodiscard]] const SequenceSet &numbers() const { return m_set; }
    [[nodiscard]] QByteArray toBytes() const { return m_set.toBytes(); }
    [[nodiscard]] std::vector<UidSet> split(qsizetype maximumBytes) const;

    bool operator==(const UidSet &) const = default;

private:
    SequenceSet m_set;
};

} // namespace kittiwake::imap
