// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/mailboxstate.h"
#include "core/imap/session/quirks.h"
#include "core/imap/session/responserules.h"
#include "core/imap/session/sequencemap.h"
#include "core/imap/session/session.h"
#include "tests/unit/imap_session/greetedsession.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <random>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

/** What SequenceMap is measured against: the same in the simplest way. */
struct PlainMap {
    std::vector<std::uint32_t> uids; ///< what the server has; the map may know less

    std::uint32_t removeUids(const UidSet &set)
    {
        const auto size = uids.size();
        std::erase_if(uids, [&](std::uint32_t uid) { return set.contains(Uid(uid)); });
        return static_cast<std::uint32_t>(size - uids.size());
    }
};

} // namespace

class TestImapSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapLearnsAndForgets();
    void mapAgreesWithPlainOne_data();
    void mapAgreesWithPlainOne();
    void mapIsNotQuadratic();
    void unknownMessagesVanish();
    void codesOnlyWhereTheyBelong();
    void quirks_data();
    void quirks();
    void capabilities();
    void tagsAreUsedOnce();
    void answerBeforeOutputIsFatal();
    void tooLargeIsSkipped();
    void pipelineIsBounded();
    void traceHidesSecrets();
};

void TestImapSession::mapLearnsAndForgets()
{
    SequenceMap map;
    map.grow(3);
    QCOMPARE(map.unknownCount(), 3U);
    QVERIFY(map.learn(2, Uid(10)));
    QVERIFY(map.learn(2, Uid(10)));
    QVERIFY(!map.learn(2, Uid(11))); // another UID
    QVERIFY(!map.learn(3, Uid(9))); // not rising
    QVERIFY(!map.learn(1, Uid(12)));
    QVERIFY(!map.learn(0, Uid(1)));
    QVERIFY(!map.learn(4, Uid(20)));
    QVERIFY(map.learn(1, Uid(4)));
    QVERIFY(!map.uids());
    QVERIFY(map.learn(3, Uid(11)));
    QCOMPARE(map.uids()->toBytes(), QByteArray("4,10:11"));
    QCOMPARE(map.remove(1), Uid(4));
    QCOMPARE(map.at(1), Uid(10));
    map.forget();
    QCOMPARE(map.size(), 2U);
    QVERIFY(!map.at(1).isValid());
    QVERIFY(!map.assign(SequenceSet::range(1, 3)));
    QVERIFY(map.assign(SequenceSet::range(7, 8)));
    QCOMPARE(map.at(2), Uid(8));
    QVERIFY(!map.at(3).isValid());
}

void TestImapSession::mapAgreesWithPlainOne_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 40; ++seed)
        QTest::addRow("%u", seed) << seed;
}

void TestImapSession::mapAgreesWithPlainOne()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const auto below = [&random](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };
    // Every third history knows everything, the others have holes.
    const bool holes = seed % 3 != 0;
    SequenceMap map;
    PlainMap plain;
    std::uint32_t nextUid = 1;
    for (int step = 0; step < 150; ++step) {
        const std::uint32_t size = static_cast<std::uint32_t>(plain.uids.size());
        switch (below(4)) {
        case 0: {
            const std::uint32_t arrivals = below(1000);
            map.grow(size + arrivals);
            for (std::uint32_t i = 0; i < arrivals; ++i) {
                nextUid += 1 + below(3);
                plain.uids.push_back(nextUid);
                if (!holes || below(3) != 0)
                    QVERIFY(map.learn(size + i + 1, Uid(nextUid)));
            }
            break;
        }
        case 1:
            for (std::uint32_t i = 0; i < 50 && !plain.uids.empty(); ++i) {
                const std::uint32_t number = 1 + below(static_cast<std::uint32_t>(plain.uids.size()));
                const Uid uid = map.remove(number);
                QVERIFY(!uid.isValid() || uid.value() == plain.uids[number - 1]);
                plain.uids.erase(plain.uids.begin() + number - 1);
            }
            break;
        case 2: {
            // Only UIDs that are there: what the server says has gone was there (RFC 7162 section 3.2.10.2).
            UidSet gone;
            for (std::uint32_t i = 0, count = below(200); i < count && size > 0; ++i)
                gone.add(Uid(plain.uids[below(size)]));
            QCOMPARE(map.removeUids(gone), plain.removeUids(gone));
            break;
        }
        default:
            if (!holes && below(10) == 0 && size > 0) {
                map.forget();
                QVERIFY(map.assign(SequenceSet::fromNumbers(plain.uids)));
            }
        }
        QCOMPARE(map.size(), static_cast<std::uint32_t>(plain.uids.size()));
        for (int probe = 0; probe < 20 && map.size() > 0; ++probe) {
            const std::uint32_t number = 1 + below(map.size());
            const Uid uid = map.at(number);
            QVERIFY(holes || uid.isValid());
            // With holes the unknown ones between two known ones are interchangeable, the known ones are exact.
            QVERIFY(!uid.isValid() || uid.value() == plain.uids[number - 1]);
        }
    }
}

void TestImapSession::mapIsNotQuadratic()
{
    // A million messages, half of them expunged one by one from the front, the middle and the back. In a plain vector
    // this moves 10^12 bytes, which takes minutes; no time is asserted, the test's own time limit is the bound.
    constexpr std::uint32_t count = 1'000'000;
    SequenceMap map;
    map.grow(count);
    QVERIFY(map.assign(SequenceSet::range(1, count)));
    std::uint32_t sum = 0;
    while (map.size() > count / 2) {
        sum += map.remove(1).isValid() ? 1 : 0;
        sum += map.remove(map.size() / 2).isValid() ? 1 : 0;
        sum += map.remove(map.size()).isValid() ? 1 : 0;
    }
    QCOMPARE(sum, count - map.size());
    QVERIFY(map.at(1) < map.at(2));
}

void TestImapSession::unknownMessagesVanish()
{
    // 1:? 2:? 3:20 4:? 5:30. UID 15 can only be one of the first two, 25 only number 4; 40 was never there.
    SequenceMap map;
    map.grow(5);
    QVERIFY(map.learn(3, Uid(20)));
    QVERIFY(map.learn(5, Uid(30)));
    QCOMPARE(map.removeUids(UidSet(SequenceSet::fromNumbers({15, 25, 40}))), 2U);
    QCOMPARE(map.size(), 3U);
    QCOMPARE(map.at(2), Uid(20));
    QCOMPARE(map.at(3), Uid(30));
    QCOMPARE(map.removeUids(UidSet::all()), 3U);
}

void TestImapSession::codesOnlyWhereTheyBelong()
{
    QVERIFY(mayAnswerWith(CommandKind::Append, AppendUidCode{}));
    QVERIFY(!mayAnswerWith(CommandKind::Noop, AppendUidCode{}));
    QVERIFY(!mayAnswerWith(CommandKind::Append, CopyUidCode{}));
    QVERIFY(mayAnswerWith(CommandKind::Move, CopyUidCode{}));
    QVERIFY(mayAnswerWith(CommandKind::Store, ModifiedCode{}));
    QVERIFY(!mayAnswerWith(CommandKind::Fetch, ModifiedCode{}));
    QVERIFY(!mayAnswerWith(CommandKind::Noop, CapabilityCode{}));
    QVERIFY(!mayAnswerWith(CommandKind::Noop, UidValidityCode{}));
    QVERIFY(mayAnswerWith(CommandKind::Examine, UidValidityCode{}));
    QVERIFY(!mayAnswerWith(CommandKind::Noop, SimpleCode::ReadOnly));
    QVERIFY(mayAnswerWith(CommandKind::Noop, SimpleCode::Unavailable));
    QVERIFY(mayAnswerWith(CommandKind::Noop, std::monostate{}));
}

void TestImapSession::quirks_data()
{
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<QByteArray>("vendor");
    QTest::addColumn<QByteArrayList>("capabilities");
    QTest::addColumn<QByteArrayList>("rows");
    QTest::newRow("nobody") << QByteArray("ready") << QByteArray() << QByteArrayList{"IDLE"} << QByteArrayList{};
    QTest::newRow("exchange online") << QByteArray("The Microsoft Exchange IMAP4 service is ready.") << QByteArray()
                                     << QByteArrayList{} << QByteArrayList{"exchange"};
    QTest::newRow("exchange 2003") << QByteArray("Microsoft Exchange Server 2003 IMAP4rev1 server ready")
                                   << QByteArray() << QByteArrayList{} << QByteArrayList{"exchange", "exchange 2003"};
    QTest::newRow("gmail") << QByteArray("Gimap ready") << QByteArray("Google, Inc.") << QByteArrayList{"X-GM-EXT-1"}
                           << QByteArrayList{"gmail"};
    QTest::newRow("icloud") << QByteArray() << QByteArray() << QByteArrayList{"XAPPLEPUSHSERVICE", "QRESYNC"}
                            << QByteArrayList{"icloud"};
    QTest::newRow("yahoo") << QByteArray() << QByteArray() << QByteArrayList{"XYMHIGHESTMODSEQ"}
                           << QByteArrayList{"yahoo"};
    QTest::newRow("courier") << QByteArray("Courier-IMAP ready.") << QByteArray() << QByteArrayList{"UIDPLUS"}
                             << QByteArrayList{"courier"};
    QTest::newRow("cyrus 3.6") << QByteArray("vm Cyrus IMAP 3.6.1-Debian-3.6.1-4+deb12u5 server ready") << QByteArray()
                               << QByteArrayList{"OBJECTID"} << QByteArrayList{"cyrus 3.6", "cyrus"};
    QTest::newRow("a later cyrus") << QByteArray("vm Cyrus IMAP 3.10.1 server ready") << QByteArray()
                                   << QByteArrayList{"OBJECTID"} << QByteArrayList{"cyrus"};
}

void TestImapSession::quirks()
{
    QFETCH(QByteArray, greeting);
    QFETCH(QByteArray, vendor);
    QFETCH(QByteArrayList, capabilities);
    QFETCH(QByteArrayList, rows);
    IdData id;
    if (!vendor.isEmpty())
        id.fields.emplace_back("vendor", vendor);
    const Quirks found = quirksFor(greeting, id, Capabilities(capabilities));
    QCOMPARE(found.rows, rows);
    QCOMPARE(found.statusMailboxId, !rows.contains("cyrus 3.6"));
    QVERIFY(found.idleRenewMinutes >= 1 && found.idleRenewMinutes <= 12);
    QVERIFY(found.maxCommandLength >= 1000);
}

void TestImapSession::capabilities()
{
    const Session icloud = greeted("XAPPLEPUSHSERVICE QRESYNC ESEARCH IDLE");
    QVERIFY(icloud.capabilities().has("IDLE"));
    QVERIFY(!icloud.capabilities().has("QRESYNC")); // known better
    QCOMPARE(greeted("LITERAL+").capabilities().literalMode(), LiteralMode::Plus);
    QCOMPARE(greeted("LITERAL-").capabilities().literalMode(), LiteralMode::Minus);
    QCOMPARE(greeted("IDLE").capabilities().literalMode(), LiteralMode::Synchronising);
    QCOMPARE(Capabilities({"auth=plain", "AUTH=", "Auth=Scram-Sha-1"}).authMechanisms(),
             (QByteArrayList{"PLAIN", "SCRAM-SHA-1"}));
    QByteArrayList many;
    for (int i = 0; i < 2000; ++i)
        many.append("X" + QByteArray::number(i));
    QCOMPARE(Capabilities(many).names().size(), Capabilities::maximum);
}

void TestImapSession::tagsAreUsedOnce()
{
    Session session = greeted("IDLE");
    session.submit(Command::noop());
    QCOMPARE(session.takeOutput(), QByteArray("A1 NOOP\r\n"));
    session.feed("A1 OK done\r\n");
    QCOMPARE(take<CommandFinished>(session).size(), std::size_t(1));
    session.feed("A1 OK done again\r\n");
    QCOMPARE(take<SessionEnded>(session).size(), std::size_t(1));
    QCOMPARE(session.state(), SessionState::Ended);
    // After the end nothing is taken in, and nothing goes out.
    session.feed("* OK hello\r\n");
    session.submit(Command::noop());
    QVERIFY(session.takeOutput().isEmpty());
    QVERIFY(!session.nextEvent());
}

void TestImapSession::answerBeforeOutputIsFatal()
{
    // CVE-2026-42246: the command exists, but has not left yet.
    Session session = greeted("IDLE");
    session.submit(Command::noop());
    session.feed("A1 OK how did you know\r\n");
    const auto ended = take<SessionEnded>(session);
    QCOMPARE(ended.size(), std::size_t(1));
    QCOMPARE(ended.front().error.kind, ErrorKind::Protocol);
}

void TestImapSession::tooLargeIsSkipped()
{
    SessionOptions options;
    options.limits.literal = 100;
    Session session(std::move(options));
    session.feed("* PREAUTH ready\r\n");
    session.submit(Command::select(mail::MailboxName::inbox()));
    QVERIFY(!session.takeOutput().isEmpty());
    session.feed("* 3 EXISTS\r\nA1 OK done\r\n");
    session.submit(Command::noop());
    QVERIFY(!session.takeOutput().isEmpty());
    take<CommandFinished>(session);
    session.feed("* 1 FETCH (UID 5 BODY[] {101}\r\n" + QByteArray(101, 'x') + ")\r\n* 4 EXISTS\r\nA2 OK done\r\n");
    bool skipped = false;
    bool arrived = false;
    bool finished = false;
    while (auto event = session.nextEvent()) {
        if (const auto *malformed = std::get_if<MalformedReceived>(&*event))
            skipped = malformed->overLimit;
        else if (const auto *update = std::get_if<MailboxUpdate>(&*event))
            arrived = std::holds_alternative<Arrived>(*update);
        else
            finished = finished || std::holds_alternative<CommandFinished>(*event);
    }
    QVERIFY(skipped && arrived && finished);
}

void TestImapSession::pipelineIsBounded()
{
    Session session = greeted("IDLE");
    for (int i = 0; i < 200; ++i)
        session.submit(Command::status({QStringLiteral("box%1").arg(i), {}}, {StatusItem::Messages}));
    const qsizetype sent = session.takeOutput().count("STATUS");
    QCOMPARE(sent, qsizetype(session.quirks().maxPipelinedStatus));
    session.feed("A1 OK\r\nA2 NO\r\n");
    QCOMPARE(session.takeOutput().count("STATUS"), 2);
    QCOMPARE(session.roundTrips(), 1U);
    for (int i = 0; i < 200; ++i)
        session.submit(Command::noop());
    QCOMPARE(session.takeOutput().count("NOOP"), 0); // in order
}

void TestImapSession::traceHidesSecrets()
{
    Session session(SessionOptions{});
    QByteArray trace;
    session.setTrace([&trace](bool sent, const QByteArray &line) { trace += (sent ? "> " : "< ") + line + '\n'; });
    session.feed("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=LOGIN] ready\r\n");
    auto sasl = sasl::Sasl::start(sasl::Mechanism::Login, {QStringLiteral("alice"), Secret("hunter2")}, {});
    QVERIFY(sasl);
    session.authenticate(std::move(*sasl));
    QVERIFY(!session.takeOutput().isEmpty());
    session.feed("+ VXNlcm5hbWU6\r\n");
    QVERIFY(!session.takeOutput().isEmpty());
    session.feed("+ UGFzc3dvcmQ6\r\n");
    QCOMPARE(session.takeOutput(), QByteArray("hunter2").toBase64() + "\r\n");
    session.feed("A1 OK\r\n");
    session.submit(Command::login("alice", Secret("hunter2")));
    QVERIFY(session.takeOutput().contains("hunter2"));
    session.feed("A2 OK\r\n");
    session.submit(Command::select(mail::MailboxName::inbox()));
    QVERIFY(!session.takeOutput().isEmpty());
    session.feed(
        "* 1 EXISTS\r\nA3 OK\r\n* 1 FETCH (UID 7 BODY[TEXT] \"love letter\" ENVELOPE (NIL \"subject\" NIL NIL NIL "
        "NIL NIL NIL NIL NIL))\r\n* 1 FETCH (UID 7 BODY[TEXT] {6}\r\nletter BROKEN\r\n");
    QVERIFY(trace.contains("< + (SASL challenge)"));
    QVERIFY(trace.contains("< * 1 FETCH (UID 7 "));
    QVERIFY2(trace.contains("> A3 SELECT "), trace.constData());
    for (const QByteArray &secret : {QByteArray("hunter2"), QByteArray("hunter2").toBase64(), QByteArray("love"),
                                     QByteArray("subject"), QByteArray("VXNlcm5hbWU6")})
        QVERIFY2(!trace.contains(secret), trace.constData());
}

QTEST_GUILESS_MAIN(TestImapSession)
#include "test_imap_session.moc"
