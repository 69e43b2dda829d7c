// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/htmlview.h"

#include "core/base/log.h"
#include "core/mime/csscolour.h"
#include "core/mime/sanitiser.h"
#include "ui/reader/linkguard.h"
#include "ui/reader/links.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QChildEvent>
#include <QClipboard>
#include <QFontInfo>
#include <QKeyEvent>
#include <QMenu>
#include <QVBoxLayout>
#include <QWebEngineContextMenuRequest>
#include <QWebEngineFindTextResult>
#include <QWebEngineLoadingInfo>
#include <QWebEngineNewWindowRequest>
#include <QWebEnginePage>
#include <QWebEngineScript>
#include <QWebEngineSettings>
#include <QWebEngineView>

namespace kittiwake::ui
{

namespace
{

/// A document comes out of memory: one that has not come after this long was lost on the way.
constexpr std::chrono::seconds patience{5};

/**
 * The ground of dark mode is the window's, but never so light that ink which is readable on the darkest ground is not
 * on this one (mime::DarkBounds).
 */
QColor darkGround(const QColor &wanted)
{
    const mime::CssColour colour{wanted.redF(), wanted.greenF(), wanted.blueF(), 1};
    return mime::luminanceOf(colour) <= mime::DarkBounds::lightestGround ? wanted : QColor(0x20, 0x24, 0x29);
}

/**
 * What is put before a message's document. Nothing edits the document itself after the sanitiser (CVE-2024-42009). The
 * HTML parser takes the document's own <html>, <head> and <body> tags as continuing ours (HTML standard, "in head" and
 * "after head" insertion modes), so the policy holds for all of it.
 */
QByteArray head(bool dark, const QColor &ground)
{
    return "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" "
           "content=\"default-src 'none'; img-src cid: data: remote:; style-src 'unsafe-inline'; form-action 'none'; "
           "base-uri 'none'; frame-src 'none'\"><meta name=\"referrer\" content=\"no-referrer\"><style>"
           "html{background:#fff;color:#1c2127;color-scheme:light}html.kw-dark{--kw-ground:"
        + ground.name().toLatin1()
        + "}a{color:#1767b5}"
          "::-webkit-scrollbar{width:12px;height:12px}::-webkit-scrollbar-corner{background:transparent}"
          "::-webkit-scrollbar-thumb{border:3px solid transparent;border-radius:6px;background-clip:padding-box;"
          "background-color:"
        + QByteArray(dark ? "#555c65" : "#c3c7cc") + "}</style></head>";
}

} // namespace

/** Goes nowhere: a click on a link is reported, every other navigation is refused. */
class HtmlView::Page final : public QWebEnginePage
{
public:
    Page(QWebEngineProfile *profile, HtmlView *view) : QWebEnginePage(profile, view), m_view(view)
    {
        connect(this, &QWebEnginePage::newWindowRequested, this, [this](QWebEngineNewWindowRequest &request) {
            if (request.isUserInitiated())
                Q_EMIT m_view->linkActivated(request.requestedUrl());
        });
        connect(this, &QWebEnginePage::featurePermissionRequested, this, [this](const QUrl &origin, Feature feature) {
            setFeaturePermission(origin, feature, PermissionDeniedByUser);
        });
    }

protected:
    bool acceptNavigationRequest(const QUrl &url, NavigationType type, bool isMainFrame) override
    {
        if (isMainFrame && url == documentUrl(m_view->m_document) && type == NavigationTypeTyped)
            return true;
        if (isMainFrame && type == NavigationTypeLinkClicked)
            Q_EMIT m_view->linkActivated(url);
        return false;
    }
    QWebEnginePage *createWindow(WebWindowType) override { return nullptr; }
    QStringList chooseFiles(FileSelectionMode, const QStringList &, const QStringList &) override { return {}; }
    void javaScriptConsoleMessage(JavaScriptConsoleMessageLevel, const QString &, int, const QString &) override { }

private:
    HtmlView *m_view;
};

HtmlView::HtmlView(QWidget *parent)
    : QWidget(parent), m_profile(new MailProfile(m_document, this)), m_page(new Page(m_profile, this)),
      m_view(new QWebEngineView(this))
{
    m_page->setAudioMuted(true);
    m_view->setPage(m_page);
    m_view->setAcceptDrops(false);
    m_view->setAccessibleName(tr("Message"));
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    setFocusProxy(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    connect(m_view, &QWidget::customContextMenuRequested, this, &HtmlView::showContextMenu);
    connect(m_page, &QWebEnginePage::linkHovered, this,
            [this](const QString &url) { Q_EMIT linkHovered(url.isEmpty() ? QString() : linkHint(QUrl(url))); });
    connect(m_page, &QWebEnginePage::loadingChanged, this, &HtmlView::noteLoading);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, &HtmlView::loadAgain);
    connect(m_page, &QWebEnginePage::renderProcessTerminated, this,
            [this](QWebEnginePage::RenderProcessTerminationStatus status, int exitCode) {
                if (status == QWebEnginePage::NormalTerminationStatus)
                    return;
                qCWarning(logUi) << "the process that draws pages ended:" << status << exitCode;
                m_loaded = false;
                m_retries = 0;
                m_patience.stop();
                Q_EMIT rendererLost();
            });
    connect(m_page, &QWebEnginePage::contentsSizeChanged, this, &HtmlView::goToPosition);
    connect(m_page, &QWebEnginePage::findTextFinished, this, [this](const QWebEngineFindTextResult &result) {
        Q_EMIT found({result.activeMatch(), result.numberOfMatches(), true});
    });
    applyFonts();
    m_view->installEventFilter(this);
}

HtmlView::~HtmlView()
{
    // The page must go before its profile, and both before the document that they answer from.
    delete m_view;
    delete m_page;
    delete m_profile;
}

void HtmlView::applyFonts()
{
    const QFontInfo info(font());
    QWebEngineSettings *settings = m_page->settings();
    for (const auto family : {QWebEngineSettings::StandardFont, QWebEngineSettings::SansSerifFont})
        settings->setFontFamily(family, info.family());
    settings->setFontSize(QWebEngineSettings::DefaultFontSize, info.pixelSize() + 2);
    settings->setFontSize(QWebEngineSettings::MinimumFontSize, 8);
}

void HtmlView::setMessage(const QString &html, const std::vector<mime::InlineImage> &images, bool dark,
                          const std::vector<mime::InlineImage> &pictures)
{
    HtmlDocument document;
    const QColor ground = dark ? darkGround(palette().color(QPalette::Base)) : QColor(Qt::white);
    QSet<QByteArray> ids;
    for (const mime::InlineImage &picture : pictures)
        ids.insert(picture.contentId);
    const QString withPictures = ids.isEmpty() ? html : mime::withRemoteImages(html, ids);
    document.bytes = head(dark, ground)
        + mime::withColourScheme(withPictures, dark ? mime::ColourScheme::Dark : mime::ColourScheme::Light).toUtf8();
    document.images = images;
    document.pictures = pictures;
    m_page->setBackgroundColor(ground);
    loadDocument(document);
}

void HtmlView::clear()
{
    loadDocument({});
}

void HtmlView::loadDocument(const HtmlDocument &document)
{
    const quint64 number = m_document.number + 1;
    m_document = document;
    m_document.number = number;
    m_loaded = false;
    m_wantedPosition = 0;
    m_retries = 3;
    m_patience.start();
    m_page->load(documentUrl(m_document));
}

/**
 * Only what is told of the document that is wanted now counts. One that was replaced while it was being loaded fails as
 * well; loading the new one again on that account stops it in turn, and so on, until a pane stays empty.
 */
void HtmlView::noteLoading(const QWebEngineLoadingInfo &info)
{
    if (info.url() != documentUrl(m_document))
        return;
    switch (info.status()) {
    case QWebEngineLoadingInfo::LoadStartedStatus:
        break;
    case QWebEngineLoadingInfo::LoadSucceededStatus:
        m_patience.stop();
        m_loaded = true;
        Q_EMIT loaded();
        break;
    case QWebEngineLoadingInfo::LoadStoppedStatus:
    case QWebEngineLoadingInfo::LoadFailedStatus:
        // A click that is still under way in the old document can stop the new one from being loaded. Not from within
        // the signal, which Chromium sends while it is putting the failed one away.
        QMetaObject::invokeMethod(this, &HtmlView::loadAgain, Qt::QueuedConnection);
        break;
    }
}

void HtmlView::loadAgain()
{
    if (m_loaded || m_retries <= 0)
        return;
    --m_retries;
    qCInfo(logUi) << "a document that did not come is loaded again";
    m_patience.start();
    m_page->load(documentUrl(m_document));
}

void HtmlView::setZoom(double factor)
{
    m_page->setZoomFactor(qBound(0.25, factor, 5.0));
}

bool HtmlView::pageDown()
{
    constexpr double slack = 4; // positions are rounded
    if (m_page->scrollPosition().y() + m_view->height() >= m_page->contentsSize().height() - slack)
        return false;
    QWidget *target = m_view->focusProxy() ? m_view->focusProxy() : m_view;
    for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, Qt::Key_PageDown, Qt::NoModifier);
        QCoreApplication::sendEvent(target, &event);
    }
    return true;
}

void HtmlView::find(const QString &text, bool backward)
{
    m_page->findText(text, backward ? QWebEnginePage::FindBackward : QWebEnginePage::FindFlags());
}

double HtmlView::position() const
{
    if (m_wantedPosition > 0)
        return m_wantedPosition;
    const double height = m_page->contentsSize().height();
    return height > 0 ? m_page->scrollPosition().y() / height : 0;
}

void HtmlView::setPosition(double position)
{
    m_wantedPosition = qBound(0.0, position, 1.0);
    goToPosition();
}

/**
 * A number of ours in a script of ours, in a world of its own: the page's own scripts stay off (the setting is about
 * the main world), and this is the only way there is to scroll a page.
 */
void HtmlView::goToPosition()
{
    const double height = m_page->contentsSize().height();
    if (!m_loaded || m_wantedPosition <= 0 || height <= m_view->height())
        return;
    const double at = m_wantedPosition * height / m_page->zoomFactor();
    m_wantedPosition = 0;
    m_page->runJavaScript(QStringLiteral("window.scrollTo(0,%1)").arg(qRound64(at)),
                          QWebEngineScript::ApplicationWorld);
}

void HtmlView::copy()
{
    m_page->triggerAction(QWebEnginePage::Copy);
}

void HtmlView::selectAll()
{
    m_page->triggerAction(QWebEnginePage::SelectAll);
}

void HtmlView::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QWebEngineContextMenuRequest *request = m_view->lastContextMenuRequest();
    const QUrl link = request ? request->linkUrl() : QUrl();
    if (mayOpen(link)) {
        menu->addAction(tr("Copy link"), this, [link] { QGuiApplication::clipboard()->setText(linkText(link)); });
        menu->addSeparator();
    }
    QAction *copyAction = menu->addAction(tr("Copy"), this, &HtmlView::copy);
    copyAction->setEnabled(m_page->hasSelection());
    menu->addAction(tr("Select all"), this, &HtmlView::selectAll);
    menu->popup(m_view->mapToGlobal(position));
}

/** The widget that draws the page comes and goes with Chromium's processes; its keys are looked at wherever it is. */
bool HtmlView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::ChildAdded) {
        if (auto *child = qobject_cast<QWidget *>(static_cast<QChildEvent *>(event)->child()))
            child->installEventFilter(this);
    } else if (event->type() == QEvent::KeyPress && watched != m_view) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier) {
            Q_EMIT keyIgnored(key);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void HtmlView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyFonts();
}

} // namespace kittiwake::ui
