// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/remote/addressrules.h"
#include "core/remote/imagecheck.h"
#include "core/remote/imageurl.h"

using namespace kittiwake::remote;

class TestRules final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isPublic");
        for (const char *text : {"8.8.8.8", "1.1.1.1", "93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255",
                                 "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
                                 "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
                                 "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2a00::5efe:808:808"})
            QTest::newRow(text) << QString::fromLatin1(text) << true;
        for (const char *text : {"0.0.0.0",
                                 "0.1.2.3",
                                 "10.0.0.1",
                                 "100.64.0.1",
                                 "100.127.255.255",
                                 "127.0.0.1",
                                 "127.255.255.254",
                                 "169.254.169.254",
                                 "172.16.0.1",
                                 "172.31.255.255",
                                 "192.0.0.1",
                                 "192.0.2.1",
                                 "192.88.99.1",
                                 "192.168.1.1",
                                 "198.18.0.1",
                                 "198.19.255.255",
                                 "198.51.100.1",
                                 "203.0.113.1",
                                 "224.0.0.1",
                                 "239.255.255.250",
                                 "240.0.0.1",
                                 "255.255.255.255",
                                 "::",
                                 "::1",
                                 "::127.0.0.1",
                                 "::ffff:127.0.0.1",
                                 "::ffff:10.0.0.1",
                                 "::ffff:169.254.169.254",
                                 "64:ff9b::7f00:1",
                                 "64:ff9b::a00:1",
                                 "64:ff9b:1::808:808",
                                 "100::1",
                                 "2001::1",
                                 "2001:1ff::1",
                                 "2001:db8::1",
                                 "2002:7f00:1::",
                                 "2002:808:808::1",
                                 "2620:4f:8000::1",
                                 "3fff::1",
                                 "4000::1",
                                 "5f00::1",
                                 "fc00::1",
                                 "fd12:3456::1",
                                 "fe80::1",
                                 "fe80::1%lo",
                                 "fec0::1",
                                 "ff02::1",
                                 "2a00::5efe:7f00:1",
                                 "2a00::200:5efe:a00:1",
                                 "no address"})
            QTest::newRow(text) << QString::fromLatin1(text) << false;
    }
    void addresses()
    {
        QFETCH(QString, text);
        QFETCH(bool, isPublic);
        QCOMPARE(isPublicAddress(QHostAddress(text)), isPublic);
    }

    void targets_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("where"); // empty: refused
        const auto row = [](const char *url, const char *where) {
            QTest::newRow(url) << QString::fromUtf8(url) << QString::fromLatin1(where);
        };
        row("https://Images.Example/a%20b/c.png?d=e&f#g", "images.example /a%20b/c.png?d=e&f");
        row("http://images.example/x", "images.example /x");
        row("http://images.example:80/x", "images.example /x");
        row("https://images.example:443", "images.example /");
        row("https://images.example?x", "images.example /?x");
        row("https://b\u00fccher.example/\u00fc", "xn--bcher-kva.example /%C3%BC");
        row("https://8.8.8.8/x", "8.8.8.8 /x");
        row("https://[2606:4700::1111]/x", "2606:4700::1111 /x");
        row("https://images.example:8443/x", "");
        row("https://user@images.example/x", "");
        row("https://user:pass@images.example/x", "");
        row("ftp://images.example/x", "");
        row("file:///etc/passwd", "");
        row("data:image/png;base64,AAAA", "");
        row("https:///x", "");
        row("https://localhost/x", "");
        row("https://router/x", "");
        row("https://printer.local/x", "");
        row("https://nas.home.arpa/x", "");
        row("https://metadata.google.internal/x", "");
        row("https://127.0.0.1/x", "");
        row("https://2130706433/x", "");
        row("https://0x7f.1/x", "");
        row("https://017700000001/x", "");
        row("https://127.1/x", "");
        row("https://[::1]/x", "");
        row("https://[::ffff:127.0.0.1]/x", "");
        row("https://192.168.1.1/x", "");
        row("https://169.254.169.254/latest/meta-data/", "");
    }
    void targets()
    {
        QFETCH(QString, url);
        QFETCH(QString, where);
        const auto target = imageTarget(QUrl(url, QUrl::TolerantMode));
        QCOMPARE(target ? QString(target->host.wire() + QLatin1Char(' ') + QString::fromLatin1(target->path))
                        : QString(),
                 where);
    }

    void lineEndsDoNotTravel()
    {
        const auto target = imageTarget(QUrl(QStringLiteral("https://images.example/a\r\nHost: evil\r\n\r\n")));
        if (target)
            QVERIFY(!target->path.contains('\r') && !target->path.contains('\n') && !target->path.contains(' '));
    }

    void images_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("facts"); // empty: refused
        const QByteArray png = QByteArray("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", 16);
        const auto pngOf = [&](const char *size) { return QByteArray(png + QByteArray::fromHex(size) + "\x08\x02"); };
        QTest::newRow("png") << pngOf("0000000500000007") << QStringLiteral("image/png 5 7");
        QTest::newRow("png, wide") << pngOf("0000400100000001") << QString();
        QTest::newRow("png, bomb") << pngOf("0000400000004000") << QString();
        QTest::newRow("png, huge") << pngOf("FFFFFFFFFFFFFFFF") << QString();
        QTest::newRow("png, empty") << pngOf("0000000000000007") << QString();
        QTest::newRow("png, cut") << png << QString();
        QTest::newRow("gif") << QByteArray::fromHex("4749463839610300020000") << QStringLiteral("image/gif 3 2");
        QTest::newRow("jpeg") << QByteArray::fromHex("FFD8FFE000104A46494600010100000100010000FFDB0004AABB"
                                                     "FFC2001108000900080301220002110103110100")
                              << QStringLiteral("image/jpeg 8 9");
        QTest::newRow("jpeg without a frame") << QByteArray::fromHex("FFD8FFE0000400000000FFDA") << QString();
        QTest::newRow("jpeg, segment of no length")
            << QByteArray::fromHex("FFD8FFE00000FFC2001108000900080301") << QString();
        QTest::newRow("webp") << QByteArray("RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x09\0\0\x13\0\0", 30)
                              << QStringLiteral("image/webp 10 20");
        QTest::newRow("webp, lossless") << QByteArray("RIFF\0\0\0\0WEBPVP8L\x0A\0\0\0\x2F\x03\x40\x00\x00", 25)
                                        << QStringLiteral("image/webp 4 2");
        QTest::newRow("svg") << QByteArray("<svg xmlns='http://www.w3.org/2000/svg'/>") << QString();
        QTest::newRow("html") << QByteArray("<!DOCTYPE html><script>x</script>") << QString();
        QTest::newRow("nothing") << QByteArray() << QString();
    }
    void images()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, facts);
        const auto found = checkImage(bytes);
        QCOMPARE(found ? QStringLiteral("%1 %2 %3")
                             .arg(QString::fromLatin1(found->mimeType))
                             .arg(found->width)
                             .arg(found->height)
                       : QString(),
                 facts);
        // Cut anywhere, it is read without harm.
        for (qsizetype size = 0; size < bytes.size(); ++size)
            static_cast<void>(checkImage(bytes.first(size)));
    }
};

QTEST_GUILESS_MAIN(TestRules)
#include "test_rules.moc"
