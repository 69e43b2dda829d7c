// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/recipientchip.h"

#include "core/mime/messagebuilder.h"
#include "ui/composer/addresstext.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include <utility>

namespace kittiwake::ui
{

namespace
{

constexpr int chipHeight = 26;
constexpr int widest = 280;
constexpr int cross = 12;

} // namespace

int chipHeightFor(const QFontMetrics &metrics)
{
    return qMax(chipHeight, metrics.height() + 6);
}

RecipientChip::RecipientChip(mail::Address address, QWidget *parent)
    : QAbstractButton(parent), m_address(std::move(address)), m_isValid(!mime::wireAddress(m_address.address).isEmpty())
{
    setObjectName(QStringLiteral("recipientChip"));
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::ClickFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    const QString whole = isolated(addressText(m_address));
    setAccessibleName(m_isValid ? whole : tr("%1, not an email address").arg(whole));
    const QString why = tr("%1 is not an email address. Press Enter to correct it, or Delete to take it away.");
    setToolTip((m_isValid ? whole : why.arg(whole)).toHtmlEscaped());
}

QString RecipientChip::label() const
{
    const QString &text = m_address.name.isEmpty() ? m_address.address : m_address.name;
    return oneLine(text, 200);
}

QSize RecipientChip::sizeHint() const
{
    const int text = fontMetrics().horizontalAdvance(label());
    return {qMin(text + 4 + cross + 3 * theme::padding, widest), chipHeightFor(fontMetrics())};
}

QSize RecipientChip::minimumSizeHint() const
{
    return {cross + 5 * theme::padding, sizeHint().height()};
}

QRect RecipientChip::crossRect() const
{
    const QRect right(width() - theme::padding - cross, 0, cross + theme::padding, rect().height());
    return QStyle::visualRect(layoutDirection(), rect(), right);
}

void RecipientChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = palette();
    const QColor base = colours.color(QPalette::Base);
    QColor ground = m_isValid ? theme::mix(base, colours.color(QPalette::Text), 0.08)
                              : theme::toneGround(colours, theme::Tone::Error);
    if (hasFocus())
        ground = theme::selection(colours, true);
    else if (underMouse())
        ground = theme::hover(colours, ground);
    painter.setPen(hasFocus() ? theme::accent(colours) : Qt::transparent);
    painter.setBrush(ground);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);

    const QRect text = QStyle::visualRect(
        layoutDirection(), rect(), QRect(theme::padding + 2, 0, width() - cross - 3 * theme::padding, rect().height()));
    painter.setPen(colours.color(QPalette::Text));
    painter.drawText(text, static_cast<int>(Qt::AlignVCenter | Qt::AlignLeading),
                     fontMetrics().elidedText(label(), Qt::ElideMiddle, text.width()));
    paintIcon(painter, crossRect(), QStringLiteral("x"), theme::secondaryText(colours), cross);
}

void RecipientChip::keyPressEvent(QKeyEvent *event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    switch (event->key()) {
    case Qt::Key_Backspace:
    case Qt::Key_Delete:
        Q_EMIT removeRequested();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
        Q_EMIT editRequested();
        return;
    case Qt::Key_Left:
        Q_EMIT stepRequested(mirrored ? 1 : -1);
        return;
    case Qt::Key_Right:
        Q_EMIT stepRequested(mirrored ? -1 : 1);
        return;
    default:
        break;
    }
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(addressText(m_address));
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void RecipientChip::focusInEvent(QFocusEvent *event)
{
    QAbstractButton::focusInEvent(event);
    update();
}

void RecipientChip::mousePressEvent(QMouseEvent *event)
{
    m_pressedAt = event->position().toPoint();
    m_isPressed = event->button() == Qt::LeftButton;
    m_isDragged = false;
    if (m_isPressed && crossRect().contains(m_pressedAt)) {
        m_isPressed = false;
        Q_EMIT removeRequested();
        return;
    }
    QAbstractButton::mousePressEvent(event);
}

/** From "To" to "Cc". */
void RecipientChip::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint moved = event->position().toPoint() - m_pressedAt;
    if (m_isPressed && !m_isDragged && moved.manhattanLength() >= QApplication::startDragDistance()) {
        m_isDragged = true;
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_isDragged)
        Q_EMIT draggedTo(event->globalPosition().toPoint());
}

void RecipientChip::mouseReleaseEvent(QMouseEvent *event)
{
    setDown(false);
    m_isPressed = false;
    if (m_isDragged) {
        m_isDragged = false;
        unsetCursor();
        Q_EMIT droppedAt(event->globalPosition().toPoint());
        return;
    }
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        setFocus(Qt::MouseFocusReason);
}

void RecipientChip::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Edit"), this, &RecipientChip::editRequested);
    menu->addAction(ui::icon(QStringLiteral("copy")), tr("Copy address"), this,
                    [this] { QApplication::clipboard()->setText(addressText(m_address)); });
    menu->addAction(ui::icon(QStringLiteral("x")), tr("Remove"), this, &RecipientChip::removeRequested);
    menu->popup(event->globalPos());
}

} // namespace kittiwake::ui
