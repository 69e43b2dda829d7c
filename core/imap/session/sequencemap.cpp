// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/sequencemap.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

// With blocks of 4,096 numbers a million messages are 245 blocks: both the walk to a block and the move inside one stay
// well under a microsecond.
constexpr std::size_t blockSize = 4096;

/** Walks rising ranges in step with rising numbers, so that a whole pass is linear. */
class RangeWalker
{
public:
    explicit RangeWalker(const SequenceSet &set) : m_set(set) { }

    bool contains(std::uint32_t number)
    {
        skipBelow(number);
        return (m_index < m_set.ranges().size() && m_set.ranges()[m_index].first <= number) || isOpenAt(number);
    }
    /** How many members lie strictly between below and above, counted no further than atMost. */
    std::uint32_t countBetween(std::uint32_t below, std::uint64_t above, std::uint32_t atMost)
    {
        std::uint64_t count = 0;
        skipBelow(below + 1);
        for (std::size_t i = m_index; i < m_set.ranges().size() && count < atMost; ++i) {
            const NumberRange &range = m_set.ranges()[i];
            const std::uint64_t first = std::max(range.first, below + 1);
            const std::uint64_t last = std::min<std::uint64_t>(range.last, above - 1);
            if (first > last)
                break;
            count += last - first + 1;
        }
        if (m_set.isOpen()) {
            const std::uint64_t first = std::max(m_set.openFrom(), below + 1);
            if (first < above)
                count += above - first;
        }
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, atMost));
    }

private:
    void skipBelow(std::uint32_t number)
    {
        while (m_index < m_set.ranges().size() && m_set.ranges()[m_index].last < number)
            ++m_index;
    }
    [[nodiscard]] bool isOpenAt(std::uint32_t number) const { return m_set.isOpen() && number >= m_set.openFrom(); }

    const SequenceSet &m_set;
    std::size_t m_index = 0;
};

} // namespace

void SequenceMap::clear()
{
    *this = SequenceMap();
}

void SequenceMap::grow(std::uint32_t size)
{
    while (m_size < size) {
        if (m_blocks.empty() || m_blocks.back().size() >= blockSize)
            m_blocks.emplace_back();
        Block &block = m_blocks.back();
        const std::size_t added = std::min<std::size_t>(blockSize - block.size(), size - m_size);
        block.resize(block.size() + added, 0);
        m_size += static_cast<std::uint32_t>(added);
        m_unknown += static_cast<std::uint32_t>(added);
    }
}

void SequenceMap::forget()
{
    const std::uint32_t size = m_size;
    clear();
    grow(size);
}

bool SequenceMap::assign(const SequenceSet &uids)
{
    if (uids.isOpen() || uids.count() != m_size)
        return false;
    const std::uint32_t size = m_size;
    clear();
    for (const NumberRange &range : uids.ranges()) {
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid) {
            if (m_blocks.empty() || m_blocks.back().size() >= blockSize) {
                m_blocks.emplace_back();
                m_blocks.back().reserve(std::min<std::size_t>(blockSize, size - m_size));
            }
            m_blocks.back().push_back(static_cast<std::uint32_t>(uid));
            ++m_size;
        }
    }
    return true;
}

SequenceMap::Place SequenceMap::placeOf(std::uint32_t number) const
{
    const std::uint32_t offset = number - 1;
    if (offset < m_cursorStart || m_cursorBlock >= m_blocks.size()) {
        m_cursorBlock = 0;
        m_cursorStart = 0;
    }
    while (offset - m_cursorStart >= m_blocks[m_cursorBlock].size()) {
        m_cursorStart += static_cast<std::uint32_t>(m_blocks[m_cursorBlock].size());
        ++m_cursorBlock;
    }
    return {m_cursorBlock, offset - m_cursorStart};
}

Uid SequenceMap::at(std::uint32_t number) const
{
    if (number == 0 || number > m_size)
        return {};
    const Place place = placeOf(number);
    return Uid(m_blocks[place.block][place.index]);
}

bool SequenceMap::learn(std::uint32_t number, Uid uid)
{
    if (number == 0 || number > m_size || !uid.isValid())
        return false;
    const Place place = placeOf(number);
    std::uint32_t &slot = m_blocks[place.block][place.index];
    if (slot != 0)
        return slot == uid.value();
    const Uid before = at(number - 1);
    const Uid after = at(number + 1);
    if ((before.isValid() && before >= uid) || (after.isValid() && after <= uid))
        return false;
    slot = uid.value();
    --m_unknown;
    return true;
}

Uid SequenceMap::remove(std::uint32_t number)
{
    const Place place = placeOf(number);
    Block &block = m_blocks[place.block];
    const Uid uid(block[place.index]);
    block.erase(block.begin() + static_cast<std::ptrdiff_t>(place.index));
    if (block.empty()) {
        m_blocks.erase(m_blocks.begin() + static_cast<std::ptrdiff_t>(place.block));
        m_cursorBlock = 0;
        m_cursorStart = 0;
    }
    --m_size;
    if (!uid.isValid())
        --m_unknown;
    return uid;
}

bool SequenceMap::removeOneKnown(std::uint32_t uid)
{
    const auto block = std::lower_bound(m_blocks.begin(), m_blocks.end(), uid,
                                        [](const Block &left, std::uint32_t value) { return left.back() < value; });
    if (block == m_blocks.end())
        return false;
    const auto slot = std::lower_bound(block->begin(), block->end(), uid);
    if (slot == block->end() || *slot != uid)
        return false;
    block->erase(slot);
    if (block->empty())
        m_blocks.erase(block);
    --m_size;
    m_cursorBlock = 0;
    m_cursorStart = 0;
    return true;
}

std::uint32_t SequenceMap::removeUids(const UidSet &uids)
{
    // The everyday case, one or a few messages and every UID known, without a walk over the mailbox.
    if (m_unknown == 0 && !uids.numbers().isOpen() && uids.count() <= 64) {
        std::uint32_t removed = 0;
        for (const NumberRange &range : uids.ranges()) {
            for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
                removed += removeOneKnown(static_cast<std::uint32_t>(uid)) ? 1 : 0;
        }
        return removed;
    }

    RangeWalker walker(uids.numbers());
    SequenceMap kept;
    std::uint32_t removed = 0;
    std::uint32_t unknownRun = 0;
    std::uint32_t lastKnown = 0;
    const auto keep = [&kept](std::uint32_t value, std::uint32_t count) {
        for (std::uint32_t i = 0; i < count; ++i) {
            if (kept.m_blocks.empty() || kept.m_blocks.back().size() >= blockSize)
                kept.m_blocks.emplace_back();
            kept.m_blocks.back().push_back(value);
        }
        kept.m_size += count;
        if (value == 0)
            kept.m_unknown += count;
    };
    const auto endRun = [&](std::uint64_t nextKnown) {
        if (unknownRun == 0)
            return;
        const std::uint32_t gone = walker.countBetween(lastKnown, nextKnown, unknownRun);
        removed += gone;
        keep(0, unknownRun - gone);
        unknownRun = 0;
    };
    for (const Block &block : m_blocks) {
        for (const std::uint32_t uid : block) {
            if (uid == 0) {
                ++unknownRun;
                continue;
            }
            endRun(uid);
            lastKnown = uid;
            if (walker.contains(uid))
                ++removed;
            else
                keep(uid, 1);
        }
    }
    endRun(std::uint64_t{UINT32_MAX} + 1);
    *this = std::move(kept);
    return removed;
}

std::optional<UidSet> SequenceMap::uids() const
{
    if (m_unknown != 0)
        return std::nullopt;
    SequenceSet set;
    for (const Block &block : m_blocks) {
        for (const std::uint32_t uid : block)
            set.add(uid);
    }
    return UidSet(std::move(set));
}

} // namespace kittiwake::imap
