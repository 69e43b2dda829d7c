// SPDX-License-Identifier: GPL-3.0-or-later
// From a message back to what somebody writes on.
#include <QTest>
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/mime/compositionjson.h"
#include "core/mime/compositionreader.h"
#include "core/mime/messagebuilder.h"
#endif

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

Composition letter()
{
    Composition letter;
    letter.from = {QStringLiteral("Anna Größe"), QStringLiteral("anna@example.org")};
    letter.sender = mail::Address{QStringLiteral("Office"), QStringLiteral("office@example.org")};
    letter.to = {{QStringLiteral("Ben, the other"), QStringLiteral("ben@example.org")},
                 {{}, QStringLiteral("half an add")},
                 {{}, QStringLiteral("clärchen")}};
    letter.cc = {{{}, QStringLiteral("clara@example.org")}};
    letter.bcc = {{QStringLiteral("猫"), QStringLiteral("secret@example.org")}};
    letter.replyTo = {{{}, QStringLiteral("reply@example.org")}};
    letter.subject = QStringLiteral("Größe, and 猫 with a long subject that has to be folded somewhere on its way");
    letter.text
        = QStringLiteral("Dear Ben,\n\n this line begins with a blank\n> quoted words that go on and on for much "
                         "more than seventy-eight characters, as they do\n-- \nAnna");
    letter.messageId = "<0123456789abcdef0123456789abcdef.draft.0000000000000001@example.org>";
    letter.inReplyTo = {"<question@example.org>"};
    letter.references = {"<first@example.org>", "<question@example.org>"};
    letter.date = 1'700'000'000;
    letter.priority = Composition::Priority::High;
    letter.wantsReceipt = true;
    letter.userAgent = "Kittiwake/1";
    letter.otherFields = {{"X-Mine", "as it was"}, {"X-Mozilla-Draft-Info", "internal/draft; vcard=0"}};
    return letter;
}

QByteArray built(const Composition &composition)
{
    BuildOptions options;
    options.withBcc = true;
    options.isUnfinished = true;
    return buildMessage(composition, options).value_or(QByteArray());
}

} // namespace

class TestCompositionReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingComesBack()
    {
        const Composition before = letter();
        Composition after = readComposition(built(before), ReadAs::Draft).composition;
        after.date = before.date; // made anew with each version
        QCOMPARE(after.to, before.to);
        QCOMPARE(after.text, before.text);
        QCOMPARE(after, before);
    }

    void whatGoesAlongStaysByteByByte()
    {
        Composition before = letter();
        before.html = QStringLiteral("<p>Dear <b>Ben</b> <img src=\"cid:pic@k\"></p>");
        const QByteArray bytes = QByteArray("\0\xFF\r\n.\r\nFrom x", 13).repeated(3000);
        const QByteArray signedPart = "Content-Type: text/x-odd; charset=\"x\";\r\n  name=\"a b.txt\"\r\n"
                                      "Content-Disposition: attachment\r\n"
                                      "Content-Transfer-Encoding: quoted-printable\r\n";
        before.attachments = {OutgoingFile{{}, "image/png", "pic@k", "\x89PNG"},
                              OutgoingFile{QStringLiteral("Größe.bin"), "application/x-y", {}, bytes},
                              ForwardedPart{signedPart, "so=20it=20was=\r\n\r\n"},
                              ForwardedMessage{QStringLiteral("m.eml"), "Subject: x\r\n\r\nText\r\n"}};
        const Composition after = readComposition(built(before), ReadAs::Draft).composition;
        QCOMPARE(after.html, before.html);
        QCOMPARE(after.text, before.text);
        QCOMPARE(after.attachments.size(), 4U);
        QCOMPARE(std::get<OutgoingFile>(after.attachments[0]), std::get<OutgoingFile>(before.attachments[0]));
        const auto &kept = std::get<ForwardedPart>(after.attachments[1]);
        QCOMPARE(QByteArray::fromBase64(kept.body), bytes);
        QVERIFY(kept.header.contains("application/x-y"));
        QCOMPARE(std::get<ForwardedPart>(after.attachments[2]).body.trimmed(), QByteArray("so=20it=20was="));
        const auto &message = std::get<ForwardedMessage>(after.attachments[3]);
        QCOMPARE(message.bytes.trimmed(), QByteArray("Subject: x\r\n\r\nText"));
        // And once more: nothing drifts from one version to the next.
        const Composition again = readComposition(built(after), ReadAs::Draft).composition;
        QCOMPARE(again.attachments, after.attachments);
        QCOMPARE(again.html, after.html);
        QCOMPARE(again.text, after.text);
    }

    void aNewOneBeginsWithNothingOfTheOld()
    {
        const QByteArray received = "Received: from x by y\r\nDKIM-Signature: v=1\r\nList-Id: <x>\r\nX-Spam: no\r\n"
                                    "Disposition-Notification-To: x@example.org\r\n"
            + built(letter());
        const Composition fresh = readComposition(received, ReadAs::New).composition;
        QCOMPARE(fresh.subject, letter().subject);
        QCOMPARE(fresh.bcc, letter().bcc);
        QVERIFY(fresh.otherFields.empty());
        QVERIFY(fresh.messageId.isEmpty() && fresh.inReplyTo.isEmpty() && fresh.references.isEmpty());
        QVERIFY(!fresh.wantsReceipt && !fresh.sender);
    }

    void passedOnMessagesAreKnown()
    {
        const ReadComposition read
            = readComposition("X-Forwarded-Message-Id: <a@b>\r\n <c@d>\r\nSubject: x\r\n\r\n", ReadAs::Draft);
        QCOMPARE(read.forwards, (QByteArrayList{"<a@b>", "<c@d>"}));
        QVERIFY(read.composition.otherFields.empty());
    }

    void oddOnes_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no header") << QByteArray("\r\n\r\nText");
        QTest::newRow("only header") << QByteArray("Subject: x");
        QTest::newRow("no boundary") << QByteArray("Content-Type: multipart/mixed; boundary=b\r\n\r\nText");
        QTest::newRow("deep") << QByteArray("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n").repeated(500);
        QTest::newRow("nul") << QByteArray("X-A: a\0b\r\nSubject: \0\r\n\r\n\0", 27);
        QTest::newRow("long word") << "X-A: " + QByteArray(5000, 'x') + "\r\n\r\n";
        QTest::newRow("many fields") << QByteArray("X-A: b\r\n").repeated(20'000) + "\r\nText";
        QTest::newRow("broken base64") << QByteArray("Content-Transfer-Encoding: base64\r\n\r\n====A");
        QTest::newRow("only a file") << QByteArray("Content-Type: application/pdf; name=x.pdf\r\n"
                                                   "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n");
    }
    void oddOnes()
    {
        QFETCH(QByteArray, message);
        const Composition read = readComposition(message, ReadAs::Draft).composition;
        Composition again = read;
        again.from = {{}, QStringLiteral("anna@example.org")};
        const auto written = buildMessage(again, {true, false, true, {}});
        QVERIFY(written);
        for (const QByteArray &line : written->split('\n'))
            QVERIFY(line.size() <= 999);
    }

    void jsonGivesEverythingBack()
    {
        Composition composition = letter();
        composition.html = QStringLiteral("<p>\u0000x</p>");
        composition.utcOffset = -3600;
        QCOMPARE(compositionFromJson(compositionToJson(composition)), composition);
        QCOMPARE(compositionFromJson({}), Composition());
        const QJsonObject odd{{QStringLiteral("to"), 5}, {QStringLiteral("priority"), QStringLiteral("x")}};
        QCOMPARE(compositionFromJson(odd), Composition());
    }
};

QTEST_GUILESS_MAIN(TestCompositionReader)
#include "test_compositionreader.moc"
