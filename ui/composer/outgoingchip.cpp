// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/outgoingchip.h"

#include "ui/attachments/fileicon.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <utility>

namespace kittiwake::ui
{

namespace
{

constexpr int crossWidth = 28;

} // namespace

OutgoingChip::OutgoingChip(mime::OutgoingPart part, const PartSummary &summary, QWidget *parent)
    : QAbstractButton(parent), m_part(std::move(part)), m_summary(summary)
{
    m_summary.name = oneLine(m_summary.name, 300);
    if (m_summary.name.isEmpty())
        m_summary.name = tr("Without a name");
    setObjectName(QStringLiteral("outgoingChip"));
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Attached: %1, %2. Delete takes it away.", "file name, size").arg(m_summary.name, sizeText()));
    setToolTip(QStringLiteral("<p>%1</p><p>%2</p>")
                   .arg(isolated(m_summary.name).toHtmlEscaped(),
                        QString::fromLatin1(m_summary.type.left(100)).toHtmlEscaped()));
}

QString OutgoingChip::sizeText() const
{
    return locale().formattedDataSize(m_summary.size, 1, QLocale::DataSizeSIFormat);
}

FileChip OutgoingChip::look() const
{
    return {m_summary.name, sizeText(),  fileIcon(m_summary.type), theme::secondaryText(palette()), QStringLiteral("x"),
            crossWidth,     underMouse()};
}

QSize OutgoingChip::sizeHint() const
{
    return fileChipSize(*this, look());
}

QRect OutgoingChip::crossRect() const
{
    return fileChipEnd(*this, look());
}

void OutgoingChip::mouseReleaseEvent(QMouseEvent *event)
{
    setDown(false);
    if (event->button() == Qt::LeftButton && crossRect().contains(event->position().toPoint()))
        Q_EMIT removeRequested();
}

void OutgoingChip::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        Q_EMIT removeRequested();
    else
        QAbstractButton::keyPressEvent(event);
}

void OutgoingChip::paintEvent(QPaintEvent *)
{
    paintFileChip(*this, look());
}

} // namespace kittiwake::ui
