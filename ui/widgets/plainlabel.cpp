// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plainlabel.h"

#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QTextLayout>

namespace kittiwake::ui
{

namespace
{

QTextOption wrapping(Qt::LayoutDirection direction)
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(direction);
    option.setAlignment(direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft);
    return option;
}

} // namespace

PlainLabel::PlainLabel(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void PlainLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    updateToolTip();
    update();
}

void PlainLabel::setInk(Ink ink)
{
    m_ink = ink;
    update();
}

void PlainLabel::setMaxLines(int lines)
{
    m_maxLines = lines;
    QSizePolicy policy(QSizePolicy::Preferred, lines == 1 ? QSizePolicy::Fixed : QSizePolicy::Preferred);
    policy.setHeightForWidth(lines != 1);
    setSizePolicy(policy);
    updateGeometry();
}

int PlainLabel::lineCount(int width) const
{
    QTextLayout layout(m_text, font());
    layout.setTextOption(wrapping(layoutDirection()));
    layout.beginLayout();
    int lines = 0;
    for (QTextLine line = layout.createLine(); line.isValid() && lines <= m_maxLines; line = layout.createLine()) {
        line.setLineWidth(qMax(width, 1));
        ++lines;
    }
    layout.endLayout();
    return lines;
}

int PlainLabel::heightForWidth(int width) const
{
    return qBound(1, lineCount(width), m_maxLines) * fontMetrics().lineSpacing();
}

QSize PlainLabel::sizeHint() const
{
    const int width = fontMetrics().horizontalAdvance(m_text) + 2;
    return {m_maxLines == 1 ? width : qMin(width, 400), fontMetrics().lineSpacing()};
}

QSize PlainLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, fontMetrics().lineSpacing()};
}

void PlainLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    switch (m_ink) {
    case Ink::Text:
        painter.setPen(palette().color(QPalette::Text));
        break;
    case Ink::Secondary:
        painter.setPen(theme::secondaryText(palette()));
        break;
    case Ink::Accent:
        painter.setPen(theme::accent(palette()));
        break;
    }
    const QFontMetrics metrics = fontMetrics();
    if (m_maxLines == 1) {
        const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
            | int(layoutDirection() == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft);
        painter.drawText(rect(), flags, metrics.elidedText(m_text, Qt::ElideRight, width()));
        return;
    }
    QTextLayout layout(m_text, font());
    layout.setTextOption(wrapping(layoutDirection()));
    layout.beginLayout();
    int top = 0;
    for (int number = 1; number <= m_maxLines; ++number) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width());
        line.setPosition(QPointF(0, top));
        top += metrics.lineSpacing();
        const int end = line.textStart() + line.textLength();
        if (number == m_maxLines && end < m_text.size()) {
            layout.endLayout();
            painter.save();
            painter.setClipRect(QRect(0, 0, width(), top - metrics.lineSpacing()));
            layout.draw(&painter, QPointF(0, 0));
            painter.restore();
            const QString rest = metrics.elidedText(m_text.mid(line.textStart(), 4000), Qt::ElideRight, width());
            painter.drawText(QRect(0, top - metrics.lineSpacing(), width(), metrics.lineSpacing()),
                             Qt::AlignVCenter | Qt::AlignAbsolute | int(layout.textOption().alignment()), rest);
            return;
        }
    }
    layout.endLayout();
    layout.draw(&painter, QPointF(0, 0));
}

void PlainLabel::updateToolTip()
{
    const bool cut
        = m_maxLines == 1 ? fontMetrics().horizontalAdvance(m_text) > width() : lineCount(width()) > m_maxLines;
    // A tooltip guesses whether it is rich text: it must not.
    setToolTip(cut ? m_text.left(4000).toHtmlEscaped().prepend(QLatin1String("<p>")).append(QLatin1String("</p>"))
                   : QString());
}

void PlainLabel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateToolTip();
}

void PlainLabel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

void PlainLabel::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString text = m_copyText.isEmpty() ? m_text : m_copyText;
    menu->addAction(tr("Copy"), this, [text] { QGuiApplication::clipboard()->setText(text); });
    menu->popup(event->globalPos());
}

} // namespace kittiwake::ui
