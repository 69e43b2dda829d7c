// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse and keyboard do in the message list.
#include "ui/messagelist/messagelistview.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <array>

namespace kittiwake::ui
{

bool MessageListView::toggleAt(const QPoint &point)
{
    const QModelIndex index = indexAt(point);
    if (!index.isValid() || m_model.listRow(index.row()).count < 2)
        return false;
    const RowGeometry parts = m_delegate->geometry(visualRect(index), font(), layoutDirection(), index.row(),
                                                   m_delegate->dateText(index.row()));
    if (!parts.chip.adjusted(-4, -4, 4, 4).contains(point))
        return false;
    m_model.setExpanded(index.row(), m_model.listRow(index.row()).kind == ListRow::Kind::Folded);
    return true;
}

/** Several rows may be chosen before, or after: nobody is told of a current row that is only passed on the way. */
template <typename Handler>
void MessageListView::extend(Qt::KeyboardModifiers modifiers, Handler handle)
{
    const bool extends = (modifiers & (Qt::ShiftModifier | Qt::ControlModifier)) != 0 || selectedRowCount() > 1;
    m_isExtending = extends;
    handle();
    m_isExtending = false;
    if (extends)
        Q_EMIT selectionSettled();
}

void MessageListView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    if (!m_keepsAnchor)
        m_anchor = current;
    QAbstractItemView::currentChanged(current, previous);
}

/** All rows from the anchor on, and no others. */
void MessageListView::selectUpTo(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    m_keepsAnchor = true;
    const int from = m_anchor.isValid() ? m_anchor.row() : index.row();
    const QItemSelection range(m_model.index(std::min(from, index.row())), m_model.index(std::max(from, index.row())));
    selectionModel()->select(range, QItemSelectionModel::ClearAndSelect);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    scrollTo(index);
    m_keepsAnchor = false;
}

void MessageListView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && toggleAt(event->position().toPoint()))
        return;
    m_pressedAt = event->position().toPoint();
    m_isPressed = event->button() == Qt::LeftButton && indexAt(m_pressedAt).isValid();
    if (event->button() == Qt::LeftButton && event->modifiers() == Qt::ShiftModifier) {
        extend(event->modifiers(), [&] { selectUpTo(indexAt(m_pressedAt)); });
        return;
    }
    extend(event->modifiers(), [&] { QAbstractItemView::mousePressEvent(event); });
}

void MessageListView::mouseMoveEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    setHovered(index.isValid() ? index.row() : -1);
    if (event->buttons() == Qt::NoButton) {
        QAbstractItemView::mouseMoveEvent(event);
        return;
    }
    // Our own, within the window: QDrag would need an event loop inside this one.
    const QPoint moved = event->position().toPoint() - m_pressedAt;
    if (m_isPressed && (event->buttons() & Qt::LeftButton)
        && moved.manhattanLength() >= QApplication::startDragDistance())
        m_isDragging = true;
    if (m_isDragging)
        Q_EMIT draggedTo(event->globalPosition().toPoint());
}

void MessageListView::mouseReleaseEvent(QMouseEvent *event)
{
    const bool isDropped = m_isDragging && event->button() == Qt::LeftButton;
    if (event->button() == Qt::LeftButton)
        endDrag();
    if (isDropped)
        Q_EMIT droppedAt(event->globalPosition().toPoint());
    else
        extend(event->modifiers(), [&] { QAbstractItemView::mouseReleaseEvent(event); });
}

void MessageListView::endDrag()
{
    m_isPressed = m_isDragging = false;
    viewport()->unsetCursor();
}

void MessageListView::showDropAllowed(bool allowed)
{
    if (m_isDragging)
        viewport()->setCursor(allowed ? Qt::DragMoveCursor : Qt::ForbiddenCursor);
}

bool MessageListView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave || event->type() == QEvent::HoverLeave)
        setHovered(-1);
    return QAbstractItemView::viewportEvent(event);
}

void MessageListView::setHovered(int row)
{
    if (row == m_hovered)
        return;
    m_hovered = row;
    viewport()->update();
}

void MessageListView::keyPressEvent(QKeyEvent *event)
{
    if (m_isDragging && event->key() == Qt::Key_Escape) {
        endDrag();
        Q_EMIT dragGivenUp();
        event->accept();
        return;
    }
    static constexpr std::array steps{std::pair(Qt::Key_Up, MoveUp),         std::pair(Qt::Key_Down, MoveDown),
                                      std::pair(Qt::Key_PageUp, MovePageUp), std::pair(Qt::Key_PageDown, MovePageDown),
                                      std::pair(Qt::Key_Home, MoveHome),     std::pair(Qt::Key_End, MoveEnd)};
    const QModelIndex current = currentIndex();
    const bool leading = event->key() == (layoutDirection() == Qt::RightToLeft ? Qt::Key_Right : Qt::Key_Left);
    const bool trailing = event->key() == (layoutDirection() == Qt::RightToLeft ? Qt::Key_Left : Qt::Key_Right);
    if (current.isValid() && (leading || trailing)) {
        const ListRow &row = m_model.listRow(current.row());
        if (row.count > 1) {
            m_model.setExpanded(current.row(), trailing);
        } else if (leading && row.kind == ListRow::Kind::Child) {
            int head = current.row();
            while (head > 0 && m_model.listRow(head).kind == ListRow::Kind::Child)
                --head;
            setCurrentIndex(m_model.index(head));
        }
        event->accept();
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (current.isValid())
            Q_EMIT activatedByKeyboard();
        event->accept();
        return;
    }
    // Letters are commands of the window (N, P), not a search in the list.
    const bool letter = !event->text().isEmpty() && event->text().at(0).isPrint();
    if (letter && !(event->modifiers() & Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    const auto step
        = std::find_if(steps.begin(), steps.end(), [event](const auto &one) { return one.first == event->key(); });
    if (event->modifiers() == Qt::ShiftModifier && step != steps.end()) {
        extend(event->modifiers(), [&] { selectUpTo(moveCursor(step->second, event->modifiers())); });
        event->accept();
        return;
    }
    extend(event->modifiers(), [&] { QAbstractItemView::keyPressEvent(event); });
}

void MessageListView::focusInEvent(QFocusEvent *event)
{
    // Not the base class's: it would make the first message current, and the reader would open it.
    // NOLINTNEXTLINE(bugprone-parent-virtual-call)
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void MessageListView::focusOutEvent(QFocusEvent *event)
{
    QAbstractItemView::focusOutEvent(event);
    viewport()->update();
}

} // namespace kittiwake::ui
