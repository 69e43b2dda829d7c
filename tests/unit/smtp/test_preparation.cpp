// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/preparation.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::smtp;

namespace
{

class CountingRandom final : public Random
{
public:
    [[nodiscard]] std::uint64_t next() override { return ++m_last; }

private:
    std::uint64_t m_last = 0;
};

Result<PreparedMessage> prepared(const QByteArray &raw, const QString &from = {})
{
    CountingRandom random;
    return prepareMessage(raw, {from, QDateTime(QDate(2026, 11, 2), QTime(8, 5, 3), Qt::OffsetFromUTC, -5400), {}},
                          random);
}

} // namespace

class TestPreparation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesThatEndAsTheyShouldAreLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("CRLF") << QByteArray("a\r\n.\r\n\r\nb\r\n");
        QTest::newRow("LF") << QByteArray("a\n.\n\nb\n");
        QTest::newRow("one LF") << QByteArray("a\r\n.\n\r\nb\r\n");
        QTest::newRow("one CR") << QByteArray("a\r.\r\n\r\nb\r\n");
        QTest::newRow("no end") << QByteArray("a\r\n.\r\n\r\nb");
        QTest::newRow("CR at the end") << QByteArray("a\r\n.\r\n\r\nb\r");
    }
    void linesThatEndAsTheyShouldAreLeftAlone()
    {
        QFETCH(QByteArray, body);
        const auto message = prepared("From: a@example.org\r\nTo: b@example.org\r\n\r\n" + body);
        QVERIFY(message);
        QCOMPARE(message->bytes.mid(message->bytes.indexOf("\r\n\r\n") + 4), QByteArray("a\r\n.\r\n\r\nb\r\n"));
    }

    void everyOtherByteStays()
    {
        const QByteArray head = "From: \"A, B\" <a@example.org>\r\nTO: b@example.org\r\n";
        const QByteArray rest = "Date: x\r\nMessage-ID: <1@x.example>\r\nSubject: =?utf-8?q?=C3=A4?=\r\n folded\r\n\r\n"
                                "Bcc: not a header\r\n.\r\n";
        const auto message
            = prepared(head + "Bcc: c@example.org,\r\n\td@example.org\r\nresent-bcc: e@example.org\r\n" + rest);
        QVERIFY(message);
        QCOMPARE(message->bytes, QByteArray(head + rest));
        QCOMPARE(message->recipients.size(), 3U);
        QCOMPARE(message->messageId, QByteArray("<1@x.example>"));
        QCOMPARE(message->subject, QString::fromUtf8("ä folded"));
        QVERIFY(!message->hasEightBit && !message->hasUtf8Header);
    }

    void whatIsMissingComes()
    {
        const auto message = prepared("To: b@example.org\n\nText", QStringLiteral("a@example.org"));
        QVERIFY(message);
        QVERIFY2(message->bytes.startsWith("To: b@example.org\r\nFrom: a@example.org\r\nMessage-ID: <"),
                 message->bytes.constData());
        QVERIFY2(message->bytes.endsWith("@example.org>\r\nDate: Mon, 2 Nov 2026 08:05:03 -0130\r\n\r\nText\r\n"),
                 message->bytes.constData());
        QVERIFY(message->messageId.endsWith("@example.org>"));
        const auto onlyHeader = prepared("From: a@example.org\r\nTo: b@example.org");
        QVERIFY(onlyHeader);
        QVERIFY(onlyHeader->bytes.endsWith("\r\n\r\n"));
    }

    void theSenderIsOne()
    {
        const QByteArray authors = "From: a@example.org, b@example.org\r\nTo: c@example.org\r\n\r\n";
        QCOMPARE(prepared(authors)->sender.text(), QStringLiteral("a@example.org"));
        QCOMPARE(prepared("Sender: s@example.org\r\n" + authors)->sender.text(), QStringLiteral("s@example.org"));
        QCOMPARE(prepared(authors, QStringLiteral("x@example.org"))->sender.text(), QStringLiteral("x@example.org"));
    }

    void eightBits()
    {
        const auto body = prepared("From: a@example.org\nTo: b@example.org\n\nä");
        QVERIFY(body && body->hasEightBit && !body->hasUtf8Header);
        const auto header = prepared("From: a@example.org\nTo: b@example.org\nSubject: ä\n\nx");
        QVERIFY(header && !header->hasEightBit && header->hasUtf8Header);
    }

    void whatCannotBeSent_data()
    {
        QTest::addColumn<QByteArray>("raw");
        const QByteArray head = "From: a@example.org\r\nTo: b@example.org\r\n";
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no header") << QByteArray("Hello Ben\r\n\r\nTo: b@example.org\r\n");
        QTest::newRow("folded from nothing") << QByteArray(" To: b@example.org\r\n\r\n");
        QTest::newRow("no recipient") << QByteArray("From: a@example.org\r\n\r\n");
        QTest::newRow("empty group") << QByteArray("From: a@example.org\r\nTo: nobody:;\r\n\r\n");
        QTest::newRow("no sender") << QByteArray("To: b@example.org\r\n\r\n");
        QTest::newRow("two addresses in one")
            << QByteArray("From: a@example.org\r\nTo: b@example.org c@example.org\r\n\r\n");
        QTest::newRow("long line") << QByteArray(head + "\r\n" + QByteArray(999, 'x'));
        QTest::newRow("long header") << QByteArray(head + "X: " + QByteArray(996, 'x') + "\r\n\r\n");
        QTest::newRow("NUL") << QByteArray(head + "\r\na" + QByteArray(1, '\0'));
        QTest::newRow("a field that is cut")
            << QByteArray("From: a@example.org\r\nTo: b@example.org,\r\n" + QByteArray(" (comment)\r\n").repeated(7000)
                          + " c@example.org\r\n\r\n");
        QTest::newRow("too many recipients") << QByteArray("From: a@example.org\r\nTo: " + [] {
            QByteArray list;
            for (int i = 0; i < 1001; ++i)
                list += (i == 0 ? "x" : ",\r\n x") + QByteArray::number(i) + "@example.org";
            return list;
        }() + "\r\n\r\n");
    }
    void whatCannotBeSent()
    {
        QFETCH(const QByteArray, raw);
        const auto message = prepared(raw);
        QVERIFY(!message);
        QCOMPARE(message.error().kind, ErrorKind::Input);
        QVERIFY(message.error().userText.endsWith(u'.'));
    }

    void whatIsRedirectedStaysAsItWas()
    {
        const QByteArray original = "Return-Path: <x@example.net>\r\nFrom: =?iso-8859-1?q?S=F8ren?= <s@example.net>\r\n"
                                    "To: me@example.org,\r\n\tothers@example.net\r\nCc: more@example.net\r\n"
                                    "Message-ID: <1@example.net>\r\nIn-Reply-To: <0@example.net>\r\n"
                                    "Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\r\n\r\nBcc: text\r\n.\r\n\xff\r\n";
        Resending resending;
        resending.from = {QString::fromUtf8("Zoë"), QStringLiteral("me@example.org")};
        resending.to = {{QStringLiteral("Ben, B"), QStringLiteral("ben@example.com")}};
        resending.cc = {{{}, QStringLiteral("ben@example.com")}, {{}, QStringLiteral("cy@example.com")}};
        resending.bcc = {{{}, QStringLiteral("secret@example.com")}};
        CountingRandom random;
        const QDateTime now(QDate(2026, 11, 2), QTime(8, 5, 3), Qt::OffsetFromUTC, -5400);
        const auto message = prepareMessage(original, {{}, now, resending}, random);
        QVERIFY(message);
        QVERIFY(message->bytes.endsWith(original));
        const QByteArray block = message->bytes.chopped(original.size());
        QVERIFY2(block.startsWith("Resent-Date: Mon, 2 Nov 2026 08:05:03 -0130\r\nResent-Message-ID: <"), block);
        QVERIFY2(block.toLower().contains("@example.org>\r\nresent-from: =?utf-8?"), block);
        QVERIFY2(block.contains("Resent-To: \"Ben, B\" <ben@example.com>\r\n"), block);
        QVERIFY2(block.endsWith("Resent-Cc: ben@example.com, cy@example.com\r\n"), block);
        QVERIFY(!message->bytes.contains("secret"));
        QStringList envelope;
        for (const Path &one : message->recipients)
            envelope.append(one.text());
        QCOMPARE(envelope,
                 QStringList({QStringLiteral("ben@example.com"), QStringLiteral("cy@example.com"),
                              QStringLiteral("secret@example.com")}));
        QCOMPARE(message->sender.text(), QStringLiteral("me@example.org"));
        QVERIFY(message->messageId != "<1@example.net>" && block.contains(message->messageId));
        QCOMPARE(message->subject, QString::fromUtf8("Größe"));
        QVERIFY(message->answers.isEmpty()); // it is not we who answer that
        QVERIFY(message->hasEightBit);
        QVERIFY(!message->hasUtf8Header);
    }

    void whatIsRedirectedTellsNobodyOfItsHiddenRecipients()
    {
        const QByteArray original = "From: me@example.org\r\nBcc: secret@example.net\r\nSubject: x\r\n\r\ny\r\n";
        Resending resending;
        resending.from = {{}, QStringLiteral("me@example.org")};
        CountingRandom random;
        const PrepareOptions nobody{{}, QDateTime::currentDateTime(), resending};
        QVERIFY(!prepareMessage(original, nobody, random));
        resending.bcc = {{{}, QStringLiteral("ben@example.com")}};
        const PrepareOptions options{{}, QDateTime::currentDateTime(), resending};
        const auto message = prepareMessage(original, options, random);
        QVERIFY(message);
        QVERIFY(!message->bytes.contains("secret"));
        QVERIFY(message->bytes.endsWith("\r\nFrom: me@example.org\r\nSubject: x\r\n\r\ny\r\n"));
        QCOMPARE(message->recipients.size(), 1U);
        const auto tooLong = prepareMessage(original + QByteArray(999, 'x'), options, random);
        QVERIFY(!tooLong);
        QVERIFY(tooLong.error().userText.contains(QStringLiteral("as an attachment")));
    }

    void longestLine() { QVERIFY(prepared("From: a@example.org\r\nTo: b@example.org\r\n\r\n" + QByteArray(998, 'x'))); }
};

QTEST_GUILESS_MAIN(TestPreparation)
#include "test_preparation.moc"
