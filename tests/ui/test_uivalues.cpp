// SPDX-License-Identifier: GPL-3.0-or-later
// Small functions of values: dates, links, names, colours, the switcher's matching, status sentences.
#include "tests/ui/uitest.h"
#include "ui/mainwindow/fuzzy.h"
#include "ui/mainwindow/statustext.h"
#include "ui/messagelist/datetext.h"
#include "ui/reader/links.h"
#include "ui/reader/savefile.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/safetext.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimeZone>

using namespace kittiwake;
using namespace kittiwake::ui;

class TestUiValues final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void datesAreShort()
    {
        const QLocale english(QLocale::English, QLocale::UnitedKingdom);
        const QTimeZone zone("Europe/Oslo");
        const QDateTime now(QDate(2026, 9, 24), QTime(14, 3), zone);
        const auto text = [&](const QDateTime &then) { return shortDate(then.toSecsSinceEpoch(), now, english); };
        QCOMPARE(text(now.addSecs(-60)), QStringLiteral("14:02"));
        QCOMPARE(text(QDateTime(QDate(2026, 9, 24), QTime(0, 0), zone)), QStringLiteral("00:00"));
        QCOMPARE(text(QDateTime(QDate(2026, 9, 23), QTime(23, 59), zone)), QStringLiteral("Wed"));
        QCOMPARE(text(QDateTime(QDate(2026, 9, 18), QTime(12, 0), zone)), QStringLiteral("Fri"));
        QCOMPARE(text(QDateTime(QDate(2026, 9, 17), QTime(12, 0), zone)), QStringLiteral("17 Sept"));
        QCOMPARE(text(QDateTime(QDate(2025, 9, 24), QTime(12, 0), zone)), QStringLiteral("24/09/2025"));
        QCOMPARE(text(QDateTime(QDate(2026, 12, 1), QTime(12, 0), zone)), QStringLiteral("1 Dec")); // a wrong clock
        QCOMPARE(cardDate(now.addDays(-1).toSecsSinceEpoch(), now, english), QStringLiteral("Yesterday, 14:03"));
        // The same moment, seen from elsewhere.
        const QDateTime tokyo(QDate(2026, 9, 24), QTime(21, 3), QTimeZone("Asia/Tokyo"));
        QCOMPARE(shortDate(tokyo.toSecsSinceEpoch(), now, english), QStringLiteral("14:03"));
        QVERIFY(!shortDate(now.toSecsSinceEpoch(), now, QLocale::c()).contains(QStringLiteral(":00")));
    }

    void findsLinks_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("targets");
        const auto row = [](const char *name, const char *line, const QStringList &targets) {
            QTest::newRow(name) << QString::fromUtf8(line) << targets;
        };
        row("web", "see https://example.org/a?b=c#d.", {QStringLiteral("https://example.org/a?b=c#d")});
        row("in brackets", "(http://example.org/x_(y))", {QStringLiteral("http://example.org/x_(y)")});
        row("in angles", "<https://example.org/>", {QStringLiteral("https://example.org/")});
        row("mail", "write to anna.berg+x@mail.example.org, please",
            {QStringLiteral("mailto:anna.berg+x@mail.example.org")});
        row("two", "http://a.example http://b.example",
            {QStringLiteral("http://a.example"), QStringLiteral("http://b.example")});
        row("not a scheme", "xhttp://a.example and file:///etc/passwd and javascript://x.example/%0aalert(1)", {});
        row("no host", "http:// and https:///x", {});
        row("an at sign", "meet @ noon, a@b", {});
        row("capital", "HTTPS://EXAMPLE.ORG/A", {QStringLiteral("https://example.org/A")});
        row("no scheme", "www.example.org/a, (www.example.com) www.x",
            {QStringLiteral("https://www.example.org/a"), QStringLiteral("https://www.example.com")});
        row("no host either", "awww.example.org mail.www.example.org @www.example.org", {});
        row("a name that is no host", "https://bank.example@evil.example/ https://bank.example\\@evil.example/x",
            {QStringLiteral("https://bank.example")});
        row("Japanese goes on", "詳細はhttps://example.org/a。（https://example.com/b）を",
            {QStringLiteral("https://example.org/a"), QStringLiteral("https://example.com/b")});
        row("in Chinese quotes", "看「https://example.org/a」吧", {QStringLiteral("https://example.org/a")});
        row("turned round", "https://example.org/\u202egpj.exe", {QStringLiteral("https://example.org/")});
        row("homograph", "https://ex\xd0\xb0mple.org", {QStringLiteral("https://xn--exmple-4nf.org")});
    }

    void findsLinks()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, targets);
        QStringList found;
        for (const TextLink &link : findLinks(line)) {
            found.append(linkText(link.target));
            QVERIFY(link.start >= 0 && link.start + link.length <= line.size());
        }
        QCOMPARE(found, targets);
    }

    void linksInHostileLinesAreFoundInTime()
    {
        QElapsedTimer timer;
        timer.start();
        for (const QString &piece : {QStringLiteral("@"), QStringLiteral("a@"), QStringLiteral("http://"),
                                     QStringLiteral("://"), QStringLiteral("https://a("), QStringLiteral("a.")})
            QVERIFY(findLinks(piece.repeated(100000)).size() <= 200);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void onlyThreeSchemesAreOpened()
    {
        for (const char *good : {"http://example.org", "https://example.org/x", "mailto:a@example.org"})
            QVERIFY(mayOpen(QUrl(QString::fromLatin1(good))));
        for (const char *bad : {"file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://example.org",
                                "mailbox:///home/x", "smb://host/share", "\\\\host\\share", "http:", "mailto:", "",
                                "about:blank", "kittiwake-message:1", "cid:x", "vbscript:x"})
            QVERIFY2(!mayOpen(QUrl(QString::fromLatin1(bad))), bad);
    }

    void textOfOthersIsMadeHarmless()
    {
        QCOMPARE(oneLine(QStringLiteral("  a\r\n\t b  ")), QStringLiteral("a b"));
        QCOMPARE(oneLine(QString(QChar(0x202e)) + QStringLiteral("gpj.exe")), QStringLiteral("gpj.exe"));
        QCOMPARE(oneLine(QStringLiteral("Bank") + QString(40, QChar(0x2800)) + QString(9, QChar(0x3164))
                         + QStringLiteral("x")),
                 QStringLiteral("Bank x"));
        QCOMPARE(oneLine(QString(50, QLatin1Char('x')), 10), QString(10, QLatin1Char('x')) + QChar(0x2026));
        const QString family = QString::fromUtf8("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7");
        QCOMPARE(oneLine(family), family); // joiners belong to emoji
        QCOMPARE(isolated(QStringLiteral("x")), QString(QChar(0x2068)) + QStringLiteral("x") + QChar(0x2069));
    }

    void fileNamesStayInTheirFolder_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("safe");
        QTest::newRow("plain") << QStringLiteral("report.pdf") << QStringLiteral("report.pdf");
        QTest::newRow("path") << QStringLiteral("../../etc/passwd") << QStringLiteral("_.._etc_passwd");
        QTest::newRow("windows") << QStringLiteral("C:\\x|y?.txt") << QStringLiteral("C__x_y_.txt");
        QTest::newRow("hidden") << QStringLiteral("...profile") << QStringLiteral("profile");
        QTest::newRow("reserved") << QStringLiteral("con.txt") << QStringLiteral("_con.txt");
        QTest::newRow("trailing") << QStringLiteral("a.txt. .") << QStringLiteral("a.txt");
        QTest::newRow("nothing") << QStringLiteral("....") << QStringLiteral("attachment");
        QTest::newRow("bidi") << (QStringLiteral("invoice") + QChar(0x202e) + QStringLiteral("fdp.exe"))
                              << QStringLiteral("invoicefdp.exe");
        QTest::newRow("long") << (QString(400, QLatin1Char('a')) + QStringLiteral(".pdf"))
                              << (QString(196, QLatin1Char('a')) + QStringLiteral(".pdf"));
    }

    void fileNamesStayInTheirFolder()
    {
        QFETCH(QString, given);
        QFETCH(QString, safe);
        QCOMPARE(safeFileName(given), safe);
    }

    void theExtensionIsApart()
    {
        QCOMPARE(splitName(QStringLiteral("a.b.pdf")).extension, QStringLiteral(".pdf"));
        QCOMPARE(splitName(QStringLiteral("README")).extension, QString());
        QCOMPARE(splitName(QStringLiteral("Dr. Who and the rest")).extension, QString());
        QCOMPARE(splitName(QStringLiteral(".profile")).extension, QString());
    }

    void savingIsAllOrNothing()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("x.bin"));
        const QByteArray data(100000, 'x');
        auto done = saveFile(path, data);
        done.waitForFinished();
        QVERIFY(done.result().has_value());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), data);
        QCOMPARE(unusedPath(dir.path(), QStringLiteral("x.bin")), dir.filePath(QStringLiteral("x (2).bin")));
        auto failed = saveFile(dir.filePath(QStringLiteral("none/x.bin")), data);
        failed.waitForFinished();
        QVERIFY(!failed.result());
        QCOMPARE(failed.result().error().kind, ErrorKind::Storage);
        QVERIFY(failed.result().error().userText.contains(QStringLiteral("x.bin")));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files), QStringList(QStringLiteral("x.bin")));
    }

    void theSwitcherFindsByLetters()
    {
        QVERIFY(fuzzyScore(u"gro", u"Größe") > 0);
        QVERIFY(fuzzyScore(u"xyz", u"Größe") < 0);
        QVERIFY(fuzzyScore(u"nu", u"Next unread message") > fuzzyScore(u"nu", u"Annual reports"));
        QVERIFY(fuzzyScore(u"inb", u"Inbox") > fuzzyScore(u"inb", u"Pin to board"));
        QVERIFY(fuzzyScore(u"", u"anything") == 0);
    }

    void theLineSaysWhatIsMostInNeedOfSaying()
    {
        using State = engine::AccountStatus::State;
        const QLocale english(QLocale::English, QLocale::UnitedKingdom);
        engine::AccountStatus good;
        good.state = State::UpToDate;
        good.trueAsOf = QDateTime(QDate(2026, 9, 24), QTime(14, 3, 22)).toMSecsSinceEpoch();
        QCOMPARE(summarize({good}, english).line, QStringLiteral("Up to date, 14:03:22"));
        engine::AccountStatus older = good;
        older.trueAsOf -= 60000;
        QCOMPARE(summarize({good, older}, english).line, QStringLiteral("Up to date, 14:02:22"));
        engine::AccountStatus busy;
        busy.state = State::Syncing;
        busy.progressDone = 1200;
        busy.progressTotal = 10000;
        QCOMPARE(summarize({good, busy}, english).line, QStringLiteral("Fetching 1,200 of 10,000"));
        QCOMPARE(summarize({good, busy}, english).progress, 0.12);
        engine::AccountStatus refused;
        refused.state = State::NeedsUser;
        refused.error = Error{ErrorKind::Auth, {}, QStringLiteral("No."), {}};
        QCOMPARE(summarize({good, busy, refused}, english).brief, QStringLiteral("Sign-in refused"));
        QCOMPARE(summarize({}, english).line, QStringLiteral("No account yet"));
        // The line tells of the folder that is looked at, never of a later moment than that.
        const std::int64_t shown = good.trueAsOf / 1000 - 600;
        QCOMPARE(summarize({good}, english, shown).line, QStringLiteral("Up to date, 13:53:22"));
        QCOMPARE(summarize({good}, english, shown - 600).line, QStringLiteral("Last compared with the server: 13:43"));
        QCOMPARE(summarize({good}, english, shown - 600).mood, ActivitySummary::Mood::Quiet);
        QCOMPARE(summarize({good}, english, shown - 3 * 86400).line,
                 QStringLiteral("Last compared with the server: 21/09/2026 13:53"));
        QCOMPARE(summarize({good}, english, 0).line, QStringLiteral("Not compared with the server yet"));
        QCOMPARE(summarize({good, busy}, english, shown).line, QStringLiteral("Fetching 1,200 of 10,000"));
        // A message that goes out is what somebody waits for, unless something is wrong.
        const ActivitySummary sending = summarize({good, busy}, english, shown, {}, 0.43);
        QCOMPARE(sending.line, QStringLiteral("Sending a message, 43 %"));
        QCOMPARE(sending.brief, QStringLiteral("Sending, 43 %"));
        QCOMPARE(sending.progress, 0.43);
        QCOMPARE(summarize({good, refused}, english, shown, {}, 0.43).brief, QStringLiteral("Sign-in refused"));
    }

    void textCanBeRead_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    /** WCAG 2.1: 4.5:1 for text, 3:1 for the edges of fields and for marks. */
    void textCanBeRead()
    {
        QFETCH(bool, dark);
        const QPalette palette = dark ? theme::darkPalette() : theme::lightPalette();
        const QColor base = palette.color(QPalette::Base);
        const QColor text = palette.color(QPalette::Text);
        const QColor secondary = theme::secondaryText(palette);
        const std::vector<QColor> grounds{base,
                                          theme::chrome(palette),
                                          theme::selection(palette, true),
                                          theme::selection(palette, false),
                                          theme::hover(palette, base),
                                          theme::hover(palette, theme::chrome(palette))};
        for (const QColor &ground : grounds) {
            QVERIFY2(theme::contrast(text, ground) >= 4.5, qPrintable(ground.name()));
            QVERIFY2(theme::contrast(secondary, ground) >= 4.5,
                     qPrintable(ground.name() + QString::number(theme::contrast(secondary, ground))));
            QVERIFY2(theme::contrast(theme::accent(palette), ground) >= 4.5,
                     qPrintable(ground.name() + QString::number(theme::contrast(theme::accent(palette), ground))));
            QVERIFY(theme::contrast(theme::star(palette), ground) >= 2.5);
        }
        for (const auto tone : {theme::Tone::Info, theme::Tone::Warning, theme::Tone::Error}) {
            QVERIFY(theme::contrast(text, theme::toneGround(palette, tone)) >= 4.5);
            QVERIFY(theme::contrast(theme::toneMark(palette, tone), theme::toneGround(palette, tone)) >= 3.0);
            QVERIFY(theme::contrast(theme::toneMark(palette, tone), theme::chrome(palette)) >= 4.5);
        }
        QVERIFY(theme::contrast(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >= 4.5);
        QVERIFY(theme::contrast(palette.color(QPalette::PlaceholderText), base) >= 4.5);
        QVERIFY(theme::contrast(palette.color(QPalette::PlaceholderText), theme::chrome(palette)) >= 4.5);
        QVERIFY(theme::contrast(palette.color(QPalette::ToolTipText), palette.color(QPalette::ToolTipBase)) >= 4.5);
    }

    void iconsAreSharpAndTinted()
    {
        for (const QString &file : QDir(QStringLiteral(":/icons")).entryList()) {
            const QString name = file.chopped(4);
            for (const qreal ratio : {1.0, 1.5, 2.0}) {
                const QPixmap drawn = iconPixmap(name, QColor(0xff0000), 16, ratio);
                QCOMPARE(drawn.width(), qRound(16 * ratio));
                QCOMPARE(drawn.devicePixelRatio(), ratio);
                const QImage image = drawn.toImage().convertToFormat(QImage::Format_ARGB32);
                bool red = false;
                for (int y = 0; y < image.height(); ++y) {
                    for (int x = 0; x < image.width(); ++x) {
                        const QRgb pixel = image.pixel(x, y);
                        red |= qAlpha(pixel) > 200 && qRed(pixel) > 200;
                        QVERIFY(qAlpha(pixel) < 60 || (qGreen(pixel) < 60 && qBlue(pixel) < 60));
                    }
                }
                QVERIFY2(red, qPrintable(name));
            }
        }
        const QIcon inbox = icon(QStringLiteral("inbox"));
        QCOMPARE(inbox.pixmap(QSize(16, 16), 2.0).width(), 32);
        QVERIFY(inbox.pixmap(16, QIcon::Disabled).toImage() != inbox.pixmap(16, QIcon::Normal).toImage());
        QVERIFY(!applicationIcon().pixmap(64).isNull());
    }

    void everyPluralOfEnglishIsFilledIn()
    {
        QFile file(QStringLiteral(KITTIWAKE_SOURCE_DIR "/translations/kittiwake_en.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.count("<numerusform>") >= 8);
        QVERIFY(!text.contains("unfinished"));
        QVERIFY(!text.contains("<numerusform></numerusform>"));
        QCOMPARE(QCoreApplication::translate("kittiwake::ui::MessageListPane", "%Ln message(s)", nullptr, 1),
                 QStringLiteral("1 message"));
        QCOMPARE(QCoreApplication::translate("kittiwake::ui::MessageListPane", "%Ln message(s)", nullptr, 2),
                 QStringLiteral("2 messages"));
    }
};

KITTIWAKE_UI_TEST_MAIN(TestUiValues)
#include "test_uivalues.moc"
