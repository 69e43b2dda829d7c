// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flatstyle.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolButton>

namespace kittiwake::ui
{

namespace
{

void roundedBox(QPainter *painter, const QRectF &box, qreal radius, const QColor &fill, const QColor &edge = {})
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    painter->setPen(edge.isValid() ? QPen(edge, 1) : QPen(Qt::NoPen));
    painter->drawRoundedRect(edge.isValid() ? box.adjusted(0.5, 0.5, -0.5, -0.5) : box, radius, radius);
    painter->restore();
}

/** The line round the control that has the keyboard. */
void focusRing(QPainter *painter, const QRectF &box, qreal radius, const QPalette &palette)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme::accent(palette), 2));
    painter->drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius);
    painter->restore();
}

/** A field's edge: 3:1 against its ground (WCAG 1.4.11). */
QColor fieldEdge(const QPalette &palette)
{
    return theme::mix(palette.color(QPalette::Base), palette.color(QPalette::Text),
                      theme::isDark(palette) ? 0.46 : 0.47);
}

QColor buttonEdge(const QPalette &palette)
{
    return theme::mix(palette.color(QPalette::Button), palette.color(QPalette::ButtonText), 0.22);
}

} // namespace

FlatStyle::FlatStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) { }

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

void FlatStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                              const QWidget *widget) const
{
    const QPalette &palette = option->palette;
    switch (element) {
    case PE_PanelButtonCommand:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            drawPushButton(*button, painter);
            return;
        }
        break;
    case PE_PanelButtonTool: {
        const bool enabled = option->state & State_Enabled;
        const QColor ground = palette.color(QPalette::Window);
        if (enabled && (option->state & (State_Sunken | State_On)))
            roundedBox(painter, option->rect, theme::radius,
                       theme::mix(ground, palette.color(QPalette::WindowText), 0.12));
        else if (enabled && (option->state & State_MouseOver))
            roundedBox(painter, option->rect, theme::radius, theme::hover(palette, ground));
        if ((option->state & State_HasFocus) && (option->state & State_KeyboardFocusChange))
            focusRing(painter, option->rect, theme::radius, palette);
        return;
    }
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option)) {
            if (frame->lineWidth > 0)
                drawField(*option, painter);
            else
                painter->fillRect(option->rect, palette.brush(QPalette::Base));
            return;
        }
        break;
    case PE_FrameLineEdit:
        return; // Drawn with the panel.
    case PE_IndicatorCheckBox:
        drawIndicator(*option, painter, false);
        return;
    case PE_IndicatorRadioButton:
        drawIndicator(*option, painter, true);
        return;
    case PE_FrameFocusRect:
        if (!qobject_cast<const QAbstractItemView *>(widget))
            focusRing(painter, option->rect, 4, palette);
        return;
    case PE_Frame:
        roundedBox(painter, option->rect, theme::radius, Qt::transparent, theme::border(palette));
        return;
    case PE_FrameMenu:
        roundedBox(painter, option->rect, 0, Qt::transparent, buttonEdge(palette));
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, palette.color(QPalette::Base));
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, palette.color(QPalette::ToolTipBase));
        return;
    case PE_FrameStatusBarItem:
    case PE_IndicatorToolBarSeparator:
        return;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void FlatStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                            const QWidget *widget) const
{
    switch (element) {
    case CE_PushButtonBevel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            drawPushButton(*button, painter);
            return;
        }
        break;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            QStyleOptionButton label = *button;
            if ((label.features & QStyleOptionButton::DefaultButton) && (label.state & State_Enabled))
                label.palette.setColor(QPalette::ButtonText, label.palette.color(QPalette::HighlightedText));
            if (label.icon.isNull())
                QProxyStyle::drawControl(element, &label, painter, widget);
            else
                drawIconLabel(label, painter);
            return;
        }
        break;
    case CE_ToolButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
            button && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon) {
            drawToolButtonLabel(*button, painter);
            return;
        }
        break;
    case CE_Splitter:
        painter->fillRect(option->rect, theme::border(option->palette));
        return;
    case CE_ItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option)) {
            // Selected rows are tinted, not filled: their text and icons keep their colours.
            QStyleOptionViewItem tinted = *item;
            tinted.palette.setColor(QPalette::Highlight, theme::selection(item->palette, true));
            tinted.palette.setColor(QPalette::HighlightedText, item->palette.color(QPalette::Text));
            QProxyStyle::drawControl(element, &tinted, painter, widget);
            return;
        }
        break;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            drawMenuItem(*item, painter, widget);
            return;
        }
        break;
    case CE_ProgressBarGroove:
    case CE_ProgressBarLabel:
        return;
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option)) {
            drawProgress(*bar, painter);
            return;
        }
        break;
    case CE_HeaderSection:
        painter->fillRect(option->rect, option->palette.color(QPalette::Base));
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          theme::border(option->palette));
        return;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, option->palette.color(QPalette::Base));
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                          theme::border(option->palette));
        return;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
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
    roundedBox(painter, option.rect, theme::radius, fill, fieldEdge(palette));
    if (option.state & State_HasFocus)
        focusRing(painter, option.rect, theme::radius, palette);
    const QRect arrow = proxy()->subControlRect(CC_ComboBox, &option, SC_ComboBoxArrow, widget);
    const auto group = option.state & State_Enabled ? QPalette::Normal : QPalette::Disabled;
    paintIcon(*painter, arrow, QStringLiteral("chevron-down"), palette.color(group, QPalette::ButtonText), 14);
}

void FlatStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                   const QWidget *widget) const
{
    switch (control) {
    case CC_ScrollBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            drawScrollBar(*bar, painter, widget);
            return;
        }
        break;
    case CC_ComboBox:
        if (const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option); box && !box->editable) {
            drawComboBox(*box, painter, widget);
            return;
        }
        break;
    case CC_ToolButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option); button
            && (button->features & QStyleOptionToolButton::HasMenu)
            && !(button->features & QStyleOptionToolButton::MenuButtonPopup)) {
            // The icon says that there is a menu; an arrow in its corner only makes it restless.
            QStyleOptionToolButton plain = *button;
            plain.features &= ~QStyleOptionToolButton::HasMenu;
            QProxyStyle::drawComplexControl(control, &plain, painter, widget);
            return;
        }
        break;
    case CC_SpinBox:
        if (const auto *box = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
            box && box->buttonSymbols == QAbstractSpinBox::NoButtons) {
            drawField(*option, painter);
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect FlatStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                                const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar)
            return {};
        const bool vertical = bar->orientation == Qt::Vertical;
        const int length = vertical ? bar->rect.height() : bar->rect.width();
        const qint64 range = qint64(bar->maximum) - bar->minimum;
        int thumb = length;
        if (range > 0)
            thumb = qBound(qMin(32, length), int(qint64(length) * bar->pageStep / (range + bar->pageStep)), length);
        const int start
            = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - thumb, bar->upsideDown);
        const auto along = [&](int from, int size) {
            const QRect part = vertical ? QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size)
                                        : QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height());
            return visualRect(bar->direction, bar->rect, part);
        };
        switch (subControl) {
        case SC_ScrollBarSlider:
            return along(start, thumb);
        case SC_ScrollBarGroove:
            return bar->rect;
        case SC_ScrollBarSubPage:
            return along(0, start);
        case SC_ScrollBarAddPage:
            return along(start + thumb, length - start - thumb);
        default:
            return {}; // No arrow buttons.
        }
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

QRect FlatStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
    if (element == SE_LineEditContents && frame && frame->lineWidth > 0)
        return rect.adjusted(5, 0, -5, 0);
    return rect;
}

int FlatStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_SplitterWidth:
        return 1;
    case PM_MenuPanelWidth:
        return 1;
    case PM_MenuVMargin:
        return 4;
    case PM_MenuHMargin:
        return 0;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return theme::smallIcon;
    case PM_ToolBarIconSize:
        return theme::toolIcon;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_ScrollView_ScrollBarSpacing:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int FlatStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                         QStyleHintReturn *result) const
{
    switch (hint) {
    case SH_Widget_Animation_Duration:
    case SH_EtchDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_ToolTip_WakeUpDelay:
        return 500;
    case SH_Menu_SloppySubMenus:
    case SH_ScrollBar_LeftClickAbsolutePosition:
        return 1;
    case SH_ComboBox_Popup:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

QSize FlatStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                                  const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        result = QSize(qMax(result.width() + 12, 80), qMax(result.height(), option->fontMetrics.height() + 14));
        break;
    case CT_ToolButton:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
            button && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon) {
            const int text = button->fontMetrics.horizontalAdvance(button->text);
            result.setWidth(8 + button->iconSize.width() + 8 + text + 10);
        }
        break;
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        result.setHeight(qMax(result.height(), option->fontMetrics.height() + 14));
        break;
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {size.width(), 9};
            const QString label = item->text.section(QLatin1Char('\t'), 0, 0);
            const int shortcut = item->reservedShortcutWidth > 0 ? item->reservedShortcutWidth + 28 : 0;
            return {36 + item->fontMetrics.boundingRect(label).width() + shortcut + 40,
                    item->fontMetrics.height() + 12};
        }
        break;
    default:
        break;
    }
    return result;
}

void FlatStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

} // namespace kittiwake::ui
