// SPDX-License-Identifier: GPL-3.0-or-later
// Another program, into whose window a file is dropped: prints when one is held over it, and the name
// and the bytes (base64) of each that is dropped, one a line.
#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileInfo>
#include <QMimeData>
#include <QUrl>
#include <QWidget>

#include <cstdio>

namespace
{

class Target final : public QWidget
{
public:
    Target()
    {
        setAcceptDrops(true);
        setWindowTitle(QStringLiteral("Drop here"));
        setGeometry(820, 200, 400, 400);
    }

protected:
    void dragEnterEvent(QDragEnterEvent *event) override
    {
        if (event->mimeData()->hasUrls() && event->possibleActions().testFlag(Qt::CopyAction))
            event->acceptProposedAction();
        std::printf("over\n");
        std::fflush(stdout);
    }
    void dropEvent(QDropEvent *event) override
    {
        event->acceptProposedAction();
        for (const QUrl &url : event->mimeData()->urls()) {
            QFile file(url.toLocalFile());
            const QByteArray bytes = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArrayLiteral("unreadable");
            std::printf("dropped %s %s\n", QFileInfo(file).fileName().toUtf8().toPercentEncoding().constData(),
                        bytes.toBase64().constData());
        }
        std::fflush(stdout);
    }
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Target target;
    target.show();
    return QApplication::exec();
}
