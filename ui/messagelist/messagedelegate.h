// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/messagelistmodel.h"

#include <QDateTime>
#include <QStyledItemDelegate>

#include <array>
#include <functional>

namespace kittiwake::ui
{

/** How a row of the message list is drawn. */
enum class RowStyle {
    TwoLines, ///< sender and date; subject and marks
    Columns, ///< one line under a header
};

/** Where the parts of a row are, mirrored where the layout is right to left. A null rectangle is not drawn. */
struct RowGeometry {
    QRect dot; ///< of unread messages
    QRect people;
    QRect date;
    QRect replied;
    QRect forwarded;
    QRect subject;
    QRect attachment;
    QRect star;
    QRect chip; ///< number of messages of a conversation; a click folds or unfolds it
    QRect size; ///< columns only
};

/** From, subject, date, size: where the columns begin and how wide they are, device-independent pixels. */
struct ColumnSpan {
    int left = 0;
    int width = 0;
};
using ColumnSpans = std::array<ColumnSpan, 4>;

/**
 * Paints rows of a MessageListModel. Its height follows the font. The clock can be set, for tests and pictures.
 */
class MessageDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    MessageDelegate(const MessageListModel &model, QObject *parent = nullptr);

    void setRowStyle(RowStyle style) { m_style = style; }
    [[nodiscard]] RowStyle rowStyle() const { return m_style; }
    void setColumns(const ColumnSpans &columns) { m_columns = columns; }
    void setNow(std::function<QDateTime()> now) { m_now = std::move(now); }

    [[nodiscard]] static int rowHeight(const QFontMetrics &metrics, RowStyle style);
    [[nodiscard]] RowGeometry geometry(const QRect &rect, const QFont &font, Qt::LayoutDirection direction, int row,
                                       const QString &date) const;
    [[nodiscard]] QString dateText(int row) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

private:
    struct Ink;
    void paintPlaceholder(QPainter *painter, const RowGeometry &geometry, const Ink &ink, int lineHeight) const;
    void paintMarks(QPainter *painter, const RowGeometry &geometry, const RowSummary &said, const Ink &ink) const;
    void paintChip(QPainter *painter, const QRect &chip, const ListRow &row, const QFont &font, const Ink &ink) const;
    [[nodiscard]] RowGeometry twoLines(const QRect &rect, const QFont &font, int row, const QString &date) const;
    [[nodiscard]] RowGeometry columns(const QRect &rect, const QFont &font, int row) const;

    const MessageListModel &m_model;
    RowStyle m_style = RowStyle::TwoLines;
    ColumnSpans m_columns;
    std::function<QDateTime()> m_now;
};

} // namespace kittiwake::ui
