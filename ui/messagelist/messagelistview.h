// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/messagelist/messagedelegate.h"

#include <QAbstractItemView>

class QStandardItemModel;

namespace kittiwake::ui
{

class ListHeader;

/**
 * A list of rows of one height, at any length: where a row is follows from its number, so nothing is laid out and a
 * million rows cost what a screenful does (QListView and QTreeView keep something for each). Rows that come above the
 * first visible one do not push it away, except at the very top, where new mail shows itself.
 */
class MessageListView final : public QAbstractItemView
{
    Q_OBJECT

public:
    explicit MessageListView(MessageListModel &model, QWidget *parent = nullptr);

    void setRowStyle(RowStyle style);
    [[nodiscard]] RowStyle rowStyle() const { return m_delegate->rowStyle(); }
    [[nodiscard]] MessageDelegate &messageDelegate() { return *m_delegate; }
    [[nodiscard]] ListHeader *header() const { return m_header; }
    /** While a row is dragged: what the pointer looks like. */
    void showDropAllowed(bool allowed);
    /** No message is current; the cursor keys go on where it was. */
    void clearCurrent();
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int firstVisibleRow() const;
    [[nodiscard]] int selectedRowCount() const;
    /** Rows are being added to those that are selected, or taken from them: selectionSettled() tells the end of it. */
    [[nodiscard]] bool isExtending() const { return m_isExtending; }

    [[nodiscard]] QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    [[nodiscard]] QModelIndex indexAt(const QPoint &point) const override;

Q_SIGNALS:
    void sortRequested(kittiwake::store::SortKey key);
    void activatedByKeyboard(); ///< Enter on a row
    void columnsResized();
    /** Mouse or keyboard have changed which rows are selected, and there were, or are, several. */
    void selectionSettled();
    /** The current row is dragged with the mouse; whoever knows what is there says whether it can be dropped. */
    void draggedTo(const QPoint &global);
    void droppedAt(const QPoint &global);
    void dragGivenUp();

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int horizontalOffset() const override { return 0; }
    [[nodiscard]] int verticalOffset() const override;
    [[nodiscard]] bool isIndexHidden(const QModelIndex &index) const override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void updateGeometries() override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;
    void changeEvent(QEvent *event) override;
    void initViewItemOption(QStyleOptionViewItem *option) const override;

private:
    void endDrag();
    void selectUpTo(const QModelIndex &index);
    template <typename Handler>
    void extend(Qt::KeyboardModifiers modifiers, Handler handle);
    void shift(int atRow, int rows);
    void updateColumns();
    void setHovered(int row);
    bool toggleAt(const QPoint &point);

    MessageListModel &m_model;
    MessageDelegate *m_delegate;
    ListHeader *m_header;
    QStandardItemModel *m_headerModel;
    int m_hovered = -1;
    QPoint m_pressedAt;
    bool m_isPressed = false; ///< on a row, so that moving on drags it
    bool m_isDragging = false;
    bool m_isExtending = false;
    bool m_keepsAnchor = false;
    QPersistentModelIndex
        m_anchor; ///< where a range begins that Shift draws: the base class forgets it between its own events
    int m_lastRow = -1; ///< where the current row was, when it has been removed
};

} // namespace kittiwake::ui
