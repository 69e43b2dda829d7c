// SPDX-License-Identifier: GPL-3.0-or-later
// What real servers get wrong, one fixture each, named for who it was seen with or what it broke. Expected: the message
// is read where its meaning is plain, and dropped whole, with the stream in step, where it is not.
#include "parsing.h"

using namespace kittiwake;
using namespace kittiwake::imap;

class TestImapQuirks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statusWithoutText_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("kind");
        // iCloud says BYE and OK alone; CVE-2018-14349: a NO without text crashed Mutt.
        QTest::newRow("iCloud BYE") << QByteArray("* BYE") << int(StatusKind::Bye);
        QTest::newRow("iCloud OK") << QByteArray("A1 OK") << int(StatusKind::Ok);
        QTest::newRow("CVE-2018-14349") << QByteArray("A1 NO") << int(StatusKind::No);
        QTest::newRow("with a space") << QByteArray("A1 NO ") << int(StatusKind::No);
        QTest::newRow("untagged BAD") << QByteArray("* BAD") << int(StatusKind::Bad);
    }
    void statusWithoutText()
    {
        QFETCH(QByteArray, line);
        const auto status = parseAs<StatusResponse>(line);
        QTEST(int(status.kind), "kind");
        QVERIFY(status.text.isEmpty());
        QVERIFY(std::holds_alternative<std::monostate>(status.code));
    }

    // modern-email/defects 28, Google issue 289877509.
    void gmailHighestModSeqWithoutText()
    {
        const auto status = parseAs<StatusResponse>("* OK [HIGHESTMODSEQ 1234567]");
        QVERIFY(status.code == ResponseCode(HighestModSeqCode{ModSeq(1234567)}));
        QVERIFY(status.text.isEmpty());
    }

    void gmailFlagsWithUnquotedBracket()
    {
        const auto code = parseAs<StatusResponse>("* OK [PERMANENTFLAGS (\\Seen $Mixed] odd[] \\*)] Flags permitted.");
        const auto *permanent = code.codeAs<PermanentFlagsCode>();
        QVERIFY(permanent);
        QCOMPARE(permanent->flags.keywords(), (QByteArrayList{"$Mixed]", "odd[]"}));
        QVERIFY(permanent->newKeywords);
        QCOMPARE(code.text, QByteArray("Flags permitted."));
        QCOMPARE(parseFetch("FLAGS (a] \\Seen)").flags->keywords(), QByteArrayList{"a]"});
    }

    // MailKit issue 555.
    void exchangeCopyUidWithEmptySets()
    {
        for (const char *line : {"A1 OK [COPYUID 1234  ] done", "A1 OK [COPYUID 1234 ] done"}) {
            const auto *code = parseAs<StatusResponse>(line).codeAs<CopyUidCode>() ? "copyuid" : "other";
            QCOMPARE(code, "copyuid");
            const StatusResponse status = parseAs<StatusResponse>(line);
            const auto *copy = status.codeAs<CopyUidCode>();
            QCOMPARE(copy->validity, UidValidity(1234));
            QVERIFY(copy->source.empty() && copy->destination.empty() && copy->isConsistent());
            QCOMPARE(status.text, QByteArray("done"));
        }
    }

    void exchangeServerUnavailableWithoutTag()
    {
        const auto unknown = parseAs<UnknownData>("Server Unavailable.");
        QCOMPARE(unknown.text, QByteArray("Server Unavailable."));
        QVERIFY(!unknown.untagged);
        QCOMPARE(parseStream("Server Unavailable. 15\r\nA1 OK\r\n").size(), std::size_t{2});
    }

    // MailKit issue 919.
    void exchangeInlineWithoutParentheses()
    {
        const auto fetch
            = parseFetch("BODYSTRUCTURE (\"image\" \"png\" NIL \"<a>\" NIL \"base64\" 10 NIL \"inline\" NIL "
                         "\"loc\") UID 3");
        QCOMPARE(fetch.bodyStructure->disposition, QByteArray("inline"));
        QCOMPARE(fetch.bodyStructure->location, QByteArray("loc"));
        QCOMPARE(fetch.uid, Uid(3));
    }

    void exchangeUnquotedMailboxNames()
    {
        const auto list = parseAs<ListData>("* LIST (\\HasNoChildren) \"/\" Odd\x02Name");
        QCOMPARE(list.mailbox.wire, QByteArray("Odd\x02Name"));
        const auto spaces = parseAs<ListData>("* LIST () \"/\" My Old Folder");
        QCOMPARE(spaces.mailbox.text, QStringLiteral("My Old Folder"));
        const auto status = parseAs<MailboxStatusData>("* STATUS My Old Folder (MESSAGES 3)");
        QCOMPARE(status.mailbox.text, QStringLiteral("My Old Folder"));
        QCOMPARE(status.messages, 3u);
    }

    // MailKit issues 205 and 777; also QQ and Yandex (1861, 1076).
    void gmailNestedMultipartsWithOneBoundary()
    {
        const auto fetch = parseFetch("BODYSTRUCTURE ((\"ALTERNATIVE\" (\"BOUNDARY\" \"x\") NIL NIL)(\"TEXT\" "
                                      "\"PLAIN\" NIL NIL NIL \"7BIT\" 1 1 NIL "
                                      "NIL NIL) \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL)");
        const mail::BodyPart &root = *fetch.bodyStructure;
        QCOMPARE(root.children.size(), std::size_t{2});
        QVERIFY(root.children[0].isMultipart());
        QCOMPARE(root.children[0].subtype, QByteArray("alternative"));
        QVERIFY(root.children[0].children.empty());
        QCOMPARE(mail::leafParts(root).size(), std::size_t{1});
        QCOMPARE(mail::leafParts(root)[0].section, QByteArray("2"));
    }

    // MailKit issue 1393.
    void dovecotMultipartWithoutChildren()
    {
        const auto fetch = parseFetch("BODYSTRUCTURE (NIL \"alternative\" (\"boundary\" \"x\") NIL NIL NIL)");
        QVERIFY(fetch.bodyStructure->isMultipart());
        QCOMPARE(mail::BodyPart::parameter(fetch.bodyStructure->parameters, "boundary"), QByteArray("x"));
    }

    // MailKit issue 371: "Content-Type: X-ZIP" comes as a subtype alone.
    void contentTypeOfOneWord()
    {
        const auto zip = parseFetch("BODY (\"X-ZIP\" (\"name\" \"a\") NIL NIL \"base64\" 5)");
        QCOMPARE(zip.bodyStructure->type, QByteArray("application"));
        QCOMPARE(zip.bodyStructure->subtype, QByteArray("x-zip"));
        const auto text = parseFetch("BODY (\"TEXT\" (\"charset\" \"x\") NIL NIL \"7bit\" 5 1)");
        QCOMPARE(text.bodyStructure->subtype, QByteArray("plain"));
        QCOMPARE(text.bodyStructure->lines, std::uint64_t{1});
        const auto nothing = parseFetch("BODY (NIL NIL NIL NIL NIL \"7BIT\" 0 NIL NIL NIL NIL)");
        QCOMPARE(nothing.bodyStructure->type, QByteArray("application"));
    }

    // MailKit issues 32 and 59.
    void gmailMessageInBase64IsBasic()
    {
        const auto fetch
            = parseFetch("BODYSTRUCTURE (\"MESSAGE\" \"RFC822\" (\"NAME\" \"m.eml\") NIL NIL \"BASE64\" 5000 "
                         "NIL (\"ATTACHMENT\" (\"FILENAME\" \"m.eml\")) NIL) UID 4");
        QVERIFY(fetch.bodyStructure->isMessage());
        QVERIFY(!fetch.bodyStructure->envelope);
        QVERIFY(fetch.bodyStructure->children.empty());
        QCOMPARE(fetch.bodyStructure->disposition, QByteArray("attachment"));
        QCOMPARE(mail::leafParts(*fetch.bodyStructure).size(), std::size_t{1});
    }

    // MailKit issue 494 and pull request 1319.
    void gmailSwapsNameAndMailbox()
    {
        const auto fetch
            = parseFetch("ENVELOPE (NIL NIL ((\"<jane@example.com>\" NIL \"Jane Roe\" NIL)) NIL NIL NIL NIL "
                         "NIL NIL NIL)");
        QCOMPARE(fetch.envelope->from, (std::vector<mail::RawAddress>{{"Jane Roe", "jane", "example.com"}}));
        // A group that only looks a little like it stays a group.
        const auto group = parseFetch("ENVELOPE (NIL NIL ((\"<x>\" NIL \"Group\" NIL)) NIL NIL NIL NIL NIL NIL NIL)");
        QCOMPARE(group.envelope->from, (std::vector<mail::RawAddress>{{"<x>", "Group", ""}}));
    }

    // mailcore2 issue 1967.
    void icloudUnescapedQuotesInMessageId()
    {
        const auto fetch = parseFetch("ENVELOPE (\"date\" \"subject\" NIL NIL NIL NIL NIL NIL NIL "
                                      "\"<\"abc\"def@example.com>\") UID 9");
        QCOMPARE(fetch.envelope->messageId, QByteArray("<\"abc\"def@example.com>"));
        QCOMPARE(fetch.uid, Uid(9));
    }

    void icloudVanished()
    {
        QVERIFY(parseAs<VanishedData>("* VANISHED (EARLIER)").uids.isEmpty());
        QVERIFY(parseAs<VanishedData>("* VANISHED").uids.isEmpty());
        // CVE-2021-32055: a set that ends in a comma was read beyond its end.
        QVERIFY(!rejection("* VANISHED (EARLIER) 1:5,").isEmpty());
    }

    // horde issue 17: RETURN is ignored.
    void icloudESearchWithCountOnly()
    {
        const auto search = parseAs<ESearchData>("* ESEARCH (TAG \"A1\") UID COUNT 5");
        QCOMPARE(search.count, 5u);
        QVERIFY(!search.all);
    }

    // MailKit issue 1838.
    void mailRuNumbersInScientificNotation()
    {
        const auto fetch = parseFetch("RFC822.SIZE 9.3736e+06 BODYSTRUCTURE (\"application\" \"zip\" NIL NIL NIL "
                                      "\"base64\" 1.25E+07 NIL NIL NIL) UID 5");
        QCOMPARE(fetch.size, std::uint64_t{9'373'600});
        QCOMPARE(fetch.bodyStructure->size, std::uint64_t{12'500'000});
        QCOMPARE(fetch.uid, Uid(5));
        for (const char *size : {"1e400", "1e+99999999999", "9.3736e", "9..3e+06", "9.3e+06x", "1e300"})
            QVERIFY2(!rejection(QByteArray("* 1 FETCH (RFC822.SIZE ") + size + ")").isEmpty(), size);
        // Only sizes: a UID that is no integer is no UID.
        QVERIFY(!rejection("* 1 FETCH (UID 9.3736e+06)").isEmpty());
        QVERIFY(!rejection("* 9.3736e+06 EXISTS").isEmpty());
    }

    // himalaya issue 649, vmime issue 159.
    void mailRuBoundaryNil()
    {
        const auto fetch
            = parseFetch("BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" NIL) NIL NIL \"7bit\" 1 1) \"mixed\" "
                         "(\"boundary\" NIL))");
        QCOMPARE(fetch.bodyStructure->parameters, (mail::BodyParameters{{"boundary", ""}}));
        QCOMPARE(parseFetch("BODY (\"text\" \"plain\" (\"charset\") NIL NIL NIL 1 1)").bodyStructure->parameters,
                 (mail::BodyParameters{{"charset", ""}}));
    }

    // CVE-2026-4371: negative lengths were taken as they came.
    void negativeSizesAreNothing()
    {
        const auto fetch = parseFetch("RFC822.SIZE -1 BODY (\"text\" \"plain\" NIL NIL NIL \"7bit\" -5 -1)");
        QCOMPARE(fetch.size, std::uint64_t{0});
        QCOMPARE(fetch.bodyStructure->size, std::uint64_t{0});
        QCOMPARE(fetch.bodyStructure->lines, std::uint64_t{0});
        QVERIFY(!rejection("* 1 FETCH (UID -1)").isEmpty());
        QVERIFY(!rejection("* -1 FETCH (UID 1)").isEmpty() || parseAs<UnknownData>("* -1 FETCH (UID 1)").untagged);
    }

    void yandexBodyWithoutValue()
    {
        const auto last = parseFetch("UID 7 BODY[] ");
        QCOMPARE(last.sections.size(), std::size_t{1});
        QVERIFY(!last.sections[0].data);
        QVERIFY(!last.find(Section::whole()));
        const auto between = parseFetch("BODY[] UID 7 FLAGS (\\Seen)");
        QVERIFY(!between.sections[0].data);
        QCOMPARE(between.uid, Uid(7));
    }

    void zohoModSeqMinusOne()
    {
        const auto fetch = parseFetch("UID 7 MODSEQ (-1) FLAGS ()");
        QVERIFY(!fetch.modseq.isValid());
        QCOMPARE(fetch.uid, Uid(7));
        const auto status = parseAs<StatusResponse>("* OK [HIGHESTMODSEQ -1] x");
        QVERIFY(status.code == ResponseCode(HighestModSeqCode{}));
        QCOMPARE(parseAs<MailboxStatusData>("* STATUS x (HIGHESTMODSEQ -1)").highestModSeq, std::uint64_t{0});
        QCOMPARE(parseAs<SearchData>("* SEARCH 1 (MODSEQ -1)").numbers.toBytes(), QByteArray("1"));
    }

    void netEaseStatusWithoutUidNext()
    {
        const auto status = parseAs<MailboxStatusData>("* STATUS \"INBOX\" (MESSAGES 5 UNSEEN 1 UIDVALIDITY 1)");
        QVERIFY(!status.uidNext.isValid());
        QCOMPARE(status.messages, 5u);
    }

    // libEtPan CVE-2022-4121: a STATUS with an empty list was a null pointer.
    void oneSixThreeEmptyStatusList()
    {
        const auto status = parseAs<MailboxStatusData>("* STATUS \"INBOX\" ()");
        QVERIFY(status.mailbox.isInbox());
        QVERIFY(!status.messages && !status.uidNext.isValid());
        QCOMPARE(parseAs<MailboxStatusData>("* STATUS \"INBOX\" ( )"), status);
    }

    // home.pl and xwtec.
    void uidValidityZero()
    {
        const auto status = parseAs<StatusResponse>("* OK [UIDVALIDITY 0] UIDs valid");
        QVERIFY(status.code == ResponseCode(UidValidityCode{}));
        QVERIFY(!parseAs<MailboxStatusData>("* STATUS x (UIDVALIDITY 0)").uidValidity.isValid());
    }

    // MailKit issue 115.
    void homePlCodeWithoutOk()
    {
        const auto status = parseAs<StatusResponse>("* [COPYUID 5 1:3 7:9]");
        QCOMPARE(status.kind, StatusKind::Ok);
        QVERIFY(status.codeAs<CopyUidCode>());
    }

    // Trojitá: "* ENABLED" with nothing.
    void cyrusEmptyEnabled()
    {
        QVERIFY(parseAs<EnabledData>("* ENABLED").names.isEmpty());
        QVERIFY(parseAs<EnabledData>("* ENABLED ").names.isEmpty());
    }

    void zimbraGluesUidAndModSeq()
    {
        const auto fetch = parseFetch("UID 12MODSEQ (34)FLAGS (\\Seen)");
        QCOMPARE(fetch.uid, Uid(12));
        QCOMPARE(fetch.modseq, ModSeq(34));
        QVERIFY(fetch.flags->has(mail::SystemFlag::Seen));
    }

    void courierFetchOfMessageZero()
    {
        const auto fetch = parseAs<FetchData>("* 0 FETCH (FLAGS (\\Deleted))");
        QCOMPARE(fetch.sequence, 0u);
        QVERIFY(!fetch.uid.isValid());
    }

    // "MISSING_MAILBOX" is data, not grammar: Dovecot up to 2.3.4 puts it where an address has no local part.
    void dovecotMissingMailbox()
    {
        const auto fetch
            = parseFetch("ENVELOPE (NIL NIL ((NIL NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\")) NIL NIL NIL "
                         "NIL NIL NIL NIL)");
        QCOMPARE(fetch.envelope->from[0].mailbox, QByteArray("MISSING_MAILBOX"));
    }

    // MailKit issues 669 and 932: In-Reply-To and Message-ID left out; 991: NIL among addresses; 1369: a name in
    // pieces.
    void envelopesWithTooLittleOrTooMuch()
    {
        const auto shortOne = parseFetch("ENVELOPE (\"d\" \"s\" NIL NIL NIL NIL NIL NIL) UID 2");
        QCOMPARE(shortOne.envelope->subject, QByteArray("s"));
        QVERIFY(shortOne.envelope->messageId.isEmpty());
        const auto noId = parseFetch("ENVELOPE (\"d\" \"s\" NIL NIL NIL NIL NIL NIL \"<r@x>\")");
        QCOMPARE(noId.envelope->inReplyTo, QByteArray("<r@x>"));
        const auto nilAmong
            = parseFetch("ENVELOPE (NIL NIL ((NIL NIL \"a\" \"b\") NIL (NIL NIL \"c\" \"d\")) NIL NIL NIL "
                         "NIL NIL NIL NIL)");
        QCOMPARE(nilAmong.envelope->from.size(), std::size_t{2});
        const auto pieces
            = parseFetch("ENVELOPE (NIL NIL ((\"Doe\" \"John\" NIL \"john\" \"x.org\")) NIL NIL NIL NIL NIL "
                         "NIL NIL)");
        QCOMPARE(pieces.envelope->from, (std::vector<mail::RawAddress>{{"Doe John", "john", "x.org"}}));
        const auto emptyText = parseFetch("ENVELOPE (NIL NIL \"\" () NIL NIL NIL NIL NIL NIL)");
        QVERIFY(emptyText.envelope->from.empty() && emptyText.envelope->sender.empty());
    }

    // MailKit issue 944.
    void emptyBodyMeansNone()
    {
        QVERIFY(!parseFetch("BODYSTRUCTURE ()").bodyStructure);
        QVERIFY(!parseFetch("BODYSTRUCTURE NIL").bodyStructure);
        const auto fetch = parseFetch("BODYSTRUCTURE (()(\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1) \"mixed\")");
        QCOMPARE(fetch.bodyStructure->children.size(), std::size_t{1});
    }

    void continuationWithoutSpace()
    {
        QVERIFY(parseAs<ContinuationRequest>("+").text.isEmpty());
        QCOMPARE(parseAs<ContinuationRequest>("+idling").text, QByteArray("idling"));
    }

    void lineEndsAndPadding()
    {
        const std::vector<Response> responses = parseStream(bytes("\0* 1 EXISTS\n\0\0* 2 EXISTS\r\n\r\n+\r\n"));
        QCOMPARE(responses.size(), std::size_t{3});
        QVERIFY(responses[0] == Response(ExistsData{1}));
        QVERIFY(responses[1] == Response(ExistsData{2}));
        QVERIFY(responses[2] == Response(ContinuationRequest{}));
    }

    // php-imap issue 258: EXISTS comes before the continuation of IDLE.
    void exchangeExistsBeforeIdleContinuation()
    {
        const std::vector<Response> responses
            = parseStream("* 5 EXISTS\r\n+ IDLE accepted, awaiting DONE command.\r\n");
        QVERIFY(std::holds_alternative<ExistsData>(responses[0]));
        QVERIFY(std::holds_alternative<ContinuationRequest>(responses[1]));
    }

    void yahooUidsFallingAndSearchOutOfOrder()
    {
        QCOMPARE(parseAs<SearchData>("* SEARCH 9 8 7 3").numbers.toBytes(), QByteArray("3,7:9"));
        const auto status = parseAs<StatusResponse>("A1 OK [COPYUID 5 9,3:5 20,11:13] Done");
        const auto *code = status.codeAs<CopyUidCode>();
        QCOMPARE(code->destinationOf(Uid(9)), Uid(20));
        QCOMPARE(code->destinationOf(Uid(4)), Uid(12));
    }

    void extraSpaces()
    {
        QCOMPARE(parseFetch("UID  5   FLAGS  ( \\Seen  x )  ").flags->keywords(), QByteArrayList{"x"});
        QCOMPARE(parseAs<CapabilityData>("* CAPABILITY  IMAP4rev1  IDLE ").names.size(), qsizetype{2});
        QCOMPARE(parseAs<ListData>("* LIST  ( \\Noselect )  \"/\"  \"x\" ").mailbox.text, QStringLiteral("x"));
    }

    // The one-line proxy messages of load balancers must not stop the reader.
    void otherProtocolsAreKeptApart()
    {
        const std::vector<Response> responses = parseStream("HTTP/1.1 400 Bad Request\r\n\r\n220 smtp ready\r\n");
        QCOMPARE(responses.size(), std::size_t{2});
        QVERIFY(std::holds_alternative<UnknownData>(responses[0]));
        QVERIFY(!std::get<UnknownData>(responses[1]).untagged);
    }
};

QTEST_GUILESS_MAIN(TestImapQuirks)
#include "test_imap_quirks.moc"
