// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/listorder.h"
#include "ui/models/mailsource.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <vector>

namespace kittiwake::ui
{

/** What the list shows. */
struct ListRequest {
    MailboxId mailbox;
    store::SortKey sort = store::SortKey::Date;
    ListOptions options;
};

/** What the worker has found out; made in its thread, taken over by the model in its own. */
struct ListUpdate {
    std::uint64_t generation = 0;
    bool opened = false; ///< rows is the state to start from; otherwise patch changes the last one
    bool complete = false; ///< all messages are in it, not only the first screens
    std::vector<ListRow> rows;
    ListPatch patch;
    Conversations conversations;
    std::int64_t messages = 0;
    std::int64_t elapsedMs = 0; ///< what it took, so that the model can pace itself
};

/**
 * Reads the order of one mailbox and keeps it true to the changes, in a thread of its own; its copy of the rows goes
 * through the same patches as the model's. wanted is the generation that the model is interested in: work for others
 * is dropped.
 *
 * An arrival is placed by reading a small window of either end of the order, where arrivals are (newest by date at
 * one end, a first sync at the other), so that the rules of each sort order stay in the store; only when that does not
 * explain the change is the whole order read again.
 */
class ListWorker final : public QObject
{
    Q_OBJECT

public:
    ListWorker(std::shared_ptr<MailReader> reader, std::shared_ptr<const std::atomic<std::uint64_t>> wanted);

    void open(std::uint64_t generation, const ListRequest &request);
    void applyChanges(std::uint64_t generation, const store::MailboxChanges &changes);
    void setExpanded(std::uint64_t generation, ThreadId thread, bool expanded);

Q_SIGNALS:
    void updated(const std::shared_ptr<kittiwake::ui::ListUpdate> &update);
    void failed(std::uint64_t generation, const kittiwake::Error &error);

private:
    using Order = std::vector<store::OrderEntry>;

    [[nodiscard]] bool isWanted() const { return m_generation == m_wanted->load(); }
    [[nodiscard]] Result<Order> read(bool fromEnd, std::int64_t limit) const;
    [[nodiscard]] bool fail(const Error &error);
    bool readAll();
    bool place(std::vector<MessageId> added);
    [[nodiscard]] std::optional<Order> withHead(const Order &window, std::vector<MessageId> &added) const;
    bool refreshThreads(const std::vector<MessageId> &changed);
    void publish(bool opened, bool complete, std::int64_t startedAt);

    std::shared_ptr<MailReader> m_reader;
    std::shared_ptr<const std::atomic<std::uint64_t>> m_wanted;
    std::uint64_t m_generation = 0;
    ListRequest m_request;
    Order m_order;
    std::int64_t m_largestId = 0;
    std::vector<ListRow> m_rows;
};

} // namespace kittiwake::ui
