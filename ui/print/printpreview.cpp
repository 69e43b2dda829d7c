// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/print/printpreview.h"

#include "ui/print/printjob.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPdfDocument>
#include <QPdfView>
#include <QPrintDialog>
#include <QPrinter>
#include <QPushButton>
#include <QShortcut>
#include <QStackedLayout>
#include <QStandardPaths>

namespace kittiwake::ui
{

namespace
{

void askWithDialog(QWidget *parent, const QString &suggestion, std::function<void(QString)> chosen)
{
    auto *dialog = new QFileDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(PrintPreview::tr("Save as PDF"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("pdf"));
    dialog->setNameFilter(PrintPreview::tr("PDF documents (*.pdf)"));
    dialog->setDirectory(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->selectFile(suggestion);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

} // namespace

PrintPreview::PrintPreview(const PrintedMessage &message, QWidget *parent)
    : QWidget(parent, Qt::Window), m_message(message), m_maker(new PdfMaker(this)), m_layout(usualPage()),
      m_document(new QPdfDocument(this)), m_view(new QPdfView(this)), m_pages(new QLabel(this)),
      m_notice(new QLabel(tr("Laying out the pages…"), this)), m_stack(new QStackedLayout),
      m_print(new QPushButton(icon(QStringLiteral("printer")), tr("Print…"), this)),
      m_save(new QPushButton(icon(QStringLiteral("file-down")), tr("Save as PDF…"), this)), m_banner(new Banner(this)),
      m_chooser(askWithDialog)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("printPreview"));
    setWindowTitle(tr("Print “%1”").arg(isolated(message.header.subject, 100)));
    resize(760, 860);
    m_print->setObjectName(QStringLiteral("printButton"));
    m_save->setObjectName(QStringLiteral("savePdfButton"));
    m_pages->setTextFormat(Qt::PlainText);
    m_pages->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setAlignment(Qt::AlignCenter);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_banner->setObjectName(QStringLiteral("printBanner"));
    m_view->setObjectName(QStringLiteral("printPages"));
    m_view->setAccessibleName(tr("Pages"));
    m_view->setPageMode(QPdfView::PageMode::MultiPage);
    m_view->setZoomMode(QPdfView::ZoomMode::FitToWidth);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setDocument(m_document);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(16, 8, 16, 8);
    top->setSpacing(theme::padding);
    top->addWidget(m_print);
    top->addWidget(m_save);
    top->addStretch(1);
    top->addWidget(m_pages);
    layout->addLayout(top);
    layout->addWidget(m_banner);
    m_stack->addWidget(m_notice);
    m_stack->addWidget(m_view);
    layout->addLayout(m_stack, 1);
    m_print->setEnabled(false);
    m_save->setEnabled(false);

    new QShortcut(QKeySequence(Qt::Key_Escape), this, this, &QWidget::close);
    new QShortcut(QKeySequence::Close, this, this, &QWidget::close);
    new QShortcut(QKeySequence::Print, this, m_print, &QPushButton::click);
    connect(m_print, &QPushButton::clicked, this, &PrintPreview::askPrinter);
    connect(m_save, &QPushButton::clicked, this, &PrintPreview::savePdf);
    connect(m_maker, &PdfMaker::made, this, &PrintPreview::takePdf);
    connect(m_maker, &PdfMaker::failed, this, &PrintPreview::showError);
    m_maker->make(m_message, m_layout);
}

PrintPreview::~PrintPreview()
{
    // The document reads from the buffer, which goes before it otherwise.
    m_view->setDocument(nullptr);
    m_document->close();
}

int PrintPreview::pageCount() const
{
    return m_document->pageCount();
}

void PrintPreview::takePdf(const QByteArray &pdf)
{
    m_pdf = pdf;
    m_document->close();
    m_buffer.close();
    m_buffer.setData(m_pdf);
    m_buffer.open(QIODevice::ReadOnly);
    m_document->load(&m_buffer);
    m_pages->setText(tr("%Ln page(s)", nullptr, pageCount()));
    m_stack->setCurrentWidget(m_view);
    m_print->setEnabled(true);
    m_save->setEnabled(true);
    if (m_printer)
        send(m_pdf);
    Q_EMIT ready();
}

void PrintPreview::savePdf()
{
    if (m_pdf.isEmpty())
        return;
    const QString subject = oneLine(m_message.header.subject, 100);
    QString name = safeFileName(subject.isEmpty() ? tr("Message") : subject);
    m_chooser(this, name + QLatin1String(".pdf"), [this](const QString &path) {
        saveFile(path, m_pdf).then(this, [this, path](const Result<void> &written) {
            if (!written) {
                showError(written.error().userText);
                return;
            }
            m_banner->showMessage(theme::Tone::Info, tr("Saved as %1.").arg(isolated(QFileInfo(path).fileName())));
            Q_EMIT saved(path);
        });
    });
}

void PrintPreview::askPrinter()
{
    auto printer = std::make_shared<QPrinter>(QPrinter::HighResolution);
    printer->setPageLayout(m_layout);
    printer->setDocName(QCoreApplication::applicationName());
    auto *dialog = new QPrintDialog(printer.get(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOptions(QAbstractPrintDialog::PrintToFile | QAbstractPrintDialog::PrintPageRange
                       | QAbstractPrintDialog::PrintShowPageSize | QAbstractPrintDialog::PrintCollateCopies);
    if (pageCount() > 0)
        dialog->setMinMax(1, pageCount());
    connect(dialog, &QDialog::accepted, this, [this, printer] { printOn(printer); });
    dialog->open();
}

void PrintPreview::printOn(const std::shared_ptr<QPrinter> &printer)
{
    m_printer = printer;
    const QPageLayout wanted = printer->pageLayout();
    // Laid out again only where the paper is another one; our margins are kept where the printer can do them.
    if (wanted.pageSize() == m_layout.pageSize() && wanted.orientation() == m_layout.orientation()) {
        send(m_pdf);
        return;
    }
    m_layout.setPageSize(wanted.pageSize(), m_layout.minimumMargins());
    m_layout.setOrientation(wanted.orientation());
    m_maker->make(m_message, m_layout);
}

void PrintPreview::send(const QByteArray &pdf)
{
    const auto printer = std::exchange(m_printer, nullptr);
    printPdf(pdf, *printer).then(this, [this](const Result<void> &sent) {
        if (!sent) {
            showError(sent.error().userText);
            return;
        }
        m_banner->showMessage(theme::Tone::Info, tr("Handed over to the printer."));
        Q_EMIT printed();
    });
}

void PrintPreview::showError(const QString &sentence)
{
    m_printer.reset();
    if (m_pdf.isEmpty())
        m_notice->setText(QString());
    m_banner->showMessage(theme::Tone::Error, sentence);
}

} // namespace kittiwake::ui
