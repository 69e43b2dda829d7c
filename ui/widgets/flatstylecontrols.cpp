// SPDX-License-Identifier: GPL-3.0-or-later
// How each control of FlatStyle is drawn.
#include "ui/widgets/flatshapes.h"
#include "ui/widgets/flatstyle.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyleOption>

namespace kittiwake::ui
{

void FlatStyle::drawPushButton(const QStyleOptionButton &option, QPainter *painter) const
{
    const QPalette &palette = option.palette;
    const bool enabled = option.state & State_Enabled;
    const bool primary = enabled && (option.features & QStyleOptionButton::DefaultButton);
    QColor fill = palette.color(primary ? QPalette::Highlight : QPalette::Button);
    if (option.features & QStyleOptionButton::Flat)
        fill = Qt::transparent;
    const QColor over = palette.color(primary ? QPalette::HighlightedText : QPalette::ButtonText);
    if (enabled && (option.state & (State_Sunken | State_On)))
        fill = theme::mix(fill.alpha() ? fill : palette.color(QPalette::Window), over, 0.14);
    else if (enabled && (option.state & State_MouseOver))
        fill = theme::mix(fill.alpha() ? fill : palette.color(QPalette::Window), over, 0.07);
    const bool edge = !primary && !(option.features & QStyleOptionButton::Flat);
    roundedBox(painter, option.rect, theme::radius, fill, edge ? buttonEdge(palette) : QColor());
    if ((option.state & State_HasFocus) && (option.state & State_KeyboardFocusChange)) {
        if (primary) {
            roundedBox(painter, QRectF(option.rect).adjusted(2, 2, -2, -2), theme::radius - 2, Qt::transparent,
                       palette.color(QPalette::HighlightedText));
        } else {
            focusRing(painter, option.rect, theme::radius, palette);
        }
    }
}

void FlatStyle::drawField(const QStyleOption &option, QPainter *painter) const
{
    const QPalette &palette = option.palette;
    const bool enabled = option.state & State_Enabled;
    roundedBox(painter, option.rect, theme::radius, palette.color(enabled ? QPalette::Base : QPalette::Window),
               enabled ? fieldEdge(palette) : theme::border(palette));
    if (option.state & State_HasFocus)
        focusRing(painter, option.rect, theme::radius, palette);
}

void FlatStyle::drawIndicator(const QStyleOption &option, QPainter *painter, bool round) const
{
    const QPalette &palette = option.palette;
    const bool on = option.state & (State_On | State_NoChange);
    const bool enabled = option.state & State_Enabled;
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const qreal radius = round ? box.width() / 2 : 4;
    if (!on) {
        roundedBox(painter, box, radius, palette.color(enabled ? QPalette::Base : QPalette::Window),
                   enabled ? fieldEdge(palette) : theme::border(palette));
    } else {
        roundedBox(painter, box, radius, palette.color(QPalette::Highlight));
        const QColor mark = palette.color(QPalette::HighlightedText);
        if (round) {
            const qreal inset = box.width() * 0.32;
            roundedBox(painter, box.adjusted(inset, inset, -inset, -inset), box.width(), mark);
        } else {
            paintIcon(*painter, option.rect, QStringLiteral("check"), mark, option.rect.width() - 4);
        }
    }
    if ((option.state & State_HasFocus) && (option.state & State_KeyboardFocusChange))
        focusRing(painter, box.adjusted(-1, -1, 1, 1), radius, palette);
}

void FlatStyle::drawProgress(const QStyleOptionProgressBar &option, QPainter *painter) const
{
    const int height = qMin(4, option.rect.height());
    QRect groove = option.rect;
    groove.setTop(option.rect.center().y() - height / 2);
    groove.setHeight(height);
    const QPalette &palette = option.palette;
    roundedBox(painter, groove, height / 2.0, theme::border(palette));
    const qint64 span = qint64(option.maximum) - option.minimum;
    // Nothing moves: a task of unknown length shows a full, paler bar.
    const qreal part = span > 0 ? qBound(0.0, qreal(option.progress - option.minimum) / qreal(span), 1.0) : 1.0;
    QRect done = groove;
    done.setWidth(qRound(groove.width() * part));
    if (option.direction == Qt::RightToLeft)
        done.moveRight(groove.right());
    QColor fill = palette.color(QPalette::Highlight);
    if (span <= 0)
        fill = theme::mix(palette.color(QPalette::Window), fill, 0.5);
    if (done.width() > 0)
        roundedBox(painter, done, height / 2.0, fill);
}

/** A push button's icon and text in its middle, with room between them. */
void FlatStyle::drawIconLabel(const QStyleOptionButton &option, QPainter *painter) const
{
    const bool enabled = option.state & State_Enabled;
    const int text = option.fontMetrics.size(Qt::TextShowMnemonic, option.text).width();
    const int whole = option.iconSize.width() + 8 + text;
    const int left = option.rect.left() + qMax(4, (option.rect.width() - whole) / 2);
    const QRect icon(left, option.rect.top(), option.iconSize.width(), option.rect.height());
    option.icon.paint(painter, visualRect(option.direction, option.rect, icon), Qt::AlignCenter,
                      enabled ? QIcon::Normal : QIcon::Disabled);
    const QRect room(icon.right() + 9, option.rect.top(), text + 2, option.rect.height());
    painter->setPen(option.palette.color(enabled ? QPalette::Normal : QPalette::Disabled, QPalette::ButtonText));
    painter->drawText(visualRect(option.direction, option.rect, room),
                      Qt::AlignCenter | Qt::TextSingleLine | Qt::TextHideMnemonic, option.text);
}

/** Icon and text with room between them; Fusion puts them side by side. */
void FlatStyle::drawToolButtonLabel(const QStyleOptionToolButton &option, QPainter *painter) const
{
    const bool enabled = option.state & State_Enabled;
    const QRect icon(option.rect.left() + 8, option.rect.top(), option.iconSize.width(), option.rect.height());
    option.icon.paint(painter, visualRect(option.direction, option.rect, icon), Qt::AlignCenter,
                      enabled ? QIcon::Normal : QIcon::Disabled);
    const QRect text = option.rect.adjusted(8 + option.iconSize.width() + 8, 0, -4, 0);
    painter->setFont(option.font);
    painter->setPen(option.palette.color(enabled ? QPalette::Normal : QPalette::Disabled, QPalette::ButtonText));
    painter->drawText(visualRect(option.direction, option.rect, text),
                      Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextHideMnemonic | Qt::AlignAbsolute
                          | int(visualAlignment(option.direction, Qt::AlignLeft)),
                      option.text);
}

void FlatStyle::drawMenuItem(const QStyleOptionMenuItem &option, QPainter *painter, const QWidget *widget) const
{
    const QPalette &palette = option.palette;
    const QRect rect = option.rect;
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(QRect(rect.left() + 8, rect.center().y(), rect.width() - 16, 1), theme::border(palette));
        return;
    }
    const bool enabled = option.state & State_Enabled;
    if (enabled && (option.state & State_Selected))
        roundedBox(painter, QRectF(rect).adjusted(4, 1, -4, -1), 4, theme::selection(palette, true));
    const auto mirrored = [&](const QRect &inner) { return visualRect(option.direction, rect, inner); };
    const QColor text = palette.color(enabled ? QPalette::Normal : QPalette::Disabled, QPalette::Text);

    const QRect mark = mirrored(QRect(rect.left() + 12, rect.top(), 16, rect.height()));
    if (option.checkType != QStyleOptionMenuItem::NotCheckable) {
        if (option.checked)
            paintIcon(*painter, mark, QStringLiteral("check"), text);
    } else if (!option.icon.isNull()) {
        option.icon.paint(painter, mark, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }

    const qsizetype tab = option.text.indexOf(QLatin1Char('\t'));
    const QString label = tab < 0 ? option.text : option.text.left(tab);
    QRect room = rect.adjusted(36, 0, -12, 0);
    painter->save();
    painter->setFont(option.font);
    painter->setPen(text);
    int flags = Qt::AlignVCenter | Qt::TextShowMnemonic | Qt::TextSingleLine;
    if (!styleHint(SH_UnderlineShortcut, &option, widget, nullptr))
        flags |= Qt::TextHideMnemonic;
    const Qt::Alignment start = visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignAbsolute;
    painter->drawText(mirrored(room), flags | static_cast<int>(start), label);
    if (tab >= 0) {
        painter->setPen(enabled ? theme::secondaryText(palette) : text);
        const Qt::Alignment end = visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignAbsolute;
        painter->drawText(mirrored(room), Qt::AlignVCenter | static_cast<int>(end), option.text.mid(tab + 1));
    }
    painter->restore();
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu) {
        const QRect arrow = mirrored(QRect(rect.right() - 24, rect.top(), 16, rect.height()));
        const bool rtl = option.direction == Qt::RightToLeft;
        paintIcon(*painter, arrow, rtl ? QStringLiteral("chevron-left") : QStringLiteral("chevron-right"), text, 14);
    }
}

void FlatStyle::drawScrollBar(const QStyleOptionSlider &option, QPainter *painter, const QWidget *widget) const
{
    const QPalette &palette = option.palette;
    const bool vertical = option.orientation == Qt::Vertical;
    if (!widget || !widget->testAttribute(Qt::WA_NoSystemBackground))
        painter->fillRect(option.rect, palette.color(QPalette::Base));
    if (option.maximum <= option.minimum)
        return;
    const QRect slider = proxy()->subControlRect(CC_ScrollBar, &option, SC_ScrollBarSlider, widget);
    const bool active = option.activeSubControls & SC_ScrollBarSlider;
    const bool pressed = active && (option.state & State_Sunken);
    const qreal strength = pressed ? 0.55 : (option.state & State_MouseOver) && active ? 0.42 : 0.26;
    const QRectF thumb = vertical ? QRectF(slider).adjusted(3, 2, -3, -2) : QRectF(slider).adjusted(2, 3, -2, -3);
    roundedBox(painter, thumb, qMin(thumb.width(), thumb.height()) / 2,
               theme::mix(palette.color(QPalette::Base), palette.color(QPalette::Text), strength));
}

void FlatStyle::drawComboBox(const QStyleOptionComboBox &option, QPainter *painter, const QWidget *widget) const
{
    const QPalette &palette = option.palette;
    QColor fill = palette.color(QPalette::Button);
    if ((option.state & State_Enabled) && (option.state & State_MouseOver))
        fill = theme::mix(fill, palette.color(QPalette::ButtonText), 0.05);
    // Without a frame it is a line of a form, until the pointer or the keyboard is on it.
    if (!option.frame && !(option.state & State_MouseOver))
        fill = Qt::transparent;
    roundedBox(painter, option.rect, theme::radius, fill, option.frame ? fieldEdge(palette) : QColor(Qt::transparent));
    if (option.state & State_HasFocus)
        focusRing(painter, option.rect, theme::radius, palette);
    const QRect arrow = proxy()->subControlRect(CC_ComboBox, &option, SC_ComboBoxArrow, widget);
    const auto group = option.state & State_Enabled ? QPalette::Normal : QPalette::Disabled;
    paintIcon(*painter, arrow, QStringLiteral("chevron-down"), palette.color(group, QPalette::ButtonText), 14);
}

} // namespace kittiwake::ui
