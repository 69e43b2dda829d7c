// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/messageheader.h"

#include <cstdint>
#include <vector>

namespace kittiwake::bench
{

/**
 * Headers of a mailbox that never was: sizes, lengths and threads as in the archive of a busy person (40 % of the
 * messages begin a thread, replies name up to ten ancestors, one in twenty has keywords). A function of the number of
 * the message alone, so that a batch can be made when it is needed and every run inserts the same.
 */
class HeaderSource
{
public:
    explicit HeaderSource(std::int64_t total) : m_total(total) { }

    /** The header of UID index + 1, index in [0, total). */
    [[nodiscard]] mail::MessageHeader header(std::int64_t index) const;
    /** count headers, newest (highest UID) first, as a first sync brings them; first is how many came before. */
    [[nodiscard]] std::vector<mail::MessageHeader> batch(std::int64_t first, std::int64_t count) const;

private:
    [[nodiscard]] std::int64_t parent(std::int64_t index) const;

    std::int64_t m_total;
};

} // namespace kittiwake::bench
