// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/mainwindow/switcherfield.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QEvent>
#include <QPainter>
#include <QStyle>

namespace kittiwake::ui
{

namespace
{
constexpr int leastHeight = 30;
constexpr int widest = 460;
} // namespace

SwitcherField::SwitcherField(QAction *action, QWidget *parent) : QAbstractButton(parent), m_action(action)
{
    setObjectName(action->objectName() + QLatin1String("Button"));
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(action->text());
    setToolTip(action->toolTip());
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMaximumWidth(widest);
    connect(this, &QAbstractButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, this, [this] { setEnabled(m_action->isEnabled()); });
    setEnabled(action->isEnabled());
}

QSize SwitcherField::sizeHint() const
{
    return {widest, qMax(leastHeight, fontMetrics().height() + 12)};
}

QSize SwitcherField::minimumSizeHint() const
{
    return {36, sizeHint().height()}; // its icon
}

void SwitcherField::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = palette();
    const QColor ground = theme::chrome(colours);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(hasFocus() ? QPen(theme::accent(colours), 2)
                              : QPen(theme::mix(ground, colours.color(QPalette::Text), 0.16), 1));
    painter.setBrush(underMouse() && isEnabled() ? theme::hover(colours, ground) : colours.color(QPalette::Base));
    painter.drawRoundedRect(hasFocus() ? box.adjusted(0.5, 0.5, -0.5, -0.5) : box, theme::radius, theme::radius);

    const QColor ink = theme::secondaryText(colours);
    const auto mirrored = [this](const QRect &part) { return QStyle::visualRect(layoutDirection(), rect(), part); };
    paintIcon(painter, mirrored(QRect(10, 0, 16, height())), QStringLiteral("search"), ink, 15);
    painter.setPen(ink);
    const QString keys = m_action->shortcut().toString(QKeySequence::NativeText);
    const QFont small = theme::scaled(font(), 0.88);
    const int keyWidth = QFontMetrics(small).horizontalAdvance(keys);
    const bool roomForKeys = width() > 200;
    const QRect room(34, 0, width() - 34 - 10 - (roomForKeys ? keyWidth + 12 : 0), height());
    const auto flags = [this](Qt::Alignment side) {
        return Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
            | int(QStyle::visualAlignment(layoutDirection(), side));
    };
    if (room.width() > 40)
        painter.drawText(mirrored(room), flags(Qt::AlignLeft),
                         fontMetrics().elidedText(m_action->text(), Qt::ElideRight, room.width()));
    if (roomForKeys) {
        painter.setFont(small);
        painter.drawText(mirrored(QRect(width() - keyWidth - 12, 0, keyWidth + 2, height())), flags(Qt::AlignRight),
                         keys);
    }
}

void SwitcherField::changeEvent(QEvent *event)
{
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::EnabledChange || event->type() == QEvent::PaletteChange)
        update();
}

} // namespace kittiwake::ui
