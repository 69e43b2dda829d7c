// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/messagefiles.h"

#include "app/window/filedrag.h"
#include "core/base/platform.h"
#include "ui/messagewindow/readerwindow.h"
#include "ui/widgets/icon.h"

#include <QApplication>
#include <QMessageBox>

#include <cstdio>

namespace kittiwake::app
{

MessageFiles::MessageFiles(const QString &profile, QObject *parent) : QObject(parent), m_context(profile)
{
    m_context.startDrag = startFileDrag;
    // Before anything is remembered in it: nobody else is to look in. Where that fails, nothing is remembered.
    if (const auto made = platform::makePrivateFolder(profile); !made)
        std::fputs(qPrintable(made.error().userText + QLatin1Char('\n')), stderr);
    // A window that is closed while another file is still being read does not end the program.
    QApplication::setQuitOnLastWindowClosed(false);
    connect(qApp, &QGuiApplication::lastWindowClosed, this, &MessageFiles::leaveWhenDone);
}

void MessageFiles::open(const QStringList &paths)
{
    const QStringList few = paths.mid(0, maxFiles);
    m_waiting += static_cast<int>(few.size());
    for (const QString &path : few) {
        ui::readMessageFile(path).then(this, [this](const Result<ui::SharedMessage> &message) {
            --m_waiting;
            if (!message) {
                refuse(message.error());
                return;
            }
            ++m_shown;
            auto *window = new ui::ReaderWindow(std::make_unique<ui::LocalSource>(*message), m_context, nullptr);
            window->show();
        });
    }
    if (paths.size() > maxFiles) {
        refuse({ErrorKind::Input,
                {},
                tr("Only the first %Ln file(s) were opened. Open the others after these.", nullptr,
                   static_cast<int>(maxFiles)),
                {}});
    }
}

void MessageFiles::refuse(const Error &error)
{
    std::fputs(qPrintable(error.userText + QLatin1Char('\n')), stderr);
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Kittiwake"), error.userText, QMessageBox::Close);
    box->setObjectName(QStringLiteral("fileRefused"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setWindowIcon(ui::applicationIcon());
    box->open();
}

void MessageFiles::leaveWhenDone()
{
    if (m_waiting == 0)
        QCoreApplication::exit(exitCode());
}

} // namespace kittiwake::app
