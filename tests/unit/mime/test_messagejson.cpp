// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/messagejson.h"

#include <QJsonArray>
#include <QTest>

using namespace kittiwake::mime;

namespace
{

QByteArray sample()
{
    return QByteArray(
               "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>\n"
               "To: Friends: a@x.org, \"B, C\" <b@x.org>;\n"
               "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n"
               "Date: Wed, 01 Jan 2020 12:00:00 +0000\n"
               "Message-ID: <1@example.org>\n"
               "References: <a@x> <b@x>\n"
               "Received: one\n"
               "Received: two\n"
               "Content-Type: multipart/mixed; boundary=b\n\n"
               "--b\nContent-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
               "caf=E9\n"
               "--b\nContent-Type: application/pdf\n"
               "Content-Disposition: attachment; filename*=utf-8''../b%C3%A9.pdf\nContent-Transfer-Encoding: base64\n\n"
               "SGVsbG8=\n"
               "--b\nContent-Type: message/rfc822\n\nSubject: inner\n"
               "Content-Type: multipart/alternative; boundary=c\n\n--c\n\ntwo\n--c--\n"
               "--b--\n")
        .replace('\n', "\r\n");
}

QJsonObject partAt(const QJsonObject &message, const QString &path)
{
    const QJsonArray parts = message[QStringLiteral("parts")].toArray();
    for (const auto &part : parts) {
        if (part[QStringLiteral("path")].toString() == path)
            return part.toObject();
    }
    return {};
}

} // namespace

class TestMessageJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headers();
    void parts();
    void damage();
    void rendering();
    void suspiciousSenders_data();
    void suspiciousSenders();
    void nothing();
};

void TestMessageJson::headers()
{
    const QJsonObject message = messageToJson(sample());
    const QJsonObject headers = message[QStringLiteral("headers")].toObject();
    QCOMPARE(headers[QStringLiteral("subject")].toString(), QStringLiteral("Grüße"));
    QCOMPARE(headers[QStringLiteral("from")].toString(), QStringLiteral("Jörg <joerg@example.org>"));
    QCOMPARE(headers[QStringLiteral("received")].toString(), QStringLiteral("one\ntwo"));
    QCOMPARE(message[QStringLiteral("subject")].toString(), QStringLiteral("Grüße"));
    QCOMPARE(message[QStringLiteral("date")].toInteger(), 1577880000);
    QCOMPARE(message[QStringLiteral("message_id")].toString(), QStringLiteral("<1@example.org>"));
    QCOMPARE(message[QStringLiteral("references")].toArray(),
             QJsonArray({QStringLiteral("<a@x>"), QStringLiteral("<b@x>")}));
    const QJsonArray to = message[QStringLiteral("to")].toArray();
    QCOMPARE(to.size(), 2);
    QCOMPARE(to[1][QStringLiteral("name")].toString(), QStringLiteral("B, C"));
    QCOMPARE(to[1][QStringLiteral("address")].toString(), QStringLiteral("b@x.org"));
    QCOMPARE(to[1][QStringLiteral("valid")].toBool(), true);
}

void TestMessageJson::parts()
{
    const QJsonObject message = messageToJson(sample());
    QStringList paths;
    const QJsonArray parts = message[QStringLiteral("parts")].toArray();
    for (const auto &part : parts)
        paths.append(part[QStringLiteral("path")].toString() + u'=' + part[QStringLiteral("type")].toString());
    QCOMPARE(paths,
             QStringList({QStringLiteral("=multipart/mixed"), QStringLiteral("1=text/plain"),
                          QStringLiteral("2=application/pdf"), QStringLiteral("3=message/rfc822"),
                          QStringLiteral("3.TEXT=multipart/alternative"), QStringLiteral("3.1=text/plain")}));
    const QJsonObject text = partAt(message, QStringLiteral("1"));
    QCOMPARE(text[QStringLiteral("charset")].toString(), QStringLiteral("iso-8859-1"));
    QCOMPARE(text[QStringLiteral("encoding")].toString(), QStringLiteral("quoted-printable"));
    QCOMPARE(text[QStringLiteral("text")].toString(), QStringLiteral("café"));
    QCOMPARE(text[QStringLiteral("size")].toInteger(), 4);
    const QJsonObject pdf = partAt(message, QStringLiteral("2"));
    QCOMPARE(pdf[QStringLiteral("name")].toString(), QStringLiteral("bé.pdf"));
    QCOMPARE(pdf[QStringLiteral("disposition")].toString(), QStringLiteral("attachment"));
    QCOMPARE(pdf[QStringLiteral("size")].toInteger(), 5);
    QVERIFY(!pdf.contains(QStringLiteral("text")));
    QCOMPARE(partAt(message, QStringLiteral("3.1"))[QStringLiteral("text")].toString(), QStringLiteral("two"));
    QVERIFY(message[QStringLiteral("defects")].toArray().isEmpty());
}

void TestMessageJson::damage()
{
    const QJsonObject message = messageToJson("Content-Type: multipart/mixed\r\n\r\nhello");
    QCOMPARE(message[QStringLiteral("defects")].toArray().size(), 1);
    QCOMPARE(partAt(message, QStringLiteral("1"))[QStringLiteral("text")].toString(), QStringLiteral("hello"));
    QVERIFY(message[QStringLiteral("date")].isNull());
}

void TestMessageJson::rendering()
{
    const QJsonObject html = renderToJson("From: Boss <boss@example.org>\r\nContent-Type: text/html\r\n\r\n"
                                          "<p>Hi<img src=https://t.example/x.gif onerror=x()>");
    QCOMPARE(html[QStringLiteral("kind")].toString(), QStringLiteral("html"));
    QVERIFY(html[QStringLiteral("body")].toString().contains(QStringLiteral("<p>Hi<img data-kw-remote=")));
    QCOMPARE(html[QStringLiteral("blocked")].toArray(), QJsonArray({QStringLiteral("https://t.example/x.gif")}));
    const QJsonObject sender = html[QStringLiteral("sender")].toObject();
    QCOMPARE(sender[QStringLiteral("name")].toString(), QStringLiteral("Boss"));
    QCOMPARE(sender[QStringLiteral("address")].toString(), QStringLiteral("boss@example.org"));
    QVERIFY(sender[QStringLiteral("warnings")].toArray().isEmpty());
    const QJsonObject plain = renderToJson(sample());
    QCOMPARE(plain[QStringLiteral("kind")].toString(), QStringLiteral("plain"));
    QCOMPARE(plain[QStringLiteral("body")].toString(), QStringLiteral("café"));
    QCOMPARE(plain[QStringLiteral("attachments")].toArray().size(), 2);
}

void TestMessageJson::suspiciousSenders_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<int>("warnings");
    const auto row = [](const char *from, int warnings) { QTest::newRow(from) << QByteArray(from) << warnings; };
    row("Boss <boss@bank.example>", 0);
    row("\"boss@bank.example\" <x@evil.example>", 1);
    row("Boss <boss@bank.example> <x@evil.example>", 1);
    row("a@x.example, b@x.example", 1);
    row("Boss: ;", 1);
    row("", 1);
}

void TestMessageJson::suspiciousSenders()
{
    QFETCH(QByteArray, from);
    QFETCH(int, warnings);
    const QJsonObject message = renderToJson("From: " + from + "\r\n\r\nhello");
    QCOMPARE(message[QStringLiteral("sender")][QStringLiteral("warnings")].toArray().size(), warnings);
}

void TestMessageJson::nothing()
{
    QCOMPARE(renderToJson({})[QStringLiteral("kind")].toString(), QStringLiteral("empty"));
    QCOMPARE(messageToJson({})[QStringLiteral("parts")].toArray().size(), 1);
}

QTEST_APPLESS_MAIN(TestMessageJson)
#include "test_messagejson.moc"
