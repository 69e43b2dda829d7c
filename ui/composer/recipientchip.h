// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QAbstractButton>

namespace kittiwake::ui
{

/** How high a line of chips is. */
[[nodiscard]] int chipHeightFor(const QFontMetrics &metrics);

/**
 * One recipient as a chip: the name and the address, which is always to be seen, and a cross that takes it away. Where
 * both do not fit they are shortened, the address in its middle. What is no address is shown as it was typed, in the
 * colours of an error. A click edits it again.
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
    /** What stands in it now, as short as it has to be; without a name that is empty. */
    struct Texts {
        QString name;
        QString address;
    };
    [[nodiscard]] Texts shownTexts() const;

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
    [[nodiscard]] QRect textRect() const;
    [[nodiscard]] QRect crossRect() const;

    mail::Address m_address;
    bool m_isValid;
    QPoint m_pressedAt;
    bool m_isPressed = false;
    bool m_isDragged = false;
};

} // namespace kittiwake::ui
