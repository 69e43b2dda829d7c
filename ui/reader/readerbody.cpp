// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/readerbody.h"

#include "ui/reader/htmlview.h"
#include "ui/reader/linkguard.h"
#include "ui/reader/pagesurface.h"
#include "ui/reader/plaintextview.h"
#include "ui/reader/textposition.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QLabel>
#include <QStackedLayout>
#include <QWebEngineView>

namespace kittiwake::ui
{

namespace
{

/**
 * One frame. A text that is in memory is there by then, and the page before it need not be hidden: to hide a web page
 * and to show it again costs some 25 ms, because Chromium stops to draw it meanwhile.
 */
constexpr std::chrono::milliseconds blankAfter{16};

} // namespace

ReaderBody::~ReaderBody() = default;

ReaderBody::ReaderBody(QWidget *parent)
    : QWidget(parent), m_stack(new QStackedLayout(this)), m_plain(new PlainTextView(this)), m_notice(new QLabel(this)),
      m_linkTarget(new QLabel(this)), m_blank(new QWidget(this))
{
    m_plain->setObjectName(QStringLiteral("plainText"));
    m_plain->setAccessibleName(tr("Message text"));
    m_plain->setZoom(1.0);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_notice->setContentsMargins(24, 32, 24, 24);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_blank);
    m_stack->addWidget(m_plain);
    m_stack->addWidget(m_notice);

    m_linkTarget->setObjectName(QStringLiteral("linkTarget"));
    m_linkTarget->setTextFormat(Qt::PlainText);
    m_linkTarget->setAutoFillBackground(true);
    m_linkTarget->setBackgroundRole(QPalette::Window);
    m_linkTarget->setContentsMargins(10, 4, 10, 4);
    m_linkTarget->setVisible(false);
    m_linkTarget->setAttribute(Qt::WA_TransparentForMouseEvents);
    reservePageSurface(*this);
    m_search = std::make_unique<TextSearch>(*m_plain);

    m_blanking.setSingleShot(true);
    m_blanking.setTimerType(Qt::PreciseTimer);
    m_blanking.setInterval(blankAfter);
    connect(&m_blanking, &QTimer::timeout, this, [this] { show(m_blank); });
    connect(m_plain, &PlainTextView::linkHovered, this, &ReaderBody::showLinkTarget);
    connect(m_plain, &PlainTextView::linkActivated, this, &ReaderBody::linkActivated);
}

void ReaderBody::setContent(const mime::MessageContent &content)
{
    m_content = content;
    m_pictures.clear();
    m_hasContent = true;
    m_preferPlain = false;
    m_ownColours = false;
    showText();
}

void ReaderBody::showBlank()
{
    m_content = {};
    m_pictures.clear();
    m_hasContent = false;
    m_preferPlain = false;
    m_ownColours = false;
    if (showsHtml())
        m_blanking.start();
    else if (!m_blanking.isActive())
        show(m_blank);
    showLinkTarget({});
}

void ReaderBody::show(QWidget *page)
{
    m_blanking.stop();
    m_stack->setCurrentWidget(page);
}

void ReaderBody::showNotice(const QString &sentence)
{
    m_notice->setText(sentence);
    show(m_notice);
}

void ReaderBody::clear()
{
    m_plain->setMessageText({});
    if (m_html)
        m_html->clear();
    showBlank();
}

void ReaderBody::setPreferPlain(bool on)
{
    m_preferPlain = on;
    if (m_hasContent)
        showText();
}

void ReaderBody::setOwnColours(bool on)
{
    m_ownColours = on;
    if (m_hasContent)
        showText();
}

bool ReaderBody::showsHtml() const
{
    return m_html && m_stack->currentWidget() == m_html && !m_blanking.isActive();
}

void ReaderBody::showText()
{
    if (!m_content.html.isEmpty() && !m_preferPlain) {
        showHtml(theme::isDark(palette()) && !m_ownColours);
        return;
    }
    m_plain->setMessageText(m_content.plainText);
    show(m_plain);
    if (m_content.plainText.trimmed().isEmpty()) {
        m_plain->setMessageText({});
        m_plain->setPlaceholderText(m_content.notice.isEmpty() ? tr("This message has no text.") : m_content.notice);
    }
}

void ReaderBody::makeHtmlView()
{
    m_html = new HtmlView(this);
    m_html->setObjectName(QStringLiteral("htmlView"));
    m_stack->addWidget(m_html);
    connect(m_html, &HtmlView::linkHovered, this, &ReaderBody::showLinkTarget);
    connect(m_html, &HtmlView::linkActivated, this, &ReaderBody::linkActivated);
    connect(m_html, &HtmlView::keyIgnored, this, &ReaderBody::pageRequested);
    connect(m_html, &HtmlView::found, this, &ReaderBody::found);
    connect(m_html, &HtmlView::rendererLost, this, [this] {
        if (!showsHtml())
            return; // another one starts with the next message
        show(m_blank);
        showLinkTarget({});
        Q_EMIT rendererLost();
    });
}

void ReaderBody::warmUp()
{
    if (m_html)
        return;
    makeHtmlView();
    m_html->clear();
}

void ReaderBody::setPictures(const std::vector<mime::InlineImage> &pictures)
{
    m_pictures = pictures;
    if (!m_hasContent)
        return;
    const double reading = position();
    showText();
    setPosition(reading);
}

void ReaderBody::showHtml(bool dark)
{
    if (!m_html)
        makeHtmlView();
    m_html->setZoom(m_zoom);
    m_html->setMessage(m_content.html, m_content.inlineImages, dark, m_pictures);
    show(m_html);
}

bool ReaderBody::pageDown()
{
    return showsHtml() ? m_html->pageDown() : m_plain->pageDown();
}

void ReaderBody::setZoom(double factor)
{
    m_zoom = factor;
    m_plain->setZoom(factor);
    if (m_html)
        m_html->setZoom(factor);
}

void ReaderBody::copy()
{
    if (showsHtml())
        m_html->copy();
    else
        m_plain->copy();
}

void ReaderBody::selectAll()
{
    if (showsHtml())
        m_html->selectAll();
    else
        m_plain->selectAll();
}

QString ReaderBody::selectedText() const
{
    if (showsHtml())
        return m_html->view()->selectedText();
    QString text = m_plain->textCursor().selectedText();
    text.replace(QChar::ParagraphSeparator, u'\n');
    return text;
}

void ReaderBody::focusText()
{
    if (showsHtml())
        m_html->setFocus(Qt::OtherFocusReason);
    else
        m_plain->setFocus(Qt::OtherFocusReason);
}

void ReaderBody::find(const QString &text, bool backward, bool isNew)
{
    if (showsHtml())
        m_html->find(text, backward);
    else
        Q_EMIT found(m_search->find(text, backward, isNew));
}

double ReaderBody::position() const
{
    return showsHtml() ? m_html->position() : textPosition(*m_plain);
}

void ReaderBody::setPosition(double position)
{
    if (showsHtml())
        m_html->setPosition(position);
    else
        setTextPosition(*m_plain, position);
}

void ReaderBody::showLinkTarget(const QString &target)
{
    m_linkTarget->setVisible(!target.isEmpty());
    if (target.isEmpty())
        return;
    m_linkTarget->setText(elidedLink(target, m_linkTarget->fontMetrics(), width() - 40));
    placeLinkTarget();
}

void ReaderBody::placeLinkTarget()
{
    m_linkTarget->adjustSize();
    const int x = layoutDirection() == Qt::RightToLeft ? width() - m_linkTarget->width() : 0;
    m_linkTarget->move(x, height() - m_linkTarget->height());
    m_linkTarget->raise();
}

void ReaderBody::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_hasContent)
        showText();
}

void ReaderBody::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_linkTarget->isVisible())
        placeLinkTarget();
}

} // namespace kittiwake::ui
