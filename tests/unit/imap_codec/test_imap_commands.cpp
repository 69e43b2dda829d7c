// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/command.h"

#include <QtTest>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

mail::MailboxName named(const char *utf8)
{
    return {QString::fromUtf8(utf8), {}};
}

/** The pieces in one, "^" where it waits, without the line end; or what is wrong. */
QByteArray sent(const Command &command, const EncodingOptions &options = {})
{
    const auto pieces = command.encode("A1", options);
    if (!pieces)
        return "refused: " + pieces.error().detail.toLatin1();
    QByteArray all;
    for (const CommandPiece &piece : *pieces)
        all += piece.bytes + (piece.awaitContinuation ? "^" : "");
    return all.endsWith("\r\n") ? all.chopped(2) : QByteArray("no line end");
}

FetchItems flagsOnly()
{
    FetchItems items;
    items.flags = true;
    return items;
}

} // namespace

class TestImapCommands final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainCommands()
    {
        QCOMPARE(sent(Command::capability()), QByteArray("A1 CAPABILITY"));
        QCOMPARE(sent(Command::noop()), QByteArray("A1 NOOP"));
        QCOMPARE(sent(Command::check()), QByteArray("A1 CHECK"));
        QCOMPARE(sent(Command::logout()), QByteArray("A1 LOGOUT"));
        QCOMPARE(sent(Command::startTls()), QByteArray("A1 STARTTLS"));
        QCOMPARE(sent(Command::namespaces()), QByteArray("A1 NAMESPACE"));
        QCOMPARE(sent(Command::close()), QByteArray("A1 CLOSE"));
        QCOMPARE(sent(Command::unselect()), QByteArray("A1 UNSELECT"));
        QCOMPARE(sent(Command::expunge()), QByteArray("A1 EXPUNGE"));
        QCOMPARE(sent(Command::idle()), QByteArray("A1 IDLE"));
        QCOMPARE(sent(Command::compressDeflate()), QByteArray("A1 COMPRESS DEFLATE"));
        QCOMPARE(Command::idleDoneLine(), QByteArray("DONE\r\n"));
        QCOMPARE(Command::idle().kind(), CommandKind::Idle);
    }

    void signIn()
    {
        QCOMPARE(sent(Command::login("jane", Secret("pa\"ss\\word"))),
                 QByteArray("A1 LOGIN \"jane\" \"pa\\\"ss\\\\word\""));
        QCOMPARE(sent(Command::login("jäne", Secret("größe"))), QByteArray("A1 LOGIN {5}\r\n^jäne {7}\r\n^größe"));
        QCOMPARE(sent(Command::login("jane", Secret(""))), QByteArray("A1 LOGIN \"jane\" \"\""));
        QCOMPARE(sent(Command::authenticate("SCRAM-SHA-256")), QByteArray("A1 AUTHENTICATE SCRAM-SHA-256"));
        QCOMPARE(sent(Command::authenticate("PLAIN", Secret(QByteArray("\0a\0b", 4)))),
                 QByteArray("A1 AUTHENTICATE PLAIN AGEAYg=="));
        QCOMPARE(sent(Command::authenticate("EXTERNAL", Secret(""))), QByteArray("A1 AUTHENTICATE EXTERNAL ="));
        QCOMPARE(Command::authenticateLine(Secret("n,,r=1")), QByteArray("biwscj0x\r\n"));
        QCOMPARE(Command::authenticateLine(Secret("")), QByteArray("\r\n"));
        QCOMPARE(Command::authenticateCancelLine(), QByteArray("*\r\n"));
    }

    void secretsStayOutOfTheLog()
    {
        QVERIFY(!Command::login("jane", Secret("hunter2")).logText().contains("hunter2"));
        const QByteArray sasl = Command::authenticate("PLAIN", Secret("hunter2")).logText();
        QVERIFY(!sasl.contains("hunter2") && !sasl.contains(QByteArray("hunter2").toBase64()));
        QVERIFY(!Command::append(named("x"), "From: secret\r\n\r\nbody").logText().contains("body"));
        const QByteArray line = Command::list("a\r\nb").logText();
        QVERIFY(!line.contains('\r') && !line.contains('\n'));
        QCOMPARE(Command::select(named("Größe")).logText(), QByteArray("SELECT \"Größe\""));
    }

    void identityAndExtensions()
    {
        QCOMPARE(sent(Command::id({{"name", "Kittiwake"}, {"version", "0.1"}})),
                 QByteArray("A1 ID (\"name\" \"Kittiwake\" \"version\" \"0.1\")"));
        QCOMPARE(sent(Command::id({})), QByteArray("A1 ID NIL"));
        QCOMPARE(sent(Command::enable({"CONDSTORE", "UTF8=ACCEPT"})), QByteArray("A1 ENABLE CONDSTORE UTF8=ACCEPT"));
        QCOMPARE(sent(Command::enable({})), QByteArray("refused: nothing is enabled"));
    }

    void lists()
    {
        QCOMPARE(sent(Command::list("*")), QByteArray("A1 LIST \"\" \"*\""));
        QCOMPARE(sent(Command::lsub("%")), QByteArray("A1 LSUB \"\" \"%\""));
        QCOMPARE(sent(Command::xlist("*", "a/")), QByteArray("A1 XLIST \"a/\" \"*\""));
        ListOptions options;
        options.selectSubscribed = true;
        options.selectRecursiveMatch = true;
        options.returnChildren = true;
        options.returnSpecialUse = true;
        options.returnStatus = {StatusItem::Messages, StatusItem::UidNext};
        QCOMPARE(
            sent(Command::list("*", options)),
            QByteArray("A1 LIST (SUBSCRIBED RECURSIVEMATCH) \"\" \"*\" RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES "
                       "UIDNEXT))"));
        ListOptions special;
        special.selectSpecialUse = true;
        QCOMPARE(sent(Command::list("*", special)), QByteArray("A1 LIST (SPECIAL-USE) \"\" \"*\""));
        ListOptions alone;
        alone.selectRecursiveMatch = true;
        QVERIFY(sent(Command::list("*", alone)).startsWith("refused"));
    }

    void mailboxNames()
    {
        EncodingOptions utf8;
        utf8.utf8 = true;
        QCOMPARE(sent(Command::select(mail::MailboxName::inbox())), QByteArray("A1 SELECT INBOX"));
        QCOMPARE(sent(Command::examine(named("a b"))), QByteArray("A1 EXAMINE \"a b\""));
        QCOMPARE(sent(Command::select(named("Entwürfe"))), QByteArray("A1 SELECT Entw&APw-rfe"));
        QCOMPARE(sent(Command::select(named("Entwürfe")), utf8), QByteArray("A1 SELECT \"Entwürfe\""));
        QCOMPARE(sent(Command::select(named("nil"))), QByteArray("A1 SELECT \"nil\""));
        QCOMPARE(sent(Command::select(named("a]b"))), QByteArray("A1 SELECT \"a]b\""));
        QCOMPARE(sent(Command::select({QStringLiteral("Entwürfe"), "Entw\xFCrfe"})),
                 QByteArray("A1 SELECT {8}\r\n^Entw\xFCrfe"));
        QCOMPARE(sent(Command::select({QStringLiteral("Entwürfe"), "Entw\xFCrfe"}), utf8),
                 QByteArray("A1 SELECT {8}\r\n^Entw\xFCrfe"));
        QCOMPARE(sent(Command::select({})), QByteArray("refused: a mailbox has no name"));
        QCOMPARE(sent(Command::remove(named("x"))), QByteArray("A1 DELETE x"));
        QCOMPARE(sent(Command::rename(named("x"), named("y z"))), QByteArray("A1 RENAME x \"y z\""));
        QCOMPARE(sent(Command::subscribe(named("x"))), QByteArray("A1 SUBSCRIBE x"));
        QCOMPARE(sent(Command::unsubscribe(named("x"))), QByteArray("A1 UNSUBSCRIBE x"));
        QCOMPARE(sent(Command::create(named("x"))), QByteArray("A1 CREATE x"));
        QCOMPARE(sent(Command::create(named("x"), mail::MailboxRole::Sent)), QByteArray("A1 CREATE x (USE (\\Sent))"));
        QVERIFY(sent(Command::create(named("x"), mail::MailboxRole::Inbox)).startsWith("refused"));
        QCOMPARE(sent(Command::status(named("x"), {StatusItem::HighestModSeq, StatusItem::Size})),
                 QByteArray("A1 STATUS x (HIGHESTMODSEQ SIZE)"));
        QVERIFY(sent(Command::status(named("x"), {})).startsWith("refused"));
    }

    void quickResync()
    {
        SelectOptions options;
        options.condstore = true;
        QCOMPARE(sent(Command::select(named("x"), options)), QByteArray("A1 SELECT x (CONDSTORE)"));
        options.condstore = false;
        options.qresync = QResyncParameters{UidValidity(67890007), ModSeq(20050715194045000), {}, {}, {}};
        QCOMPARE(sent(Command::select(named("x"), options)),
                 QByteArray("A1 SELECT x (QRESYNC (67890007 20050715194045000))"));
        options.qresync->knownUids = *UidSet::parse("41,43:211");
        options.qresync->knownSequences = *SequenceSet::parse("1,5");
        options.qresync->matchingUids = *UidSet::parse("41,46");
        QCOMPARE(sent(Command::select(named("x"), options)),
                 QByteArray("A1 SELECT x (QRESYNC (67890007 20050715194045000 41,43:211 (1,5 41,46)))"));
        options.qresync->matchingUids = *UidSet::parse("41");
        QVERIFY(sent(Command::select(named("x"), options)).startsWith("refused"));
        options.qresync = QResyncParameters{UidValidity(1), ModSeq(2), UidSet::all(), {}, {}};
        QVERIFY(sent(Command::select(named("x"), options)).startsWith("refused"));
        options.qresync = QResyncParameters{};
        QVERIFY(sent(Command::select(named("x"), options)).startsWith("refused"));
    }

    void fetches()
    {
        FetchItems items;
        items.flags = items.internalDate = items.size = items.envelope = items.bodyStructure = items.modseq = true;
        items.bodies.push_back({Section::headerFields({"References", "List-Id"}), true, false, {}});
        QCOMPARE(sent(Command::uidFetch(UidSet::all(), items)),
                 QByteArray("A1 UID FETCH 1:* (UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE "
                            "BODY.PEEK[HEADER.FIELDS (LIST-ID REFERENCES)])"));
        FetchItems body;
        body.bodies.push_back({Section::ofPart("1.2"), true, true, FetchPartial{0, 1000}});
        body.bodies.push_back({Section::whole(), false, false, {}});
        body.binarySizes.push_back(Section::ofPart("2"));
        QCOMPARE(sent(Command::uidFetch(UidSet(Uid(5)), body)),
                 QByteArray("A1 UID FETCH 5 (UID BINARY.PEEK[1.2]<0.1000> BODY[] BINARY.SIZE[2])"));
        QCOMPARE(sent(Command::uidFetch(UidSet::range(Uid(1), Uid(4294967295u)), flagsOnly(), {ModSeq(90), true})),
                 QByteArray("A1 UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 90 VANISHED)"));
        QCOMPARE(sent(Command::uidFetch(UidSet::all(), flagsOnly(), {ModSeq(90), false})),
                 QByteArray("A1 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 90)"));
        QCOMPARE(sent(Command::uidFetch(UidSet::all(), flagsOnly(), {ModSeq(), false, std::pair{-1, -100}})),
                 QByteArray("A1 UID FETCH 1:* (UID FLAGS) (PARTIAL -1:-100)"));
        QCOMPARE(sent(Command::uidFetch(UidSet::all(), flagsOnly(), {ModSeq(90), true, std::pair{1, 100}})),
                 QByteArray("A1 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 90 VANISHED PARTIAL 1:100)"));
        QCOMPARE(sent(Command::fetch(SequenceSet::from(3), {})), QByteArray("A1 FETCH 3:* (UID)"));
        FetchItems others;
        others.body = others.emailId = others.threadId = others.gmailMessageId = others.gmailThreadId
            = others.gmailLabels = true;
        QCOMPARE(sent(Command::uidFetch(UidSet(Uid(1)), others)),
                 QByteArray("A1 UID FETCH 1 (UID BODY EMAILID THREADID X-GM-MSGID X-GM-THRID X-GM-LABELS)"));
    }

    void impossibleFetchesAreRefused()
    {
        QVERIFY(sent(Command::uidFetch({}, flagsOnly())).startsWith("refused"));
        QVERIFY(sent(Command::uidFetch(UidSet::all(), flagsOnly(), {ModSeq(), true})).startsWith("refused"));
        for (const auto &range : {std::pair{-1, 100}, std::pair{0, 100}, std::pair{1, 0}})
            QVERIFY(
                sent(Command::uidFetch(UidSet::all(), flagsOnly(), {ModSeq(), false, range})).startsWith("refused"));
        for (const Section &section : {Section::ofPart("1] BODY[2"), Section::ofPart("1\r\nA2 DELETE x"),
                                       Section::headerFields({"X)] BODY[TEXT"}), Section::mimeOf({})}) {
            FetchItems items;
            items.bodies.push_back({section, true, false, {}});
            QVERIFY(sent(Command::uidFetch(UidSet::all(), items)).startsWith("refused"));
        }
        FetchItems nothing;
        nothing.bodies.push_back({Section::whole(), true, false, FetchPartial{0, 0}});
        QVERIFY(sent(Command::uidFetch(UidSet::all(), nothing)).startsWith("refused"));
        FetchItems header;
        header.bodies.push_back({Section::header(), true, true, {}});
        QVERIFY(sent(Command::uidFetch(UidSet::all(), header)).startsWith("refused"));
    }

    void changes()
    {
        StoreChange change;
        change.flags.set(mail::SystemFlag::Seen);
        change.flags.set(mail::SystemFlag::Recent);
        change.flags.addKeyword("$Forwarded");
        QCOMPARE(sent(Command::uidStore(UidSet(Uid(5)), change)),
                 QByteArray("A1 UID STORE 5 +FLAGS.SILENT (\\Seen $Forwarded)"));
        change.kind = StoreChange::Kind::Remove;
        change.echo = true;
        change.unchangedSince = 0;
        QCOMPARE(sent(Command::uidStore(UidSet(Uid(5)), change)),
                 QByteArray("A1 UID STORE 5 (UNCHANGEDSINCE 0) -FLAGS (\\Seen $Forwarded)"));
        QCOMPARE(sent(Command::uidStore(UidSet(Uid(5)), {StoreChange::Kind::Replace, {}, false, {}})),
                 QByteArray("A1 UID STORE 5 FLAGS.SILENT ()"));
        QVERIFY(sent(Command::uidStore(UidSet(Uid(5)), {})).startsWith("refused"));
        for (const char *keyword : {"a b", "a\r\nb", "a(", "a]", "\xC3\xBC", "a\"", "a%", "*"}) {
            StoreChange odd;
            odd.flags.addKeyword(keyword);
            QCOMPARE(sent(Command::uidStore(UidSet(Uid(5)), odd)), QByteArray("refused: a keyword is no atom"));
        }
        QCOMPARE(sent(Command::uidCopy(UidSet(Uid(5)), named("x"))), QByteArray("A1 UID COPY 5 x"));
        QCOMPARE(sent(Command::uidMove(*UidSet::parse("5,7"), named("a b"))), QByteArray("A1 UID MOVE 5,7 \"a b\""));
        QCOMPARE(sent(Command::uidExpunge(UidSet(Uid(5)))), QByteArray("A1 UID EXPUNGE 5"));
    }

    void searches()
    {
        QCOMPARE(sent(Command::uidSearch({})), QByteArray("A1 UID SEARCH ALL"));
        QCOMPARE(sent(Command::uidSearch({SearchKey::uids(*UidSet::parse("5:9")), SearchKey::flag("\\Seen", false),
                                          SearchKey::flag("$Junk"), SearchKey::flag("\\Recent", false)})),
                 QByteArray("A1 UID SEARCH UID 5:9 UNSEEN KEYWORD $Junk OLD"));
        QCOMPARE(sent(Command::uidSearch({SearchKey::header("Message-ID", "<a@b>"),
                                          SearchKey::date(SearchKey::Kind::Since, QDate(2026, 2, 1)),
                                          SearchKey::number(SearchKey::Kind::Larger, 5000)})),
                 QByteArray("A1 UID SEARCH HEADER Message-ID <a@b> SINCE 1-Feb-2026 LARGER 5000"));
        QCOMPARE(sent(Command::uidSearch({SearchKey::either(SearchKey::text(SearchKey::Kind::From, "a b"),
                                                            SearchKey::negated(SearchKey::all()))})),
                 QByteArray("A1 UID SEARCH OR FROM \"a b\" NOT ALL"));
        SearchReturn what;
        what.minimum = what.all = what.count = true;
        what.partial = {-1, -100};
        QCOMPARE(sent(Command::uidSearch({SearchKey::all()}, what)),
                 QByteArray("A1 UID SEARCH RETURN (MIN COUNT ALL PARTIAL -1:-100) ALL"));
    }

    void searchForOtherLanguages()
    {
        const std::vector<SearchKey> keys{SearchKey::text(SearchKey::Kind::Subject, "Größe")};
        QCOMPARE(sent(Command::uidSearch(keys)), QByteArray("A1 UID SEARCH CHARSET UTF-8 SUBJECT {7}\r\n^Größe"));
        EncodingOptions options;
        options.utf8 = true; // then the charset must not be named (RFC 6855 section 3)
        QCOMPARE(sent(Command::uidSearch(keys), options), QByteArray("A1 UID SEARCH SUBJECT \"Größe\""));
    }

    void impossibleSearchesAreRefused()
    {
        for (const SearchKey &key :
             {SearchKey::uids({}), SearchKey::flag("a b"), SearchKey::flag("\\Nonsense"), SearchKey::header("a b", "x"),
              SearchKey::header("", "x"), SearchKey::text(SearchKey::Kind::Subject, "a\r\nb"),
              SearchKey::date(SearchKey::Kind::Since, QDate()), SearchKey::text(SearchKey::Kind::Not, "x"),
              SearchKey::text(SearchKey::Kind::Or, "x")})
            QVERIFY(sent(Command::uidSearch({key})).startsWith("refused"));
        SearchKey deep = SearchKey::all();
        for (int i = 0; i < 100; ++i)
            deep = SearchKey::negated(std::move(deep));
        QVERIFY(sent(Command::uidSearch({deep})).startsWith("refused"));
        SearchReturn what;
        what.partial = {1, -5};
        QVERIFY(sent(Command::uidSearch({}, what)).startsWith("refused"));
        what.partial = {0, 5};
        QVERIFY(sent(Command::uidSearch({}, what)).startsWith("refused"));
    }

    void appends()
    {
        const QByteArray message("From: a\r\n\r\n}");
        QCOMPARE(sent(Command::append(named("x"), message)), QByteArray("A1 APPEND x {12}\r\n^From: a\r\n\r\n}"));
        AppendOptions options;
        options.flags.set(mail::SystemFlag::Draft);
        options.internalDate = 1'000'000'000;
        QCOMPARE(sent(Command::append(named("x"), message, options)),
                 QByteArray("A1 APPEND x (\\Draft) \" 9-Sep-2001 01:46:40 +0000\" {12}\r\n^From: a\r\n\r\n}"));
        AppendOptions utf8;
        utf8.utf8 = true;
        QCOMPARE(sent(Command::append(named("x"), message, utf8)),
                 QByteArray("A1 APPEND x UTF8 (~{12}\r\n^From: a\r\n\r\n})"));
        QVERIFY(sent(Command::append(named("x"), QByteArray())).startsWith("refused"));
        QCOMPARE(sent(Command::uidReplace(Uid(7), named("x"), message)),
                 QByteArray("A1 UID REPLACE 7 x {12}\r\n^From: a\r\n\r\n}"));
        QVERIFY(sent(Command::uidReplace({}, named("x"), message)).startsWith("refused"));
        QVERIFY(!Command::uidReplace(Uid(7), named("x"), "From: secret\r\n\r\nbody").logText().contains("body"));
        AppendOptions never;
        never.internalDate = std::numeric_limits<std::int64_t>::max();
        QVERIFY(sent(Command::append(named("x"), message, never)).startsWith("refused"));
        const QByteArray withNul("a\0b", 3);
        QVERIFY(sent(Command::append(named("x"), withNul)).startsWith("refused"));
        EncodingOptions binary;
        binary.binary = true;
        QCOMPARE(sent(Command::append(named("x"), withNul), binary), "A1 APPEND x ~{3}\r\n^" + withNul);
    }

    void literalsAsTheServerLikesThem()
    {
        EncodingOptions plus;
        plus.literals = LiteralMode::Plus;
        EncodingOptions minus;
        minus.literals = LiteralMode::Minus;
        const QByteArray small(4096, 'x');
        const QByteArray large(4097, 'x');
        QCOMPARE(sent(Command::append(named("x"), large)), "A1 APPEND x {4097}\r\n^" + large);
        QCOMPARE(sent(Command::append(named("x"), large), plus), "A1 APPEND x {4097+}\r\n" + large);
        // RFC 7888 section 5: LITERAL- stops at 4096.
        QCOMPARE(sent(Command::append(named("x"), small), minus), "A1 APPEND x {4096+}\r\n" + small);
        QCOMPARE(sent(Command::append(named("x"), large), minus), "A1 APPEND x {4097}\r\n^" + large);
    }

    void largeMessageIsNotCopied()
    {
        const QByteArray message(200'000, 'x');
        const auto pieces = Command::append(named("x"), message).encode("A1", {});
        QVERIFY(pieces);
        QCOMPARE(pieces->size(), std::size_t{3});
        QVERIFY((*pieces)[0].awaitContinuation);
        QCOMPARE(static_cast<const void *>((*pieces)[1].bytes.constData()),
                 static_cast<const void *>(message.constData()));
        QCOMPARE((*pieces)[2], (CommandPiece{"\r\n", false}));
    }

    // CVE-2018-14352: a quoting function without room for the quotes. CVE-2026-42257, CVE-2026-47240: CRLF and literals
    // in arguments.
    void nothingGetsOutOfAnArgument_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("quotes") << QByteArray(1000, '"');
        QTest::newRow("backslashes") << QByteArray(999, '\\');
        QTest::newRow("looks like a literal") << QByteArray("x {5+}");
        QTest::newRow("long") << QByteArray(100'000, 'x');
        QTest::newRow("8-bit") << QByteArray("\xFF\xFE");
        QTest::newRow("CRLF") << QByteArray("a\r\nA2 DELETE INBOX");
        QTest::newRow("literal and CRLF") << QByteArray("a {3+}\r\nA2 DELETE INBOX");
        QTest::newRow("LF") << QByteArray("a\nb");
        QTest::newRow("CR") << QByteArray("a\rb");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
    }
    void nothingGetsOutOfAnArgument()
    {
        QFETCH(QByteArray, text);
        const bool impossible = text.contains('\r') || text.contains('\n') || text.contains('\0');
        for (const LiteralMode mode : {LiteralMode::Synchronising, LiteralMode::Minus, LiteralMode::Plus}) {
            EncodingOptions options;
            options.literals = mode;
            for (const Command &command :
                 {Command::login(text, Secret("x")), Command::login("x", Secret(text)), Command::list(text),
                  Command::select({QStringLiteral("x"), text}), Command::id({{"name", text.left(1000)}}),
                  Command::uidSearch({SearchKey::text(SearchKey::Kind::Body, text)})}) {
                const auto pieces = command.encode("A1", options);
                QCOMPARE(pieces.has_value(), !impossible);
                if (!pieces) {
                    QCOMPARE(pieces.error().kind, ErrorKind::Input);
                    QVERIFY(!pieces.error().userText.isEmpty());
                    continue;
                }
                QByteArray all;
                for (const CommandPiece &piece : *pieces)
                    all += piece.bytes;
                // One line end, and one more for each literal.
                const auto literals = all.count("}\r\n");
                QCOMPARE(all.count('\n'), literals + 1);
                QVERIFY(literals <= 1);
            }
        }
        for (const Command &command : {Command::enable({text}), Command::authenticate(text)})
            QCOMPARE(command.encode("A1", {}).has_value(), text == QByteArray(100'000, 'x'));
    }

    void tagsAreChecked()
    {
        for (const char *tag : {"", "A 1", "A\r\n", "*", "+", "A1\0"})
            QCOMPARE(Command::noop().encode(tag, {}).has_value(), QByteArrayView(tag) == "A1");
    }

    void notifications()
    {
        NotifyGroup selected;
        selected.mailboxes = NotifyGroup::Mailboxes::Selected;
        selected.events = NotifyGroup::MessageNew | NotifyGroup::MessageExpunge | NotifyGroup::FlagChange;
        selected.newMessages = flagsOnly();
        NotifyGroup named1;
        named1.mailboxes = NotifyGroup::Mailboxes::Named;
        named1.names = {named("Sent"), named("a b")};
        named1.events = NotifyGroup::MessageNew | NotifyGroup::MessageExpunge;
        NotifyGroup personal;
        personal.events = NotifyGroup::MailboxName | NotifyGroup::SubscriptionChange;
        NotifyGroup none;
        none.mailboxes = NotifyGroup::Mailboxes::Inboxes;
        QCOMPARE(
            sent(Command::notifySet({selected, named1, personal, none}, true)),
            QByteArray("A1 NOTIFY SET STATUS (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange)) (mailboxes "
                       "(Sent \"a b\") (MessageNew MessageExpunge)) (personal (MailboxName SubscriptionChange)) "
                       "(inboxes NONE)"));
        QCOMPARE(sent(Command::notifyNone()), QByteArray("A1 NOTIFY NONE"));
        NotifyGroup half;
        half.events = NotifyGroup::MessageNew;
        QVERIFY(sent(Command::notifySet({half})).startsWith("refused"));
        QVERIFY(sent(Command::notifySet({})).startsWith("refused"));
    }
};

QTEST_GUILESS_MAIN(TestImapCommands)
#include "test_imap_commands.moc"
