// SPDX-License-Identifier: GPL-3.0-or-later
// Headers that pretend to come from boss@bank.example. None of them may make the list, the card or "debug render" show
// that address as the sender's, or anything that reads like it without a word about it.
#include "core/mime/headers.h"
#include "core/mime/messagejson.h"
#include "core/mime/senderremarks.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::mime;

class TestSpoofing final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headers_data();
    void headers();
};

void TestSpoofing::headers_data()
{
    QTest::addColumn<QByteArray>("header");
    int number = 0;
    const auto row = [&number](const QByteArray &header) {
        QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(++number).arg(QString::fromLatin1(header.left(60)))))
            << header;
    };
    const auto name = [&row](const QByteArray &display) { row("From: " + display + " <thief@evil.example>"); };
    // The name is an address.
    name("boss@bank.example");
    name("\"boss@bank.example\"");
    name("\"Boss <boss@bank.example>\"");
    name("\"boss@bank.example\" via list");
    name("=?utf-8?Q?boss=40bank=2Eexample?=");
    name("=?utf-8?B?Ym9zc0BiYW5rLmV4YW1wbGU=?=");
    name("=?utf-8?Q?=3Cboss=40bank=2Eexample=3E?=");
    name("=?utf-8?Q?boss=EF=BC=A0bank.example?="); // fullwidth @
    name("=?utf-8?Q?boss=EF=B9=ABbank.example?="); // small @
    name("=?utf-8?Q?bo?= =?utf-8?Q?ss=40ba?= =?utf-8?Q?nk.example?=");
    name("=?utf-7?Q?boss+AEA-bank.example?=");
    name("=?iso-8859-1?Q?boss=40bank.example=3E?=");
    name("boss(comment)@bank.example");
    // The name hides the address behind controls, blanks and line breaks.
    name("=?utf-8?Q?boss=40bank.example=00?=");
    name("=?utf-8?Q?boss=40bank.example=0D=0AFrom=3A?=");
    name("=?utf-8?Q?boss=40bank.example=0A=0A?=");
    name("=?utf-8?Q?boss=40bank.example=E2=80=AE?=");
    name("=?utf-8?Q?=E2=80=AEelpmaxe.knab=40ssob?="); // right-to-left override
    name("=?utf-8?Q?=E2=81=A7=E2=80=ABboss=40bank.example?=");
    name("=?utf-8?Q?boss=40bank.example=E2=80=A8?=");
    name("=?utf-8?Q?boss=E2=80=8B=40bank=E2=80=8B.example?="); // zero-width spaces
    name("=?utf-8?Q?boss=C2=AD=40bank.example?=");
    name("=?utf-8?Q?boss=40bank.example?="
         + QByteArray(" =?utf-8?Q?=E3=85=A4=E3=85=A4=E3=85=A4=E3=85=A4?=").repeated(20));
    name("=?utf-8?Q?boss=40bank.example?=" + QByteArray(" =?utf-8?Q?=E2=A0=80=E2=A0=80=E2=A0=80?=").repeated(20));
    name("\"boss@bank.example" + QByteArray(300, ' ') + "\"");
    name("boss@bank.example\x01\x02");
    // The field holds two addresses, or none that is certain.
    row("From: <boss@bank.example> <thief@evil.example>");
    row("From: boss@bank.example <thief@evil.example>");
    row("From: boss@bank.example, thief@evil.example");
    row("From: thief@evil.example, boss@bank.example");
    row("From: <boss@bank.example>, <thief@evil.example>");
    row("From: <boss@bank.example>thief@evil.example");
    row("From: <boss@bank.example@evil.example>");
    row("From: \"boss@bank.example\"@evil.example");
    row("From: <boss@bank.example\x00@evil.example>");
    row("From: boss@bank.example\\@evil.example");
    row("From: <@bank.example,@evil.example:boss@evil.example>");
    row("From: =?utf-8?Q?boss=40bank.example?=");
    row("From: =?utf-8?Q?=3Cboss=40bank.example=3E?= <>");
    row("From: =?utf-8?Q?boss=40bank.example=2C?= thief@evil.example");
    row("From: boss@bank.example (thief@evil.example)@evil.example");
    row("From: Group: boss@bank.example, thief@evil.example;");
    row("From: boss@bank.example:thief@evil.example;");
    // Several fields, and fields that look like one.
    row("From: thief@evil.example\r\nFrom: boss@bank.example");
    row("From: boss@bank.example\r\nFrom: thief@evil.example");
    row("From : boss@bank.example\r\nFrom: thief@evil.example");
    row("X:\r\n From: boss@bank.example\r\nFrom: thief@evil.example");
    row("From: thief@evil.example\r\nReply-To: boss@bank.example");
    row("From: boss@bank.example\r\nSender: thief@evil.example");
    row("From: boss@bank.example\r\nReply-To: thief@evil.example");
    // Domains that read like it.
    row("From: Boss <boss@bank.example.evil.example>");
    row("From: Boss <boss@b\xD0\xB0nk.example>"); // Cyrillic a
    row("From: Boss <boss@xn--bnk-6cd.example>");
    row("From: Boss <boss@bank\xE3\x80\x82"
        "example.evil.example>");
}

void TestSpoofing::headers()
{
    QFETCH(QByteArray, header);
    const QByteArray message = header + "\r\nTo: anna@example.org\r\nSubject: x\r\n\r\ntext\r\n";
    const QJsonObject sender = renderToJson(message)[QStringLiteral("sender")].toObject();
    const QString address = sender[QStringLiteral("address")].toString();
    const QString name = sender[QStringLiteral("name")].toString();
    const qsizetype warnings = sender[QStringLiteral("warnings")].toArray().size();
    // What the list, the card and render show comes from the same values.
    const mail::AddressList from = addressesOf(QByteArray(header + "\r\n\r\n")).from;
    QCOMPARE(address, from.empty() ? QString() : from.front().address);
    QCOMPARE(name, from.empty() ? QString() : from.front().name);
    const auto isHarmless = [](QChar c) {
        const QChar::Category category = c.category();
        return category != QChar::Other_Control && category != QChar::Other_Format && category != QChar::Separator_Line
            && category != QChar::Separator_Paragraph && c.unicode() != 0x2800 && c.unicode() != 0x3164;
    };
    QVERIFY2(std::all_of(address.begin(), address.end(), isHarmless), qPrintable(address));
    QVERIFY2(std::all_of(name.begin(), name.end(), isHarmless), qPrintable(name));
    // A single true sender at evil.example may show as such; every trace of the other address comes with a warning.
    const QString shown = name + QLatin1Char(' ') + address;
    const bool pretends
        = shown.contains(QLatin1String("bank"), Qt::CaseInsensitive) || shown.contains(QStringLiteral("b\u0430nk"));
    const bool plainlyOther = address.endsWith(QLatin1String("example.evil.example"));
    if (pretends && !plainlyOther)
        QVERIFY2(warnings > 0, qPrintable(shown));
    // The address itself is not the boss's, unless what is wrong is said: several senders, or sent by another.
    if (address == QLatin1String("boss@bank.example"))
        QVERIFY(warnings > 0);
}

QTEST_GUILESS_MAIN(TestSpoofing)
#include "test_spoofing.moc"
