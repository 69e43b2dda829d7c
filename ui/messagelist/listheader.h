// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace kittiwake::ui
{

/** The head of the message list's columns: quiet names, aligned with what is below them, and one mark of the order. */
class ListHeader final : public QHeaderView
{
    Q_OBJECT

public:
    explicit ListHeader(QWidget *parent = nullptr);

    /** The section that sorts; a negative one: none. */
    void setOrder(int section, bool ascending);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent *event) override;

private:
    int m_sorted = -1;
    bool m_ascending = false;
};

} // namespace kittiwake::ui
