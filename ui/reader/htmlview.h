// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/reader/findbar.h"
#include "ui/reader/htmlprofile.h"

#include <QTimer>
#include <QUrl>
#include <QWidget>

class QWebEngineLoadingInfo;
class QWebEngineView;

namespace kittiwake::ui
{

/**
 * Shows the HTML of one message in Qt WebEngine. Four walls, each sufficient: the sanitiser before it (core/mime), the
 * content security policy put before the document, the interceptor that refuses every request but for the document and
 * its images, and the process flags of prepareWebEngine(). JavaScript is off. Links are reported, never followed.
 * Expensive: made when the first HTML message is shown.
 */
class HtmlView final : public QWidget
{
    Q_OBJECT

public:
    explicit HtmlView(QWidget *parent = nullptr);
    ~HtmlView() override;

    /** html is shown as it is after our own head, in the colours of core/mime for light or dark. pictures: those from
     * elsewhere that were fetched. */
    void setMessage(const QString &html, const std::vector<mime::InlineImage> &images, bool dark,
                    const std::vector<mime::InlineImage> &pictures = {});
    void clear();
    void setZoom(double factor);
    bool pageDown();
    void copy();
    void selectAll();
    /** Marks the next match, or the one before; found() answers. An empty text takes the marks away. */
    void find(const QString &text, bool backward);
    /** How far down the page is, 0 to 1; and going there, once it is laid out. */
    [[nodiscard]] double position() const;
    void setPosition(double position);
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] const MailProfile &profile() const { return *m_profile; }
    [[nodiscard]] QWebEngineView *view() const { return m_view; }

Q_SIGNALS:
    void linkHovered(const QString &target);
    void linkActivated(const QUrl &target);
    void loaded();
    void rendererLost(); ///< the process that draws has ended; setMessage() starts another one
    void keyIgnored(QKeyEvent *event); ///< a key that the page has no use for
    void found(const kittiwake::ui::FindResult &result);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    class Page;
    void loadDocument(const HtmlDocument &document);
    void noteLoading(const QWebEngineLoadingInfo &info);
    void loadAgain();
    void showContextMenu(const QPoint &position);
    void applyFonts();
    void goToPosition();

    HtmlDocument m_document;
    MailProfile *m_profile;
    Page *m_page;
    QWebEngineView *m_view;
    QTimer m_patience;
    bool m_loaded = false;
    double m_wantedPosition = 0; ///< to go to once there is a page as long as that
    int m_retries = 0;
};

} // namespace kittiwake::ui
