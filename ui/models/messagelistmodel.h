// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/listworker.h"
#include "ui/models/readqueue.h"
#include "ui/models/rowcache.h"

#include <QAbstractListModel>
#include <QElapsedTimer>
#include <QThread>
#include <QTimer>

#include <atomic>
#include <memory>

namespace kittiwake::ui
{

/** What a row says about its message, or about all messages of a folded conversation. */
struct RowSummary {
    QString people; ///< senders, or recipients where the mailbox holds the person's own mail
    bool unread = false;
    bool flagged = false;
    bool answered = false;
    bool forwarded = false;
    bool attachment = false;
};

/**
 * The messages of one mailbox, a row each or a row for each conversation. The order is an array of numbers that a
 * worker thread reads and keeps true (ListWorker); headers are read by the page when somebody looks at their rows
 * (RowCache). No call here waits for the cache. Changes arrive as insertions, removals and moves of rows, so
 * selections and scroll positions stay with their messages.
 */
class MessageListModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1 };
    enum class State { Closed, Loading, Ready, Failed };

    MessageListModel(MailSource &source, ReadQueue &queue, QObject *parent = nullptr);
    ~MessageListModel() override;

    /** Shows another mailbox, none for an invalid id. ownMail: rows show recipients. */
    void open(MailboxId mailbox, bool ownMail = false);
    void reload(); ///< after an error
    [[nodiscard]] MailboxId mailbox() const { return m_request.mailbox; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; }
    [[nodiscard]] bool isComplete() const { return m_complete; }

    [[nodiscard]] store::SortKey sortKey() const { return m_request.sort; }
    [[nodiscard]] bool isAscending() const { return m_request.options.ascending; }
    void setSort(store::SortKey key, bool ascending);
    [[nodiscard]] bool isThreaded() const { return m_threaded; }
    void setThreaded(bool threaded); ///< conversations are shown in the order of dates only
    void setExpanded(int row, bool expanded);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] const ListRow &listRow(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /** The header of a row's message, null until it has been read; asking for it has it read. */
    [[nodiscard]] const store::MessageRow *message(int row) const;
    [[nodiscard]] const store::MessageRow *cachedMessage(MessageId id) const { return m_cache.find(id); }
    /** Whether what cachedMessage() has is still so: rows that nobody sees are read again when somebody does. */
    [[nodiscard]] bool isFresh(MessageId id) const { return !m_cache.isWanting(id); }
    [[nodiscard]] RowSummary summary(int row) const;
    [[nodiscard]] std::span<const MessageId> members(ThreadId thread) const { return m_conversations.members(thread); }
    /** The row that shows a message, or folds it; -1 if none. near is tried first. Linear. */
    [[nodiscard]] int rowOf(MessageId message, int near = -1) const;
    [[nodiscard]] bool showsRecipients() const { return m_ownMail; }

    /** Looks for an unread message from row (not included) to either end and on from the other: unreadFound(). */
    void findUnread(int row, bool forward);

Q_SIGNALS:
    void stateChanged(); ///< also when the list is complete
    void opened(); ///< a new list has begun
    void patched(); ///< after the steps of one change
    void unreadFound(kittiwake::MessageId message); ///< an invalid id: there is none

private:
    struct UnreadSearch;
    void start();
    void handleStoreChange(const store::StoreChanges &changes);
    void sendPending();
    void handleUpdate(const std::shared_ptr<ListUpdate> &update);
    void apply(ListPatch &patch);
    void applyStep(ListStep &step);
    void replaceRows(std::vector<ListRow> rows);
    void setState(State state);
    void want(int row) const;
    void readPage();
    void takePage(Result<std::vector<store::MessageRow>> rows, std::vector<MessageId> asked);
    void continueSearch(std::shared_ptr<UnreadSearch> search);

    MailSource &m_source;
    ReadQueue &m_queue;
    QThread m_thread;
    std::shared_ptr<MailReader> m_reader;
    std::shared_ptr<std::atomic<std::uint64_t>> m_generation;
    ListWorker *m_worker = nullptr;

    ListRequest m_request;
    bool m_threaded = true;
    bool m_ownMail = false;
    State m_state = State::Closed;
    Error m_error;
    bool m_complete = false;
    std::vector<ListRow> m_rows;
    Conversations m_conversations;

    store::MailboxChanges m_pending; // waiting for the worker
    bool m_working = false;
    QTimer m_pace;
    mutable RowCache m_cache;
    mutable QList<int> m_wantedPages; // the latest last
    bool m_reading = false;
    mutable QTimer m_readTimer;
    quint64 m_searchSerial = 0;
};

} // namespace kittiwake::ui
