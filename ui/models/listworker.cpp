// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/listworker.h"

#include "ui/models/idtable.h"

#include <QElapsedTimer>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr std::int64_t firstWindow = 200; // enough for any screen
constexpr std::size_t maxRowsPerRead = 1000; // MailReader::rows()

std::int64_t nowMs()
{
    static const QElapsedTimer timer = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    return timer.elapsed();
}

std::int64_t largestId(const std::vector<store::OrderEntry> &order, std::int64_t atLeast)
{
    for (const auto &entry : order)
        atLeast = std::max(atLeast, entry.id.value());
    return atLeast;
}

} // namespace

ListWorker::ListWorker(std::shared_ptr<MailReader> reader, std::shared_ptr<const std::atomic<std::uint64_t>> wanted)
    : m_reader(std::move(reader)), m_wanted(std::move(wanted))
{
}

Result<ListWorker::Order> ListWorker::read(bool fromEnd, std::int64_t limit) const
{
    auto order = m_reader->order(m_request.mailbox, m_request.sort, m_request.options.ascending != fromEnd, limit, 0);
    if (order && fromEnd)
        std::reverse(order->begin(), order->end());
    return order;
}

bool ListWorker::fail(const Error &error)
{
    if (isWanted() && error.kind != ErrorKind::Cancelled)
        Q_EMIT failed(m_generation, error);
    return false;
}

void ListWorker::open(std::uint64_t generation, const ListRequest &request)
{
    const std::int64_t startedAt = nowMs();
    m_generation = generation;
    m_request = request;
    m_order.clear();
    m_rows.clear();
    m_largestId = 0;
    if (!isWanted())
        return;
    auto first = read(false, firstWindow);
    if (!first) {
        Q_UNUSED(fail(first.error()))
        return;
    }
    m_order = std::move(*first);
    const bool complete = static_cast<std::int64_t>(m_order.size()) < firstWindow;
    publish(true, complete, startedAt);
    if (complete || !isWanted())
        return;
    const std::int64_t restStartedAt = nowMs();
    if (readAll())
        publish(false, true, restStartedAt);
}

bool ListWorker::readAll()
{
    auto all = read(false, -1);
    if (!all)
        return fail(all.error());
    m_order = std::move(*all);
    m_largestId = largestId(m_order, m_largestId);
    return true;
}

void ListWorker::applyChanges(std::uint64_t generation, const store::MailboxChanges &changes)
{
    if (generation != m_generation || !isWanted())
        return;
    const std::int64_t startedAt = nowMs();
    bool done = true;
    if (changes.reset) {
        done = readAll();
    } else {
        if (!changes.removed.empty()) {
            IdTable gone(changes.removed.size());
            for (const MessageId id : changes.removed)
                gone[id.value()] = 1;
            std::erase_if(m_order, [&](const store::OrderEntry &entry) { return gone.contains(entry.id.value()); });
        }
        if (m_request.options.threaded && !changes.changed.empty())
            done = refreshThreads(changes.changed);
        if (done && !changes.added.empty())
            done = place(changes.added);
    }
    if (done && isWanted())
        publish(false, true, startedAt);
}

/** A change may be one of the thread; the others do not touch the order. */
bool ListWorker::refreshThreads(const std::vector<MessageId> &changed)
{
    if (changed.size() > 5 * maxRowsPerRead)
        return readAll();
    IdTable index(changed.size());
    std::vector<ThreadId> threads;
    for (std::size_t at = 0; at < changed.size(); at += maxRowsPerRead) {
        const std::size_t count = std::min(maxRowsPerRead, changed.size() - at);
        const auto rows = m_reader->rows(std::span(changed).subspan(at, count));
        if (!rows)
            return fail(rows.error());
        for (const auto &row : *rows) {
            index[row.id.value()] = static_cast<std::uint32_t>(threads.size());
            threads.push_back(row.thread);
        }
    }
    for (auto &entry : m_order) {
        const std::uint32_t at = index.value(entry.id.value());
        if (at != IdTable::none)
            entry.thread = threads[at];
    }
    return true;
}

/**
 * m_order with the window's new entries, where the window is its beginning with nothing but new entries put in between;
 * those found are taken out of added. Entries that are new but not announced yet are known by their ids, which only
 * grow.
 */
std::optional<ListWorker::Order> ListWorker::withHead(const Order &window, std::vector<MessageId> &added) const
{
    Order result;
    result.reserve(m_order.size() + added.size());
    std::size_t next = 0;
    std::vector<MessageId> found;
    for (const auto &entry : window) {
        const bool isNew
            = entry.id.value() > m_largestId || std::find(added.begin(), added.end(), entry.id) != added.end();
        if (!isNew && (next >= m_order.size() || m_order[next].id != entry.id))
            return std::nullopt;
        if (isNew)
            found.push_back(entry.id);
        else
            ++next;
        result.push_back(entry);
    }
    if (found.empty())
        return std::nullopt;
    std::erase_if(added, [&](MessageId id) { return std::find(found.begin(), found.end(), id) != found.end(); });
    result.insert(result.end(), m_order.begin() + std::ptrdiff_t(next), m_order.end());
    return result;
}

bool ListWorker::place(std::vector<MessageId> added)
{
    // What was read after the commit that is announced only now is there already.
    IdTable fresh(added.size());
    for (const MessageId id : added)
        fresh[id.value()] = 1;
    IdTable known(added.size());
    for (const auto &entry : m_order) {
        if (fresh.contains(entry.id.value()))
            known[entry.id.value()] = 1;
    }
    std::erase_if(added, [&](MessageId id) { return known.contains(id.value()); });
    if (added.empty())
        return true;

    // A window is compared with what is added in nested loops, so it must be small.
    const bool small = added.size() <= maxRowsPerRead && added.size() * 4 < m_order.size();
    for (const bool fromEnd : {false, true}) {
        if (!small || added.empty())
            break;
        auto window = read(fromEnd, static_cast<std::int64_t>(added.size() * 2 + 64));
        if (!window)
            return fail(window.error());
        if (fromEnd) {
            std::reverse(window->begin(), window->end());
            std::reverse(m_order.begin(), m_order.end());
        }
        auto placed = withHead(*window, added);
        if (placed) {
            m_order = std::move(*placed);
            // Or the other end's window would take the same unannounced entries for new once more.
            m_largestId = largestId(*window, m_largestId);
        }
        if (fromEnd)
            std::reverse(m_order.begin(), m_order.end());
    }
    return added.empty() || readAll();
}

void ListWorker::setExpanded(std::uint64_t generation, ThreadId thread, bool expanded)
{
    if (generation != m_generation || !isWanted())
        return;
    const std::int64_t startedAt = nowMs();
    if (expanded)
        m_request.options.expanded.insert(thread);
    else
        m_request.options.expanded.remove(thread);
    publish(false, true, startedAt);
}

void ListWorker::publish(bool opened, bool complete, std::int64_t startedAt)
{
    ListRows built = buildRows(m_order, m_request.options);
    auto update = std::make_shared<ListUpdate>();
    update->generation = m_generation;
    update->opened = opened;
    update->complete = complete;
    update->conversations = built.conversations;
    update->messages = static_cast<std::int64_t>(m_order.size());
    if (opened)
        update->rows = built.rows;
    else
        update->patch = diffRows(m_rows, built.rows);
    m_rows = std::move(built.rows);
    m_largestId = largestId(m_order, m_largestId);
    update->elapsedMs = nowMs() - startedAt;
    Q_EMIT updated(update);
}

} // namespace kittiwake::ui
