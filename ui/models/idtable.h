// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace kittiwake::ui
{

/**
 * Numbers to small numbers: open addressing in one array, 16 bytes a slot. A mailbox of a million messages is grouped
 * and compared with these in tens of milliseconds, where QHash takes ten times as long and ten times the memory. Keys
 * are never zero. Nothing is removed.
 */
class IdTable
{
public:
    static constexpr std::uint32_t none = UINT32_MAX;

    explicit IdTable(std::size_t expected)
        : m_slots(std::bit_ceil(expected < 8 ? std::size_t(16) : expected + expected / 2)), m_mask(m_slots.size() - 1)
    {
    }

    /** The value of key, which is inserted with none where it is new. */
    std::uint32_t &operator[](std::int64_t key)
    {
        if (m_used + m_used / 4 >= m_slots.size())
            grow();
        Slot &slot = find(key);
        if (slot.key == 0) {
            slot.key = key;
            ++m_used;
        }
        return slot.value;
    }

    [[nodiscard]] std::uint32_t value(std::int64_t key) const
    {
        for (std::size_t at = mix(key) & m_mask;; at = (at + 1) & m_mask) {
            if (m_slots[at].key == key)
                return m_slots[at].value;
            if (m_slots[at].key == 0)
                return none;
        }
    }
    [[nodiscard]] bool contains(std::int64_t key) const { return value(key) != none; }

private:
    struct Slot {
        std::int64_t key = 0;
        std::uint32_t value = none;
    };

    static std::size_t mix(std::int64_t key)
    {
        auto x = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ULL;
        return static_cast<std::size_t>(x ^ (x >> 32));
    }
    Slot &find(std::int64_t key)
    {
        for (std::size_t at = mix(key) & m_mask;; at = (at + 1) & m_mask) {
            if (m_slots[at].key == key || m_slots[at].key == 0)
                return m_slots[at];
        }
    }
    void grow()
    {
        std::vector<Slot> old(m_slots.size() * 2);
        old.swap(m_slots);
        m_mask = m_slots.size() - 1;
        for (const Slot &slot : old) {
            if (slot.key != 0)
                find(slot.key) = slot;
        }
    }

    std::vector<Slot> m_slots;
    std::size_t m_mask;
    std::size_t m_used = 0;
};

} // namespace kittiwake::ui
