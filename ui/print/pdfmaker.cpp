// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/print/pdfmaker.h"

#include "core/mime/printdocument.h"
#include "ui/messagelist/datetext.h"
#include "ui/reader/htmlview.h"
#include "ui/widgets/safetext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTimer>
#include <QWebEnginePage>
#include <QWebEngineView>
#include <QWidget>

namespace kittiwake::ui
{

namespace
{

// A page that is not laid out by then never is: its process has gone.
constexpr int patienceMs = 60'000;
constexpr std::size_t maxPeople = 200;

QString text(const char *source)
{
    return QCoreApplication::translate("ui::print", source);
}

QString people(const mail::AddressList &list)
{
    QStringList texts;
    for (std::size_t i = 0; i < list.size() && i < maxPeople; ++i) {
        const mail::Address &person = list[i];
        const QString address = oneLine(person.address, 320);
        texts.append(person.name.isEmpty() ? address
                                           : QCoreApplication::translate("ui::print", "%1 <%2>", "name, address")
                                                 .arg(isolated(person.name, 120), address));
    }
    if (list.size() > maxPeople)
        texts.append(QStringLiteral("…"));
    return texts.join(QLatin1String(", "));
}

mime::PrintedHead headOf(const PrintedMessage &message)
{
    const mail::MessageHeader &header = message.header;
    mime::PrintedHead head;
    head.subject = oneLine(header.subject, 2000);
    if (head.subject.isEmpty())
        head.subject = text(QT_TRANSLATE_NOOP("ui::print", "(no subject)"));
    const auto add = [&head](const QString &name, const QString &value) {
        if (!value.isEmpty())
            head.fields.emplace_back(name, value);
    };
    add(text(QT_TRANSLATE_NOOP("ui::print", "From")), people(header.from));
    add(text(QT_TRANSLATE_NOOP("ui::print", "To")), people(header.to));
    add(text(QT_TRANSLATE_NOOP("ui::print", "Cc")), people(header.cc));
    if (header.date > 0)
        add(text(QT_TRANSLATE_NOOP("ui::print", "Date")), fullDate(header.date, QLocale()));
    QStringList files;
    for (std::size_t i = 0; i < message.content.attachments.size() && i < maxPeople; ++i)
        files.append(oneLine(message.content.attachments[i].fileName, 200));
    add(text(QT_TRANSLATE_NOOP("ui::print", "Attachments")), files.join(QLatin1String(", ")));
    return head;
}

} // namespace

QPageLayout usualPage()
{
    const auto size = QLocale().measurementSystem() == QLocale::ImperialUSSystem ? QPageSize::Letter : QPageSize::A4;
    return {QPageSize(size), QPageLayout::Portrait, QMarginsF(18, 16, 18, 16), QPageLayout::Millimeter};
}

PdfMaker::PdfMaker(QWidget *window) : QObject(window), m_window(window), m_patience(new QTimer(this))
{
    m_patience->setSingleShot(true);
    m_patience->setInterval(patienceMs);
    connect(m_patience, &QTimer::timeout, this, [this] {
        ++m_serial;
        Q_EMIT failed(tr("The pages could not be laid out. Try again."));
    });
}

PdfMaker::~PdfMaker() = default;

void PdfMaker::make(const PrintedMessage &message, const QPageLayout &page)
{
    const quint64 serial = ++m_serial;
    m_page = page;
    delete m_view;
    m_view = new HtmlView(m_window);
    m_view->setVisible(false);
    m_view->resize(800, 1000);
    m_patience->start();
    connect(m_view, &HtmlView::loaded, this, [this, serial] {
        if (serial != m_serial)
            return;
        m_view->view()->page()->printToPdf(
            [this, guard = QPointer<PdfMaker>(this), serial](const QByteArray &pdf) {
                if (!guard || serial != m_serial)
                    return;
                m_patience->stop();
                if (pdf.isEmpty())
                    Q_EMIT failed(tr("The pages could not be laid out. Try again."));
                else
                    Q_EMIT made(pdf);
            },
            m_page);
    });
    m_view->setMessage(mime::printedDocument(message.content.html, message.content.plainText, headOf(message)),
                       message.content.inlineImages, false, message.pictures);
}

} // namespace kittiwake::ui
