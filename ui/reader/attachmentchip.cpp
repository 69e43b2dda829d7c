// SPDX-License-Identifier: GPL-3.0-or-later
// One attachment in the bar.
#include "ui/attachments/fileicon.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QPainter>

namespace kittiwake::ui
{

namespace
{

constexpr int chipHeight = 32;
constexpr int maxChipWidth = 340;
constexpr int arrowWidth = 26;

QString iconOf(const mime::Attachment &attachment, const mime::OpenRule &rule)
{
    if (rule.verdict == mime::OpenRule::Verdict::Refuse)
        return QStringLiteral("shield-alert");
    if (rule.verdict == mime::OpenRule::Verdict::Winmail)
        return QStringLiteral("package-open");
    if (rule.verdict == mime::OpenRule::Verdict::Message)
        return QStringLiteral("mail");
    return fileIcon(attachment.mimeType);
}

} // namespace

AttachmentChip::AttachmentChip(const AttachedFile &file, QWidget *parent)
    : QAbstractButton(parent), m_file(file), m_rule(file.rule())
{
    m_file.attachment.fileName = oneLine(file.attachment.fileName, 300);
    setObjectName(QStringLiteral("attachmentChip"));
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    updateTexts();
}

QString AttachmentChip::note() const
{
    const auto percent = [this](const QString &doing) {
        return m_percent < 0 ? doing : tr("%1 %2 %", "doing what, how far").arg(doing, locale().toString(m_percent));
    };
    switch (m_state) {
    case State::Opening:
        return percent(tr("Opening…"));
    case State::Saving:
        return percent(tr("Saving…"));
    case State::Waiting:
        return tr("Waiting for the server…");
    case State::Saved:
        return tr("Saved");
    case State::Failed:
        return tr("Failed");
    case State::Idle:
        break;
    }
    return locale().formattedDataSize(static_cast<qint64>(qMin<std::uint64_t>(m_file.attachment.size, INT64_MAX)), 1,
                                      QLocale::DataSizeSIFormat);
}

void AttachmentChip::updateTexts()
{
    const QString type = QString::fromLatin1(m_file.attachment.mimeType.left(100)).toHtmlEscaped();
    const QString name = m_file.attachment.fileName;
    setAccessibleName(
        m_rule.verdict == mime::OpenRule::Verdict::Refuse
            ? tr("Attachment %1, %2, not opened because it may be dangerous", "file name, size").arg(name, note())
            : tr("Open attachment %1, %2", "file name, size").arg(name, note()));
    const QString warning = mime::openRuleText(m_rule, isolated(name));
    setToolTip(QStringLiteral("<p>%1</p><p>%2</p>")
                   .arg(warning.isEmpty() ? isolated(name).toHtmlEscaped() : warning.toHtmlEscaped(), type));
    updateGeometry();
    update();
}

void AttachmentChip::setState(State state)
{
    m_state = state;
    m_percent = -1;
    setEnabled(state != State::Saving && state != State::Opening && state != State::Waiting);
    updateTexts();
}

void AttachmentChip::setProgress(const engine::PartProgress &progress)
{
    if (m_state != State::Saving && m_state != State::Opening && m_state != State::Waiting)
        return; // it has ended meanwhile
    if (progress.isWaiting)
        m_state = State::Waiting;
    else if (m_state == State::Waiting)
        m_state = State::Saving;
    m_percent
        = progress.total == 0 ? -1 : static_cast<int>(qMin<std::uint64_t>(100, progress.octets * 100 / progress.total));
    updateTexts();
}

QSize AttachmentChip::sizeHint() const
{
    const SplitName name = splitName(m_file.attachment.fileName);
    const QFontMetrics bold(theme::scaled(font(), 1.0, QFont::DemiBold));
    const QFontMetrics small(theme::scaled(font(), 0.9));
    const int width = 34 + fontMetrics().horizontalAdvance(name.stem) + bold.horizontalAdvance(name.extension)
        + small.horizontalAdvance(note()) + 22 + arrowWidth;
    return {qMin(width, maxChipWidth), qMax(chipHeight, fontMetrics().height() + 12)};
}

QRect AttachmentChip::arrow() const
{
    return QStyle::visualRect(layoutDirection(), rect(), QRect(width() - arrowWidth, 0, arrowWidth, height()));
}

void AttachmentChip::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && arrow().contains(event->position().toPoint())) {
        Q_EMIT menuRequested(mapToGlobal(rect().bottomLeft()));
        return;
    }
    m_pressed = event->position().toPoint();
    m_isPressed = event->button() == Qt::LeftButton;
    QAbstractButton::mousePressEvent(event);
}

void AttachmentChip::mouseMoveEvent(QMouseEvent *event)
{
    if (m_isPressed
        && (event->position().toPoint() - m_pressed).manhattanLength() >= QApplication::startDragDistance()) {
        m_isPressed = false;
        setDown(false); // no click any more
        Q_EMIT dragRequested();
        return;
    }
    QAbstractButton::mouseMoveEvent(event);
}

void AttachmentChip::mouseReleaseEvent(QMouseEvent *event)
{
    m_isPressed = false;
    QAbstractButton::mouseReleaseEvent(event);
}

void AttachmentChip::contextMenuEvent(QContextMenuEvent *event)
{
    Q_EMIT menuRequested(event->reason() == QContextMenuEvent::Mouse ? event->globalPos()
                                                                     : mapToGlobal(rect().bottomLeft()));
}

void AttachmentChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette &colours = palette();
    const QColor base = colours.color(QPalette::Base);
    const QColor secondary = theme::secondaryText(colours);
    QColor fill = theme::mix(base, colours.color(QPalette::Window), 0.7);
    if (underMouse() || isDown())
        fill = theme::hover(colours, fill);
    painter.setBrush(fill);
    painter.setPen(hasFocus() ? QPen(theme::accent(colours), 2) : QPen(theme::border(colours), 1));
    const qreal inset = hasFocus() ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), theme::radius, theme::radius);

    const auto mirrored = [this](const QRect &part) { return QStyle::visualRect(layoutDirection(), rect(), part); };
    QString iconName = iconOf(m_file.attachment, m_rule);
    QColor iconColour = m_rule.verdict == mime::OpenRule::Verdict::Refuse
        ? theme::toneMark(colours, theme::Tone::Warning)
        : secondary;
    if (m_state == State::Saved) {
        iconName = QStringLiteral("circle-check");
        iconColour = theme::accent(colours);
    } else if (m_state == State::Failed) {
        iconName = QStringLiteral("circle-alert");
        iconColour = theme::toneMark(colours, theme::Tone::Error);
    }
    paintIcon(painter, mirrored(QRect(10, 0, 16, height())), iconName, iconColour);

    paintIcon(painter, arrow(), QStringLiteral("chevron-down"), secondary, 14);
    const QFont small = theme::scaled(font(), 0.9);
    const int noteWidth = QFontMetrics(small).horizontalAdvance(note()) + 2;
    const QRect noteRect(width() - arrowWidth - noteWidth, 0, noteWidth, height());
    painter.setFont(small);
    painter.setPen(secondary);
    painter.drawText(mirrored(noteRect), Qt::AlignCenter, note());

    const SplitName name = splitName(m_file.attachment.fileName);
    const QFont bold = theme::scaled(font(), 1.0, QFont::DemiBold);
    const int extensionWidth = name.extension.isEmpty() ? 0 : QFontMetrics(bold).horizontalAdvance(name.extension) + 2;
    const int left = 34;
    const int room = noteRect.left() - 10 - left;
    const QString stem = fontMetrics().elidedText(name.stem, Qt::ElideMiddle, qMax(0, room - extensionWidth));
    const int stemWidth = fontMetrics().horizontalAdvance(stem) + 1;
    painter.setPen(colours.color(QPalette::Text));
    painter.setFont(font());
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignAbsolute
        | int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    painter.drawText(mirrored(QRect(left, 0, stemWidth, height())), flags, stem);
    painter.setFont(bold);
    painter.drawText(mirrored(QRect(left + stemWidth, 0, extensionWidth, height())), flags, name.extension);
}

} // namespace kittiwake::ui
