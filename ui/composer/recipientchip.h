// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QAbstractButton>

namespace kittiwake::ui
{

/** How high a line of chips is. */
[[nodiscard]] int chipHeightFor(const QFontMetrics &metrics);

/**
 * One recipient as a chip: the name, or the address where there is none, and a cross that takes it away. What is no
 * address is shown as it was typed, in the colours of an error. A click edits it again.
 */
class RecipientChip final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit RecipientChip(mail::Address address, QWidget *parent = nullptr);

    [[nodiscard]] const mail::Address &address() const { return m_address; }
    [[nodiscard]] bool isValid() const { return m_isValid; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void removeRequested();
    void editRequested();
    /** An arrow key at its end: -1 towards the start of the line, 1 towards its end. */
    void stepRequested(int by);
    /** It is pulled somewhere else; and where it was let go. Nothing of the system's dragging: it stays in its window,
     * and needs no event loop of its own. */
    void draggedTo(const QPoint &global);
    void droppedAt(const QPoint &global);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] QString label() const;
    [[nodiscard]] QRect crossRect() const;

    mail::Address m_address;
    bool m_isValid;
    QPoint m_pressedAt;
    bool m_isPressed = false;
    bool m_isDragged = false;
};

} // namespace kittiwake::ui
