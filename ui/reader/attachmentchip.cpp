// SPDX-License-Identifier: GPL-3.0-or-later
// One attachment in the bar.
#include "ui/attachments/fileicon.h"
#include "ui/reader/attachmentbar.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QMouseEvent>

namespace kittiwake::ui
{

namespace
{

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

FileChip AttachmentChip::look() const
{
    FileChip chip{
        m_file.attachment.fileName,     note(),     iconOf(m_file.attachment, m_rule), theme::secondaryText(palette()),
        QStringLiteral("chevron-down"), arrowWidth, underMouse() || isDown()};
    if (m_rule.verdict == mime::OpenRule::Verdict::Refuse)
        chip.iconColour = theme::toneMark(palette(), theme::Tone::Warning);
    if (m_state == State::Saved) {
        chip.iconName = QStringLiteral("circle-check");
        chip.iconColour = theme::accent(palette());
    } else if (m_state == State::Failed) {
        chip.iconName = QStringLiteral("circle-alert");
        chip.iconColour = theme::toneMark(palette(), theme::Tone::Error);
    }
    return chip;
}

QSize AttachmentChip::sizeHint() const
{
    return fileChipSize(*this, look());
}

QRect AttachmentChip::arrow() const
{
    return fileChipEnd(*this, look());
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
    paintFileChip(*this, look());
}

} // namespace kittiwake::ui
