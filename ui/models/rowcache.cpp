// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rowcache.h"

namespace kittiwake::ui
{

const store::MessageRow *RowCache::find(MessageId id) const
{
    const Entry *entry = m_rows.object(id);
    return entry ? &entry->row : nullptr;
}

bool RowCache::isWanting(MessageId id) const
{
    const Entry *entry = m_rows.object(id);
    return entry ? entry->epoch != m_epoch : !m_gone.contains(id);
}

void RowCache::insert(const store::MessageRow &row)
{
    m_rows.insert(row.id, new Entry{row, m_epoch});
}

void RowCache::setStale(MessageId id)
{
    if (Entry *entry = m_rows.object(id))
        entry->epoch = 0;
}

void RowCache::setAllStale()
{
    ++m_epoch;
    m_gone.clear();
}

void RowCache::clear()
{
    m_rows.clear();
    m_gone.clear();
}

} // namespace kittiwake::ui
