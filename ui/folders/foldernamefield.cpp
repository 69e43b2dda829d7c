// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/foldernamefield.h"

#include <QKeyEvent>

namespace kittiwake::ui
{

FolderNameField::FolderNameField(const QString &name, const QRect &place, QWidget *viewport)
    : QLineEdit(name, viewport), m_before(name)
{
    setObjectName(QStringLiteral("folderName"));
    setAccessibleName(tr("New name of the folder"));
    setGeometry(place);
    selectAll();
    show();
    setFocus();
}

void FolderNameField::keyPressEvent(QKeyEvent *event)
{
    const bool isTaken = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!isTaken && event->key() != Qt::Key_Escape) {
        QLineEdit::keyPressEvent(event);
        // Keys that the field does not know would be commands of the window.
        event->accept();
        return;
    }
    event->accept();
    const QString name = text().trimmed();
    if (isTaken && !name.isEmpty() && name != m_before)
        Q_EMIT chosen(name);
    hide();
    deleteLater();
}

void FolderNameField::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    // Its own menu takes the focus for a moment.
    if (event->reason() == Qt::PopupFocusReason)
        return;
    hide();
    deleteLater();
}

} // namespace kittiwake::ui
