// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/htmlprofile.h"

#include "core/base/log.h"

#include <QBuffer>
#include <QWebEngineCookieStore>
#include <QWebEngineDownloadRequest>
#include <QWebEngineSettings>
#include <QWebEngineUrlRequestInfo>
#include <QWebEngineUrlRequestJob>
#include <QWebEngineUrlScheme>

namespace kittiwake::ui
{

namespace
{

const QByteArray &documentScheme()
{
    static const QByteArray name = QByteArrayLiteral("kittiwake-message");
    return name;
}

bool isShownImageType(const QByteArray &type)
{
    // No SVG: it is a document, not a picture (CVE-2023-5631 and its successors).
    return type == "image/png" || type == "image/jpeg" || type == "image/gif" || type == "image/webp";
}

} // namespace

void prepareWebEngine()
{
    for (const QByteArray &name : {documentScheme(), QByteArrayLiteral("cid"), QByteArrayLiteral("remote")}) {
        QWebEngineUrlScheme scheme(name);
        scheme.setSyntax(QWebEngineUrlScheme::Syntax::Path);
        // Isolated from each other and from everything else.
        scheme.setFlags(QWebEngineUrlScheme::NoAccessAllowed);
        QWebEngineUrlScheme::registerScheme(scheme);
    }
    QByteArray flags = qgetenv("QTWEBENGINE_CHROMIUM_FLAGS");
    for (const char *flag :
         {"--host-resolver-rules=\"MAP * ~NOTFOUND\"", "--proxy-server=127.0.0.1:9", "--disable-background-networking",
          "--disable-gpu-shader-disk-cache", "--disable-breakpad", "--disable-remote-fonts", "--no-pings"}) {
        if (!flags.isEmpty())
            flags += ' ';
        flags += flag;
    }
    qputenv("QTWEBENGINE_CHROMIUM_FLAGS", flags);
}

QUrl documentUrl(const HtmlDocument &document)
{
    return QUrl(QString::fromLatin1(documentScheme()) + QLatin1Char(':') + QString::number(document.number));
}

void MailInterceptor::interceptRequest(QWebEngineUrlRequestInfo &info)
{
    const QUrl url = info.requestUrl();
    const bool isDocument
        = url == documentUrl(m_document) && info.resourceType() == QWebEngineUrlRequestInfo::ResourceTypeMainFrame;
    const bool isImage = (url.scheme() == QLatin1String("cid") || url.scheme() == QLatin1String("data")
                          || url.scheme() == QLatin1String("remote"))
        && info.resourceType() == QWebEngineUrlRequestInfo::ResourceTypeImage;
    if ((isDocument || isImage) && info.requestMethod() == "GET")
        return;
    ++m_blocked;
    info.block(true);
}

void MailSchemeHandler::requestStarted(QWebEngineUrlRequestJob *job)
{
    const QUrl url = job->requestUrl();
    const auto reply = [job](const QByteArray &type, const QByteArray &bytes) {
        auto *buffer = new QBuffer(job);
        buffer->setData(bytes);
        job->reply(type, buffer);
    };
    if (url == documentUrl(m_document)) {
        reply("text/html; charset=utf-8", m_document.bytes);
        return;
    }
    if (url.scheme() == QLatin1String("cid") || url.scheme() == QLatin1String("remote")) {
        const auto &images = url.scheme() == QLatin1String("cid") ? m_document.images : m_document.pictures;
        const QByteArray id = QByteArray::fromPercentEncoding(url.toEncoded(QUrl::RemoveScheme));
        for (const mime::InlineImage &image : images) {
            if (image.contentId == id && isShownImageType(image.mimeType)) {
                reply(image.mimeType, image.data);
                return;
            }
        }
    }
    job->fail(QWebEngineUrlRequestJob::UrlNotFound);
}

MailProfile::MailProfile(const HtmlDocument &document, QObject *parent)
    : QWebEngineProfile(parent), m_interceptor(new MailInterceptor(document, this))
{
    Q_ASSERT(isOffTheRecord());
    setHttpCacheType(NoCache);
    setPersistentCookiesPolicy(NoPersistentCookies);
    cookieStore()->setCookieFilter([](const QWebEngineCookieStore::FilterRequest &) { return false; });
    setSpellCheckEnabled(false);
    setUrlRequestInterceptor(m_interceptor);
    auto *handler = new MailSchemeHandler(document, this);
    installUrlSchemeHandler(documentScheme(), handler);
    installUrlSchemeHandler(QByteArrayLiteral("cid"), handler);
    installUrlSchemeHandler(QByteArrayLiteral("remote"), handler);
    connect(this, &QWebEngineProfile::downloadRequested, this,
            [](QWebEngineDownloadRequest *download) { download->cancel(); });

    using Settings = QWebEngineSettings;
    for (const auto attribute : {Settings::JavascriptEnabled,
                                 Settings::JavascriptCanOpenWindows,
                                 Settings::JavascriptCanAccessClipboard,
                                 Settings::JavascriptCanPaste,
                                 Settings::LocalStorageEnabled,
                                 Settings::LocalContentCanAccessRemoteUrls,
                                 Settings::LocalContentCanAccessFileUrls,
                                 Settings::HyperlinkAuditingEnabled,
                                 Settings::PluginsEnabled,
                                 Settings::FullScreenSupportEnabled,
                                 Settings::ScreenCaptureEnabled,
                                 Settings::WebGLEnabled,
                                 Settings::Accelerated2dCanvasEnabled,
                                 Settings::AutoLoadIconsForPage,
                                 Settings::TouchIconsEnabled,
                                 Settings::AllowRunningInsecureContent,
                                 Settings::AllowGeolocationOnInsecureOrigins,
                                 Settings::AllowWindowActivationFromJavaScript,
                                 Settings::DnsPrefetchEnabled,
                                 Settings::PdfViewerEnabled,
                                 Settings::NavigateOnDropEnabled,
                                 Settings::ErrorPageEnabled,
                                 Settings::FocusOnNavigationEnabled,
                                 Settings::ScrollAnimatorEnabled})
        settings()->setAttribute(attribute, false);
    settings()->setAttribute(Settings::AutoLoadImages, true); // from memory only, see the interceptor
    settings()->setAttribute(Settings::PlaybackRequiresUserGesture, true);
    settings()->setAttribute(Settings::WebRTCPublicInterfacesOnly, true);
    settings()->setUnknownUrlSchemePolicy(Settings::DisallowUnknownUrlSchemes);
}

} // namespace kittiwake::ui
