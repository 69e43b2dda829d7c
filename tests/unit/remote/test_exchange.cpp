// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/remote/httpexchange.h"

using namespace kittiwake::remote;

class TestExchange final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theQuestionSaysNothingOfThePerson()
    {
        QCOMPARE(imageRequest("images.example", "/x?y"),
                 QByteArray("GET /x?y HTTP/1.1\r\nHost: images.example\r\n"
                            "Accept: image/png, image/jpeg, image/gif, image/webp\r\nAccept-Encoding: identity\r\n"
                            "User-Agent: Mozilla/5.0\r\nConnection: close\r\n\r\n"));
    }

    void anIPv6AddressStandsInBrackets()
    {
        QVERIFY(imageRequest("2001:db8::1", "/").contains("\r\nHost: [2001:db8::1]\r\n"));
        QVERIFY(unsubscribeRequest("2001:db8::1", "/").contains("\r\nHost: [2001:db8::1]\r\n"));
        QVERIFY(unsubscribeRequest("lists.example", "/").contains("\r\nHost: lists.example\r\n"));
    }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("expected"); // "status body" or "status -> location"; empty: refused
        const auto row = [](const char *name, const QByteArray &answer, const char *expected) {
            QTest::newRow(name) << answer << QString::fromLatin1(expected);
        };
        const QByteArray ok = "HTTP/1.1 200 OK\r\n";
        row("length", ok + "Content-Length: 5\r\n\r\nhello", "200 hello");
        row("more than the length", ok + "Content-Length: 4\r\n\r\nhello", "200 hell");
        row("until the end", ok + "Content-Type: image/png\r\n\r\nhello", "200 hello");
        row("chunks", ok + "Transfer-Encoding: Chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
            "200 hello");
        row("HTTP/1.0, bare line ends", "HTTP/1.0 200 OK\nContent-Length: 2\n\nhi", "200 hi");
        row("interim", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", "200 hi");
        row("redirect", "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 99\r\n\r\n", "302 -> /there");
        row("empty", ok + "Content-Length: 0\r\n\r\n", "200 ");
        row("not found", "HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx", "404 x");
        row("cut", ok + "Content-Length: 5\r\n\r\nhel", "");
        row("cut in a chunk", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhe", "");
        row("two lengths", ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "");
        row("signed length", ok + "Content-Length: +5\r\n\r\nhello", "");
        row("list of lengths", ok + "Content-Length: 5, 5\r\n\r\nhello", "");
        row("length and chunks", ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "");
        row("compressed", ok + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi", "");
        row("compressed in transfer", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "");
        row("too large", ok + "Content-Length: 101\r\n\r\n" + QByteArray(101, 'x'), "");
        row("too large without saying so", ok + "\r\n" + QByteArray(101, 'x'), "");
        row("too large in chunks",
            ok + "Transfer-Encoding: chunked\r\n\r\n33\r\n" + QByteArray(51, 'x') + "\r\n33\r\n" + QByteArray(51, 'x')
                + "\r\n0\r\n\r\n",
            "");
        row("endless chunk size", ok + "Transfer-Encoding: chunked\r\n\r\n" + QByteArray(9000, '1'), "");
        row("endless header", ok + "X: " + QByteArray(40000, 'x'), "");
        row("folded field", ok + "X: y\r\n Content-Length: 5\r\n\r\nhello", "");
        row("no HTTP", "220 mail.example ESMTP\r\n\r\n", "");
        row("HTTP/2", "HTTP/2 200\r\n\r\nx", "");
        row("no status", "HTTP/1.1 OK\r\n\r\nx", "");
        row("nothing", "", "");
    }
    void answers()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, expected);
        for (const qsizetype piece : {qsizetype(1), qsizetype(7), qsizetype(100000)}) {
            ResponseReader reader(100);
            for (qsizetype at = 0; at < answer.size(); at += piece)
                reader.feed(answer.mid(at, piece));
            reader.finish();
            QString got;
            if (reader.isComplete()) {
                got = QString::number(reader.status());
                if (reader.location().isEmpty())
                    got += QLatin1Char(' ') + QString::fromLatin1(reader.body());
                else
                    got += QStringLiteral(" -> ") + QString::fromLatin1(reader.location());
            }
            QCOMPARE(got, expected);
            QCOMPARE(reader.hasFailed(), expected.isEmpty());
            QVERIFY(reader.body().size() <= 100);
        }
    }
};

QTEST_GUILESS_MAIN(TestExchange)
#include "test_exchange.moc"
