// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/flowedtext.h"
#include "core/mime/messagebuilder.h"
#include "core/mime/plaintext.h"

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
