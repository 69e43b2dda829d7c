// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/cachewriter.h"

#include "core/store/storageerror.h"

#include <QScopedValueRollback>

#include <sqlite3.h>

namespace kittiwake::store
{

CacheWriter::CacheWriter(std::unique_ptr<Database> database)
    : m_database(std::move(database)), m_mailboxes(*m_database, m_changes), m_messages(*m_database, m_changes),
      m_unlinked(*m_database, m_changes), m_overlay(*m_database, m_changes),
      m_mailboxOverlay(*m_database, m_mailboxes, m_changes), m_labels(*m_database, m_changes)
{
}

Result<void> CacheWriter::begin()
{
    if (m_open || m_announcing) {
        return failure(storageError(SQLITE_MISUSE, m_database->path(), true,
                                    m_open ? "a transaction is open already" : "begun by the listener"));
    }
    auto done = m_database->begin();
    if (!done)
        return done;
    m_open = true;
    m_failed.reset();
    m_changes.clear();
    done = m_messages.start();
    if (!done)
        rollback();
    return done;
}

void CacheWriter::fail(const Error &error)
{
    if (!m_failed)
        m_failed = error;
}

Result<void> CacheWriter::commit()
{
    const auto laid = m_failed ? Result<void>() : m_overlay.finish();
    if (!laid)
        fail(laid.error());
    if (m_failed) {
        const Error first = *m_failed;
        rollback();
        return failure(first);
    }
    auto done = m_database->commit();
    if (!done) {
        rollback();
        return done;
    }
    m_open = false;
    const StoreChanges changes = m_changes.take();
    if (m_listener && !changes.isEmpty()) {
        const QScopedValueRollback announcing(m_announcing, true);
        m_listener(changes);
    }
    return {};
}

void CacheWriter::rollback()
{
    m_database->rollback();
    m_open = false;
    m_changes.clear();
    m_messages.forget();
    m_overlay.forget();
}

} // namespace kittiwake::store
