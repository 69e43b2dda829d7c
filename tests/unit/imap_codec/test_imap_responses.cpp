// SPDX-License-Identifier: GPL-3.0-or-later
// What a correct server says, all of it but FETCH.
#include "parsing.h"

using namespace kittiwake;
using namespace kittiwake::imap;

class TestImapResponses final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statuses_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("tag");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("greeting") << QByteArray("* OK IMAP4rev2 ready") << QByteArray() << int(StatusKind::Ok)
                                  << QByteArray("IMAP4rev2 ready");
        QTest::newRow("preauth") << QByteArray("* PREAUTH welcome") << QByteArray() << int(StatusKind::PreAuth)
                                 << QByteArray("welcome");
        QTest::newRow("bye") << QByteArray("* BYE Autologout") << QByteArray() << int(StatusKind::Bye)
                             << QByteArray("Autologout");
        QTest::newRow("tagged ok") << QByteArray("A001 OK done") << QByteArray("A001") << int(StatusKind::Ok)
                                   << QByteArray("done");
        QTest::newRow("tagged no") << QByteArray("A001 no refused") << QByteArray("A001") << int(StatusKind::No)
                                   << QByteArray("refused");
        QTest::newRow("tagged bad") << QByteArray("A001 BAD what") << QByteArray("A001") << int(StatusKind::Bad)
                                    << QByteArray("what");
        QTest::newRow("brackets later") << QByteArray("* OK see [ALERT]") << QByteArray() << int(StatusKind::Ok)
                                        << QByteArray("see [ALERT]");
        QTest::newRow("half a code") << QByteArray("A1 NO [ALERT oops") << QByteArray("A1") << int(StatusKind::No)
                                     << QByteArray("[ALERT oops");
    }
    void statuses()
    {
        QFETCH(QByteArray, line);
        const auto status = parseAs<StatusResponse>(line);
        QTEST(status.tag, "tag");
        QTEST(int(status.kind), "kind");
        QTEST(status.text, "text");
        QVERIFY(std::holds_alternative<std::monostate>(status.code));
    }

    void simpleCodes()
    {
        for (int i = 0; i <= int(SimpleCode::UseAttr); ++i) {
            const auto code = static_cast<SimpleCode>(i);
            const QByteArray name = simpleCodeName(code);
            QVERIFY(!name.isEmpty());
            const auto status = parseAs<StatusResponse>("* NO [" + name + "] text");
            QVERIFY2(status.hasCode(code), name.constData());
            QVERIFY(parseAs<StatusResponse>("* NO [" + name.toLower() + "] text").hasCode(code));
            QCOMPARE(status.text, QByteArray("text"));
        }
    }

    void codesWithNumbers()
    {
        const auto code = [](const char *line) { return parseAs<StatusResponse>(QByteArray("* OK ") + line).code; };
        QVERIFY(code("[UIDVALIDITY 3857529045] UIDs valid") == ResponseCode(UidValidityCode{UidValidity(3857529045u)}));
        QVERIFY(code("[UIDNEXT 4392] next") == ResponseCode(UidNextCode{Uid(4392)}));
        QVERIFY(code("[UNSEEN 12] first") == ResponseCode(UnseenCode{12}));
        QVERIFY(code("[HIGHESTMODSEQ 715194045007]") == ResponseCode(HighestModSeqCode{ModSeq(715194045007u)}));
        QVERIFY(code("[MODIFIED 7,9:10] x") == ResponseCode(ModifiedCode{*SequenceSet::parse("7,9:10")}));
        QVERIFY(code("[MESSAGELIMIT 1000 23221] x") == ResponseCode(MessageLimitCode{1000, Uid(23221)}));
        QVERIFY(code("[MESSAGELIMIT 1000] x") == ResponseCode(MessageLimitCode{1000, Uid()}));
        QVERIFY(code("[APPENDUID 38505 3955] x")
                == ResponseCode(AppendUidCode{UidValidity(38505), NumberRanges{{3955, 3955}}}));
        QVERIFY(code("[COPYUID 38505 304,319:320 3956:3958] x")
                == ResponseCode(CopyUidCode{UidValidity(38505), {{304, 304}, {319, 320}}, {{3956, 3958}}}));
        QVERIFY(code("[MAILBOXID (F2212ea87-6097)] x") == ResponseCode(MailboxIdCode{"F2212ea87-6097"}));
        QVERIFY(code("[INPROGRESS (\"A1\" 175 1000)] x") == ResponseCode(InProgressCode{"A1", 175, 1000}));
        QVERIFY(code("[INPROGRESS (NIL 175 NIL)] x") == ResponseCode(InProgressCode{{}, 175, std::nullopt}));
        QVERIFY(code("[INPROGRESS] x") == ResponseCode(InProgressCode{}));
    }

    void codesWithLists()
    {
        const auto flags = parseAs<StatusResponse>("* OK [PERMANENTFLAGS (\\Deleted \\Seen $Forwarded \\*)] Limited");
        const auto *permanent = flags.codeAs<PermanentFlagsCode>();
        QVERIFY(permanent);
        QVERIFY(permanent->newKeywords);
        QCOMPARE(permanent->flags.names(), (QByteArrayList{"\\Seen", "\\Deleted", "$Forwarded"}));
        QCOMPARE(flags.text, QByteArray("Limited"));
        const auto none = parseAs<StatusResponse>("* OK [PERMANENTFLAGS ()] No permanent flags permitted");
        QVERIFY(none.codeAs<PermanentFlagsCode>() && !none.codeAs<PermanentFlagsCode>()->newKeywords);

        const auto greeting = parseAs<StatusResponse>("* OK [CAPABILITY IMAP4rev1 auth=plain] hi");
        QVERIFY(greeting.code == ResponseCode(CapabilityCode{{"IMAP4REV1", "AUTH=PLAIN"}}));
        const auto charset = parseAs<StatusResponse>("A1 NO [BADCHARSET (UTF-8 {8}\r\nUS-ASCII)] no");
        QVERIFY(charset.code == ResponseCode(BadCharsetCode{{"UTF-8", "US-ASCII"}}));
        QVERIFY(parseAs<StatusResponse>("A1 NO [BADCHARSET] no").code == ResponseCode(BadCharsetCode{}));
    }

    void unknownCodesAreKept()
    {
        const auto code = [](const char *line) { return parseAs<StatusResponse>(QByteArray("* OK ") + line).code; };
        QVERIFY(code("[METADATA LONGENTRIES 2199] x") == ResponseCode(UnknownCode{"METADATA", "LONGENTRIES 2199"}));
        QVERIFY(code("[X-y \"a]b\" c] text") == ResponseCode(UnknownCode{"X-Y", "\"a]b\" c"}));
        QVERIFY(code("[UIDNEXT abc] text") == ResponseCode(UnknownCode{"UIDNEXT", "abc"}));
        QVERIFY(code("[UIDNEXT 4294967296] text") == ResponseCode(UnknownCode{"UIDNEXT", "4294967296"}));
        QVERIFY(code("[UIDVALIDITY -1] text") == ResponseCode(UnknownCode{"UIDVALIDITY", "-1"}));
        QVERIFY(code("[COPYUID 1 1:3, 4:6] text") == ResponseCode(UnknownCode{"COPYUID", "1 1:3, 4:6"}));
        QVERIFY(code("[APPENDUID 1 *] text") == ResponseCode(UnknownCode{"APPENDUID", "1 *"}));
        QVERIFY(code("[] text") == ResponseCode(UnknownCode{}));
    }

    void displayTextIsSafe()
    {
        StatusResponse status;
        status.text = bytes("caf\xC3\xA9 \x1b[31m\0 \xE2\x80\xAE"
                            "evil");
        QCOMPARE(status.displayText(), QStringLiteral("café [31m evil"));
        status.text = "caf\xE9";
        QCOMPARE(status.displayText(), QStringLiteral("café"));
        status.text = QByteArray(100'000, 'x');
        QCOMPARE(status.displayText().size(), qsizetype{500});
    }

    void continuations()
    {
        QCOMPARE(parseAs<ContinuationRequest>("+ Ready for literal").text, QByteArray("Ready for literal"));
        QCOMPARE(parseAs<ContinuationRequest>("+ ").text, QByteArray());
        QCOMPARE(parseAs<ContinuationRequest>("+ ").decoded(), QByteArray());
        QCOMPARE(parseAs<ContinuationRequest>("+ cj0xMjM=").decoded(), QByteArray("r=123"));
        QVERIFY(!parseAs<ContinuationRequest>("+ not base64!").decoded());
    }

    void capabilities()
    {
        QCOMPARE(parseAs<CapabilityData>("* CAPABILITY IMAP4rev1 UTF8=ACCEPT Idle").names,
                 (QByteArrayList{"IMAP4REV1", "UTF8=ACCEPT", "IDLE"}));
        QCOMPARE(parseAs<EnabledData>("* ENABLED CONDSTORE QRESYNC").names, (QByteArrayList{"CONDSTORE", "QRESYNC"}));
    }

    void lists()
    {
        const auto list = parseAs<ListData>("* LIST (\\HasNoChildren \\Sent \\X-Own) \"/\" \"Sent Items\"");
        QCOMPARE(list.kind, ListData::Kind::List);
        QVERIFY(list.attributes.has(ListAttribute::HasNoChildren));
        QVERIFY(list.isSelectable());
        QCOMPARE(list.role(), mail::MailboxRole::Sent);
        QCOMPARE(list.otherAttributes, QByteArrayList{"\\X-Own"});
        QCOMPARE(list.delimiter, QChar(u'/'));
        QCOMPARE(list.mailbox, (mail::MailboxName{QStringLiteral("Sent Items"), {}}));

        const auto flat = parseAs<ListData>("* LSUB (\\Noselect) NIL {4}\r\na\"b\\");
        QCOMPARE(flat.kind, ListData::Kind::Lsub);
        QVERIFY(flat.delimiter.isNull());
        QVERIFY(!flat.isSelectable());
        QCOMPARE(flat.mailbox.text, QStringLiteral("a\"b\\"));

        const auto backslash = parseAs<ListData>("* LIST () \"\\\\\" inbox");
        QCOMPARE(backslash.delimiter, QChar(u'\\'));
        QVERIFY(backslash.mailbox.isInbox());
        QCOMPARE(backslash.role(), mail::MailboxRole::Inbox);

        const auto encoded = parseAs<ListData>("* LIST () \".\" Entw&APw-rfe");
        QCOMPARE(encoded.mailbox.text, QStringLiteral("Entwürfe"));
    }

    void extendedLists()
    {
        const auto list
            = parseAs<ListData>("* LIST (\\NonExistent) \"/\" Foo (\"CHILDINFO\" (\"SUBSCRIBED\") X-Y (1 (2 "
                                "\"3\")) OLDNAME (\"old name\"))");
        QVERIFY(!list.isSelectable());
        QCOMPARE(list.childInfo, QByteArrayList{"SUBSCRIBED"});
        QVERIFY(list.oldName);
        QCOMPARE(list.oldName->text, QStringLiteral("old name"));
        const auto xlist = parseAs<ListData>("* XLIST (\\HasNoChildren \\AllMail) \"/\" \"[Gmail]/All Mail\"");
        QCOMPARE(xlist.kind, ListData::Kind::Xlist);
        QCOMPARE(xlist.role(), mail::MailboxRole::All);
        QCOMPARE(parseAs<ListData>("* XLIST (\\Spam) \"/\" Spam").role(), mail::MailboxRole::Junk);
    }

    void mailboxStatuses()
    {
        const auto status
            = parseAs<MailboxStatusData>("* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292 UIDVALIDITY 7 UNSEEN 2 "
                                         "RECENT 1 DELETED 3 SIZE 8000000000 "
                                         "HIGHESTMODSEQ 7011231777 MAILBOXID (F2) APPENDLIMIT 41697280 X-OWN (a b))");
        QCOMPARE(status.mailbox.text, QStringLiteral("blurdybloop"));
        QCOMPARE(status.messages, 231u);
        QCOMPARE(status.uidNext, Uid(44292));
        QCOMPARE(status.uidValidity, UidValidity(7));
        QCOMPARE(status.unseen, 2u);
        QCOMPARE(status.recent, 1u);
        QCOMPARE(status.deleted, 3u);
        QCOMPARE(status.size, std::uint64_t{8'000'000'000});
        QCOMPARE(status.highestModSeq, std::uint64_t{7011231777});
        QCOMPARE(status.mailboxId, QByteArray("F2"));
        QCOMPARE(status.appendLimit, std::uint64_t{41697280});
        QVERIFY(!parseAs<MailboxStatusData>("* STATUS x (APPENDLIMIT NIL)").appendLimit);
    }

    void searches()
    {
        const auto search = parseAs<SearchData>("* SEARCH 2 84 882 3 (MODSEQ 917162500)");
        QCOMPARE(search.numbers.toBytes(), QByteArray("2:3,84,882"));
        QCOMPARE(search.modseq, ModSeq(917162500));
        QVERIFY(parseAs<SearchData>("* SEARCH").numbers.isEmpty());
        QCOMPARE(parseAs<SearchData>("* SEARCH 5 ").numbers.toBytes(), QByteArray("5"));

        const auto extended = parseAs<ESearchData>("* ESEARCH (TAG \"A282\") UID MIN 2 MAX 3 COUNT 17 ALL 4:18,21 "
                                                   "MODSEQ 9 PARTIAL (-1:-100 200:250) X (1 2)");
        QCOMPARE(extended.tag, QByteArray("A282"));
        QVERIFY(extended.uid);
        QCOMPARE(extended.minimum, 2u);
        QCOMPARE(extended.maximum, 3u);
        QCOMPARE(extended.count, 17u);
        QCOMPARE(extended.all->toBytes(), QByteArray("4:18,21"));
        QCOMPARE(extended.modseq, ModSeq(9));
        QCOMPARE(extended.partial, (ESearchPartial{-1, -100, *SequenceSet::parse("200:250")}));
        QVERIFY(!parseAs<ESearchData>("* ESEARCH").uid);

        QCOMPARE(parseAs<SortData>("* SORT 5 3 4 (MODSEQ 12)").numbers, (std::vector<std::uint32_t>{5, 3, 4}));
        QCOMPARE(parseAs<ThreadData>("* THREAD (2)(3 6 (4 23)(44 7 96))").text, QByteArray("(2)(3 6 (4 23)(44 7 96))"));
    }

    void mailboxSizes()
    {
        QCOMPARE(parseAs<ExistsData>("* 23 EXISTS").count, 23u);
        QCOMPARE(parseAs<RecentData>("* 5 RECENT").count, 5u);
        QCOMPARE(parseAs<ExpungeData>("* 44 EXPUNGE").sequence, 44u);
        QCOMPARE(parseAs<ExistsData>("* 4294967295 EXISTS").count, 4294967295u);
        const auto earlier = parseAs<VanishedData>("* VANISHED (EARLIER) 41,43:116");
        QVERIFY(earlier.earlier);
        QCOMPARE(earlier.uids.toBytes(), QByteArray("41,43:116"));
        QVERIFY(!parseAs<VanishedData>("* VANISHED 405").earlier);
        QCOMPARE(parseAs<VanishedData>("* VANISHED 1:4294967295").uids.count(), std::uint64_t{4294967295});
        QCOMPARE(parseAs<FlagsData>("* FLAGS (\\Answered \\Draft Junk)").flags.names(),
                 (QByteArrayList{"\\Answered", "\\Draft", "Junk"}));
    }

    void namespacesAndIdentity()
    {
        const auto data = parseAs<NamespaceData>(
            "* NAMESPACE ((\"\" \"/\")(\"#mh/\" NIL \"X-PARAM\" (\"FLAG1\" \"FLAG2\"))) NIL ((\"Public/\" \"/\"))");
        QCOMPARE(data.personal.size(), std::size_t{2});
        QCOMPARE(data.personal[0].delimiter, QChar(u'/'));
        QCOMPARE(data.personal[1].prefix.text, QStringLiteral("#mh/"));
        QVERIFY(data.personal[1].delimiter.isNull());
        QVERIFY(data.otherUsers.empty());
        QCOMPARE(data.shared[0].prefix.text, QStringLiteral("Public/"));

        const auto id = parseAs<IdData>("* ID (\"NAME\" \"Dovecot\" \"version\" NIL \"os\" \"\")");
        QCOMPARE(id.field("name"), QByteArray("Dovecot"));
        QCOMPARE(id.fields.size(), std::size_t{2});
        QVERIFY(parseAs<IdData>("* ID NIL").fields.empty());
    }

    void quotas()
    {
        const auto quota = parseAs<QuotaData>("* QUOTA \"\" (STORAGE 10 512 message 3 1000)");
        QCOMPARE(quota.resources, (std::vector<QuotaData::Resource>{{"STORAGE", 10, 512}, {"MESSAGE", 3, 1000}}));
        const auto root = parseAs<QuotaRootData>("* QUOTAROOT INBOX \"\" \"user quota\"");
        QVERIFY(root.mailbox.isInbox());
        QCOMPARE(root.roots, (QByteArrayList{"", "user quota"}));
    }

    void whatIsNotKnownIsKept()
    {
        QCOMPARE(parseAs<UnknownData>("* GENURLAUTH \"imap://x\"").text, QByteArray("GENURLAUTH \"imap://x\""));
        QCOMPARE(parseAs<UnknownData>("* 12 FROBNICATED (x)").text, QByteArray("12 FROBNICATED (x)"));
        const auto literal = parseAs<UnknownData>("* METADATA \"INBOX\" (/a {5}\r\nhello)");
        QCOMPARE(literal.text, QByteArray("METADATA \"INBOX\" (/a {5}\r\rhello)"));
        QCOMPARE(parseAs<UnknownData>("* X " + QByteArray(5000, 'x')).text.size(), qsizetype{1000});
    }

    void malformedIsRejected_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {
                 "* 4294967296 EXISTS",
                 "* 99999999999999999999999 EXPUNGE",
                 "* 5 EXISTS now",
                 "* LIST",
                 "* LIST (",
                 "* LIST () \"/\"",
                 "* LIST () \"/\" \"abc",
                 "* LIST () \"/\" \"abc\\",
                 "* LIST \"/\" abc",
                 "* LIST () \"/\" a (OLDNAME",
                 "* STATUS INBOX",
                 "* STATUS INBOX (MESSAGES)",
                 "* STATUS INBOX (MESSAGES -1)",
                 "* STATUS INBOX (MESSAGES 4294967296)",
                 "* STATUS INBOX (MESSAGES 1",
                 "* SEARCH 1 a",
                 "* SEARCH 1,2",
                 "* SEARCH -1",
                 "* SEARCH 4294967296",
                 "* SEARCH 1 (MODSEQ)",
                 "* SEARCH 1 (MODSEQ 9223372036854775808)",
                 "* ESEARCH (TAG) COUNT 1",
                 "* ESEARCH ALL *",
                 "* ESEARCH ALL 1:*",
                 "* ESEARCH COUNT",
                 "* VANISHED 1:3,",
                 "* VANISHED (LATER) 1",
                 "* VANISHED *",
                 "* FLAGS \\Seen",
                 "* FLAGS (\\Seen",
                 "* NAMESPACE NIL",
                 "* ID (\"name\")",
                 "* THREAD (1",
                 "* QUOTA \"\"",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void malformedIsRejected()
    {
        QFETCH(QByteArray, line);
        QVERIFY2(!rejection(line).isEmpty(), "was not rejected");
        // The stream stays in step: what follows is read.
        const std::vector<Response> responses = parseStream(line + "\r\n* 7 EXISTS\r\n");
        QCOMPARE(responses.size(), std::size_t{2});
        const auto &rejected = std::get<Rejected>(responses[0]);
        QCOMPARE(rejected.head, line.left(200));
        QVERIFY(rejected.position >= 0 && rejected.position <= line.size());
        QVERIFY(responses[1] == Response(ExistsData{7}));
    }

    void nestingIsLimited()
    {
        const QByteArray deep = QByteArray(64, '(') + "1" + QByteArray(64, ')');
        QCOMPARE(parseAs<ThreadData>("* THREAD " + deep).text, deep);
        QCOMPARE(rejection("* THREAD (" + deep + ")"), QByteArray("parentheses are nested too deep"));
        QCOMPARE(rejection("* LIST () \"/\" x (Y " + QByteArray(100'000, '(') + ")"),
                 QByteArray("parentheses are nested too deep"));
    }

    void listsAreLimited()
    {
        QByteArray flags;
        for (int i = 0; i < 10'001; ++i)
            flags += " k" + QByteArray::number(i);
        QCOMPARE(rejection("* FLAGS (" + flags + ")"), QByteArray("too many flags"));
        QVERIFY(!rejection("* LIST (" + flags + ") \"/\" x").isEmpty());
    }

    void manyKeywordsAreReadOnce()
    {
        QByteArray flags;
        for (int i = 0; i < 5000; ++i)
            flags += " k" + QByteArray::number(i) + " K" + QByteArray::number(i);
        const auto data = parseAs<FlagsData>("* FLAGS (" + flags + ")");
        QCOMPARE(data.flags.keywords().size(), qsizetype{5000});
        QVERIFY(data.flags.keywords().contains("k17"));
    }

    void utf8NamesAfterEnable()
    {
        ResponseParser parser(ParserOptions{true});
        const Response response = parser.parse(QByteArrayView("* LIST () \"/\" \"Gr\xC3\xB6\xC3\x9F"
                                                              "e & mehr\"\r\n"));
        const auto *list = std::get_if<ListData>(&response);
        QVERIFY(list);
        QCOMPARE(list->mailbox, (mail::MailboxName{QStringLiteral("Größe & mehr"), {}}));
    }
};

QTEST_GUILESS_MAIN(TestImapResponses)
#include "test_imap_responses.moc"
