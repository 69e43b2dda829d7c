// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QCache>
#include <QSet>

namespace kittiwake::ui
{

/**
 * The headers of the rows that were looked at lately. A row that has changed is kept, and shown, until its new state
 * has been read, so that nothing flickers; one that has gone is remembered, so that it is not asked for again and
 * again. About a kilobyte a row. UI thread.
 */
class RowCache
{
public:
    static constexpr int limit = 6000;

    RowCache() : m_rows(limit) { }

    /** Null where it is not known (yet). */
    [[nodiscard]] const store::MessageRow *find(MessageId id) const;
    /** Whether it should be read, for the first time or again. */
    [[nodiscard]] bool isWanting(MessageId id) const;
    void insert(const store::MessageRow &row);
    void setGone(MessageId id) { m_gone.insert(id); }
    void forgetGone() { m_gone.clear(); }
    void setStale(MessageId id);
    void setAllStale();
    void clear();

private:
    struct Entry {
        store::MessageRow row;
        quint64 epoch = 0;
    };
    mutable QCache<MessageId, Entry> m_rows; // looking something up makes it the latest
    QSet<MessageId> m_gone;
    quint64 m_epoch = 1;
};

} // namespace kittiwake::ui
