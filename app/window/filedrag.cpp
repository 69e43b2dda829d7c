// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/filedrag.h"

#include "ui/widgets/icon.h"

#include <QApplication>
#include <QDrag>
#include <QMimeData>
#include <QPointer>
#include <QTimer>
#include <QUrl>
#include <QWidget>

namespace kittiwake::app
{

void startFileDrag(QWidget *from, const QString &path)
{
    QTimer::singleShot(0, qApp, [from = QPointer<QWidget>(from), path] {
        // Let go of meanwhile, or closed.
        if (!from || !(QApplication::mouseButtons() & Qt::LeftButton))
            return;
        auto *data = new QMimeData;
        data->setUrls({QUrl::fromLocalFile(path)});
        auto *drag = new QDrag(from->window());
        drag->setMimeData(data);
        drag->setPixmap(ui::icon(QStringLiteral("file")).pixmap(24, 24));
        drag->exec(Qt::CopyAction);
    });
}

} // namespace kittiwake::app
