// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/content.h"
#include "core/mime/partdecoder.h"

#include <QTest>

#include <random>

using namespace kittiwake::mime;

class TestPartDecoder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void piecesGiveWhatTheWholeGives_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("encoded");
        std::minstd_rand numbers(3);
        QByteArray octets(5000, '\0');
        for (char &c : octets)
            c = static_cast<char>(numbers());
        QByteArray lines;
        const QByteArray digits = octets.toBase64();
        for (qsizetype at = 0; at < digits.size(); at += 76)
            lines += digits.mid(at, 76) + "\r\n";
        QTest::newRow("base64") << QByteArray("base64") << lines;
        QTest::newRow("base64 without padding") << QByteArray("BASE64") << QByteArray("SGVsbG8gd29ybGQ");
        QTest::newRow("base64 with rubbish") << QByteArray("base64") << QByteArray("SGV\x01sbG8!!gd2-9\r\nybGQ=");
        QTest::newRow("quoted") << QByteArray("quoted-printable") << QByteArray("a=C3=A4 b=\r\nc =\nd =zz =3");
        QTest::newRow("as it is") << QByteArray("8bit") << lines;
        QTest::newRow("nothing") << QByteArray("base64") << QByteArray();
    }

    void piecesGiveWhatTheWholeGives()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, encoded);
        const QByteArray whole = decodePart(encoding, encoded);
        for (const qsizetype piece : {1, 2, 3, 5, 7, 64, 4096}) {
            PartDecoder decoder(encoding);
            QByteArray decoded;
            for (qsizetype at = 0; at < encoded.size(); at += piece)
                decoded += decoder.feed(encoded.mid(at, piece));
            decoded += decoder.finish();
            QCOMPARE(decoded, whole);
        }
    }

    void whatWasCutOffIsSaid_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("encoded");
        QTest::addColumn<bool>("isCutOff");
        QTest::newRow("whole") << QByteArray("base64") << QByteArray("SGVsbG8=") << false;
        QTest::newRow("padding left out") << QByteArray("base64") << QByteArray("SGVsbG8") << false;
        QTest::newRow("one digit too many") << QByteArray("base64") << QByteArray("SGVsbG8hI") << true;
        QTest::newRow("no base64") << QByteArray("7bit") << QByteArray("SGVsbG8hI") << false;
    }

    void whatWasCutOffIsSaid()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, encoded);
        PartDecoder decoder(encoding);
        static_cast<void>(decoder.feed(encoded));
        static_cast<void>(decoder.finish());
        QTEST(decoder.isCutOff(), "isCutOff");
    }
};

QTEST_APPLESS_MAIN(TestPartDecoder)
#include "test_partdecoder.moc"
