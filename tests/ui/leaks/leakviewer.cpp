// SPDX-License-Identifier: GPL-3.0-or-later
// Shows each leak vector as it is read, quoted, forwarded, printed, and answered in the composer, with either wall left
// out on purpose. Only ever built as a test: the product has no such switch. test_leaks.py starts it in a network of
// its own and counts who calls.
#include "core/mime/content.h"
#include "core/mime/printdocument.h"
#include "core/mime/quotation.h"
#include "core/mime/sanitiser.h"
#include "ui/composer/composertext.h"
#include "ui/composer/quotestrip.h"
#include "ui/composer/replies.h"
#include "ui/composer/richeditor.h"
#include "ui/reader/htmlview.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>
#include <QTimer>
#include <QWebEngineProfile>
#include <QWebEngineSettings>
#include <QWebEngineView>

#include <cstdio>

using namespace kittiwake;

namespace
{

/** Reply, PassOn and Paste are done in the composer itself. */
enum class Use { View, Quote, Forward, Print, Reply, PassOn, Paste };

struct Job {
    QString file;
    Use use = Use::View;
};

QString nameOf(Use use)
{
    switch (use) {
    case Use::View:
        return QStringLiteral("view");
    case Use::Quote:
        return QStringLiteral("quote");
    case Use::Forward:
        return QStringLiteral("forward");
    case Use::Print:
        return QStringLiteral("print");
    case Use::Reply:
        return QStringLiteral("reply");
    case Use::PassOn:
        return QStringLiteral("passon");
    case Use::Paste:
        return QStringLiteral("paste");
    }
    return {};
}

class Viewer final : public QObject
{
    Q_OBJECT

public:
    Viewer(bool sanitiser, bool browser, quint16 port, std::vector<Job> jobs)
        : m_sanitiser(sanitiser), m_browser(browser), m_port(port), m_jobs(std::move(jobs))
    {
        m_patience.setSingleShot(true);
        m_patience.setInterval(5000);
        connect(&m_patience, &QTimer::timeout, this, &Viewer::next);
        if (browser) {
            m_html = std::make_unique<ui::HtmlView>();
            m_html->resize(800, 600);
            m_html->show();
            connect(m_html.get(), &ui::HtmlView::loaded, this, &Viewer::shown);
        } else {
            // A browser as it comes, with everything on.
            m_plain = std::make_unique<QWebEngineView>();
            m_plain->resize(800, 600);
            m_plain->show();
            QWebEngineSettings *settings = m_plain->settings();
            for (const auto attribute :
                 {QWebEngineSettings::LocalContentCanAccessRemoteUrls,
                  QWebEngineSettings::LocalContentCanAccessFileUrls, QWebEngineSettings::JavascriptCanOpenWindows,
                  QWebEngineSettings::DnsPrefetchEnabled, QWebEngineSettings::HyperlinkAuditingEnabled,
                  QWebEngineSettings::PluginsEnabled, QWebEngineSettings::AllowRunningInsecureContent})
                settings->setAttribute(attribute, true);
            settings->setAttribute(QWebEngineSettings::PlaybackRequiresUserGesture, false);
            // Asked for by the address that the page is given here, not by anything in it.
            settings->setAttribute(QWebEngineSettings::AutoLoadIconsForPage, false);
            connect(m_plain.get(), &QWebEngineView::loadFinished, this, &Viewer::shown);
        }
        next();
    }

private:
    [[nodiscard]] QString vectorOf(const Job &job) const
    {
        QFile file(job.file);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("%s cannot be read", qPrintable(job.file));
        const QString name = QFileInfo(job.file).completeBaseName() + QLatin1Char('-') + nameOf(job.use);
        const QString port = QString::number(m_port);
        return QString::fromUtf8(file.readAll())
            .replace(QStringLiteral("@U@"), QStringLiteral("http://127.0.0.1:%1/%2").arg(port, name))
            .replace(QStringLiteral("@H@"), QStringLiteral("http://%1.canary.example:%2").arg(name, port))
            .replace(QStringLiteral("@N@"), name)
            .replace(QStringLiteral("@P@"), port);
    }

    /** The document; without its policy where the sanitiser is to stand alone. */
    [[nodiscard]] static QString sanitised(const QString &vector, Use use, bool withPolicy)
    {
        const mime::MessageContent content = mime::contentOfMessage(
            "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + vector.toUtf8());
        QString html;
        switch (use) {
        case Use::View:
            html = content.html;
            break;
        case Use::Quote:
            html = mime::quotationDocument(mime::quotedHtml(content, QStringLiteral("They wrote:")));
            break;
        case Use::Forward:
            html = mime::quotationDocument(
                mime::forwardedHtml(content, {{QStringLiteral("From"), QStringLiteral("x@example.org")}}));
            break;
        case Use::Print:
            html = mime::printedDocument(
                content.html, content.plainText,
                {QStringLiteral("x"), {{QStringLiteral("From"), QStringLiteral("x@example.org")}}});
            break;
        case Use::Reply:
        case Use::PassOn:
        case Use::Paste:
            break; // write() does it
        }
        return withPolicy ? html : html.remove(QStringLiteral("http-equiv=\"Content-Security-Policy\""));
    }

    /** What a person does who answers, with everything in sight; the editor gets the original as well. */
    void write(const QString &vector, Use use)
    {
        if (!m_composer) {
            m_composer = std::make_unique<ui::ComposerText>();
            m_composer->resize(800, 900);
            m_composer->show();
        }
        if (use == Use::Paste) {
            m_composer->setWriting({});
            m_composer->setRich(true);
            QTextCursor cursor = m_composer->rich().textCursor();
            ui::insertForeignHtml(cursor, vector);
            m_composer->grab();
            m_written += ui::outgoingBody(m_composer->rich().content()).html.size();
            QTimer::singleShot(0, this, &Viewer::shown);
            return;
        }
        ui::ReadMessage message;
        message.content = mime::contentOfMessage("MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
                                                 + vector.toUtf8());
        message.row.header.from = {{QStringLiteral("Stranger"), QStringLiteral("x@example.org")}};
        ui::Writing writing
            = use == Use::Reply ? ui::replyTo(message, mime::ReplyTo::All, {}, true) : ui::forwardOf(message, {}, true);
        writing.composition.html = writing.quote.html;
        m_composer->setWriting(writing);
        m_composer->grab();
        ui::Writing written;
        m_composer->takeInto(written);
        m_written += ui::draftOf(written).composition.html.size();
        if (writing.quote.isEmpty()) { // a vector of which nothing was left
            QTimer::singleShot(0, this, &Viewer::shown);
            return;
        }
        m_composer->quote().setShown(true);
        connect(m_composer->quote().view(), &ui::HtmlView::loaded, this, &Viewer::shown, Qt::UniqueConnection);
    }

    void next()
    {
        m_waiting = false;
        m_patience.stop();
        if (m_next >= m_jobs.size()) {
            QCoreApplication::quit();
            return;
        }
        const Job job = m_jobs[m_next++];
        m_use = job.use;
        const QString vector = vectorOf(job);
        m_patience.start();
        m_waiting = true;
        if (job.use == Use::Reply || job.use == Use::PassOn || job.use == Use::Paste)
            write(vector, job.use);
        else if (m_browser)
            m_html->setMessage(m_sanitiser ? sanitised(vector, job.use, true) : vector, {}, false);
        else
            m_plain->setHtml(m_sanitiser ? sanitised(vector, job.use, false) : vector,
                             QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(m_port)));
    }

    void shown()
    {
        if (!m_waiting)
            return;
        m_waiting = false;
        if (m_use != Use::Print) {
            QTimer::singleShot(0, this, &Viewer::next);
            return;
        }
        QWebEnginePage *page = m_browser ? m_html->view()->page() : m_plain->page();
        page->printToPdf([this](const QByteArray &) { QTimer::singleShot(0, this, &Viewer::next); });
    }

    bool m_sanitiser;
    bool m_browser;
    quint16 m_port;
    std::vector<Job> m_jobs;
    std::size_t m_next = 0;
    Use m_use = Use::View;
    bool m_waiting = false;
    QTimer m_patience;
    std::unique_ptr<ui::HtmlView> m_html;
    std::unique_ptr<QWebEngineView> m_plain;
    std::unique_ptr<ui::ComposerText> m_composer;
    qsizetype m_written = 0; ///< characters of HTML that would have gone out
};

} // namespace

int main(int argc, char **argv)
{
    // Known before there is an application object: the process flags are part of the second wall.
    bool browser = true;
    for (int i = 1; i < argc; ++i)
        browser = browser && qstrcmp(argv[i], "--without-browser-wall") != 0;
    if (browser)
        ui::prepareWebEngine();
    QApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption noSanitiser(QStringLiteral("without-sanitiser"));
    const QCommandLineOption noBrowser(QStringLiteral("without-browser-wall"));
    const QCommandLineOption port(QStringLiteral("port"), {}, QStringLiteral("PORT"));
    parser.addOptions({noSanitiser, noBrowser, port});
    parser.process(application);
    const bool sanitiser = !parser.isSet(noSanitiser);
    std::vector<Job> jobs;
    for (const QString &file : parser.positionalArguments()) {
        jobs.push_back({file, Use::View});
        if (sanitiser) { // what is quoted, forwarded and printed is made of its output
            for (const Use use : {Use::Quote, Use::Forward, Use::Print})
                jobs.push_back({file, use});
            for (const Use use : {Use::Reply, Use::PassOn, Use::Paste}) {
                if (browser)
                    jobs.push_back({file, use});
            }
        }
    }
    const Viewer viewer(sanitiser, browser, static_cast<quint16>(parser.value(port).toUInt()), std::move(jobs));
    return QApplication::exec();
}

#include "leakviewer.moc"
