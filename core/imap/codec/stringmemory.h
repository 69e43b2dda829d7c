// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <cstdint>

namespace kittiwake::imap
{

/**
 * Shares strings that come again and again in a batch of messages ("text", "utf-8", a list's address, the owner's
 * name): a hit costs a comparison instead of an allocation, and the values share the bytes. One slot a hash value, the
 * newest wins, so it never grows. One thread.
 */
class StringMemory
{
public:
    [[nodiscard]] QByteArray shared(QByteArrayView text)
    {
        if (text.isEmpty())
            return {};
        if (text.size() > longest)
            return text.toByteArray();
        QByteArray &slot = m_slots[slotOf(text)];
        if (QByteArrayView(slot) != text)
            slot = text.toByteArray();
        return slot;
    }

private:
    static constexpr qsizetype longest = 64;

    static std::size_t slotOf(QByteArrayView text)
    {
        const auto at = [&](qsizetype i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
        const qsizetype size = text.size();
        std::uint32_t hash = static_cast<std::uint32_t>(size) * 0x9e3779b1u;
        hash = (hash ^ at(0) ^ (at(size - 1) << 8) ^ (at(size / 2) << 16) ^ (at(size / 4) << 24)) * 0x85ebca6bu;
        hash = (hash ^ at(size - 1 - size / 4)) * 0xc2b2ae35u;
        return hash >> 24;
    }

    std::array<QByteArray, 256> m_slots;
};

} // namespace kittiwake::imap
