// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/content.h"
#include "core/smtp/extensions.h"
#include "core/smtp/path.h"
#include "core/smtp/refusal.h"
#include "core/smtp/reply.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::smtp;

namespace
{

std::vector<Reply> replies(const QByteArray &bytes, qsizetype split)
{
    ReplyParser parser;
    std::vector<Reply> result;
    for (qsizetype i = 0; i < bytes.size(); i += split) {
        parser.feed(bytes.mid(i, split));
        while (auto reply = parser.next())
            result.push_back(*reply);
    }
    return result;
}

Reply replyOf(const QByteArray &line)
{
    ReplyParser parser;
    parser.feed(line + "\r\n");
    return parser.next().value_or(Reply());
}

} // namespace

class TestSmtp final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void repliesInAnyPieces()
    {
        const QByteArray bytes = "250-mail.example.org\r\n250-SIZE 100\r\n250 PIPELINING\r\n"
                                 "550 5.1.1 No such user\n221\r\n";
        const auto whole = replies(bytes, bytes.size());
        QCOMPARE(whole.size(), 3U);
        QCOMPARE(whole[0].lines, (QByteArrayList{"mail.example.org", "SIZE 100", "PIPELINING"}));
        QCOMPARE(whole[1].enhanced, (std::optional<EnhancedCode>({5, 1, 1})));
        QCOMPARE(whole[1].displayText(), QStringLiteral("No such user"));
        QCOMPARE(whole[2].code, 221);
        for (const qsizetype split : {1, 2, 3, 7})
            QCOMPARE(replies(bytes, split), whole);
    }

    void whatIsNoReply_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("letters") << QByteArray("hello\r\n");
        QTest::newRow("first digit") << QByteArray("150 x\r\n");
        QTest::newRow("large") << QByteArray("999999999999999999 x\r\n");
        QTest::newRow("sign") << QByteArray("-50 x\r\n");
        QTest::newRow("four digits") << QByteArray("2500 x\r\n");
        QTest::newRow("empty") << QByteArray("\r\n");
        QTest::newRow("codes differ") << QByteArray("250-x\r\n251 x\r\n");
        QTest::newRow("long line") << QByteArray("250 " + QByteArray(5000, 'x') + "\r\n");
        QTest::newRow("line without end") << QByteArray("250 " + QByteArray(5000, 'x'));
        QTest::newRow("many lines") << QByteArray("250-x\r\n").repeated(501);
    }
    void whatIsNoReply()
    {
        QFETCH(const QByteArray, bytes);
        for (const qsizetype split : {bytes.size(), qsizetype(1)}) {
            ReplyParser parser;
            for (qsizetype i = 0; i < bytes.size(); i += split)
                parser.feed(bytes.mid(i, split));
            QVERIFY(parser.isBroken());
            parser.feed("250 fine\r\n");
            QVERIFY(!parser.next() && parser.isBroken());
        }
    }

    void wordsOfAServerAreHarmless()
    {
        const QByteArray hostile = "550 no\x1b[31m \x07 \xE2\x80\xAE"
                                   "gpj.exe \xff\xfe\tend";
        const QString shown = replyOf(hostile).displayText();
        QCOMPARE(shown, QString::fromUtf8("no [31m gpj.exe \uFFFD\uFFFD end"));
        QVERIFY(replyOf("550 " + QByteArray(3000, 'x')).displayText().size() <= 500);
    }

    void extensions()
    {
        Reply reply = replies("250-mail\r\n250-SIZE 35882577\r\n250-8BITMIME\r\n250-auth=plain login\r\n250-AUTH PLAIN "
                              "XOAUTH2\r\n250-SIZE 99999999999999999999999\r\n250-\x80\x81\r\n250 smtputf8\r\n",
                              10000)
                          .front();
        const Extensions told = Extensions::fromHello(reply);
        QCOMPARE(told.largestMessage, std::optional<std::uint64_t>(35882577));
        QVERIFY(told.eightBitMime && told.smtpUtf8 && !told.pipelining && !told.startTls);
        QCOMPARE(told.authMechanisms, (QByteArrayList{"PLAIN", "LOGIN", "XOAUTH2"}));
    }

    void addresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("wire");
        const auto good = [](const char *text, const char *wire) {
            QTest::newRow(text) << QString::fromUtf8(text) << QByteArray(wire);
        };
        const auto bad = [](const char *text) { QTest::newRow(text) << QString::fromUtf8(text) << QByteArray(); };
        good("anna@example.org", "anna@example.org");
        good(" anna+tag@Example.ORG ", "anna+tag@example.org");
        good("\"anna b@c\"@example.org", "\"anna b@c\"@example.org");
        good("anna@bücher.example", "anna@xn--bcher-kva.example");
        good("ännä@example.org", "ännä@example.org");
        good("anna@[192.0.2.1]", "anna@[192.0.2.1]");
        good("anna@[IPv6:2001:db8::1]", "anna@[IPv6:2001:db8::1]");
        bad("anna");
        bad("@example.org");
        bad("anna@");
        bad("anna@example.org>");
        bad("anna@example.org\r\nRCPT TO:<x@example.org");
        bad("anna\r\n@example.org");
        bad("\"a\r\nb\"@example.org");
        bad("an na@example.org");
        bad("anna..b@example.org");
        bad(".anna@example.org");
        bad("anna.@example.org");
        bad("anna@example.org,ben@example.org");
        bad("<anna@example.org>");
        bad("anna@exam ple.org");
        bad("anna@[192.0.2.1> SIZE=1]");
        bad("anna\u2028@example.org");
        bad("\"anna@example.org");
        bad("anna@192.0.2.1");
    }
    void addresses()
    {
        QFETCH(const QString, text);
        QFETCH(const QByteArray, wire);
        const auto path = Path::parse(text);
        QCOMPARE(path.has_value(), !wire.isEmpty());
        if (!path) {
            QCOMPARE(path.error().kind, ErrorKind::Input);
            QVERIFY(path.error().userText.endsWith(u'.'));
            QVERIFY(!path.error().userText.contains(u'\n'));
            return;
        }
        QCOMPARE(path->wire(), wire);
        QVERIFY(!path->wire().contains('\r') && !path->wire().contains('\n') && !path->wire().contains('\0'));
    }
    void addressesThatAreTooLong()
    {
        QVERIFY(Path::parse(QString(64, u'a') + QStringLiteral("@example.org")));
        QVERIFY(!Path::parse(QString(65, u'a') + QStringLiteral("@example.org")));
        QVERIFY(
            !Path::parse(QStringLiteral("a@") + QStringLiteral("abcdefghij.").repeated(25) + QStringLiteral("org")));
    }

    void contentInAnyPieces()
    {
        const QByteArray message = "A: b\n\r\n.\r.\n..x\r\n.y\r\rz\n\n.";
        const QByteArray stuffed = "A: b\r\n\r\n..\r\n..\r\n...x\r\n..y\r\n\r\nz\r\n\r\n..\r\n";
        for (const qsizetype split : {1, 2, 3, 5, 100}) {
            ContentEncoder encoder(ContentEncoder::Dots::Stuffed);
            ContentEncoder plain(ContentEncoder::Dots::Plain);
            QByteArray result;
            QByteArray asItIs;
            for (qsizetype i = 0; i < message.size(); i += split) {
                result += encoder.encode(message.mid(i, split));
                asItIs += plain.encode(message.mid(i, split));
            }
            result += encoder.finish();
            asItIs += plain.finish();
            QCOMPARE(result, stuffed);
            QCOMPARE(asItIs, QByteArray("A: b\r\n\r\n.\r\n.\r\n..x\r\n.y\r\n\r\nz\r\n\r\n.\r\n"));
        }
        ContentEncoder complete(ContentEncoder::Dots::Stuffed);
        QCOMPARE(complete.encode("x\r\n"), QByteArray("x\r\n"));
        QCOMPARE(complete.finish(), QByteArray());
        ContentEncoder open(ContentEncoder::Dots::Stuffed);
        QCOMPARE(QByteArray(open.encode("x\r") + open.finish()), QByteArray("x\r\n"));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("stage");
        QTest::addColumn<QString>("kind");
        const auto row = [](const char *line, RefusalStage stage, const char *kind) {
            QTest::newRow(line) << QByteArray(line) << static_cast<int>(stage) << QString::fromLatin1(kind);
        };
        row("550 5.1.1 The email account that you tried to reach does not exist", RefusalStage::Recipient,
            "unknown-recipient");
        row("550 No such user here", RefusalStage::Recipient, "unknown-recipient");
        row("552 5.2.2 <b@example.org>: Quota exceeded (mailbox for user is full)", RefusalStage::Recipient,
            "mailbox-full");
        row("450 4.2.0 <b@example.org>: Recipient address rejected: Greylisted", RefusalStage::Recipient, "greylisted");
        row("552 5.3.4 Message size exceeds fixed limit", RefusalStage::Message, "too-large");
        row("552 Message too big", RefusalStage::Message, "too-large");
        row("554 5.2.252 SendAsDenied; a@example.org not allowed to send as b@example.org", RefusalStage::Message,
            "sender-not-allowed");
        row("553 5.7.1 Sender address rejected: not owned by user", RefusalStage::Sender, "sender-not-allowed");
        row("550 5.7.1 Blocked", RefusalStage::Message, "policy");
        row("550 5.4.5 Daily user sending limit exceeded", RefusalStage::Message, "rate-limited");
        row("421 4.7.28 Our system has detected an unusual rate", RefusalStage::Message, "rate-limited");
        row("530 5.7.0 Must issue a STARTTLS command first", RefusalStage::Sender, "policy");
        row("530 Authentication required", RefusalStage::Sender, "sign-in-needed");
        row("450 4.1.2 <b@nowhere.example>: Domain not found", RefusalStage::Recipient, "unknown-recipient");
        row("451 4.4.3 Cannot look up the domain", RefusalStage::Recipient, "unreachable");
        row("452 4.5.3 Too many recipients", RefusalStage::Recipient, "too-many-recipients");
        row("452 4.3.1 Insufficient system storage", RefusalStage::Sender, "no-space");
        row("553 5.6.7 SMTPUTF8 is needed", RefusalStage::Sender, "unsupported");
        row("451 Local error", RefusalStage::Message, "server-trouble");
        row("599 What?", RefusalStage::Message, "refused");
    }
    void refusals()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const int, stage);
        QFETCH(const QString, kind);
        const Refusal refusal = refusalOf(replyOf(line), static_cast<RefusalStage>(stage),
                                          QStringLiteral("mail.example.org:465"), QStringLiteral("b%1@example.org"));
        QCOMPARE(refusalKindName(refusal.kind), kind);
        QCOMPARE(refusal.isTemporary, line.startsWith('4'));
        QVERIFY(refusal.userText.contains(QLatin1String("mail.example.org:465")));
        QVERIFY2(!refusal.userText.contains(QLatin1String("%2")), qPrintable(refusal.userText));
    }

    void xtextIsText() { QCOMPARE(xtext("a+b=c d\xC3\xA4"), QByteArray("a+2Bb+3Dc+20d+C3+A4")); }
};

QTEST_GUILESS_MAIN(TestSmtp)
#include "test_smtp.moc"
