// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QMetaType>
#include <QSet>

#include <memory>
#include <span>
#include <vector>

namespace kittiwake::ui
{

/** One row of the message list as it is shown: 24 bytes, so that a million of them are 24 MB. */
struct ListRow {
    enum class Kind : std::uint8_t {
        Single, ///< a message by itself
        Folded, ///< a conversation; id is its newest message
        Expanded, ///< the same with its other messages in the rows below
        Child, ///< one of those
    };
    MessageId id;
    ThreadId thread;
    std::uint32_t count = 1; ///< messages of the conversation; 1 for Single and Child
    Kind kind = Kind::Single;
    bool threaded = false; ///< the list shows conversations: what stays the same row is the thread, not the message

    /** What makes this row the same row in another state of the list. Never zero. */
    [[nodiscard]] std::int64_t key() const
    {
        const bool byThread = threaded && kind != Kind::Child && thread.isValid();
        return byThread ? thread.value() * 2 + 1 : id.value() * 2;
    }
    bool operator==(const ListRow &) const = default;
};

/** The messages of each conversation that has more than one, newest first. Immutable once built; crosses threads. */
class Conversations
{
public:
    struct Index;
    Conversations() = default;
    explicit Conversations(std::shared_ptr<const Index> index) : m_index(std::move(index)) { }

    /** Empty for a thread of one message. Valid as long as this object or a copy of it. */
    [[nodiscard]] std::span<const MessageId> members(ThreadId thread) const;

private:
    std::shared_ptr<const Index> m_index;
};

struct ListRows {
    std::vector<ListRow> rows;
    Conversations conversations;
};

struct ListOptions {
    bool threaded = true;
    bool ascending = false; ///< the order runs from the smallest; conversations are placed by their newest all the same
    QSet<ThreadId> expanded;
};

/** The rows that show order. Linear. */
[[nodiscard]] ListRows buildRows(std::span<const store::OrderEntry> order, const ListOptions &options);

/** One step of turning one state of the rows into another; row numbers are those after the steps before it. */
struct ListStep {
    enum class Kind { Remove, Insert, Move, Update };
    Kind kind = Kind::Update;
    int first = 0;
    int count = 0;
    int target = 0; ///< Move: the row's number afterwards
    std::vector<ListRow> rows; ///< Insert, Update
};

struct ListPatch {
    /** Carried out in order, each leaves a list that views can show. Empty when replacement is set. */
    std::vector<ListStep> steps;
    /** Too much has changed for steps: the whole new state; rows are found again by their keys. */
    std::optional<std::vector<ListRow>> replacement;
};

/**
 * What turns before into after. Rows keep their identity by ListRow::key(), so a conversation to which a reply comes
 * moves as one row. n log n at worst, linear for insertions and removals.
 */
[[nodiscard]] ListPatch diffRows(const std::vector<ListRow> &before, const std::vector<ListRow> &after);

} // namespace kittiwake::ui
