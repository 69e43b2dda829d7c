// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/idtable.h"
#include "ui/models/listorder.h"

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

// Beyond these a whole new list is cheaper than the steps, for the views as well.
constexpr std::size_t maxSteps = 96;
constexpr std::size_t maxMoves = 16;
constexpr std::size_t maxInserted = 20000;

/** Marks the elements of a longest increasing subsequence of values, which are distinct. n log n. */
std::vector<bool> increasingSubsequence(const std::vector<std::uint32_t> &values)
{
    std::vector<bool> chosen(values.size(), false);
    if (std::is_sorted(values.begin(), values.end())) {
        chosen.assign(values.size(), true);
        return chosen;
    }
    std::vector<std::uint32_t> tails; // indexes into values: the smallest end of a run of each length
    std::vector<std::uint32_t> before(values.size(), IdTable::none);
    for (std::uint32_t i = 0; i < values.size(); ++i) {
        const auto at = std::lower_bound(tails.begin(), tails.end(), values[i],
                                         [&](std::uint32_t tail, std::uint32_t value) { return values[tail] < value; });
        if (at != tails.begin())
            before[i] = *(at - 1);
        if (at == tails.end())
            tails.push_back(i);
        else
            *at = i;
    }
    for (std::uint32_t i = tails.empty() ? IdTable::none : tails.back(); i != IdTable::none; i = before[i])
        chosen[i] = true;
    return chosen;
}

/** Finds the steps between the parts of the two lists that differ. */
class Differ
{
public:
    Differ(const std::vector<ListRow> &before, const std::vector<ListRow> &after) : m_before(before), m_after(after) { }

    /** False when too many steps would be needed. */
    bool run(std::vector<ListStep> &steps)
    {
        trim();
        if (!removals(steps) || !moves(steps) || !insertions(steps))
            return false;
        return updates(steps) && steps.size() <= maxSteps;
    }

private:
    /** Leaves out what both ends have in common, by key. */
    void trim()
    {
        const std::size_t shorter = std::min(m_before.size(), m_after.size());
        while (m_head < shorter && m_before[m_head].key() == m_after[m_head].key())
            ++m_head;
        std::size_t tail = 0;
        while (tail < shorter - m_head
               && m_before[m_before.size() - 1 - tail].key() == m_after[m_after.size() - 1 - tail].key())
            ++tail;
        m_beforeEnd = m_before.size() - tail;
        m_afterEnd = m_after.size() - tail;
    }

    bool removals(std::vector<ListStep> &steps)
    {
        IdTable inAfter(m_afterEnd - m_head);
        for (std::size_t i = m_head; i < m_afterEnd; ++i)
            inAfter[m_after[i].key()] = static_cast<std::uint32_t>(i);
        for (std::size_t i = m_head; i < m_beforeEnd; ++i) {
            const std::uint32_t at = inAfter.value(m_before[i].key());
            if (at != IdTable::none)
                m_common.push_back(at);
        }
        // From the end, so that the numbers of the rows above stay as they are.
        for (std::size_t end = m_beforeEnd; end > m_head;) {
            if (inAfter.contains(m_before[end - 1].key())) {
                --end;
                continue;
            }
            std::size_t first = end - 1;
            while (first > m_head && !inAfter.contains(m_before[first - 1].key()))
                --first;
            steps.push_back({.kind = ListStep::Kind::Remove, .first = int(first), .count = int(end - first)});
            if (steps.size() > maxSteps)
                return false;
            end = first;
        }
        return true;
    }

    /** Brings the rows that both lists have into the new order. m_common: their places in after, in the old order. */
    bool moves(std::vector<ListStep> &steps)
    {
        const std::vector<bool> stays = increasingSubsequence(m_common);
        std::vector<std::uint32_t> moving;
        for (std::size_t i = 0; i < m_common.size(); ++i) {
            if (!stays[i])
                moving.push_back(m_common[i]);
        }
        if (moving.size() > maxMoves)
            return false;
        std::sort(moving.begin(), moving.end());
        for (const std::uint32_t value : moving) {
            // Behind the last smaller one: all smaller ones are in their final order among each other by now.
            const auto from = std::find(m_common.begin(), m_common.end(), value);
            const int fromRow = int(m_head) + int(from - m_common.begin());
            m_common.erase(from);
            auto target = m_common.end();
            while (target != m_common.begin() && *(target - 1) > value)
                --target;
            const int targetRow = int(m_head) + int(target - m_common.begin());
            m_common.insert(target, value);
            if (fromRow != targetRow) {
                steps.push_back({.kind = ListStep::Kind::Move, .first = fromRow, .count = 1, .target = targetRow});
            }
        }
        return true;
    }

    bool insertions(std::vector<ListStep> &steps)
    {
        std::size_t next = 0; // in m_common, which is sorted now
        std::size_t inserted = 0;
        for (std::size_t i = m_head; i < m_afterEnd;) {
            if (next < m_common.size() && m_common[next] == i) {
                ++next;
                ++i;
                continue;
            }
            const std::size_t end = next < m_common.size() ? m_common[next] : m_afterEnd;
            inserted += end - i;
            // One block at the end is taken over whole, however large (the model appends it).
            if (inserted > maxInserted && !(steps.empty() && i == m_before.size() && end == m_after.size()))
                return false;
            ListStep step{.kind = ListStep::Kind::Insert, .first = int(i), .count = int(end - i)};
            step.rows.assign(m_after.begin() + std::ptrdiff_t(i), m_after.begin() + std::ptrdiff_t(end));
            steps.push_back(std::move(step));
            if (steps.size() > maxSteps)
                return false;
            i = end;
        }
        return true;
    }

    /** Rows that stayed but show something else now: another newest message, another count. */
    bool updates(std::vector<ListStep> &steps)
    {
        IdTable inBefore(m_beforeEnd - m_head);
        for (std::size_t i = m_head; i < m_beforeEnd; ++i)
            inBefore[m_before[i].key()] = static_cast<std::uint32_t>(i);
        const auto old = [&](std::size_t i) -> const ListRow * {
            if (i < m_head)
                return &m_before[i];
            if (i >= m_afterEnd)
                return &m_before[m_beforeEnd + (i - m_afterEnd)];
            const std::uint32_t at = inBefore.value(m_after[i].key());
            return at == IdTable::none ? nullptr : &m_before[at];
        };
        for (std::size_t i = 0; i < m_after.size(); ++i) {
            const ListRow *row = old(i);
            if (!row || *row == m_after[i])
                continue;
            ListStep *last = steps.empty() ? nullptr : &steps.back();
            if (last && last->kind == ListStep::Kind::Update && last->first + last->count == int(i)) {
                ++last->count;
                last->rows.push_back(m_after[i]);
            } else {
                steps.push_back({.kind = ListStep::Kind::Update, .first = int(i), .count = 1, .rows = {m_after[i]}});
            }
            if (steps.size() > maxSteps)
                return false;
        }
        return true;
    }

    const std::vector<ListRow> &m_before;
    const std::vector<ListRow> &m_after;
    std::size_t m_head = 0;
    std::size_t m_beforeEnd = 0;
    std::size_t m_afterEnd = 0;
    std::vector<std::uint32_t> m_common;
};

} // namespace

ListPatch diffRows(const std::vector<ListRow> &before, const std::vector<ListRow> &after)
{
    ListPatch patch;
    if (!Differ(before, after).run(patch.steps)) {
        patch.steps.clear();
        patch.replacement = after;
    }
    return patch;
}

} // namespace kittiwake::ui
