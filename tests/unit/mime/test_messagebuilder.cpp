// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/flowedtext.h"
#include "core/mime/messagebuilder.h"
#include "core/mime/plaintext.h"

#include <QBuffer>
#include <QIODevice>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

/** A disk with so much room. */
class SmallDevice final : public QIODevice
{
public:
    explicit SmallDevice(qint64 room) : m_room(room) { open(WriteOnly | Unbuffered); }
    [[nodiscard]] bool isSequential() const override { return true; }

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *, qint64 size) override
    {
        if (size > m_room)
            return -1;
        m_room -= size;
        return size;
    }

private:
    qint64 m_room;
};

/** Cannot be read to its end. */
class BrokenDevice final : public QIODevice
{
public:
    BrokenDevice() { open(ReadOnly | Unbuffered); }
    [[nodiscard]] bool isSequential() const override { return false; }
    [[nodiscard]] qint64 size() const override { return 100'000; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        if (pos() > 20'000)
            return -1;
        std::fill_n(data, most, 'x');
        return most;
    }
    qint64 writeData(const char *, qint64) override { return -1; }
};

/** So many octets that are not alike. */
QByteArray numbers(qsizetype octets)
{
    QByteArray result;
    for (int number = 0; result.size() < octets; ++number)
        result += QByteArray::number(number);
    return result.left(octets);
}

Composition letter()
{
    Composition result;
    result.from = {QStringLiteral("Anna"), QStringLiteral("anna@kittiwake.example")};
    result.to = {{{}, QStringLiteral("ben@kittiwake.example")}};
    result.text = QStringLiteral("Hello\n");
    result.messageId = "<1@kittiwake.example>";
    return result;
}

} // namespace

/** What compositions.py cannot ask: see tests/fixtures/compositions for the messages themselves. */
class TestMessageBuilder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flowedTextIsReadAsItWasTyped()
    {
        QRandomGenerator random(7);
        const QString letters = QStringLiteral("ab  >- F\u00e4\u4f1a\n");
        for (int round = 0; round < 3000; ++round) {
            QString text;
            const auto length = random.bounded(400);
            for (int i = 0; i < length; ++i) {
                if (random.bounded(40) == 0)
                    text += QStringLiteral("From -- ");
                text += letters[random.bounded(letters.size())];
            }
            const QString flowed = flowedText(text);
            for (const QStringView line : QStringView(flowed).tokenize(u'\n')) {
                // Only what has no blank to break at is longer.
                if (line.size() > 78)
                    QVERIFY2(line.trimmed().indexOf(u' ', 78) < 0, qPrintable(line.toString()));
                QVERIFY(!line.startsWith(QLatin1String("From ")));
            }
            // Once read it is in its normal form, and stays as it is.
            const QString read = joinFlowedLines(flowed, false);
            QCOMPARE(joinFlowedLines(flowedText(read), false), read);
            // Nothing but blanks and the blanks of quote marks is ever lost.
            const auto dense = [](QString any) { return any.remove(u' '); };
            QCOMPARE(dense(read), dense(text));
        }
    }

    void messageIdsAreUniqueAndTellNothing()
    {
        SystemRandom random;
        QSet<QByteArray> seen;
        for (int i = 0; i < 1000; ++i) {
            const QByteArray id = makeMessageId(random, {{}, QStringLiteral("anna@kittiwake.example")});
            QVERIFY(id.startsWith('<') && id.endsWith("@kittiwake.example>"));
            QCOMPARE(id.indexOf('@'), 33);
            seen.insert(id);
        }
        QCOMPARE(seen.size(), 1000);
        for (const char *odd : {"", "nowhere", "anna@[127.0.0.1]", "a@b.example\r\nX: y"})
            QVERIFY(makeMessageId(random, {{}, QString::fromUtf8(odd)}).endsWith("@localhost.invalid>"));
        QVERIFY(makeMessageId(random, {{}, QStringLiteral("a@k\u00f6ln.example")}).endsWith("@xn--kln-sna.example>"));
    }

    void addressesOnTheWire_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("plain") << QStringLiteral("a.b+c@d.example") << QByteArray("a.b+c@d.example");
        QTest::newRow("domain") << QStringLiteral("a@M\u00fcller.example") << QByteArray("a@xn--mller-kva.example");
        QTest::newRow("literal") << QStringLiteral("a@[192.0.2.1]") << QByteArray("a@[192.0.2.1]");
        QTest::newRow("quoted") << QStringLiteral("\"a:b\"@d.example") << QByteArray("\"a:b\"@d.example");
        for (const char *bad :
             {"", "@", "a@", "@d.example", "a b@d.example", "a@b@d.example", "a@d example", "a\r\n@d.example",
              "a@d.example\n", "<a@d.example>", "a,b@d.example", "a..b@d.example", ".a@d.example", "a.@d.example",
              "a@-.example", "\"a\"b\"@d.example", "\"a\\\"@d.example"})
            QTest::newRow(bad) << QString::fromUtf8(bad) << QByteArray();
        QTest::newRow("long") << QString(QString(65, u'a') + QStringLiteral("@d.example")) << QByteArray();
    }
    void addressesOnTheWire()
    {
        QFETCH(const QString, address);
        QTEST(wireAddress(address), "wire");
    }

    /** What goes along is read from elsewhere, while the message is written: the same octets. */
    void attachmentsFromElsewhere()
    {
        Composition inMemory = letter();
        inMemory.html = QStringLiteral("<p>Hello <img src=\"cid:pic\"></p>");
        const QByteArray data = numbers(300'000);
        const QByteArray log = numbers(50'000).toBase64() + "\r\n";
        const QByteArray old = "Subject: old\r\n\r\nGr\xC3\xB6\xC3\x9F"
                               "e\r\n"
            + QByteArray(70'000, 'x').replace(900, 2, "\r\n");
        inMemory.attachments.push_back(OutgoingFile{QStringLiteral("pic.png"), "image/png", "pic", data.left(5000)});
        inMemory.attachments.push_back(OutgoingFile{QStringLiteral("a.bin"), "application/octet-stream", {}, data});
        inMemory.attachments.push_back(
            ForwardedPart{"Content-Type: text/x-log\r\nContent-Transfer-Encoding: base64\r\n", log});
        inMemory.attachments.push_back(ForwardedMessage{QStringLiteral("Old.eml"), old});
        inMemory.attachments.push_back(ForwardedMessage{QStringLiteral("Plain.eml"), "Subject: a\r\n\r\nText\r\n"});
        const std::vector<QByteArray> contents{data.left(5000), data, log, old, "Subject: a\r\n\r\nText\r\n"};
        const auto expected = buildMessage(inMemory);
        QVERIFY(expected);

        Composition elsewhere = inMemory;
        std::get<OutgoingFile>(elsewhere.attachments[0]).content = QByteArray();
        std::get<OutgoingFile>(elsewhere.attachments[1]).content = QByteArray();
        std::get<ForwardedPart>(elsewhere.attachments[2]).body.clear();
        std::get<ForwardedMessage>(elsewhere.attachments[3]).bytes.clear();
        BuildOptions options;
        std::size_t broken = contents.size();
        options.attachments = [&](std::size_t place) -> Result<std::unique_ptr<QIODevice>> {
            if (place == 4)
                return std::unique_ptr<QIODevice>(); // stays where it is
            if (place == broken)
                return failure(ErrorKind::Storage, {}, QStringLiteral("The disk is broken."));
            auto buffer = std::make_unique<QBuffer>();
            buffer->setData(contents[place]);
            buffer->open(QIODevice::ReadOnly);
            return std::unique_ptr<QIODevice>(std::move(buffer));
        };
        const auto built = buildMessage(elsewhere, options);
        QVERIFY(built);
        QVERIFY(*built == *expected);
        for (broken = 0; broken < 4; ++broken) {
            const auto failed = buildMessage(elsewhere, options);
            QVERIFY(!failed);
            QCOMPARE(failed.error().userText, QStringLiteral("The disk is broken."));
        }
        // One that ends before its end.
        for (int place = 0; place < 4; ++place) {
            options.attachments = [place](std::size_t at) -> Result<std::unique_ptr<QIODevice>> {
                if (at != static_cast<std::size_t>(place))
                    return std::unique_ptr<QIODevice>();
                return std::unique_ptr<QIODevice>(std::make_unique<BrokenDevice>());
            };
            const auto failed = buildMessage(inMemory, options);
            QVERIFY2(!failed, QByteArray::number(place).constData());
            QCOMPARE(failed.error().kind, ErrorKind::Storage);
        }
    }

    void aFullDiskIsSaid()
    {
        const auto whole = buildMessage(letter());
        QVERIFY(whole);
        for (const qint64 room : {qint64{0}, qint64{100}, qint64{whole->size() - 1}}) {
            SmallDevice device(room);
            const auto written = writeMessage(letter(), {}, device);
            QVERIFY(!written);
            QCOMPARE(written.error().kind, ErrorKind::Storage);
            QVERIFY(!written.error().userText.isEmpty());
        }
        SmallDevice enough(whole->size());
        QVERIFY(writeMessage(letter(), {}, enough));
    }
};

QTEST_GUILESS_MAIN(TestMessageBuilder)
#include "test_messagebuilder.moc"
