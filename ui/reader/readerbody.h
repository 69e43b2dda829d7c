// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/messagecontent.h"
#include "ui/reader/textsearch.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QStackedLayout;

namespace kittiwake::ui
{

class HtmlView;
class PlainTextView;

/**
 * The text of a message below its card: plain, or HTML in a view that is made for the first HTML text. Says where the
 * link under the pointer goes.
 */
class ReaderBody final : public QWidget
{
    Q_OBJECT

public:
    explicit ReaderBody(QWidget *parent = nullptr);
    ~ReaderBody() override;

    void setContent(const mime::MessageContent &content);
    void showBlank(); ///< until the next message's text is there
    void showNotice(const QString &sentence);
    void clear(); ///< also what the views hold, which are not seen

    /** Pictures from elsewhere for the message that is shown; by mime::RemoteImage::id. */
    void setPictures(const std::vector<mime::InlineImage> &pictures);
    /** Starts what draws pages, so that the first HTML message need not wait for it. Takes a while. */
    void warmUp();

    /** For this message: the plain text although there is HTML; HTML in its own colours although the window is dark. */
    void setPreferPlain(bool on);
    void setOwnColours(bool on);
    [[nodiscard]] bool prefersPlain() const { return m_preferPlain; }
    [[nodiscard]] bool hasOwnColours() const { return m_ownColours; }
    [[nodiscard]] bool hasHtml() const { return !m_content.html.isEmpty(); }
    [[nodiscard]] bool showsHtml() const;

    /** A page further; false when the end was in sight. */
    bool pageDown();
    void setZoom(double factor);
    void copy();
    void selectAll();
    void focusText();
    [[nodiscard]] QString selectedText() const;

    /** Looks for a text in what is shown; found() answers, for HTML later. An empty text takes the marks away. */
    void find(const QString &text, bool backward, bool isNew);
    /** How far down the text is, 0 (its beginning) to 1. */
    [[nodiscard]] double position() const;
    /** Goes there, as soon as the text is there. */
    void setPosition(double position);

    [[nodiscard]] const std::vector<mime::InlineImage> &pictures() const { return m_pictures; }
    [[nodiscard]] PlainTextView &plainView() { return *m_plain; }
    [[nodiscard]] HtmlView *htmlView() const { return m_html; } ///< null before the first HTML message

Q_SIGNALS:
    void linkActivated(const QUrl &target);
    void pageRequested(); ///< Space in the HTML view
    void rendererLost(); ///< what was shown is gone from the screen; setContent() shows it again
    void found(const kittiwake::ui::FindResult &result);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showText();
    void showHtml(bool dark);
    void makeHtmlView();
    void showLinkTarget(const QString &target);
    void placeLinkTarget();
    void show(QWidget *page);

    mime::MessageContent m_content;
    std::vector<mime::InlineImage> m_pictures;
    bool m_hasContent = false;
    bool m_preferPlain = false;
    bool m_ownColours = false;
    double m_zoom = 1.0;
    QStackedLayout *m_stack;
    PlainTextView *m_plain;
    HtmlView *m_html = nullptr;
    std::unique_ptr<TextSearch> m_search;
    QLabel *m_notice;
    QLabel *m_linkTarget;
    QWidget *m_blank;
    QTimer m_blanking; ///< runs while what was shown is still to be taken away
};

} // namespace kittiwake::ui
