// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flatstyle.h"

#include "ui/widgets/flatshapes.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QMenu>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolButton>

namespace kittiwake::ui
{

FlatStyle::FlatStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) { }

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

void FlatStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

} // namespace kittiwake::ui
