// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/headers.h"

#include <QElapsedTimer>
#include <QTest>

Q_DECLARE_METATYPE(std::vector<kittiwake::mail::RawAddress>)

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

QString render(const mail::AddressList &list)
{
    QStringList entries;
    for (const mail::Address &address : list) {
        entries.append(address.name + QStringLiteral("|") + address.address
                       + (address.isValid() ? QString() : QStringLiteral("|invalid")));
    }
    return entries.join(QStringLiteral("; "));
}

} // namespace

class TestHeaders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void text_data();
    void text();
    void lines_data();
    void lines();
    void longTextIsCut();
    void envelopeAddresses_data();
    void envelopeAddresses();
    void addressLists_data();
    void addressLists();
    void imitation_data();
    void imitation();
    void dates_data();
    void dates();
    void messageIds();
    void headerBlocks();
    void headerFieldValues();
    void messageHeader();
    void messageHeaderWithNothing();
    void futureDateIsNotBelieved();
    void hostileFieldsAreLinear_data();
    void hostileFieldsAreLinear();
};

void TestHeaders::text_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *raw, const QString &expected) {
        QTest::newRow(name) << QByteArray(raw) << expected;
    };
    row("empty", "", {});
    row("plain", "Meeting on Monday", QStringLiteral("Meeting on Monday"));
    row("folded", "Meeting\r\n on Monday", QStringLiteral("Meeting on Monday"));
    row("quoted-printable", "=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=", QStringLiteral("Grüße aus Köln"));
    row("base64", "=?UTF-8?B?44GT44KT44Gr44Gh44Gv?=", QStringLiteral("こんにちは"));
    row("lower-case encoding", "=?utf-8?b?44GT44KT44Gr44Gh44Gv?=", QStringLiteral("こんにちは"));
    row("latin1", "=?iso-8859-1?Q?caf=E9?=", QStringLiteral("café"));
    row("latin1 that is windows-1252", "=?iso-8859-1?Q?=93quoted=94?=", QStringLiteral("“quoted”"));
    row("koi8-r", "=?koi8-r?B?8NLJ18XU?=", QStringLiteral("Привет"));
    row("iso-2022-jp", "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", QStringLiteral("こんにちは"));
    row("gb2312 means gb18030", "=?gb2312?B?xOO6w6Lj?=", QStringLiteral("你好€"));
    row("shift_jis", "=?shift_jis?B?grGC8YLJgr+CzQ==?=", QStringLiteral("こんにちは"));
    row("language", "=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", QStringLiteral("Grüße"));
    row("two words", "=?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe?=", QStringLiteral("Grüße"));
    row("two words, folded", "=?utf-8?Q?Gr=C3=BC?=\r\n\t=?utf-8?Q?=C3=9Fe?=", QStringLiteral("Grüße"));
    row("words and text", "Re: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from me", QStringLiteral("Re: Grüße from me"));
    row("character split between words", "=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", QStringLiteral("Grüße"));
    row("character split between base64 words",
        "=?UTF-8?B?44GT44I=?= =?UTF-8?B?k+OBq+OBoeOBrw==?=", QStringLiteral("こんにちは"));
    row("base64 group split between words",
        "=?UTF-8?B?44GT44KT44G?= =?UTF-8?B?r44Gh44Gv?=", QStringLiteral("こんにちは"));
    row("missing padding", "=?utf-8?B?YQ?= =?utf-8?B?Yg?=", QStringLiteral("ab"));
    row("padding in the middle", "=?utf-8?B?YQ==Yg==?=", QStringLiteral("ab"));
    row("blanks inside", "=?utf-8?Q?Gr=C3=BC=C3=9Fe aus Köln?=", QStringLiteral("Grüße aus Köln"));
    row("word without end", "=?utf-8?Q?Gr=C3=BC=C3=9Fe", QStringLiteral("=?utf-8?Q?Gr=C3=BC=C3=9Fe"));
    row("word without end before another", "=?utf-8?Q?Gr=C3=BC?x =?utf-8?Q?=C3=9Fe?=", QStringLiteral("Grü?x ße"));
    row("bad hex stays", "=?utf-8?Q?100=_sure_=ZZ?=", QStringLiteral("100= sure =ZZ"));
    row("encoded equals sign at the end", "=?utf-8?Q?a=3D?=", QStringLiteral("a="));
    row("empty word",
        "a=?utf-8?Q?"
        "?=b",
        QStringLiteral("ab"));
    row("unknown charset, UTF-8 inside", "=?x-klingon?Q?Gr=C3=BC=C3=9Fe?=", QStringLiteral("Grüße"));
    row("unknown charset, other bytes", "=?x-klingon?Q?caf=E9?=", QStringLiteral("café"));
    row("utf-8 that is latin1", "=?utf-8?Q?caf=E9_cr=E8me?=", QStringLiteral("café crème"));
    row("gb2312 that is utf-8", "=?gb2312?Q?Gr=C3=BC=C3=9Fe_=E2=82=AC?=", QStringLiteral("Grüße €"));
    row("unknown encoding stays", "=?utf-8?X?abc?=", QStringLiteral("=?utf-8?X?abc?="));
    row("raw utf-8",
        "Gr\xC3\xBC\xC3\x9F"
        "e",
        QStringLiteral("Grüße"));
    row("raw windows-1252", "caf\xE9 \x80 5", QStringLiteral("café € 5"));
    row("not a word", "=? what =?", QStringLiteral("=? what =?"));
    row("line break inside a word", "=?utf-8?Q?a=0D=0ABcc:_x?=", QStringLiteral("a Bcc: x"));
    row("NUL inside a word", "=?utf-8?Q?a=00b?=", QStringLiteral("a b"));
    row("emoji", "=?utf-8?Q?=F0=9F=91=A8=E2=80=8D=F0=9F=91=A9?=", QStringLiteral("👨\u200D👩"));
}

void TestHeaders::text()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, expected);
    QCOMPARE(decodeHeaderText(raw), expected);
}

void TestHeaders::lines_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("expected");
    const auto row
        = [](const char *name, const QString &raw, const QString &expected) { QTest::newRow(name) << raw << expected; };
    row("blanks at the ends", QStringLiteral("  a  b "), QStringLiteral("a b"));
    row("tabs and line ends", QStringLiteral("a\t\r\nb"), QStringLiteral("a b"));
    row("no-break spaces", QStringLiteral("Boss\u00A0\u00A0\u00A0<x@y>"), QStringLiteral("Boss <x@y>"));
    row("Braille blanks", QStringLiteral("Boss\u2800\u2800\u2800x"), QStringLiteral("Boss x"));
    row("Hangul filler", QStringLiteral("Boss\u3164\u3164\uFFA0\u115F\u1160x"), QStringLiteral("Boss x"));
    row("every Unicode space", QStringLiteral("a\u1680\u2000\u2003\u200A\u2028\u2029\u202F\u205F\u3000b"),
        QStringLiteral("a b"));
    row("zero width", QStringLiteral("a\u200B\u2060\uFEFFb"), QStringLiteral("a b"));
    row("nothing but blanks", QStringLiteral("\u2800\u200B \u3164"), {});
    row("bidi controls", QStringLiteral("a\u202E\u202Dgpj\u202C\u2066\u2069\u200E\u200F\u061Cb"),
        QStringLiteral("agpjb"));
    row("soft hyphen", QStringLiteral("Donau\u00ADdampf"), QStringLiteral("Donaudampf"));
    row("joiner between ASCII letters", QStringLiteral("pay\u200Dpal"), QStringLiteral("paypal"));
    row("joiners before a blank", QStringLiteral("\u0645\u200C\u200C x"), QStringLiteral("\u0645 x"));
    row("joiner in Persian", QStringLiteral("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"),
        QStringLiteral("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"));
    row("emoji with selector", QStringLiteral("\u2764\uFE0F\uFE0F\uFE0F"), QStringLiteral("\u2764\uFE0F"));
    row("stacked marks", QStringLiteral("a") + QString(50, QChar(0x0301)) + QStringLiteral("b"),
        QStringLiteral("a") + QString(6, QChar(0x0301)) + QStringLiteral("b"));
    row("lone surrogate", QString(QChar(0xD800)) + QStringLiteral("a"), QStringLiteral("\uFFFDa"));
    row("tag characters", QStringLiteral("a\U000E0041\U000E007Fb"), QStringLiteral("ab"));
    row("controls", QString::fromLatin1("a\x00\x1B[31m\x7F\x85z", 10), QStringLiteral("a [31m z"));
}

void TestHeaders::lines()
{
    QFETCH(QString, raw);
    QFETCH(QString, expected);
    QCOMPARE(displayLine(raw), expected);
    QCOMPARE(displayLine(displayLine(raw)), expected);
}

void TestHeaders::longTextIsCut()
{
    const QString cut = displayLine(QString(100000, QChar(u'x')));
    QVERIFY(cut.size() <= HeaderLimits::characters);
    QVERIFY(cut.endsWith(QChar(0x2026)));
    const QString pairs = displayLine(QStringLiteral("👨").repeated(50000));
    QVERIFY(pairs.size() <= HeaderLimits::characters);
    QVERIFY(pairs.isValidUtf16());
}

void TestHeaders::envelopeAddresses_data()
{
    QTest::addColumn<std::vector<mail::RawAddress>>("raw");
    QTest::addColumn<QString>("expected");
    using List = std::vector<mail::RawAddress>;
    const auto row
        = [](const char *name, const List &raw, const QString &expected) { QTest::newRow(name) << raw << expected; };
    row("none", {}, {});
    row("plain", {{"John Doe", "john", "example.org"}}, QStringLiteral("John Doe|john@example.org"));
    row("encoded name", {{"=?utf-8?Q?J=C3=B6rg?=", "joerg", "example.org"}}, QStringLiteral("Jörg|joerg@example.org"));
    row("no name", {{"", "john", "example.org"}}, QStringLiteral("|john@example.org"));
    row("quoted name", {{"'John Doe'", "john", "example.org"}}, QStringLiteral("John Doe|john@example.org"));
    row("international", {{"", "j\xC3\xB6rg", "k\xC3\xB6ln.example"}}, QStringLiteral("|jörg@köln.example"));
    row("group", {{"", "Friends", ""}, {"A", "a", "x.org"}, {"B", "b", "x.org"}, {"", "", ""}},
        QStringLiteral("A|a@x.org; B|b@x.org"));
    row("empty group", {{"", "undisclosed-recipients", ""}, {"", "", ""}},
        QStringLiteral("undisclosed-recipients||invalid"));
    row("local user, no group", {{"Charlie Root", "root", ""}}, QStringLiteral("Charlie Root|root|invalid"));
    row("Dovecot without domain", {{"", "root", "MISSING_DOMAIN"}}, QStringLiteral("|root|invalid"));
    row("Dovecot without anything", {{"Some text", "MISSING_MAILBOX", "MISSING_DOMAIN"}},
        QStringLiteral("Some text||invalid"));
    row("UW syntax error", {{"", "foo", ".SYNTAX-ERROR."}}, QStringLiteral("|foo|invalid"));
    row("address as a local part", {{"", "ceo@bank.example", "MISSING_DOMAIN"}},
        QStringLiteral("|\"ceo@bank.example\"@|invalid"));
    row("quoted local part", {{"", "ceo@bank.example", "evil.example"}},
        QStringLiteral("|\"ceo@bank.example\"@evil.example"));
    row("blanks hidden in an address", {{"", "ceo", "bank.example\xE2\xA0\x80\xE2\xA0\x80.evil.example"}},
        QStringLiteral("|ceo@bank.example  .evil.example|invalid"));
    row("line break in an address", {{"", "a\r\nBcc: b", "x.org"}}, QStringLiteral("|\"a  Bcc: b\"@x.org|invalid"));
}

void TestHeaders::envelopeAddresses()
{
    QFETCH(std::vector<mail::RawAddress>, raw);
    QFETCH(QString, expected);
    QCOMPARE(render(decodeAddresses(raw)), expected);
}

void TestHeaders::addressLists_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *raw, const QString &expected) {
        QTest::newRow(name) << QByteArray(raw) << expected;
    };
    row("empty", "", {});
    row("bare", "john@example.org", QStringLiteral("|john@example.org"));
    row("named", "John Doe <john@example.org>", QStringLiteral("John Doe|john@example.org"));
    row("quoted comma", "\"Doe, John\" <john@example.org>, b@x.org",
        QStringLiteral("Doe, John|john@example.org; |b@x.org"));
    row("escaped quote", "\"John \\\"J\\\" Doe\" <john@example.org>",
        QStringLiteral("John \"J\" Doe|john@example.org"));
    row("encoded", "=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_M?= <joerg@example.org>",
        QStringLiteral("Jörg M|joerg@example.org"));
    row("comma in an encoded word", "=?utf-8?Q?Doe, John?= <john@example.org>",
        QStringLiteral("Doe, John|john@example.org"));
    row("comment as a name", "john@example.org (John Doe)", QStringLiteral("John Doe|john@example.org"));
    row("nested comment", "john@example.org (John (the) Doe)", QStringLiteral("John (the) Doe|john@example.org"));
    row("group", "Friends: a@x.org, B <b@x.org>;, c@x.org", QStringLiteral("|a@x.org; B|b@x.org; |c@x.org"));
    row("empty group", "undisclosed-recipients:;", QStringLiteral("undisclosed-recipients||invalid"));
    row("semicolons", "a@x.org; b@x.org", QStringLiteral("|a@x.org; |b@x.org"));
    row("route", "<@relay.example,@b.example:john@example.org>", QStringLiteral("|john@example.org"));
    row("quoted local part", "\"john doe\"@example.org", QStringLiteral("|\"john doe\"@example.org|invalid"));
    row("unquoted dot name", "John Q. Public <john@example.org>", QStringLiteral("John Q. Public|john@example.org"));
    row("empty angle", "MAILER-DAEMON <>", QStringLiteral("MAILER-DAEMON||invalid"));
    row("local user", "root", QStringLiteral("|root|invalid"));
    row("empty entries", ", ,a@x.org,,", QStringLiteral("|a@x.org"));
    row("two addresses in one", "Boss <boss@bank.example> <evil@x.example>",
        QStringLiteral("|Boss <boss@bank.example> <evil@x.example>|invalid"));
    row("two addresses without blanks", "<boss@bank.example><evil@x.example>",
        QStringLiteral("|<boss@bank.example><evil@x.example>|invalid"));
    row("bracket too many", "Boss <boss@bank.example>> <evil@x.example>",
        QStringLiteral("|Boss <boss@bank.example>> <evil@x.example>|invalid"));
    row("bracket in a bracket", "<boss@bank.example <evil@x.example>",
        QStringLiteral("|<boss@bank.example <evil@x.example>|invalid"));
    row("text behind", "<boss@bank.example> or so", QStringLiteral("|<boss@bank.example> or so|invalid"));
    row("bare with two at signs", "boss@bank.example@evil.example",
        QStringLiteral("|boss@bank.example@evil.example@|invalid"));
    row("no end", "Boss <boss@bank.example", QStringLiteral("|Boss <boss@bank.example|invalid"));
    row("open quote", "\"Boss <boss@bank.example>", QStringLiteral("|\"Boss <boss@bank.example>|invalid"));
    row("folded", "John\r\n Doe <john@example.org>,\r\n b@x.org",
        QStringLiteral("John Doe|john@example.org; |b@x.org"));
    row("NUL", "Boss <boss@bank.example\\0.evil>", QStringLiteral("Boss|boss@bank.example\\0.evil"));
}

void TestHeaders::addressLists()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, expected);
    QCOMPARE(render(parseAddressList(raw)), expected);
}

void TestHeaders::imitation_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("imitates");
    const auto row = [](const char *label, const char16_t *name, const char16_t *address, bool imitates) {
        QTest::newRow(label) << QString::fromUtf16(name) << QString::fromUtf16(address) << imitates;
    };
    row("plain", u"John Doe", u"john@example.org", false);
    row("none", u"", u"john@example.org", false);
    row("the same", u"John@Example.org", u"john@example.org", false);
    row("another", u"ceo@bank.example", u"x@evil.example", true);
    row("another with text", u"Boss (ceo@bank.example)", u"x@evil.example", true);
    row("in brackets", u"Boss <ceo@bank.example>", u"x@evil.example", true);
    row("the same and another", u"x@evil.example ceo@bank.example", u"x@evil.example", true);
    row("full-width at sign", u"ceo\uFF20bank.example", u"x@evil.example", true);
    row("at without domain", u"Meet @ noon", u"x@evil.example", false);
    row("handle", u"@alice", u"alice@example.org", false);
    row("handle with a host word", u"alice@work", u"alice@example.org", false);
    row("quoted local part", u"", u"\"ceo@bank.example\"@evil.example", true);
}

void TestHeaders::imitation()
{
    QFETCH(QString, name);
    QFETCH(QString, address);
    QFETCH(bool, imitates);
    QCOMPARE(nameImitatesAddress({name, address}), imitates);
}

void TestHeaders::dates_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<qint64>("expected");
    constexpr qint64 none = -1;
    constexpr qint64 noon = 1577880000; // 2020-01-01 12:00:00 UTC
    const auto row = [](const char *raw, qint64 expected) { QTest::newRow(raw) << QByteArray(raw) << expected; };
    row("Wed, 01 Jan 2020 12:00:00 +0000", noon);
    row("Wed, 1 Jan 2020 13:30:00 +0130", noon);
    row("Wed, 1 Jan 2020 07:00:00 -0500 (EST)", noon);
    row("Wed, 1 Jan 2020 07:00:00 EST", noon);
    row("1 Jan 2020 12:00 GMT", noon);
    row("1 Jan 20 12:00:00 UT", noon);
    row("1 Jan 120 12:00:00 Z", noon);
    row("Wed,  1 Jan 2020 12:00:00 -0000", noon);
    row("Wed, 1 Jan 2020 12:00:00", noon);
    row("Wed, 1 January 2020 12:00:00 +0000", noon);
    row("(a (nested) comment) Wed, 1 (x) Jan 2020 12:00:00 +0000", noon);
    row("Wed Jan  1 12:00:00 2020", noon);
    row("2020-01-01T12:00:00Z", noon);
    row("2020-01-01 13:00:00.123 +01:00", noon);
    row("1-Jan-2020 12:00:00 +0000", noon);
    row("Wed, 1 Jan 2020 12:00:00 PM +0000", noon);
    row("Wed, 1 Jan 2020 12:00:00 +9999", noon);
    row("Wed, 1 Jan 2020 12:00:00 0200", noon);
    row("Tue, 31 Dec 2019 23:59:60 +0000", 1577836800);
    row("Sat, 29 Feb 2020 00:00:00 +0000", 1582934400);
    row("1 Jan 70 00:00:00 +0000", 0);
    row("1 Jan 2020", 1577836800);
    row("", none);
    row("yesterday", none);
    row("29 Feb 2019 00:00:00 +0000", none);
    row("32 Jan 2020 00:00:00 +0000", none);
    row("0 Jan 2020 00:00:00 +0000", none);
    row("1 Jan 2020 24:00:00 +0000", none);
    row("1 Jan 2020 12:61:00 +0000", none);
    row("1 Foo 2020 12:00:00 +0000", none);
    row("1 Jan 1904 00:00:00 +0000", none);
    row("1 Jan 9999 00:00:00 +0000", none);
    row("1 Jan 99999999999999999999 00:00:00 +0000", none);
    row("((((((((", none);
    row("Thu, 1 Jan 1970 00:00:00 +0100", none);
}

void TestHeaders::dates()
{
    QFETCH(QByteArray, raw);
    QFETCH(qint64, expected);
    QCOMPARE(static_cast<qint64>(parseDate(raw).value_or(-1)), expected);
}

void TestHeaders::messageIds()
{
    QCOMPARE(parseMessageIds("<a@x> <b@x>\r\n <c@x>"), QByteArrayList({"<a@x>", "<b@x>", "<c@x>"}));
    QCOMPARE(parseMessageIds("text <a@x> more <b\r\n @x> <> <broken"), QByteArrayList({"<a@x>", "<b@x>"}));
    QCOMPARE(parseMessageIds("<a <b@x>"), QByteArrayList({"<b@x>"}));
    QCOMPARE(parseMessageIds(""), QByteArrayList());
    QByteArray many;
    for (int i = 0; i < 500; ++i)
        many += '<' + QByteArray::number(i) + "@x> ";
    const QByteArrayList kept = parseMessageIds(many);
    QCOMPARE(kept.size(), HeaderLimits::references);
    QCOMPARE(kept.first(), QByteArray("<0@x>"));
    QCOMPARE(kept.last(), QByteArray("<499@x>"));
    QCOMPARE(kept.at(1), QByteArray("<401@x>"));
}

void TestHeaders::headerBlocks()
{
    const QByteArray block = "From mbox line Mon Jan  1 10:00:00 2020\r\nSubject: a\r\n b\r\nX-Empty:\r\nTo : c@x\r\n"
                             ": nothing\r\n folded nothing\r\nno field\r\nLast: z\r\n\r\nBody: no field\r\n";
    const auto fields = parseHeaderBlock(block);
    QCOMPARE(fields.size(), std::size_t(4));
    QCOMPARE(fields[0].name, QByteArray("Subject"));
    QCOMPARE(fields[0].value, QByteArray("a b"));
    QCOMPARE(fields[1].name, QByteArray("X-Empty"));
    QCOMPARE(fields[1].value, QByteArray(""));
    QCOMPARE(fields[2].name, QByteArray("To"));
    QCOMPARE(fields[3].value, QByteArray("z"));
    QVERIFY(parseHeaderBlock("\r\nSubject: of the body\r\n").empty());
    QVERIFY(parseHeaderBlock("").empty());
}

void TestHeaders::headerFieldValues()
{
    QCOMPARE(headerFieldValue("A: 1\nreferences: <x@y>\n <z@y>\n\n", "References"), QByteArray("<x@y> <z@y>"));
    QVERIFY(headerFieldValue("A: 1\n\n", "References").isNull());
    QVERIFY(!headerFieldValue("References:\n\n", "References").isNull());
}

void TestHeaders::messageHeader()
{
    mail::Envelope envelope;
    envelope.date = "Wed, 01 Jan 2020 12:00:00 +0000";
    envelope.subject = "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=";
    envelope.from = {{"John", "john", "example.org"}};
    envelope.replyTo = envelope.from;
    envelope.to = {{"", "a", "x.org"}};
    envelope.cc = {{"", "b", "x.org"}};
    envelope.messageId = "<id@example.org>";
    envelope.inReplyTo = "<second@x>";
    mail::BodyPart structure;
    structure.type = "multipart";
    structure.subtype = "mixed";
    structure.children.resize(2);
    structure.children[0].type = "text";
    structure.children[0].subtype = "plain";
    structure.children[1].type = "application";
    structure.children[1].subtype = "pdf";
    mail::Flags flags;
    flags.addByName("\\Seen");
    const mail::MessageHeader header = makeMessageHeader(Uid(7), flags, 1577880001, 1234, envelope, &structure,
                                                         "References: <first@x>\r\n <second@x>\r\n\r\n");
    QCOMPARE(header.uid, Uid(7));
    QVERIFY(header.flags.has(mail::SystemFlag::Seen));
    QCOMPARE(header.date, std::int64_t(1577880000));
    QCOMPARE(header.internalDate, std::int64_t(1577880001));
    QCOMPARE(header.size, std::uint64_t(1234));
    QCOMPARE(header.subject, QStringLiteral("Grüße"));
    QCOMPARE(render(header.from), QStringLiteral("John|john@example.org"));
    QCOMPARE(render(header.replyTo), QStringLiteral("John|john@example.org"));
    QCOMPARE(render(header.to), QStringLiteral("|a@x.org"));
    QCOMPARE(render(header.cc), QStringLiteral("|b@x.org"));
    QCOMPARE(header.messageId, QByteArray("<id@example.org>"));
    QCOMPARE(header.references, QByteArrayList({"<first@x>", "<second@x>"}));
    QVERIFY(header.hasAttachment);
}

void TestHeaders::messageHeaderWithNothing()
{
    const mail::MessageHeader header = makeMessageHeader(Uid(1), {}, 99, 0, {}, nullptr, {});
    QCOMPARE(header.date, std::int64_t(99));
    QVERIFY(header.subject.isEmpty());
    QVERIFY(header.from.empty());
    QVERIFY(header.messageId.isEmpty());
    QVERIFY(header.references.isEmpty());
    QVERIFY(!header.hasAttachment);
}

void TestHeaders::futureDateIsNotBelieved()
{
    mail::Envelope envelope;
    envelope.date = "Fri, 01 Jan 2038 12:00:00 +0000";
    envelope.messageId = "bare@x";
    const mail::MessageHeader header = makeMessageHeader(Uid(1), {}, 1577880000, 0, envelope, nullptr, {});
    QCOMPARE(header.date, std::int64_t(1577880000));
    QCOMPARE(header.messageId, QByteArray("<bare@x>"));
    // A server that does not know when a message came cannot tell what is absurd.
    QCOMPARE(makeMessageHeader(Uid(1), {}, 0, 0, envelope, nullptr, {}).date, std::int64_t(2145960000));
}

void TestHeaders::hostileFieldsAreLinear_data()
{
    QTest::addColumn<QByteArray>("piece");
    for (const char *piece : {"=?utf-8?q?a ", "=?utf-8?b?a", "=?utf-8?q?a?= ", "=?", "?=", "a:;,(((", "<", "\"", "(",
                              "\\", ":\n", ",", "a@b,", "\xE2\x80\x8D", "\xCC\x81", "=?=?=?"})
        QTest::newRow(piece) << QByteArray(piece);
}

/// A megabyte of each: takes microseconds when linear and minutes when not; the time limit of the test would tell.
void TestHeaders::hostileFieldsAreLinear()
{
    QFETCH(QByteArray, piece);
    const QByteArray field = piece.repeated(1024 * 1024 / piece.size());
    QVERIFY(decodeHeaderText(field).size() <= HeaderLimits::characters);
    QVERIFY(parseAddressList(field).size() <= HeaderLimits::addresses);
    QVERIFY(parseHeaderBlock(field).size() <= HeaderLimits::fields);
    QVERIFY(parseMessageIds(field).size() <= HeaderLimits::references);
    QVERIFY(!parseDate(field));
    const std::vector<mail::RawAddress> raw(2000, {field.left(1000), field.left(1000), field.left(1000)});
    QVERIFY(decodeAddresses(raw).size() <= HeaderLimits::addresses);
    QVERIFY(!nameImitatesAddress({QString::fromLatin1(field).replace(u'@', u' '), {}}));
}

QTEST_APPLESS_MAIN(TestHeaders)
#include "test_headers.moc"
