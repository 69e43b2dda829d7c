// SPDX-License-Identifier: GPL-3.0-or-later
// FETCH as a correct server sends it.
#include "parsing.h"

#include <QDateTime>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

std::int64_t utc(int year, int month, int day, int hour, int minute, int second)
{
    return QDateTime(QDate(year, month, day), QTime(hour, minute, second), Qt::UTC).toSecsSinceEpoch();
}

} // namespace

class TestImapFetch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void smallItems()
    {
        const auto fetch
            = parseAs<FetchData>("* 23 FETCH (FLAGS (\\Seen \\Recent $Junk) UID 4294967295 RFC822.SIZE 44827 "
                                 "MODSEQ (65402) EMAILID (M6d99) THREADID (T64) X-GM-MSGID "
                                 "1278455344230334865 X-GM-THRID 18446744073709551615 X-GM-LABELS "
                                 "(\\Inbox Foo \"a b\"))");
        QCOMPARE(fetch.sequence, 23u);
        QCOMPARE(fetch.uid, Uid(4294967295u));
        QVERIFY(fetch.flags->has(mail::SystemFlag::Seen));
        QVERIFY(fetch.flags->has(mail::SystemFlag::Recent));
        QVERIFY(!fetch.flags->has(mail::SystemFlag::Flagged));
        QCOMPARE(fetch.flags->keywords(), QByteArrayList{"$Junk"});
        QCOMPARE(fetch.size, std::uint64_t{44827});
        QCOMPARE(fetch.modseq, ModSeq(65402));
        QCOMPARE(fetch.emailId, QByteArray("M6d99"));
        QCOMPARE(fetch.threadId, QByteArray("T64"));
        QCOMPARE(fetch.gmailMessageId, std::uint64_t{1278455344230334865});
        QCOMPARE(fetch.gmailThreadId, ~std::uint64_t{0});
        QCOMPARE(*fetch.gmailLabels, (QByteArrayList{"\\Inbox", "Foo", "a b"}));
        QVERIFY(!fetch.envelope && !fetch.bodyStructure && !fetch.internalDate);
        const auto uidOnly = parseAs<FetchData>("* 25996 UIDFETCH (FLAGS ())");
        QCOMPARE(uidOnly.uid, Uid(25996));
        QCOMPARE(uidOnly.sequence, 0u);
        QVERIFY(uidOnly.flags->names().isEmpty());
        QVERIFY(parseFetch("THREADID NIL").threadId.isEmpty());
    }

    void dates_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("seconds");
        QTest::newRow("RFC 9051") << QByteArray("17-Jul-1996 02:44:25 -0700") << qint64(utc(1996, 7, 17, 9, 44, 25));
        QTest::newRow("one digit") << QByteArray(" 1-feb-2026 00:00:00 +0530") << qint64(utc(2026, 1, 31, 18, 30, 0));
        QTest::newRow("leap day") << QByteArray("29-Feb-2024 23:59:60 +0000") << qint64(utc(2024, 3, 1, 0, 0, 0));
        QTest::newRow("before 1970") << QByteArray("31-Dec-1969 23:59:59 +0000") << qint64(-1);
        QTest::newRow("no zone") << QByteArray("01-Jan-2000 00:00:00") << qint64(utc(2000, 1, 1, 0, 0, 0));
    }
    void dates()
    {
        QFETCH(QByteArray, text);
        const auto fetch = parseFetch("INTERNALDATE \"" + text + "\"");
        QVERIFY(fetch.internalDate);
        QTEST(qint64(*fetch.internalDate), "seconds");
    }

    void absurdDatesAreNoDates_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"", "yesterday", "30-Feb-2026 00:00:00 +0000", "00-Jan-2026 00:00:00 +0000", "01-Foo-2026 00:00:00 +0000",
              "01-Jan-0000 00:00:00 +0000", "01-Jan-0001 00:00:00 +0100", "31-Dec-9999 23:59:59 -0100",
              "01-Jan-2026 25:00:00 +0000", "01-Jan-2026 00:60:00 +0000", "01-Jan-2026", "1",
              "01-Jan-20266 00:00:00 +0000"})
            QTest::newRow(text) << QByteArray(text);
        // CVE-2018-14350: a long INTERNALDATE met a fixed buffer.
        QTest::newRow("CVE-2018-14350") << QByteArray(500, '1');
    }
    void absurdDatesAreNoDates()
    {
        QFETCH(QByteArray, text);
        const auto fetch = parseFetch("UID 5 INTERNALDATE \"" + text + "\" FLAGS ()");
        QVERIFY(!fetch.internalDate);
        QCOMPARE(fetch.uid, Uid(5));
        QVERIFY(fetch.flags);
    }

    void envelopeFields()
    {
        const auto fetch = parseFetch(
            "ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 \\\"WG\\\" mtg\" ((\"Terry Gray\" NIL "
            "\"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) NIL ((NIL NIL "
            "\"imap\" \"cac.washington.edu\")) ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL "
            "\"KLENSIN\" \"MIT.EDU\")) NIL {4}\r\n<r@> \"<B27397-0100000@cac.washington.edu>\")");
        QVERIFY(fetch.envelope);
        const mail::Envelope &envelope = *fetch.envelope;
        QCOMPARE(envelope.date, QByteArray("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"));
        QCOMPARE(envelope.subject, QByteArray("IMAP4rev1 \"WG\" mtg"));
        QCOMPARE(envelope.from, (std::vector<mail::RawAddress>{{"Terry Gray", "gray", "cac.washington.edu"}}));
        QCOMPARE(envelope.sender, envelope.from);
        QVERIFY(envelope.replyTo.empty());
        QCOMPARE(envelope.to, (std::vector<mail::RawAddress>{{"", "imap", "cac.washington.edu"}}));
        QCOMPARE(envelope.cc.size(), std::size_t{2});
        QCOMPARE(envelope.cc[1], (mail::RawAddress{"John Klensin", "KLENSIN", "MIT.EDU"}));
        QCOMPARE(envelope.inReplyTo, QByteArray("<r@>"));
        QCOMPARE(envelope.messageId, QByteArray("<B27397-0100000@cac.washington.edu>"));
    }

    void groupsStayAsTheyCame()
    {
        const auto fetch = parseFetch("ENVELOPE (NIL NIL NIL NIL NIL ((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL "
                                      "NIL NIL)) NIL NIL NIL NIL)");
        QCOMPARE(fetch.envelope->to, (std::vector<mail::RawAddress>{{"", "undisclosed-recipients", ""}, {"", "", ""}}));
    }

    void singlePart()
    {
        const auto fetch = parseFetch("BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\" \"format\" \"flowed\") "
                                      "\"<id@x>\" \"a text\" \"7BIT\" 2279 48 \"md5\" (\"INLINE\" (\"FILENAME\" "
                                      "\"a.txt\")) (\"en\" \"de\") \"http://x\" (1 \"2\" (3)) NIL)");
        const mail::BodyPart &part = *fetch.bodyStructure;
        QCOMPARE(part.type, QByteArray("text"));
        QCOMPARE(part.subtype, QByteArray("plain"));
        QCOMPARE(part.parameters, (mail::BodyParameters{{"CHARSET", "UTF-8"}, {"format", "flowed"}}));
        QCOMPARE(mail::BodyPart::parameter(part.parameters, "charset"), QByteArray("UTF-8"));
        QCOMPARE(part.id, QByteArray("<id@x>"));
        QCOMPARE(part.description, QByteArray("a text"));
        QCOMPARE(part.encoding, QByteArray("7bit"));
        QCOMPARE(part.size, std::uint64_t{2279});
        QCOMPARE(part.lines, std::uint64_t{48});
        QCOMPARE(part.md5, QByteArray("md5"));
        QCOMPARE(part.disposition, QByteArray("inline"));
        QCOMPARE(part.dispositionParameters, (mail::BodyParameters{{"FILENAME", "a.txt"}}));
        QCOMPARE(part.languages, (QByteArrayList{"en", "de"}));
        QCOMPARE(part.location, QByteArray("http://x"));
    }

    void multipart()
    {
        const auto fetch = parseFetch(
            "BODYSTRUCTURE (((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1152 23)(\"TEXT\" \"HTML\" NIL NIL NIL \"QP\" 4 "
            "1) "
            "\"ALTERNATIVE\" (\"BOUNDARY\" \"b\") NIL NIL)(\"APPLICATION\" \"PDF\" (\"NAME\" \"x.pdf\") NIL NIL "
            "\"BASE64\" 4554 NIL (\"ATTACHMENT\" NIL) NIL) \"MIXED\" (\"BOUNDARY\" \"a\") NIL \"en\" NIL)");
        const mail::BodyPart &root = *fetch.bodyStructure;
        QVERIFY(root.isMultipart());
        QCOMPARE(root.subtype, QByteArray("mixed"));
        QCOMPARE(root.languages, QByteArrayList{"en"});
        QCOMPARE(root.children.size(), std::size_t{2});
        QCOMPARE(root.children[0].children[1].subtype, QByteArray("html"));
        QCOMPARE(root.children[0].children[1].lines, std::uint64_t{1});
        const auto leaves = mail::leafParts(root);
        QCOMPARE(leaves.size(), std::size_t{3});
        QCOMPARE(leaves[0].section, QByteArray("1.1"));
        QCOMPARE(leaves[2].section, QByteArray("2"));
        QVERIFY(mail::hasAttachment(root));
    }

    void bodyWithoutExtensions()
    {
        const auto fetch
            = parseFetch("BODY ((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)(\"IMAGE\" \"PNG\" NIL NIL NIL "
                         "\"BASE64\" 2) \"MIXED\")");
        QCOMPARE(fetch.bodyStructure->children.size(), std::size_t{2});
        QVERIFY(fetch.bodyStructure->parameters.empty());
    }

    void messageInMessage()
    {
        const auto fetch
            = parseFetch("BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 342 (\"date\" "
                         "\"subject\" NIL NIL NIL NIL NIL NIL NIL \"<m@x>\") (\"TEXT\" \"PLAIN\" NIL NIL NIL "
                         "\"7BIT\" 10 2 NIL NIL NIL NIL) 14 NIL NIL NIL NIL)");
        const mail::BodyPart &part = *fetch.bodyStructure;
        QVERIFY(part.isMessage());
        QVERIFY(part.envelope);
        QCOMPARE(part.envelope->messageId, QByteArray("<m@x>"));
        QCOMPARE(part.children.size(), std::size_t{1});
        QCOMPARE(part.lines, std::uint64_t{14});
    }

    void sections()
    {
        const auto fetch = parseFetch(
            bytes("BODY[] {5}\r\na\r\nb) BODY[1.2.HEADER]<0> \"x\" BODY[HEADER.FIELDS (DATE \"Message-ID\" "
                  "from)] {2}\r\n\r\n BINARY[2] ~{3}\r\n\0\1\2 BODY[3] NIL BODY[4.MIME] \"\" BODY[TEXT] "
                  "\"t\" BINARY.SIZE[2] 3 BODY[HEADER.FIELDS.NOT (X)] NIL"));
        QCOMPARE(fetch.sections.size(), std::size_t{8});
        QCOMPARE(fetch.find(Section::whole())->data, QByteArray("a\r\nb)"));
        QCOMPARE(fetch.sections[1].origin, std::uint64_t{0});
        QCOMPARE(fetch.sections[1].section.part, QByteArray("1.2"));
        QCOMPARE(fetch.sections[1].section.text, Section::Text::Header);
        QVERIFY(!fetch.find(fetch.sections[1].section)); // only a part of it came
        // However the server spells the names, the answer finds the question.
        const auto *fields = fetch.find(Section::headerFields({"From", "Message-Id", "Date"}));
        QVERIFY(fields);
        QCOMPARE(fields->data, QByteArray("\r\n")); // CVE-free header block of a message without header (isync 87065c1)
        QVERIFY(fetch.sections[3].binary);
        QCOMPARE(*fetch.sections[3].data, bytes("\0\1\2"));
        QVERIFY(!fetch.sections[4].data);
        QCOMPARE(fetch.find(Section::mimeOf("4"))->data, QByteArray(""));
        QCOMPARE(fetch.binarySizes, (std::vector<BinarySize>{{Section::ofPart("2"), 3}}));
    }

    void oldNamesOfSections()
    {
        const auto fetch = parseFetch("RFC822.HEADER {2}\r\nab RFC822.TEXT \"t\" RFC822 \"w\"");
        QCOMPARE(fetch.find(Section::header())->data, QByteArray("ab"));
        QCOMPARE(fetch.find(Section::whole())->data, QByteArray("w"));
        QCOMPARE(fetch.find({{}, Section::Text::BodyText, {}})->data, QByteArray("t"));
    }

    void repeatedSectionsAreSharedRightly()
    {
        // The parser remembers the last header-field list; another one must not be taken for it.
        ResponseParser parser;
        const auto sectionOf = [&](const char *line) {
            const Response response = parser.parse(QByteArrayView(line));
            const auto *fetch = std::get_if<FetchData>(&response);
            return fetch && fetch->sections.size() == 1 ? fetch->sections[0].section : Section();
        };
        QCOMPARE(sectionOf("* 1 FETCH (BODY[HEADER.FIELDS (A B)] \"\")").fields, (QByteArrayList{"A", "B"}));
        QCOMPARE(sectionOf("* 1 FETCH (BODY[HEADER.FIELDS (A B)] \"\")").fields, (QByteArrayList{"A", "B"}));
        QCOMPARE(sectionOf("* 1 FETCH (BODY[HEADER.FIELDS (A B C)] \"\")").fields, (QByteArrayList{"A", "B", "C"}));
        QCOMPARE(sectionOf("* 1 FETCH (BODY[HEADER.FIELDS (A)] \"\")").fields, (QByteArrayList{"A"}));
        QCOMPARE(sectionOf("* 1 FETCH (BODY[HEADER.FIELDS (b a)] \"\")").fields, (QByteArrayList{"A", "B"}));
    }

    void unknownItemsAreSkipped()
    {
        const auto fetch
            = parseFetch("PREVIEW \"some text\" SAVEDATE NIL X-A (1 (2 {3}\r\n))) \"x)\")) X-B[1 (\"]\")]<5> "
                         "\"y\" UID 7 X-C");
        QCOMPARE(fetch.uid, Uid(7));
        QCOMPARE(fetch.unknownItems, (QByteArrayList{"PREVIEW", "SAVEDATE", "X-A", "X-B[]", "X-C"}));
        QVERIFY(fetch.sections.empty()); // no body text is kept by accident
    }

    void malformedIsRejected_data()
    {
        QTest::addColumn<QByteArray>("items");
        for (const char *items : {
                 "UID",
                 "UID x",
                 "UID -1",
                 "UID 4294967296",
                 "FLAGS \\Seen",
                 "FLAGS (\\Seen",
                 "RFC822.SIZE x",
                 "MODSEQ (9223372036854775808)",
                 "ENVELOPE (NIL NIL",
                 "ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)",
                 "ENVELOPE (NIL NIL (NIL) NIL NIL NIL NIL NIL NIL NIL",
                 "ENVELOPE \"x\"",
                 "BODYSTRUCTURE (\"TEXT\"",
                 "BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\")",
                 "BODYSTRUCTURE (((",
                 "BODYSTRUCTURE \"x\"",
                 "BODY[",
                 "BODY[1.] \"x\"",
                 "BODY[MIME] \"x\"",
                 "BODY[FOO] \"x\"",
                 "BODY[HEADER.FIELDS ()] \"x\"",
                 "BODY[HEADER.FIELDS (a",
                 "BODY[]<-1> \"x\"",
                 "BODY[] \"x",
                 "BODY[] {99999}",
                 "BODY[] {99999999999999999999999}",
             })
            QTest::newRow(items) << QByteArray(items);
    }
    void malformedIsRejected()
    {
        QFETCH(QByteArray, items);
        ResponseParser parser;
        const QByteArray line = "* 9 FETCH (UID 3 " + items + ")\r\n";
        const Response response = parser.parse(QByteArrayView(line));
        const auto *rejected = std::get_if<Rejected>(&response);
        QVERIFY(rejected);
        QVERIFY(rejected->head.startsWith("* 9 FETCH (UID 3 "));
    }

    // Depth of parts is bounded: a recursion as deep as a hostile structure would end the process.
    void deepStructuresAreRejected()
    {
        const auto nested = [](int depth) -> QByteArray {
            return "BODYSTRUCTURE " + QByteArray(depth, '(') + "\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)"
                + QByteArray(" \"MIXED\")").repeated(depth - 1);
        };
        int depth = 0;
        const auto fetch = parseFetch(nested(50));
        for (const mail::BodyPart *part = &*fetch.bodyStructure; !part->children.empty(); part = &part->children[0])
            ++depth;
        QCOMPARE(depth, 49);
        QCOMPARE(rejection("* 1 FETCH (" + nested(70) + ")"), QByteArray("parts are nested too deep"));
        QCOMPARE(rejection("* 1 FETCH (" + nested(100'000) + ")"), QByteArray("parts are nested too deep"));
        QByteArray messages = "BODYSTRUCTURE ";
        for (int i = 0; i < 1000; ++i)
            messages += "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 1 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ";
        QCOMPARE(rejection("* 1 FETCH (" + messages + ")"), QByteArray("parts are nested too deep"));
    }

    void longListsAreRejected()
    {
        const QByteArray addresses = "(" + QByteArray("(NIL NIL \"a\" \"b\")").repeated(10'001) + ")";
        QCOMPARE(rejection("* 1 FETCH (ENVELOPE (NIL NIL " + addresses + " NIL NIL NIL NIL NIL NIL NIL))"),
                 QByteArray("too many addresses"));
        const QByteArray parameters = "(" + QByteArray("\"a\" \"b\" ").repeated(1001) + ")";
        QCOMPARE(rejection("* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" " + parameters + " NIL NIL \"7BIT\" 1 1))"),
                 QByteArray("too many parameters"));
    }

    void senderAndReplyToOftenRepeatFrom()
    {
        const QByteArray anna = "((\"Anna\" NIL \"anna\" \"example.org\"))";
        const mail::RawAddress annaAlone{"Anna", "anna", "example.org"};
        const auto same = parseFetch("ENVELOPE (NIL NIL " + anna + " " + anna + "  " + anna + " NIL NIL NIL NIL NIL)");
        QCOMPARE(same.envelope->from, std::vector{annaAlone});
        QCOMPARE(same.envelope->sender, std::vector{annaAlone});
        QCOMPARE(same.envelope->replyTo, std::vector{annaAlone});
        // One that only begins alike.
        const QByteArray two = "((\"Anna\" NIL \"anna\" \"example.org\")(NIL NIL \"list\" \"example.org\"))";
        const auto more = parseFetch("ENVELOPE (NIL NIL " + anna + " " + two + " NIL " + anna + " NIL NIL NIL NIL)");
        QCOMPARE(more.envelope->sender, (std::vector<mail::RawAddress>{annaAlone, {"", "list", "example.org"}}));
        QVERIFY(more.envelope->replyTo.empty());
        QCOMPARE(more.envelope->to, std::vector{annaAlone});
        // Literals that stand apart from the text: the text is the same, the names are not.
        FragmenterLimits detaching;
        detaching.detachFrom = 1;
        const auto apart = parseStream("* 1 FETCH (ENVELOPE (NIL NIL (({4}\r\nAnna NIL \"a\" \"b\")) (({4}\r\nBert NIL "
                                       "\"a\" \"b\")) NIL NIL NIL NIL NIL NIL))\r\n",
                                       detaching);
        QCOMPARE(apart.size(), std::size_t{1});
        const auto &envelope = std::get<FetchData>(apart[0]).envelope;
        QCOMPARE(envelope->from.at(0).name, QByteArray("Anna"));
        QCOMPARE(envelope->sender.at(0).name, QByteArray("Bert"));
    }

    void anyPortionsGiveTheSame()
    {
        const QByteArray input
            = "* 12 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 ENVELOPE "
              "(\"d\" {7}\r\nsub\r\nje ((\"a\" NIL \"b\" \"c\")) NIL NIL NIL NIL NIL NIL \"<m@x>\") BODY[HEADER.FIELDS "
              "(REFERENCES)] {21}\r\nReferences: <a@b>\r\n\r\n)\r\n* 1 EXISTS\r\n";
        const std::vector<Response> whole = parseStream(input);
        QCOMPARE(whole.size(), std::size_t{2});
        QCOMPARE(std::get<FetchData>(whole[0]).envelope->subject, QByteArray("sub\r\nje"));
        FragmenterLimits detaching;
        detaching.detachFrom = 1;
        for (qsizetype portion = 1; portion < input.size(); ++portion) {
            QVERIFY(parseStream(input, {}, portion) == whole);
            QVERIFY(parseStream(input, detaching, portion) == whole);
        }
    }
};

QTEST_GUILESS_MAIN(TestImapFetch)
#include "test_imap_fetch.moc"
