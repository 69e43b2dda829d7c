// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/print/printjob.h"

#include "ui/reader/savefile.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QPageRanges>
#include <QPrinter>
#include <QProcess>
#include <QStandardPaths>

#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
#include <QBuffer>
#include <QPainter>
#include <QPdfDocument>
#endif

namespace kittiwake::ui
{

namespace
{

Failure notPrinted(const QString &reason)
{
    return failure(ErrorKind::Storage, QStringLiteral("lp"),
                   QCoreApplication::translate("ui::print",
                                               "The message could not be printed: %1. It can be saved as "
                                               "PDF instead.")
                       .arg(isolated(reason, 300)),
                   reason);
}

#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)

QFuture<Result<void>> spool(const QByteArray &pdf, QPrinter &printer)
{
    QBuffer buffer;
    buffer.setData(pdf);
    buffer.open(QIODevice::ReadOnly);
    QPdfDocument document;
    document.load(&buffer);
    QPainter painter;
    if (!painter.begin(&printer))
        return answered<Result<void>>(notPrinted(QCoreApplication::translate("ui::print", "the printer is not ready")));
    const QRect paper = printer.pageLayout().fullRectPixels(printer.resolution());
    const QPoint corner = printer.pageLayout().paintRectPixels(printer.resolution()).topLeft();
    bool isFirst = true;
    for (int page = 0; page < document.pageCount(); ++page) {
        if (!printer.pageRanges().isEmpty() && !printer.pageRanges().contains(page + 1))
            continue;
        if (!isFirst)
            printer.newPage();
        isFirst = false;
        painter.drawImage(-corner, document.render(page, paper.size()));
    }
    return answered<Result<void>>({});
}

#else

QFuture<Result<void>> spool(const QByteArray &pdf, QPrinter &printer)
{
    const QString program = QStandardPaths::findExecutable(QStringLiteral("lp"));
    if (program.isEmpty()) {
        return answered<Result<void>>(
            notPrinted(QCoreApplication::translate("ui::print", "the program lp of CUPS is not installed")));
    }
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    QFuture<Result<void>> future = promise->future();
    auto *process = new QProcess(qApp);
    process->setStandardOutputFile(QProcess::nullDevice());
    const auto finish = [promise, process](const Result<void> &result) {
        if (promise->future().isFinished())
            return;
        promise->addResult(result);
        promise->finish();
        process->deleteLater();
    };
    QObject::connect(process, &QProcess::errorOccurred, process, [process, finish](QProcess::ProcessError error) {
        // Others are followed by finished().
        if (error == QProcess::FailedToStart)
            finish(notPrinted(process->errorString()));
    });
    QObject::connect(process, &QProcess::finished, process, [process, finish](int code, QProcess::ExitStatus status) {
        if (status == QProcess::NormalExit && code == 0) {
            finish({});
            return;
        }
        const QString said = QString::fromLocal8Bit(process->readAllStandardError()).trimmed();
        finish(notPrinted(said.isEmpty() ? process->errorString() : oneLine(said, 300)));
    });
    process->start(program, printArguments(printer));
    process->write(pdf);
    process->closeWriteChannel();
    return future;
}

#endif

} // namespace

QStringList printArguments(const QPrinter &printer)
{
    // The job's name is seen by whoever sees the queue; the subject is nobody's business.
    QStringList arguments{QStringLiteral("-s"), QStringLiteral("-t"), QStringLiteral("Kittiwake")};
    if (!printer.printerName().isEmpty())
        arguments += {QStringLiteral("-d"), printer.printerName()};
    if (printer.copyCount() > 1)
        arguments += {QStringLiteral("-n"), QString::number(printer.copyCount())};
    if (!printer.pageRanges().isEmpty())
        arguments += {QStringLiteral("-P"), printer.pageRanges().toString()};
    const auto option = [&arguments](const QString &value) { arguments += {QStringLiteral("-o"), value}; };
    if (printer.duplex() == QPrinter::DuplexNone)
        option(QStringLiteral("sides=one-sided"));
    else if (printer.duplex() == QPrinter::DuplexLongSide)
        option(QStringLiteral("sides=two-sided-long-edge"));
    else if (printer.duplex() == QPrinter::DuplexShortSide)
        option(QStringLiteral("sides=two-sided-short-edge"));
    if (printer.colorMode() == QPrinter::GrayScale)
        option(QStringLiteral("print-color-mode=monochrome"));
    if (printer.copyCount() > 1)
        option(printer.collateCopies() ? QStringLiteral("collate=true") : QStringLiteral("collate=false"));
    arguments.append(QStringLiteral("-"));
    return arguments;
}

QFuture<Result<void>> printPdf(const QByteArray &pdf, QPrinter &printer)
{
    if (printer.outputFormat() == QPrinter::PdfFormat && !printer.outputFileName().isEmpty())
        return saveFile(printer.outputFileName(), pdf);
    return spool(pdf, printer);
}

} // namespace kittiwake::ui
