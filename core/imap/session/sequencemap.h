// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <cstdint>
#include <vector>

namespace kittiwake::imap
{

/**
 * Which UID each message sequence number of the selected mailbox stands for (RFC 9051 section 2.3.1), four bytes a
 * message. A number whose UID was never told is unknown (an invalid Uid), never guessed. Kept in blocks, so that
 * removing from the middle of a million costs a few microseconds and a server that expunges everything one by one
 * costs no quadratic time.
 */
class SequenceMap
{
public:
    SequenceMap() = default;

    [[nodiscard]] std::uint32_t size() const { return m_size; }
    /** Appends unknown messages until there are size of them. size must not be smaller than size(). */
    void grow(std::uint32_t size);
    void clear();

    /** The UID of sequence number number (from 1); invalid where unknown or out of range. */
    [[nodiscard]] Uid at(std::uint32_t number) const;
    /** Sets the UID of a number in range. */
    void set(std::uint32_t number, Uid uid);
    /** Removes number (in range); those behind it move down by one. Returns its UID, invalid where unknown. */
    Uid remove(std::uint32_t number);
    /**
     * The number of uid, or 0 where it is not known to be there. Binary search where everything is known; linear
     * otherwise.
     */
    [[nodiscard]] std::uint32_t find(Uid uid) const;
    /** How many numbers have no known UID. */
    [[nodiscard]] std::uint32_t unknownCount() const { return m_unknown; }

    /** Replaces all by uids, which are in ascending order and as many as size(). */
    void assign(const std::vector<std::uint32_t> &uids);
    /**
     * Removes every message whose UID is in the ascending list uids; returns how many there were. One pass. Messages
     * of unknown UID stay.
     */
    std::uint32_t removeAll(const std::vector<std::uint32_t> &uids);

private:
    using Block = std::vector<std::uint32_t>;
    struct Place {
        std::size_t block;
        std::size_t index;
    };
    [[nodiscard]] Place placeOf(std::uint32_t number) const;

    std::vector<Block> m_blocks; ///< none is empty
    std::uint32_t m_size = 0;
    std::uint32_t m_unknown = 0;
};

} // namespace kittiwake::imap
