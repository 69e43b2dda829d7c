// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/messageheader.h"
#include "core/mime/messagecontent.h"

#include <QObject>
#include <QPageLayout>

class QTimer;

namespace kittiwake::ui
{

class HtmlView;

/** A message as it is printed: what the reader shows of it, with its subject, people, date and files above it. */
struct PrintedMessage {
    mail::MessageHeader header;
    mime::MessageContent content;
    std::vector<mime::InlineImage> pictures; ///< from elsewhere, that the person has let in
};

/** The paper that people use here, with margins. */
[[nodiscard]] QPageLayout usualPage();

/**
 * Lays messages out on pages, in memory: the document that was sanitised for the reader, in a view of its own with the
 * same walls (HtmlView) that is never on the screen. UI thread; does not wait.
 */
class PdfMaker final : public QObject
{
    Q_OBJECT

public:
    explicit PdfMaker(QWidget *window);
    ~PdfMaker() override;

    /** made() or failed() follows. A message that is still being made is given up. */
    void make(const PrintedMessage &message, const QPageLayout &page);
    [[nodiscard]] HtmlView *view() const { return m_view; }

Q_SIGNALS:
    void made(const QByteArray &pdf);
    void failed(const QString &sentence);

private:
    QWidget *m_window;
    HtmlView *m_view = nullptr;
    QTimer *m_patience;
    QPageLayout m_page;
    quint64 m_serial = 0;
};

} // namespace kittiwake::ui
