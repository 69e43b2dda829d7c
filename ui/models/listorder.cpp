// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/listorder.h"

#include "ui/models/idtable.h"

#include <algorithm>

namespace kittiwake::ui
{

struct Conversations::Index {
    struct Group {
        std::uint32_t offset = 0;
        std::uint32_t count = 0;
    };
    IdTable groupOf{0};
    std::vector<Group> groups;
    std::vector<MessageId> members;
};

std::span<const MessageId> Conversations::members(ThreadId thread) const
{
    if (!m_index || !thread.isValid())
        return {};
    const std::uint32_t at = m_index->groupOf.value(thread.value());
    if (at == IdTable::none)
        return {};
    const Index::Group &group = m_index->groups[at];
    return {m_index->members.data() + group.offset, group.count};
}

namespace
{

/** The passes of buildRows(). */
struct ListBuild {
    std::span<const store::OrderEntry> order;
    const ListOptions &options;

    [[nodiscard]] const store::OrderEntry &newestFirst(std::size_t i) const
    {
        return options.ascending ? order[order.size() - 1 - i] : order[i];
    }

    [[nodiscard]] ListRows plain() const
    {
        ListRows result;
        result.rows.reserve(order.size());
        for (const auto &entry : order)
            result.rows.push_back({.id = entry.id, .thread = {}});
        return result;
    }

    [[nodiscard]] ListRows threaded() const
    {
        // First pass: one head for each thread, at its newest message, and how many messages it has.
        std::vector<ListRow> heads;
        IdTable headOf(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto &entry = newestFirst(i);
            if (entry.thread.isValid()) {
                std::uint32_t &head = headOf[entry.thread.value()];
                if (head != IdTable::none) {
                    ++heads[head].count;
                    heads[head].kind = ListRow::Kind::Folded;
                    continue;
                }
                head = static_cast<std::uint32_t>(heads.size());
            }
            heads.push_back({.id = entry.id, .thread = entry.thread, .threaded = true});
        }

        // Second pass: the members of the real conversations, one after the other.
        auto index = std::make_shared<Conversations::Index>();
        const auto real = static_cast<std::size_t>(
            std::count_if(heads.begin(), heads.end(), [](const ListRow &row) { return row.count > 1; }));
        index->groups.reserve(real);
        index->groupOf = IdTable(real);
        std::uint32_t total = 0;
        for (const ListRow &head : heads) {
            if (head.count < 2)
                continue;
            index->groupOf[head.thread.value()] = static_cast<std::uint32_t>(index->groups.size());
            index->groups.push_back({total, 0});
            total += head.count;
        }
        index->members.resize(total);
        for (std::size_t i = 0; i < order.size() && total > 0; ++i) {
            const auto &entry = newestFirst(i);
            const std::uint32_t at
                = entry.thread.isValid() ? index->groupOf.value(entry.thread.value()) : IdTable::none;
            if (at == IdTable::none)
                continue;
            auto &group = index->groups[at];
            index->members[group.offset + group.count++] = entry.id;
        }

        ListRows result;
        result.conversations = Conversations(index);
        if (options.ascending)
            std::reverse(heads.begin(), heads.end());
        if (options.expanded.isEmpty()) {
            result.rows = std::move(heads);
            return result;
        }
        result.rows.reserve(heads.size());
        for (ListRow &head : heads) {
            const bool open = head.count > 1 && options.expanded.contains(head.thread);
            if (open)
                head.kind = ListRow::Kind::Expanded;
            result.rows.push_back(head);
            if (!open)
                continue;
            for (const MessageId id : result.conversations.members(head.thread).subspan(1)) {
                result.rows.push_back(
                    {.id = id, .thread = head.thread, .kind = ListRow::Kind::Child, .threaded = true});
            }
        }
        return result;
    }
};

} // namespace

ListRows buildRows(std::span<const store::OrderEntry> order, const ListOptions &options)
{
    const ListBuild build{order, options};
    return options.threaded ? build.threaded() : build.plain();
}

} // namespace kittiwake::ui
