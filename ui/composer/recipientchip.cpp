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
constexpr int widest = 440;
constexpr int gap = 6; // between name and address
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

QRect RecipientChip::textRect() const
{
    return {theme::padding + 2, 0, width() - cross - 3 * theme::padding, rect().height()};
}

RecipientChip::Texts RecipientChip::shownTexts() const
{
    Texts texts{oneLine(m_address.name, 200), oneLine(m_address.address, 400)};
    const QFontMetrics metrics = fontMetrics();
    const int room = textRect().width();
    if (texts.name.isEmpty()) {
        texts.address = metrics.elidedText(texts.address, Qt::ElideMiddle, room);
        return texts;
    }
    // The name is what its owner calls it; the address is what counts, so it gets the larger part.
    const int address = metrics.horizontalAdvance(texts.address);
    const int forName = qMax(room * 2 / 5, room - address - gap);
    texts.name = metrics.elidedText(texts.name, Qt::ElideRight, forName);
    texts.address
        = metrics.elidedText(texts.address, Qt::ElideMiddle, room - gap - metrics.horizontalAdvance(texts.name));
    return texts;
}

QSize RecipientChip::sizeHint() const
{
    const QString name = oneLine(m_address.name, 200);
    const int text = fontMetrics().horizontalAdvance(oneLine(m_address.address, 400))
        + (name.isEmpty() ? 0 : gap + fontMetrics().horizontalAdvance(name));
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

    const Texts texts = shownTexts();
    QRect place = textRect();
    // Each in a place of its own: letters that are written from the right cannot mix the two up.
    const auto draw = [&](const QString &text, const QColor &colour) {
        painter.setPen(colour);
        painter.drawText(QStyle::visualRect(layoutDirection(), rect(), place),
                         static_cast<int>(Qt::AlignVCenter
                                          | (layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft)
                                          | Qt::AlignAbsolute),
                         text);
    };
    if (!texts.name.isEmpty()) {
        draw(texts.name, colours.color(QPalette::Text));
        place.setLeft(place.left() + fontMetrics().horizontalAdvance(texts.name) + gap);
    }
    draw(texts.address, texts.name.isEmpty() ? colours.color(QPalette::Text) : theme::secondaryText(colours));
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
