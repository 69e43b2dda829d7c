// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/messagelist/messagedelegate.h"

#include "ui/messagelist/datetext.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace kittiwake::ui
{

namespace
{

constexpr int startPadding = 24; // the dot lives in it
constexpr int endPadding = 12;
constexpr int linePadding = 8; // above the first line and below the last
constexpr int lineGap = 2;
constexpr int markSize = 16;
constexpr int markGap = 4;
constexpr int childIndent = 16;

QFont smaller(const QFont &font)
{
    return theme::scaled(font, 0.92);
}

void drawLine(QPainter *painter, const QRect &rect, const QString &text, Qt::LayoutDirection direction,
              Qt::Alignment alignment = Qt::AlignLeft)
{
    const QString shown = painter->fontMetrics().elidedText(text, Qt::ElideRight, rect.width());
    const Qt::Alignment visual = QStyle::visualAlignment(direction, alignment) | Qt::AlignAbsolute;
    painter->drawText(rect, int(visual) | Qt::AlignVCenter | Qt::TextSingleLine, shown);
}

} // namespace

/** The colours of one row. */
struct MessageDelegate::Ink {
    QColor ground;
    QColor text;
    QColor secondary;
    QColor accent;
    QColor star;
    Qt::LayoutDirection direction = Qt::LeftToRight;
};

MessageDelegate::MessageDelegate(const MessageListModel &model, QObject *parent)
    : QStyledItemDelegate(parent), m_model(model), m_now([] { return QDateTime::currentDateTime(); })
{
}

int MessageDelegate::rowHeight(const QFontMetrics &metrics, RowStyle style)
{
    const int line = metrics.height();
    return style == RowStyle::TwoLines ? 2 * line + lineGap + 2 * linePadding : qMax(line, markSize) + 12;
}

QString MessageDelegate::dateText(int row) const
{
    const store::MessageRow *message = m_model.cachedMessage(m_model.listRow(row).id);
    return message ? shortDate(message->header.date, m_now(), QLocale()) : QString();
}

QSize MessageDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.rect.width(), rowHeight(option.fontMetrics, m_style)};
}

RowGeometry MessageDelegate::geometry(const QRect &rect, const QFont &font, Qt::LayoutDirection direction, int row,
                                      const QString &date) const
{
    RowGeometry result = m_style == RowStyle::TwoLines ? twoLines(rect, font, row, date) : columns(rect, font, row);
    for (QRect *part : {&result.dot, &result.people, &result.date, &result.replied, &result.forwarded, &result.subject,
                        &result.attachment, &result.star, &result.chip, &result.size}) {
        if (!part->isNull())
            *part = QStyle::visualRect(direction, rect, *part);
    }
    return result;
}

/** In left-to-right coordinates. */
RowGeometry MessageDelegate::twoLines(const QRect &rect, const QFont &font, int row, const QString &date) const
{
    RowGeometry result;
    const ListRow &shown = m_model.listRow(row);
    const RowSummary said = m_model.summary(row);
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    const int line = QFontMetrics(font).height();
    const int left = rect.left() + startPadding + (shown.kind == ListRow::Kind::Child ? childIndent : 0);
    const int right = rect.right() + 1 - endPadding;
    const int first = rect.top() + linePadding;
    const int second = first + line + lineGap;

    if (said.unread)
        result.dot = QRect(left - 15, first, 8, line);
    const int dateWidth = date.isEmpty() ? 40 : QFontMetrics(smaller(font)).horizontalAdvance(date) + 2;
    result.date = QRect(right - dateWidth, first, dateWidth, line);
    result.people = QRect(left, first, qMax(0, result.date.left() - theme::padding - left), line);

    int end = right;
    const auto takeEnd = [&](int width) {
        const QRect taken(end - width, second, width, line);
        end -= width + markGap;
        return taken;
    };
    if (shown.count > 1) {
        const QString number = QString::number(shown.count);
        result.chip = takeEnd(QFontMetrics(smaller(bold)).horizontalAdvance(number) + 26);
    }
    if (said.flagged)
        result.star = takeEnd(markSize);
    if (said.attachment)
        result.attachment = takeEnd(markSize);
    int start = left;
    const auto takeStart = [&] {
        const QRect taken(start, second, markSize, line);
        start += markSize + markGap;
        return taken;
    };
    if (said.answered)
        result.replied = takeStart();
    if (said.forwarded)
        result.forwarded = takeStart();
    result.subject = QRect(start, second, qMax(0, end - markGap - start), line);
    return result;
}

/** In left-to-right coordinates; m_columns are so too. */
RowGeometry MessageDelegate::columns(const QRect &rect, const QFont &font, int row) const
{
    RowGeometry result;
    const ListRow &shown = m_model.listRow(row);
    const RowSummary said = m_model.summary(row);
    const auto column = [&](int number) {
        const ColumnSpan &span = m_columns[static_cast<std::size_t>(number)];
        return QRect(rect.left() + span.left, rect.top(), span.width, rect.height());
    };
    const int indent = shown.kind == ListRow::Kind::Child ? childIndent : 0;
    if (said.unread)
        result.dot = QRect(rect.left() + startPadding - 15 + indent, rect.top(), 8, rect.height());
    result.people = column(0).adjusted(startPadding + indent, 0, -theme::padding, 0);
    result.date = column(2).adjusted(theme::padding, 0, -theme::padding, 0);
    result.size = column(3).adjusted(theme::padding, 0, -endPadding, 0);

    QRect subject = column(1).adjusted(theme::padding, 0, -theme::padding, 0);
    const auto takeEnd = [&](int width) {
        const QRect taken(subject.right() + 1 - width, rect.top(), width, rect.height());
        subject.setRight(taken.left() - 1 - markGap);
        return taken;
    };
    if (shown.count > 1) {
        const int chip = QFontMetrics(smaller(font)).horizontalAdvance(QString::number(shown.count)) + 28;
        result.chip = takeEnd(chip).adjusted(0, 5, 0, -5);
    }
    if (said.flagged)
        result.star = takeEnd(markSize);
    if (said.attachment)
        result.attachment = takeEnd(markSize);
    const auto takeStart = [&] {
        const QRect taken(subject.left(), rect.top(), markSize, rect.height());
        subject.setLeft(taken.right() + 1 + markGap);
        return taken;
    };
    if (said.answered)
        result.replied = takeStart();
    if (said.forwarded)
        result.forwarded = takeStart();
    result.subject = subject;
    return result;
}

void MessageDelegate::paintPlaceholder(QPainter *painter, const RowGeometry &geometry, const Ink &ink,
                                       int lineHeight) const
{
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme::mix(ink.ground, ink.text, 0.09));
    const auto bar = [&](const QRect &rect, double part) {
        QRect shape = rect;
        shape.setWidth(qMin(rect.width(), int(rect.width() * part)));
        shape = QStyle::visualRect(ink.direction, rect, shape);
        const int height = qMax(6, lineHeight / 2);
        shape.setTop(rect.center().y() - height / 2);
        shape.setHeight(height);
        painter->drawRoundedRect(shape, 3, 3);
    };
    bar(geometry.people, 0.45);
    bar(geometry.subject, 0.75);
    bar(geometry.date, 1.0);
}

void MessageDelegate::paintMarks(QPainter *painter, const RowGeometry &geometry, const RowSummary &said,
                                 const Ink &ink) const
{
    if (said.unread) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink.accent);
        const QPointF centre = QRectF(geometry.dot).center();
        painter->drawEllipse(centre, 4, 4);
    }
    if (!geometry.replied.isNull())
        paintIcon(*painter, geometry.replied, QStringLiteral("reply"), ink.secondary, 14);
    if (!geometry.forwarded.isNull())
        paintIcon(*painter, geometry.forwarded, QStringLiteral("forward"), ink.secondary, 14);
    if (!geometry.attachment.isNull())
        paintIcon(*painter, geometry.attachment, QStringLiteral("paperclip"), ink.secondary, 14);
    if (!geometry.star.isNull())
        paintIcon(*painter, geometry.star, QStringLiteral("star-filled"), ink.star, 15);
}

void MessageDelegate::paintChip(QPainter *painter, const QRect &chip, const ListRow &row, const QFont &font,
                                const Ink &ink) const
{
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme::mix(ink.ground, ink.text, 0.1));
    painter->drawRoundedRect(chip, chip.height() / 2.0, chip.height() / 2.0);
    painter->setFont(font);
    painter->setPen(ink.secondary);
    const QRect number = QStyle::visualRect(ink.direction, chip, chip.adjusted(8, 0, -18, 0));
    const QRect arrow
        = QStyle::visualRect(ink.direction, chip, QRect(chip.right() - 17, chip.top(), 12, chip.height()));
    painter->drawText(number, Qt::AlignCenter, QString::number(row.count));
    QString icon = QStringLiteral("chevron-down");
    if (row.kind != ListRow::Kind::Expanded)
        icon = ink.direction == Qt::RightToLeft ? QStringLiteral("chevron-left") : QStringLiteral("chevron-right");
    paintIcon(*painter, arrow, icon, ink.secondary, 12);
}

void MessageDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const int row = index.row();
    const QPalette &palette = option.palette;
    const bool selected = option.state & QStyle::State_Selected;
    const bool focused = option.state & QStyle::State_Active && option.widget && option.widget->hasFocus();
    const ListRow &shown = m_model.listRow(row);
    const RowSummary said = m_model.summary(row);
    const store::MessageRow *message = m_model.message(row);

    Ink ink;
    ink.ground = palette.color(QPalette::Base);
    if (shown.kind == ListRow::Kind::Child)
        ink.ground = theme::mix(ink.ground, palette.color(QPalette::Window), 0.6);
    if (selected)
        ink.ground = theme::selection(palette, focused);
    else if (option.state & QStyle::State_MouseOver)
        ink.ground = theme::hover(palette, ink.ground);
    ink.text = palette.color(QPalette::Text);
    ink.secondary = theme::secondaryText(palette);
    ink.accent = theme::accent(palette);
    ink.star = theme::star(palette);
    ink.direction = option.direction;

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(option.rect, ink.ground);
    if (selected) {
        const QRect bar(option.rect.left(), option.rect.top(), 3, option.rect.height());
        painter->fillRect(QStyle::visualRect(option.direction, option.rect, bar), palette.color(QPalette::Highlight));
    } else if (m_style == RowStyle::TwoLines) {
        const QRect line(option.rect.left() + startPadding, option.rect.bottom(), option.rect.width() - startPadding,
                         1);
        painter->fillRect(QStyle::visualRect(option.direction, option.rect, line),
                          theme::mix(ink.ground, theme::border(palette), 0.75));
    }

    const QString date = dateText(row);
    const RowGeometry geometry = this->geometry(option.rect, option.font, option.direction, row, date);
    if (!message) {
        paintPlaceholder(painter, geometry, ink, option.fontMetrics.height());
        painter->restore();
        return;
    }

    QFont strong = option.font;
    strong.setWeight(said.unread ? QFont::Bold : QFont::Normal);
    painter->setFont(strong);
    painter->setPen(ink.text);
    QString people = oneLine(said.people, 200);
    if (people.isEmpty())
        people = m_model.showsRecipients() ? tr("(no recipients)") : tr("(no sender)");
    drawLine(painter, geometry.people, people, option.direction);

    const bool twoLines = m_style == RowStyle::TwoLines;
    QFont subjectFont = option.font;
    subjectFont.setWeight(said.unread ? QFont::DemiBold : QFont::Normal);
    painter->setFont(subjectFont);
    painter->setPen(said.unread || !twoLines ? ink.text : ink.secondary);
    const QString subject = oneLine(message->header.subject, 400);
    drawLine(painter, geometry.subject, subject.isEmpty() ? tr("(no subject)") : subject, option.direction);

    painter->setFont(twoLines ? smaller(option.font) : option.font);
    painter->setPen(said.unread && twoLines ? ink.accent : ink.secondary);
    drawLine(painter, geometry.date, date, option.direction, twoLines ? Qt::AlignRight : Qt::AlignLeft);
    if (!geometry.size.isNull()) {
        painter->setPen(ink.secondary);
        const auto octets = static_cast<qint64>(qMin<std::uint64_t>(message->header.size, INT64_MAX));
        drawLine(painter, geometry.size, option.locale.formattedDataSize(octets, 0, QLocale::DataSizeSIFormat),
                 option.direction, Qt::AlignRight);
    }
    paintMarks(painter, geometry, said, ink);
    if (!geometry.chip.isNull())
        paintChip(painter, geometry.chip, shown, smaller(option.font), ink);
    painter->restore();
}

bool MessageDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                                const QModelIndex &index)
{
    const store::MessageRow *message = index.isValid() ? m_model.message(index.row()) : nullptr;
    if (!message || event->type() != QEvent::ToolTip)
        return false;
    const QString date = dateText(index.row());
    const RowGeometry parts = geometry(option.rect, option.font, option.direction, index.row(), date);
    QString text;
    if (parts.date.contains(event->pos())) {
        text = fullDate(message->header.date, option.locale);
    } else if (parts.people.contains(event->pos())) {
        QStringList people;
        for (const auto &person : m_model.showsRecipients() ? message->header.to : message->header.from) {
            people.append(
                person.name.isEmpty()
                    ? oneLine(person.address)
                    : tr("%1 <%2>", "name, address").arg(isolated(person.name, 100), oneLine(person.address, 300)));
            if (people.size() == 10)
                break;
        }
        text = people.join(QLatin1Char('\n'));
    } else if (parts.subject.contains(event->pos())) {
        text = oneLine(message->header.subject);
    }
    if (text.isEmpty()) {
        QToolTip::hideText();
        return true;
    }
    // What others wrote must not be taken for rich text.
    QToolTip::showText(event->globalPos(),
                       QStringLiteral("<p style='white-space:pre-wrap'>%1</p>").arg(text.toHtmlEscaped()), view);
    return true;
}

} // namespace kittiwake::ui
