// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures from elsewhere, links that pretend, who sent it, and what happens when the drawing process ends.
#include "core/mime/content.h"
#include "tests/ui/samplemail.h"
#include "tests/ui/shownhtml.h"
#include "tests/ui/uitest.h"
#include "ui/reader/headercard.h"
#include "ui/reader/linkguard.h"
#include "ui/reader/links.h"
#include "ui/reader/readerpane.h"
#include "ui/settings/picturesenderlist.h"
#include "ui/widgets/banner.h"

#include <QAction>
#include <QFontMetrics>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QWebEnginePage>

#include <csignal>
#include <sys/types.h>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

struct Fixture {
    FakeSource source;
    Sample sample = fillWithSample(source, QDateTime(QDate(2026, 9, 24), QTime(14, 3)));
    ReaderPane reader{source};

    Fixture()
    {
        reader.resize(700, 600);
        reader.setAccountFinder([this](MailboxId) { return sample.account; });
        reader.show();
    }
    MessageId add(const QByteArray &html, const QString &from = QStringLiteral("news@example.org"),
                  const engine::SenderReport &report = {})
    {
        mail::MessageHeader header;
        header.from = {{QStringLiteral("News"), from}};
        const MessageId id = source.store().add(sample.inbox, header);
        source.setContent(id, mime::contentOfMessage("MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + html));
        source.setSenderReport(id, report);
        return id;
    }
    void show(MessageId message)
    {
        reader.showMessage(source.store().rows(std::span(&message, 1)).front());
        QTRY_VERIFY(reader.state() != ReaderPane::State::Loading);
        QTRY_VERIFY_WITH_TIMEOUT(!reader.htmlView() || reader.htmlView()->isLoaded(), 30000);
    }
    Banner *banner(const char *name) { return reader.findChild<Banner *>(QLatin1String(name)); }
    QPushButton *button(const char *banner, const QString &text)
    {
        for (QPushButton *one : this->banner(banner)->findChildren<QPushButton *>()) {
            if (one->isVisible() && one->text() == text)
                return one;
        }
        return nullptr;
    }
    QAction *always() { return reader.findChild<QAction *>(QStringLiteral("alwaysLoadPictures")); }
};

const QString loadOnce = QStringLiteral("Load once");
const QString always = QStringLiteral("Always for this sender");

QByteArray newsletter()
{
    return "<p>News</p><img src='https://a.example/one.png'><img src='http://a.example/two.png'>"
           "<img src='https://a.example/t.gif' width=1 height=1><link rel=stylesheet href='https://a.example/css'>";
}

} // namespace

class TestReaderSafety final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void picturesAreLoadedOnceWhenAsked()
    {
        Fixture f;
        f.source.setPicture(QStringLiteral("https://a.example/one.png"), "image/png", picture(40, 2500));
        const MessageId id = f.add(newsletter());
        f.show(id);
        Banner *banner = f.banner("remoteBanner");
        QVERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(QStringLiteral("2 pictures")), qPrintable(banner->text()));
        QVERIFY2(banner->text().contains(QStringLiteral("1 item looks like a tracker")), qPrintable(banner->text()));
        QVERIFY2(banner->text().contains(QStringLiteral("1 item that")), qPrintable(banner->text()));
        QCOMPARE(f.source.picturesAskedFor(), QStringList());
        QVERIFY(f.button("remoteBanner", loadOnce));
        f.button("remoteBanner", loadOnce)->click();
        // The tracker is not asked for; what is missing is said; what came is on the page.
        QTRY_VERIFY(banner->text().contains(QStringLiteral("1 picture could not be loaded")));
        QCOMPARE(
            f.source.picturesAskedFor(),
            QStringList({QStringLiteral("https://a.example/one.png"), QStringLiteral("http://a.example/two.png")}));
        QTRY_VERIFY_WITH_TIMEOUT(f.reader.htmlView()->view()->page()->contentsSize().height() > 2400, 30000);
        QCOMPARE(f.reader.htmlView()->profile().interceptor().blockedCount(), 0);
        // The next time they are blocked again.
        f.show(f.sample.plain);
        f.show(id);
        QVERIFY(f.button("remoteBanner", loadOnce));
        QVERIFY(f.source.pictureSenders().empty());
    }

    void senderIsRememberedAndForgotten()
    {
        Fixture f;
        f.source.setPicture(QStringLiteral("https://a.example/one.png"), "image/png", picture(40, 40));
        f.source.setPicture(QStringLiteral("http://a.example/two.png"), "image/png", picture(40, 40));
        const MessageId id = f.add(newsletter());
        f.show(id);
        QTRY_VERIFY(f.button("remoteBanner", always));
        f.button("remoteBanner", always)->click();
        QTRY_VERIFY(!f.banner("remoteBanner")->isVisible());
        QCOMPARE(f.source.pictureSenders(),
                 std::vector<engine::PictureSender>({{f.sample.account, QStringLiteral("news@example.org")}}));
        // The next message of that sender: at once, without a question.
        const MessageId next = f.add(newsletter(), QStringLiteral("News@Example.org"));
        f.show(next);
        QTRY_COMPARE(f.source.picturesAskedFor().size(), 4);
        QTRY_VERIFY(!f.banner("remoteBanner")->isVisible());
        QVERIFY(f.always()->isChecked());
        PictureSenderList list(f.source);
        QCOMPARE(list.findChild<QListWidget *>()->count(), 1);
        f.always()->trigger();
        QTRY_VERIFY(f.source.pictureSenders().empty());
        QCOMPARE(list.findChild<QListWidget *>()->count(), 0);
        f.source.setPictureSender({f.sample.account, QStringLiteral("news@example.org")}, true);
        QTRY_COMPARE(list.findChild<QListWidget *>()->count(), 1);
        list.findChild<QListWidget *>()->selectAll();
        list.findChild<QPushButton *>()->click();
        QTRY_VERIFY(f.source.pictureSenders().empty());
        f.show(id);
        QTRY_VERIFY(f.button("remoteBanner", always));
        QCOMPARE(f.source.picturesAskedFor().size(), 4);
    }

    void whoIsImitatedIsNotTrusted_data()
    {
        QTest::addColumn<int>("authenticity");
        QTest::addColumn<bool>("loads");
        QTest::newRow("unknown") << static_cast<int>(mime::Authenticity::Unknown) << true;
        QTest::newRow("verified") << static_cast<int>(mime::Authenticity::Verified) << true;
        QTest::newRow("unverified") << static_cast<int>(mime::Authenticity::Unverified) << false;
        QTest::newRow("refuted") << static_cast<int>(mime::Authenticity::Refuted) << false;
    }
    void whoIsImitatedIsNotTrusted()
    {
        QFETCH(int, authenticity);
        QFETCH(bool, loads);
        Fixture f;
        f.source.setPictureSender({f.sample.account, QStringLiteral("news@example.org")}, true);
        engine::SenderReport report;
        report.authenticity = static_cast<mime::Authenticity>(authenticity);
        report.domain = QStringLiteral("example.org");
        const MessageId id = f.add(newsletter(), QStringLiteral("news@example.org"), report);
        f.show(id);
        if (loads) {
            QTRY_COMPARE(f.source.picturesAskedFor().size(), 2);
        } else {
            auto *card = f.reader.findChild<HeaderCard *>();
            QTRY_VERIFY(card->trustText().contains(QStringLiteral("could not verify"))
                        || f.banner("senderBanner")->text().contains(QStringLiteral("does not come from")));
            QCOMPARE(f.source.picturesAskedFor().size(), 0);
            QVERIFY(f.button("remoteBanner", loadOnce));
            QVERIFY(!f.button("remoteBanner", always));
        }
    }

    void aDamagedPictureIsNotShown()
    {
        Fixture f;
        QByteArray cut = picture(3000, 3000);
        cut.truncate(200);
        f.source.setPicture(QStringLiteral("https://a.example/one.png"), "image/png", cut);
        f.source.setPicture(QStringLiteral("http://a.example/two.png"), "image/png", picture(5, 5));
        f.show(f.add(newsletter()));
        f.button("remoteBanner", loadOnce)->click();
        QTRY_VERIFY(f.banner("remoteBanner")->text().contains(QStringLiteral("1 picture could not be loaded")));
    }

    void theServiceIsQuotedInOneSentence()
    {
        Fixture f;
        engine::SenderReport report;
        report.authenticity = mime::Authenticity::Verified;
        report.domain = QStringLiteral("example.org");
        report.remarks = {{mime::SenderRemark::Kind::FirstContact, QStringLiteral("news@example.org"), {}}};
        f.show(f.add("<p>x", QStringLiteral("news@example.org"), report));
        auto *card = f.reader.findChild<HeaderCard *>();
        QTRY_VERIFY(card->trustText().contains(QStringLiteral("has verified that this message comes from")));
        QVERIFY(f.banner("senderBanner")->text().contains(QStringLiteral("never written to")));
        // Not carried over to the next one.
        f.show(f.sample.plain);
        QCOMPARE(card->trustText(), QString());
        QVERIFY(!f.banner("senderBanner")->isVisible());
    }

    void linksThatPretendAreAskedAbout()
    {
        Fixture f;
        f.show(f.add("<a href='https://evil.example/x?a=1'>https://www.bank.example/</a> "
                     "<a href='https://evil.example/honest'>more</a> <a href='https://b.example/'>b.example</a>"));
        QSignalSpy opened(&f.reader, &ReaderPane::linkActivated);
        HtmlView *view = f.reader.htmlView();
        Q_EMIT view->linkActivated(QUrl(QStringLiteral("https://evil.example/honest")));
        Q_EMIT view->linkActivated(QUrl(QStringLiteral("https://b.example/")));
        QCOMPARE(opened.size(), 2);
        QVERIFY(!f.banner("linkBanner")->isVisible());
        Q_EMIT view->linkActivated(QUrl(QStringLiteral("https://evil.example/x?a=1")));
        QCOMPARE(opened.size(), 2);
        QVERIFY(f.banner("linkBanner")->isVisible());
        QVERIFY(f.banner("linkBanner")->text().contains(QStringLiteral("www.bank.example")));
        QVERIFY(f.banner("linkBanner")->text().contains(QStringLiteral("evil.example")));
        f.button("linkBanner", QStringLiteral("Do not open"))->click();
        QCOMPARE(opened.size(), 2);
        // An address that cannot be found again in such a message is asked about as well.
        Q_EMIT view->linkActivated(QUrl(QStringLiteral("https://evil.example/somewhere/else")));
        QVERIFY(f.banner("linkBanner")->isVisible());
        f.button("linkBanner", QStringLiteral("Open anyway"))->click();
        QCOMPARE(opened.size(), 3);
        QVERIFY(!f.banner("linkBanner")->isVisible());
        // It does not stay for the next message.
        Q_EMIT view->linkActivated(QUrl(QStringLiteral("https://evil.example/x?a=1")));
        f.show(f.sample.plain);
        QVERIFY(!f.banner("linkBanner")->isVisible());
    }

    void hostsStayInSight()
    {
        const QFontMetrics metrics(QApplication::font());
        const QString path = QStringLiteral("https://shop.example/") + QString(500, QLatin1Char('x'));
        QVERIFY(elidedLink(path, metrics, 400).startsWith(QStringLiteral("https://shop.example/")));
        const QString host = QStringLiteral("https://www.bank.example.") + QString(300, QLatin1Char('a'))
            + QStringLiteral(".evil.example/x");
        QVERIFY(elidedLink(host, metrics, 400).endsWith(QStringLiteral(".evil.example/…")));
        QVERIFY(metrics.horizontalAdvance(elidedLink(host, metrics, 400)) <= 400);
        QCOMPARE(elidedLink(QStringLiteral("https://a.example/"), metrics, 400), QStringLiteral("https://a.example/"));
    }

    void namesInOtherLettersAreShownTwice()
    {
        QVERIFY(linkHint(QUrl(QStringLiteral("https://xn--mnchen-3ya.example/x")))
                    .contains(QStringLiteral("münchen.example")));
        QVERIFY(linkHint(QUrl(QStringLiteral("https://münchen.example/x")))
                    .startsWith(QStringLiteral("https://xn--mnchen-3ya.example/x")));
        // Mixed alphabets: only as they are sent.
        const QString mixed = linkHint(QUrl(QStringLiteral("https://b\u0430nk.example/")));
        QCOMPARE(mixed, linkText(QUrl(QStringLiteral("https://b\u0430nk.example/"))));
        QVERIFY(mixed.startsWith(QStringLiteral("https://xn--")));
    }

    void aRendererThatEndsIsSaidAndReplaced()
    {
        Fixture f;
        f.show(f.add("<p>text</p>"));
        QWebEnginePage *page = f.reader.htmlView()->view()->page();
        QVERIFY(page->renderProcessPid() > 0);
        page->load(QUrl(QStringLiteral("chrome://crash"))); // refused: a message cannot do that
        QVERIFY(!f.banner("errorBanner")->isVisible());
        QCOMPARE(::kill(static_cast<pid_t>(page->renderProcessPid()), SIGKILL), 0);
        QTRY_VERIFY_WITH_TIMEOUT(f.banner("errorBanner")->isVisible(), 30000);
        QVERIFY(f.banner("errorBanner")->text().contains(QStringLiteral("ended unexpectedly")));
        f.button("errorBanner", QStringLiteral("Show again"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.reader.htmlView()->isLoaded() && page->renderProcessPid() > 0, 30000);
        QVERIFY(!f.banner("errorBanner")->isVisible());
    }
};

KITTIWAKE_UI_TEST_MAIN(TestReaderSafety)
#include "test_readersafety.moc"
