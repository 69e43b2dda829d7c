// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/imap/codec/sequenceset.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace kittiwake::imap
{

/**
 * Which UID each message sequence number of the selected mailbox stands for (RFC 9051 section 2.3.1), four bytes a
 * message. A number whose UID was never told is unknown (an invalid Uid), never guessed; the known ones rise with their
 * numbers. Kept in blocks, so that a server that expunges a million messages one by one costs no quadratic time.
 * A value; one thread.
 */
class SequenceMap
{
public:
    [[nodiscard]] std::uint32_t size() const { return m_size; }
    /** How many numbers have no known UID. */
    [[nodiscard]] std::uint32_t unknownCount() const { return m_unknown; }

    void clear();
    /** Appends unknown messages until there are size of them; nothing where there are more. */
    void grow(std::uint32_t size);
    /** Forgets every UID; the number of messages stays. */
    void forget();
    /** All messages at once: uids in rising order, as many as size(). False (and nothing done) when the count differs.
     */
    bool assign(const SequenceSet &uids);

    /** The UID of sequence number number (from 1); invalid where unknown or out of range. */
    [[nodiscard]] Uid at(std::uint32_t number) const;
    /**
     * Learns the UID of a number. False when that contradicts what is known: number out of range, another UID there, or
     * an order that does not rise.
     */
    [[nodiscard]] bool learn(std::uint32_t number, Uid uid);
    /** Takes number out (1 <= number <= size()); those behind it move down by one. Its UID, invalid where unknown. */
    Uid remove(std::uint32_t number);
    /**
     * Takes out every message whose UID is in uids, also those of unknown UID that can only be one of them (an unknown
     * message between two known ones is interchangeable with its unknown neighbours). How many were taken out.
     */
    std::uint32_t removeUids(const UidSet &uids);
    /** All UIDs, when all are known. */
    [[nodiscard]] std::optional<UidSet> uids() const;

private:
    using Block = std::vector<std::uint32_t>; ///< 0: unknown
    struct Place {
        std::size_t block = 0;
        std::size_t index = 0;
    };
    [[nodiscard]] Place placeOf(std::uint32_t number) const;
    bool removeOneKnown(std::uint32_t uid);

    std::vector<Block> m_blocks; ///< none is empty
    std::uint32_t m_size = 0;
    std::uint32_t m_unknown = 0;
    // Numbers come in order mostly: where the last one was found, so that the next is found at once.
    mutable std::size_t m_cursorBlock = 0;
    mutable std::uint32_t m_cursorStart = 0; ///< messages before that block
};

} // namespace kittiwake::imap
