// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace kittiwake::ui
{

/** A field over a line of the folder tree. Enter takes the name, Esc and the loss of the focus leave the old one. It
 * deletes itself then. */
class FolderNameField final : public QLineEdit
{
    Q_OBJECT

public:
    FolderNameField(const QString &name, const QRect &place, QWidget *viewport);

Q_SIGNALS:
    /** Another name than before, without blanks at its ends. */
    void chosen(const QString &name);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    QString m_before;
};

} // namespace kittiwake::ui
