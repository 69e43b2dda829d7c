// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/deflate.h"

#include <QRandomGenerator>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::net;

namespace
{

constexpr qsizetype limit = 256 * 1024;

QByteArray randomBytes(QRandomGenerator &random, qsizetype size, quint32 alphabet)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(random.bounded(alphabet));
    return bytes;
}

/** Raw DEFLATE by another road: qCompress() wraps it in a length (4), a zlib header (2) and a checksum (4). */
QByteArray rawDeflate(const QByteArray &bytes)
{
    return qCompress(bytes, 9).mid(6).chopped(4);
}

Result<QByteArray> everything(Inflater &inflater)
{
    QByteArray out;
    while (inflater.hasWork()) {
        Result<QByteArray> bytes = inflater.next(limit);
        if (!bytes)
            return bytes;
        out += *bytes;
    }
    return out;
}

} // namespace

class TestDeflate final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachPieceComesOutWhole()
    {
        QRandomGenerator random(20261001);
        Deflater deflater;
        Inflater inflater;
        for (int round = 0; round < 300; ++round) {
            const QByteArray bytes = randomBytes(random, random.bounded(1, 20'000), round % 2 == 0 ? 4 : 256);
            const QByteArray wire = deflater.compress(bytes);
            // RFC 4978 section 4: the flush ends with an empty stored block, so that nothing waits for more.
            QVERIFY(wire.endsWith(QByteArray("\0\0\xff\xff", 4)));
            QVERIFY(!inflater.hasWork());
            inflater.feed(wire);
            const Result<QByteArray> out = everything(inflater);
            QVERIFY(out.has_value());
            QCOMPARE(*out, bytes);
        }
        QCOMPARE(deflater.compress({}), QByteArray());
    }

    void largePieces()
    {
        QRandomGenerator random(7);
        const QByteArray bytes = randomBytes(random, 5'000'000, 64);
        Deflater deflater;
        Inflater inflater;
        inflater.feed(deflater.compress(bytes));
        const Result<QByteArray> out = everything(inflater);
        QVERIFY(out.has_value());
        QVERIFY(*out == bytes);
    }

    void bytesThatTrickleIn()
    {
        const QByteArray text = QByteArray("* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n").repeated(500);
        const QByteArray wire = rawDeflate(text);
        Inflater inflater;
        QByteArray out;
        // Without the last byte the stream has not ended.
        for (const char byte : wire.chopped(1)) {
            inflater.feed(QByteArray(1, byte));
            const Result<QByteArray> bytes = everything(inflater);
            QVERIFY(bytes.has_value());
            out += *bytes;
        }
        QVERIFY(text.startsWith(out));
        QVERIFY(out.size() > text.size() / 2);
    }

    void bombIsGivenOutInPieces()
    {
        const QByteArray bomb = rawDeflate(QByteArray(64 * 1024 * 1024, '\0'));
        QVERIFY(bomb.size() < 100'000);
        Inflater inflater;
        inflater.feed(bomb);
        qsizetype total = 0;
        while (inflater.hasWork()) {
            const Result<QByteArray> bytes = inflater.next(limit);
            if (!bytes)
                break;
            QVERIFY(bytes->size() <= limit);
            QVERIFY(bytes->capacity() <= 2 * limit);
            total += bytes->size();
        }
        QCOMPARE(total, 64 * 1024 * 1024);
    }

    void theEndOfTheStreamIsAnError()
    {
        Inflater inflater;
        inflater.feed(rawDeflate("hello") + "* BYE\r\n");
        const Result<QByteArray> text = inflater.next(limit);
        QVERIFY(text.has_value());
        QCOMPARE(*text, QByteArray("hello"));
        QVERIFY(inflater.hasWork());
        const Result<QByteArray> end = inflater.next(limit);
        QVERIFY(!end.has_value());
        QCOMPARE(end.error().kind, ErrorKind::Protocol);
        QVERIFY(!inflater.next(limit).has_value());
    }

    void garbageIsAnError()
    {
        Inflater inflater;
        inflater.feed("* OK this is plain text, not compressed at all\r\n");
        const Result<QByteArray> out = everything(inflater);
        QVERIFY(!out.has_value());
        QCOMPARE(out.error().kind, ErrorKind::Protocol);
        QVERIFY(out.error().userText.contains(u"damaged"));
        inflater.feed("more");
        QVERIFY(!inflater.next(limit).has_value());
    }

    /** Whatever arrives, it ends, and gives no more than was asked for. */
    void hostileInput()
    {
        QRandomGenerator random(4711);
        for (int round = 0; round < 2000; ++round) {
            Deflater deflater;
            QByteArray wire = deflater.compress(randomBytes(random, 500, 8));
            for (int flips = 0; flips < 3; ++flips)
                wire[random.bounded(wire.size())] = static_cast<char>(random.bounded(256));
            Inflater inflater;
            inflater.feed(wire);
            int calls = 0;
            while (inflater.hasWork() && calls < 10'000) {
                const Result<QByteArray> bytes = inflater.next(100);
                if (!bytes)
                    break;
                QVERIFY(bytes->size() <= 100);
                ++calls;
            }
            QVERIFY(calls < 10'000);
        }
    }
};

QTEST_GUILESS_MAIN(TestDeflate)
#include "test_deflate.moc"
