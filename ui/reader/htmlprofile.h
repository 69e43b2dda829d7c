// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/messagecontent.h"

#include <QByteArray>
#include <QWebEngineProfile>
#include <QWebEngineUrlRequestInterceptor>
#include <QWebEngineUrlSchemeHandler>

#include <vector>

namespace kittiwake::ui
{

/**
 * Tells Qt WebEngine the URL schemes that messages are made of: the document itself, cid: for its images, and remote:
 * for those that the program has fetched itself. And closes the way out: nothing can be resolved, the proxy is a closed
 * port. To be called in main(), before the application object; adds to QTWEBENGINE_CHROMIUM_FLAGS.
 */
void prepareWebEngine();

/** The document that is shown and the images it may show, in memory. */
struct HtmlDocument {
    QByteArray bytes; ///< UTF-8
    std::vector<mime::InlineImage> images; ///< of the message: cid:
    std::vector<mime::InlineImage> pictures; ///< fetched by the program: remote:, by mime::RemoteImage::id
    quint64 number = 0; ///< in its URL: a document that was replaced is not found any more
};

/** Refuses everything but the document that is shown and its images, which lie in memory. */
class MailInterceptor final : public QWebEngineUrlRequestInterceptor
{
    Q_OBJECT

public:
    MailInterceptor(const HtmlDocument &document, QObject *parent)
        : QWebEngineUrlRequestInterceptor(parent), m_document(document)
    {
    }
    void interceptRequest(QWebEngineUrlRequestInfo &info) override;
    [[nodiscard]] int blockedCount() const { return m_blocked; }

private:
    const HtmlDocument &m_document;
    int m_blocked = 0;
};

/** Answers requests for the document and its images out of memory. */
class MailSchemeHandler final : public QWebEngineUrlSchemeHandler
{
    Q_OBJECT

public:
    MailSchemeHandler(const HtmlDocument &document, QObject *parent)
        : QWebEngineUrlSchemeHandler(parent), m_document(document)
    {
    }
    void requestStarted(QWebEngineUrlRequestJob *job) override;

private:
    const HtmlDocument &m_document;
};

/** The URL of a document. */
[[nodiscard]] QUrl documentUrl(const HtmlDocument &document);

/**
 * A profile for messages: off the record, no cache, no cookies, no storage, no downloads, and no request but for
 * document. Interceptor: for tests that look through the other walls.
 */
class MailProfile final : public QWebEngineProfile
{
    Q_OBJECT

public:
    MailProfile(const HtmlDocument &document, QObject *parent);
    [[nodiscard]] const MailInterceptor &interceptor() const { return *m_interceptor; }

private:
    MailInterceptor *m_interceptor;
};

} // namespace kittiwake::ui
