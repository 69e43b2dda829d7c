// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/print/pdfmaker.h"

#include <QBuffer>
#include <QWidget>

#include <functional>

class QLabel;
class QPdfDocument;
class QPdfView;
class QPrinter;
class QPushButton;
class QStackedLayout;

namespace kittiwake::ui
{

class Banner;

/**
 * The pages of a message as they will be printed, in a window of their own: printed from here, or saved as PDF. The
 * pages are made in memory, and go to the printing system through a pipe: nothing of them is written to a file but
 * where the person says.
 */
class PrintPreview final : public QWidget
{
    Q_OBJECT

public:
    PrintPreview(const PrintedMessage &message, QWidget *parent);
    ~PrintPreview() override;

    [[nodiscard]] int pageCount() const;
    [[nodiscard]] const QByteArray &pdf() const { return m_pdf; }
    /** Asks where to save, and calls back with a path or not at all. */
    using Chooser = std::function<void(QWidget *parent, const QString &suggestion, std::function<void(QString)>)>;
    void setChooser(Chooser chooser) { m_chooser = std::move(chooser); }
    /** Saves as soon as the pages are there: "Save as PDF" of the window. */
    void savePdf();
    /** Prints on a printer as it is set up, without asking; laid out anew where its paper is another one. */
    void printOn(const std::shared_ptr<QPrinter> &printer);

Q_SIGNALS:
    void ready();
    void printed();
    void saved(const QString &path);

private:
    void takePdf(const QByteArray &pdf);
    void askPrinter();
    void send(const QByteArray &pdf);
    void showError(const QString &sentence);

    PrintedMessage m_message;
    PdfMaker *m_maker;
    QByteArray m_pdf;
    QPageLayout m_layout;
    QBuffer m_buffer;
    QPdfDocument *m_document;
    QPdfView *m_view;
    QLabel *m_pages;
    QLabel *m_notice;
    QStackedLayout *m_stack;
    QPushButton *m_print;
    QPushButton *m_save;
    Banner *m_banner;
    Chooser m_chooser;
    std::shared_ptr<QPrinter> m_printer; ///< waits for the pages
};

} // namespace kittiwake::ui
