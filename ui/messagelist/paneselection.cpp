// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagelist/messagelistpane.h"

#include <algorithm>
#include <utility>

/** The part of MessageListPane that is about several messages at once. */
namespace kittiwake::ui
{

void MessageListPane::handleSelection()
{
    const int rows = m_view->selectedRowCount();
    if (rows > 1) {
        m_hasSeveral = true;
        m_wanted = {};
        m_current = {};
        Q_EMIT messageChosen({});
        qsizetype messages = 0;
        const QItemSelection ranges = m_view->selectionModel()->selection();
        for (const QItemSelectionRange &range : ranges) {
            for (int row = range.top(); row <= range.bottom(); ++row) {
                const ListRow &shown = m_model.listRow(row);
                messages += shown.kind == ListRow::Kind::Folded ? shown.count : 1;
            }
        }
        Q_EMIT severalChosen(messages);
        return;
    }
    const bool had = std::exchange(m_hasSeveral, false);
    const QModelIndexList chosen = m_view->selectionModel()->selectedRows();
    if (!chosen.isEmpty()) {
        const MessageId message = m_model.listRow(chosen.front().row()).id;
        if (message == m_current)
            return;
        m_wanted = {};
        m_current = message;
        Q_EMIT messageChosen(message);
    } else if (had || m_current.isValid()) {
        m_current = {};
        Q_EMIT messageChosen({});
    }
}

std::vector<MessageId> MessageListPane::selectedMessages(std::size_t most) const
{
    std::vector<MessageId> messages;
    const QItemSelection ranges = m_view->selectionModel()->selection();
    for (const QItemSelectionRange &range : ranges) {
        for (int row = range.top(); row <= range.bottom() && messages.size() < most; ++row) {
            const ListRow &shown = m_model.listRow(row);
            const auto members = m_model.members(shown.thread);
            if (shown.kind == ListRow::Kind::Folded)
                messages.insert(messages.end(), members.begin(), members.end());
            else
                messages.push_back(shown.id);
        }
    }
    return messages;
}

void MessageListPane::selectNeighbour()
{
    int first = m_view->currentIndex().row();
    int last = first;
    if (m_hasSeveral) {
        const QItemSelection ranges = m_view->selectionModel()->selection();
        for (const QItemSelectionRange &range : ranges) {
            first = first < 0 ? range.top() : std::min(first, range.top());
            last = std::max(last, range.bottom());
        }
    }
    const int neighbour = last + 1 < m_model.rowCount() ? last + 1 : first - 1;
    if (first < 0 || neighbour < 0)
        return;
    m_view->setCurrentIndex(m_model.index(neighbour));
    if (m_hasSeveral)
        handleSelection();
}

} // namespace kittiwake::ui
