// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/messagelistmodel.h"

#include "ui/models/idtable.h"

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

// After work that took t, changes are collected for pace * t, so that a first sync of a large mailbox, which announces
// thousands of batches, costs the worker no more than a fifth of one core.
constexpr std::int64_t pace = 4;

bool isEmpty(const store::MailboxChanges &changes)
{
    return !changes.reset && changes.added.empty() && changes.changed.empty() && changes.removed.empty();
}

} // namespace

MessageListModel::MessageListModel(MailSource &source, ReadQueue &queue, QObject *parent)
    : QAbstractListModel(parent), m_source(source), m_queue(queue),
      m_generation(std::make_shared<std::atomic<std::uint64_t>>(0))
{
    if (auto reader = source.openReader())
        m_reader = std::move(*reader);
    else
        m_error = reader.error();
    m_thread.setObjectName(QStringLiteral("list order"));
    if (m_reader) {
        m_worker = new ListWorker(m_reader, m_generation);
        m_worker->moveToThread(&m_thread);
        connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
        connect(m_worker, &ListWorker::updated, this, &MessageListModel::handleUpdate);
        connect(m_worker, &ListWorker::failed, this, [this](std::uint64_t generation, const Error &error) {
            if (generation != m_generation->load())
                return;
            m_working = false;
            m_error = error;
            setState(State::Failed);
        });
        m_thread.start();
    }
    m_pace.setSingleShot(true);
    connect(&m_pace, &QTimer::timeout, this, &MessageListModel::sendPending);
    m_readTimer.setSingleShot(true);
    connect(&m_readTimer, &QTimer::timeout, this, &MessageListModel::readPage);
    connect(&source, &MailSource::storeChanged, this, &MessageListModel::handleStoreChange);
}

MessageListModel::~MessageListModel()
{
    ++*m_generation;
    if (m_reader)
        m_reader->interrupt();
    m_thread.quit();
    m_thread.wait();
}

void MessageListModel::open(MailboxId mailbox, bool ownMail)
{
    m_request.mailbox = mailbox;
    m_request.options.expanded.clear();
    m_ownMail = ownMail;
    m_cache.clear();
    start();
}

void MessageListModel::reload()
{
    m_cache.setAllStale();
    start();
}

void MessageListModel::setSort(store::SortKey key, bool ascending)
{
    if (key == m_request.sort && ascending == m_request.options.ascending)
        return;
    m_request.sort = key;
    m_request.options.ascending = ascending;
    start();
}

void MessageListModel::setThreaded(bool threaded)
{
    if (threaded == m_threaded)
        return;
    m_threaded = threaded;
    m_request.options.expanded.clear();
    start();
}

void MessageListModel::start()
{
    const std::uint64_t generation = ++*m_generation;
    ++m_searchSerial;
    if (m_reader)
        m_reader->interrupt();
    m_pending = {};
    m_pace.stop();
    m_wantedPages.clear();
    m_complete = false;
    m_request.options.threaded = m_threaded && m_request.sort == store::SortKey::Date;
    if (!m_request.mailbox.isValid() || !m_worker) {
        beginResetModel();
        m_rows.clear();
        m_conversations = {};
        endResetModel();
        m_working = false;
        setState(m_request.mailbox.isValid() ? State::Failed : State::Closed);
        return;
    }
    m_working = true;
    setState(State::Loading);
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, generation, request = m_request] { worker->open(generation, request); });
}

void MessageListModel::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void MessageListModel::setExpanded(int row, bool expanded)
{
    const ListRow &shown = listRow(row);
    if (shown.count < 2 || expanded == (shown.kind == ListRow::Kind::Expanded))
        return;
    if (expanded)
        m_request.options.expanded.insert(shown.thread);
    else
        m_request.options.expanded.remove(shown.thread);
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, generation = m_generation->load(), thread = shown.thread, expanded] {
                                  worker->setExpanded(generation, thread, expanded);
                              });
}

void MessageListModel::handleStoreChange(const store::StoreChanges &changes)
{
    bool visible = false;
    for (const store::MailboxChanges &mailbox : changes.messages) {
        if (mailbox.mailbox != m_request.mailbox)
            continue;
        visible = true;
        if (mailbox.reset)
            m_cache.setAllStale();
        for (const MessageId id : mailbox.changed)
            m_cache.setStale(id);
        m_pending.reset |= mailbox.reset;
        m_pending.added.insert(m_pending.added.end(), mailbox.added.begin(), mailbox.added.end());
        m_pending.changed.insert(m_pending.changed.end(), mailbox.changed.begin(), mailbox.changed.end());
        m_pending.removed.insert(m_pending.removed.end(), mailbox.removed.begin(), mailbox.removed.end());
    }
    if (!visible)
        return;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1)); // whoever is looking asks for the stale rows again
    if (!m_pace.isActive())
        sendPending();
}

void MessageListModel::sendPending()
{
    if (m_working || isEmpty(m_pending) || !m_worker || m_state == State::Closed)
        return;
    store::MailboxChanges changes = std::exchange(m_pending, {});
    changes.mailbox = m_request.mailbox;
    // Ids are never reused, so what has been removed stays removed.
    if (!changes.removed.empty()) {
        IdTable gone(changes.removed.size());
        for (const MessageId id : changes.removed)
            gone[id.value()] = 1;
        std::erase_if(changes.added, [&](MessageId id) { return gone.contains(id.value()); });
    }
    m_working = true;
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, generation = m_generation->load(), changes = std::move(changes)] {
                                  worker->applyChanges(generation, changes);
                              });
}

void MessageListModel::handleUpdate(const std::shared_ptr<ListUpdate> &update)
{
    if (update->generation != m_generation->load())
        return;
    m_conversations = update->conversations;
    m_cache.forgetGone();
    m_complete = update->complete;
    if (update->opened) {
        beginResetModel();
        m_rows = std::move(update->rows);
        endResetModel();
        m_state = State::Ready;
        Q_EMIT opened();
    } else {
        apply(update->patch);
        Q_EMIT patched();
    }
    setState(State::Ready);
    if (!update->complete)
        return; // the rest is on its way
    m_working = false;
    if (update->elapsedMs * pace > 50)
        m_pace.start(static_cast<int>(std::min<std::int64_t>(update->elapsedMs * pace, 5000)));
    else
        sendPending();
}

void MessageListModel::apply(ListPatch &patch)
{
    if (patch.replacement) {
        replaceRows(std::move(*patch.replacement));
        return;
    }
    for (ListStep &step : patch.steps)
        applyStep(step);
}

void MessageListModel::applyStep(ListStep &step)
{
    const auto at = [this](int row) { return m_rows.begin() + row; };
    switch (step.kind) {
    case ListStep::Kind::Remove:
        beginRemoveRows({}, step.first, step.first + step.count - 1);
        m_rows.erase(at(step.first), at(step.first + step.count));
        endRemoveRows();
        break;
    case ListStep::Kind::Insert:
        beginInsertRows({}, step.first, step.first + step.count - 1);
        m_rows.insert(at(step.first), step.rows.begin(), step.rows.end());
        endInsertRows();
        break;
    case ListStep::Kind::Move: {
        // QAbstractItemModel counts the target before the row has gone.
        const int target = step.target > step.first ? step.target + 1 : step.target;
        beginMoveRows({}, step.first, step.first, {}, target);
        if (step.target > step.first)
            std::rotate(at(step.first), at(step.first + 1), at(step.target + 1));
        else
            std::rotate(at(step.target), at(step.first), at(step.first + 1));
        endMoveRows();
        break;
    }
    case ListStep::Kind::Update:
        std::copy(step.rows.begin(), step.rows.end(), at(step.first));
        Q_EMIT dataChanged(index(step.first), index(step.first + step.count - 1));
        break;
    }
}

/** Everything at once; rows that somebody points at are found again. */
void MessageListModel::replaceRows(std::vector<ListRow> rows)
{
    Q_EMIT layoutAboutToBeChanged();
    const QModelIndexList held = persistentIndexList();
    IdTable wanted(static_cast<std::size_t>(held.size()));
    for (const QModelIndex &old : held)
        wanted[m_rows[static_cast<std::size_t>(old.row())].key()] = IdTable::none - 1;
    if (!held.isEmpty()) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (wanted.contains(rows[i].key()))
                wanted[rows[i].key()] = static_cast<std::uint32_t>(i);
        }
    }
    QModelIndexList moved;
    for (const QModelIndex &old : held) {
        const std::uint32_t row = wanted.value(m_rows[static_cast<std::size_t>(old.row())].key());
        moved.append(row < IdTable::none - 1 ? createIndex(static_cast<int>(row), 0) : QModelIndex());
    }
    m_rows = std::move(rows);
    changePersistentIndexList(held, moved);
    Q_EMIT layoutChanged();
}

int MessageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MessageListModel::rowOf(MessageId message, int near) const
{
    if (!message.isValid())
        return -1;
    if (near >= 0 && near < rowCount() && listRow(near).id == message)
        return near;
    int folded = -1;
    for (int row = 0; row < rowCount(); ++row) {
        const ListRow &shown = m_rows[static_cast<std::size_t>(row)];
        if (shown.id == message)
            return row;
        if (shown.kind == ListRow::Kind::Folded && folded < 0) {
            const auto all = members(shown.thread);
            if (std::find(all.begin(), all.end(), message) != all.end())
                folded = row;
        }
    }
    return folded;
}

} // namespace kittiwake::ui
