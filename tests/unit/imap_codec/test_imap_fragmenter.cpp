// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing.h"

#include <ctime>
#include <limits>

using namespace kittiwake::imap;

namespace
{

struct Seen {
    WireMessage::Kind kind;
    QByteArray text;
    QByteArray why;
    std::uint64_t offset;
    std::vector<QByteArray> literals;

    bool operator==(const Seen &) const = default;
};

std::vector<Seen> drain(Fragmenter &fragmenter)
{
    std::vector<Seen> messages;
    while (const auto message = fragmenter.next()) {
        Seen seen{message->kind, message->text.toByteArray(), message->why.toByteArray(), message->offset, {}};
        for (const DetachedLiteral &literal : message->literals)
            seen.literals.push_back(literal.bytes);
        messages.push_back(std::move(seen));
    }
    return messages;
}

std::vector<Seen> fragment(const QByteArray &input, const FragmenterLimits &limits = {}, qsizetype portion = 0)
{
    Fragmenter fragmenter(limits);
    std::vector<Seen> messages;
    if (portion == 0)
        portion = std::max<qsizetype>(input.size(), 1);
    for (qsizetype at = 0; at < input.size(); at += portion) {
        fragmenter.feed(input.mid(at, portion));
        for (Seen &seen : drain(fragmenter))
            messages.push_back(std::move(seen));
    }
    return messages;
}

std::vector<QByteArray> texts(const QByteArray &input, const FragmenterLimits &limits = {}, qsizetype portion = 0)
{
    std::vector<QByteArray> result;
    for (const Seen &seen : fragment(input, limits, portion))
        result.push_back(seen.kind == WireMessage::Kind::Complete ? seen.text : "<" + seen.why + ">" + seen.text);
    return result;
}

using Texts = std::vector<QByteArray>;

} // namespace

class TestImapFragmenter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lines()
    {
        QCOMPARE(texts("* OK hi\r\n* 1 EXISTS\r\nA1 OK\r\n"), (Texts{"* OK hi", "* 1 EXISTS", "A1 OK"}));
        QCOMPARE(texts("* OK hi"), Texts{});
        QCOMPARE(texts("* 1 EXISTS\n* 2 EXISTS\r\r\n"), (Texts{"* 1 EXISTS", "* 2 EXISTS"}));
    }

    void literals()
    {
        QCOMPARE(texts("* LIST () NIL {5}\r\na\r\nb)\r\n* 1 EXISTS\r\n"),
                 (Texts{"* LIST () NIL {5}\r\na\r\nb)", "* 1 EXISTS"}));
        QCOMPARE(texts("* X {1+}\r\na {0}\r\n ~{2}\r\n\r\n end\r\n"), Texts{"* X {1+}\r\na {0}\r\n ~{2}\r\n\r\n end"});
        QCOMPARE(texts("* X {2}\nab c\n"), Texts{"* X {2}\nab c"});
    }

    void largeLiteralsStandApart()
    {
        const QByteArray body(100'000, 'x');
        const QByteArray input
            = "* 1 FETCH (UID 3 BODY[] {100000}\r\n" + body + " FLAGS (\\Seen) BODY[1] {3}\r\nabc)\r\n";
        for (const qsizetype portion : {qsizetype{0}, qsizetype{1}, qsizetype{1000}, qsizetype{65536}}) {
            const std::vector<Seen> messages = fragment(input + "* 1 EXISTS\r\n", {}, portion);
            QCOMPARE(messages.size(), std::size_t{2});
            QCOMPARE(messages[0].text,
                     QByteArray("* 1 FETCH (UID 3 BODY[] {100000}\r\n FLAGS (\\Seen) BODY[1] {3}\r\nabc)"));
            QCOMPARE(messages[0].literals, std::vector<QByteArray>{body});
            QCOMPARE(messages[1].text, QByteArray("* 1 EXISTS"));
            QCOMPARE(messages[1].offset, static_cast<std::uint64_t>(input.size()));
        }
    }

    void detachedLiteralIsSharedNotCopied()
    {
        Fragmenter fragmenter;
        fragmenter.feed("* 1 FETCH (UID 3 BODY[] {100000}\r\n" + QByteArray(100'000, 'x') + ")\r\n");
        const auto message = fragmenter.next();
        QVERIFY(message);
        QCOMPARE(message->literals.size(), std::size_t{1});
        ResponseParser parser;
        const Response response = parser.parse(*message);
        const auto *fetch = std::get_if<FetchData>(&response);
        QVERIFY(fetch && fetch->sections.size() == 1 && fetch->sections[0].data);
        QCOMPARE(static_cast<const void *>(fetch->sections[0].data->constData()),
                 static_cast<const void *>(message->literals[0].bytes.constData()));
    }

    void messageIsAViewOfWhatWasFed()
    {
        const QByteArray input("* 1 EXISTS\r\n* 2 EXISTS\r\n");
        Fragmenter fragmenter;
        fragmenter.feed(input);
        const auto message = fragmenter.next();
        QVERIFY(message);
        QCOMPARE(static_cast<const void *>(message->text.data()), static_cast<const void *>(input.constData()));
    }

    // "{5}" at the end of a sentence is no literal: taking it for one would swallow the next response.
    void sentencesHaveNoLiterals_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("untagged") << QByteArray("* OK see {5}");
        QTest::newRow("tagged") << QByteArray("A1 NO see {5}");
        QTest::newRow("code") << QByteArray("A1 NO [ALERT] see {5}");
        QTest::newRow("continuation") << QByteArray("+ send {5}");
        QTest::newRow("bye") << QByteArray("* BYE {5}");
        QTest::newRow("no IMAP") << QByteArray("HTTP/1.1 400 {5}");
    }
    void sentencesHaveNoLiterals()
    {
        QFETCH(QByteArray, line);
        QCOMPARE(texts(line + "\r\n* 1 EXISTS\r\n"), (Texts{line, "* 1 EXISTS"}));
    }

    void codesMayHoldLiterals()
    {
        QCOMPARE(texts("A1 NO [BADCHARSET ({5}\r\nUTF-8)] see {9}\r\n* 1 EXISTS\r\n"),
                 (Texts{"A1 NO [BADCHARSET ({5}\r\nUTF-8)] see {9}", "* 1 EXISTS"}));
    }

    // Some servers pad with NUL, or send empty lines between responses.
    void paddingBetweenMessages()
    {
        QCOMPARE(texts(bytes("\0\0* 1 EXISTS\r\n\r\n\0\r\n* 2 EXISTS\0\r\n")), (Texts{"* 1 EXISTS", "* 2 EXISTS"}));
        const std::vector<Seen> messages = fragment(bytes("\0\0* 1 EXISTS\r\n\r\n* 2 EXISTS\r\n"));
        QCOMPARE(messages[0].offset, std::uint64_t{2});
        QCOMPARE(messages[1].offset, std::uint64_t{16});
    }

    void anyPortionsGiveTheSame_data()
    {
        QTest::addColumn<int>("limitsKind");
        QTest::newRow("default") << 0;
        QTest::newRow("narrow") << 1;
        QTest::newRow("everything detached") << 2;
    }
    void anyPortionsGiveTheSame()
    {
        QFETCH(int, limitsKind);
        FragmenterLimits limits;
        if (limitsKind == 1) {
            limits.line = 64;
            limits.literal = 100;
            limits.message = 150;
            limits.literals = 2;
        } else if (limitsKind == 2) {
            limits.detachFrom = 1;
        }
        const QByteArray input = bytes("* OK [CAPABILITY X] hi {3}\r\n\0\0* LIST () \"/\" {3}\r\na\nb\r\n")
            + "* 1 FETCH (BODY[] {90}\r\n" + QByteArray(90, 'b') + " BODY[1] {90}\r\n" + QByteArray(90, 'c') + ")\r\n"
            + "* FLAGS (" + QByteArray(200, 'f') + ")\r\n" + "* 2 FETCH (A {1}\r\nx B {1}\r\ny C {1}\r\nz)\r\n" + "* X "
            + QByteArray(80, 'y') + " {4}\r\n\r\n\r\n rest\r\n" + "* 3 FETCH (BODY[] {101}\r\n" + QByteArray(101, '\n')
            + " UID 3)\r\nA1 OK done\r\n";
        const std::vector<Seen> whole = fragment(input, limits);
        QCOMPARE(whole.size(), std::size_t{8});
        for (qsizetype portion = 1; portion < 120; ++portion)
            QCOMPARE(fragment(input, limits, portion), whole);
    }

    // isync commit 463272e, CVE-2018-14351: the limit holds before anything is reserved.
    void literalOverLimitIsReadPast()
    {
        FragmenterLimits limits;
        limits.literal = 10;
        QCOMPARE(texts("* 5 FETCH (UID 7 BODY[] {11}\r\n12345678\r\n9 FLAGS ())\r\n* 1 EXISTS\r\n", limits),
                 (Texts{"<a literal is too large>* 5 FETCH (UID 7 BODY[] {11}", "* 1 EXISTS"}));
        QCOMPARE(texts("* 5 FETCH (BODY[] {10}\r\n1234567890)\r\n", limits),
                 Texts{"* 5 FETCH (BODY[] {10}\r\n1234567890)"});
    }

    /** Written again, the beginning that is kept would swallow what follows. */
    void sentencesThatLostALiteralAnnounceNone()
    {
        FragmenterLimits limits;
        limits.literal = 10;
        QCOMPARE(texts("A5 NO [BADCHARSET (x {1} {11}\r\n12345678901)] no\r\n* 1 EXISTS\r\n", limits),
                 (Texts{"<a literal is too large>A5 NO [BADCHARSET (x {1} ", "* 1 EXISTS"}));
    }

    void literalsBehindASkippedOneAreReadPastToo()
    {
        FragmenterLimits limits;
        limits.literal = 10;
        QCOMPARE(texts("* 5 FETCH (A {11}\r\n12345678901 B {3}\r\n\r\n) C {99}\r\n" + QByteArray(99, '\n')
                           + ")\r\n* 1 EXISTS\r\n",
                       limits),
                 (Texts{"<a literal is too large>* 5 FETCH (A {11}", "* 1 EXISTS"}));
    }

    void lineOverLimitIsReadPast()
    {
        FragmenterLimits limits;
        limits.line = 64;
        const QByteArray line = "* FLAGS (" + QByteArray(100, 'f') + ")";
        QCOMPARE(texts(line + "\r\n* 1 EXISTS\r\n", limits),
                 (Texts{"<the line is too long>" + line.left(64), "* 1 EXISTS"}));
        // Its literals do not count, and are read past with it.
        QCOMPARE(texts("* X " + QByteArray(100, 'x') + " {4}\r\n\r\n\r\n)\r\n* 1 EXISTS\r\n", limits),
                 (Texts{"<the line is too long>* X " + QByteArray(60, 'x'), "* 1 EXISTS"}));
    }

    void manyNumbersMayBeLonger()
    {
        FragmenterLimits limits;
        limits.line = 64;
        limits.numbersLine = 1000;
        const QByteArray numbers = " 123456789";
        QCOMPARE(texts("* SEARCH" + numbers.repeated(50) + "\r\n", limits).front().left(8), QByteArray("* SEARCH"));
        QCOMPARE(texts("* VANISHED (EARLIER)" + numbers.repeated(50) + "\r\n", limits).front().left(2),
                 QByteArray("* "));
        QCOMPARE(texts("* SEARCH" + numbers.repeated(101) + "\r\n", limits).front().left(22),
                 QByteArray("<the line is too long>"));
        QCOMPARE(texts("* SEARCHER" + numbers.repeated(50) + "\r\n", limits).front().left(22),
                 QByteArray("<the line is too long>"));
    }

    void wholeMessageAndCountOfLiteralsAreLimited()
    {
        FragmenterLimits limits;
        limits.message = 100;
        limits.literals = 3;
        QCOMPARE(texts("* X {60}\r\n" + QByteArray(60, 'x') + " {60}\r\n" + QByteArray(60, 'y') + "\r\n* 1 EXISTS\r\n",
                       limits)
                     .front()
                     .left(26),
                 QByteArray("<the message is too large>"));
        QCOMPARE(texts("* X {1}\r\na {1}\r\nb {1}\r\nc {1}\r\nd\r\n* 1 EXISTS\r\n", limits),
                 (Texts{"<too many literals>* X {1}\r\na {1}\r\nb {1}\r\nc {1}", "* 1 EXISTS"}));
    }

    void limitsCanBeRaisedForOneCommand()
    {
        FragmenterLimits limits;
        limits.literal = 10;
        Fragmenter fragmenter(limits);
        fragmenter.feed("* 1 FETCH (BODY[] {20}\r\n12345678901234567890)\r\n");
        QCOMPARE(drain(fragmenter).front().kind, WireMessage::Kind::Skipped);
        limits.literal = 20;
        fragmenter.setLimits(limits);
        fragmenter.feed("* 1 FETCH (BODY[] {20}\r\n12345678901234567890)\r\n");
        QCOMPARE(drain(fragmenter).front().kind, WireMessage::Kind::Complete);
    }

    void impossibleLiteralEndsTheStream_data()
    {
        QTest::addColumn<QByteArray>("size");
        QTest::newRow("2^40") << QByteArray("1099511627776");
        QTest::newRow("2^64 - 1") << QByteArray("18446744073709551615");
        QTest::newRow("past 2^64") << QByteArray("99999999999999999999999999");
    }
    void impossibleLiteralEndsTheStream()
    {
        QFETCH(QByteArray, size);
        Fragmenter fragmenter;
        fragmenter.feed("* 1 FETCH (BODY[] {" + size + "}\r\nabc\r\n* 1 EXISTS\r\n");
        const std::vector<Seen> messages = drain(fragmenter);
        QCOMPARE(messages.size(), std::size_t{1});
        QCOMPARE(messages[0].kind, WireMessage::Kind::Fatal);
        QVERIFY(messages[0].text.startsWith("* 1 FETCH (BODY[]"));
        QVERIFY(fragmenter.isFailed());
        fragmenter.feed("* 1 EXISTS\r\n");
        QVERIFY(!fragmenter.next());
    }

    void negativeSizeIsNoLiteral()
    {
        QCOMPARE(texts("* 1 FETCH (BODY[] {-5}\r\n* 1 EXISTS\r\n"), (Texts{"* 1 FETCH (BODY[] {-5}", "* 1 EXISTS"}));
    }

    // CVE-2025-43857: a server announced a literal and sent nothing, and the client reserved the memory.
    void memoryFollowsWhatCame()
    {
        FragmenterLimits limits;
        limits.literal = 1 << 30;
        limits.message = limits.literal + 1000;
        Fragmenter fragmenter(limits);
        fragmenter.feed("* 1 FETCH (BODY[] {1073741824}\r\n");
        QVERIFY(!fragmenter.next());
        QVERIFY(fragmenter.bufferedBytes() < 100);
        fragmenter.feed(QByteArray(1000, 'x'));
        QVERIFY(!fragmenter.next());
        QVERIFY(fragmenter.bufferedBytes() < 2000);
        QVERIFY(!fragmenter.isAtMessageBoundary());
    }

    // CVE-2026-42245: time grew with the square of a literal's size. Twice the bytes must not cost four times as much;
    // the smaller run is the measure, so no clock speed is assumed.
    void timeIsLinearInPortionsOfOneByte()
    {
        const auto measure = [](qsizetype size) {
            const QByteArray input = "* 1 FETCH (A {" + QByteArray::number(size) + "}\r\n" + QByteArray(size, 'x')
                + " B " + QByteArray(size, 'y') + ")\r\n";
            FragmenterLimits limits;
            limits.line = 10 * size;
            limits.detachFrom = 10 * size;
            std::clock_t best = std::numeric_limits<std::clock_t>::max();
            for (int round = 0; round < 3; ++round) {
                const std::clock_t start = std::clock(); // of this process: other work on the machine does not count
                const auto messages = fragment(input, limits, 1);
                best = std::min(best, std::clock() - start);
                if (messages.size() != 1)
                    return std::clock_t{-1};
            }
            return best;
        };
        const std::clock_t small = measure(50'000);
        const std::clock_t large = measure(400'000);
        QVERIFY(small > 0 && large > 0);
        // Linear is 8, quadratic 64.
        QVERIFY2(large < 24 * small, qPrintable(QStringLiteral("%1 and %2 ticks").arg(small).arg(large)));
    }

    void boundaries()
    {
        Fragmenter fragmenter;
        QVERIFY(fragmenter.isAtMessageBoundary());
        fragmenter.feed("A1 OK go\r\nxyz");
        QVERIFY(!fragmenter.isAtMessageBoundary());
        QVERIFY(fragmenter.next());
        QVERIFY(!fragmenter.isAtMessageBoundary());
        QCOMPARE(fragmenter.bufferedBytes(), qsizetype{3});
        QCOMPARE(fragmenter.takeUnread(), QByteArray("xyz"));
        QVERIFY(fragmenter.isAtMessageBoundary());
        fragmenter.feed("* 1 EXISTS\r\n");
        QVERIFY(fragmenter.next());
        QVERIFY(fragmenter.isAtMessageBoundary());
        fragmenter.feed("* half");
        QVERIFY(!fragmenter.next());
        fragmenter.reset();
        QVERIFY(fragmenter.isAtMessageBoundary());
        fragmenter.feed("* 2 EXISTS\r\n");
        QCOMPARE(drain(fragmenter).front().text, QByteArray("* 2 EXISTS"));
    }

    void boundaryBehindASkippedMessage()
    {
        FragmenterLimits limits;
        limits.line = 64;
        Fragmenter fragmenter(limits);
        fragmenter.feed("* X " + QByteArray(100, 'x'));
        QVERIFY(!fragmenter.next());
        QVERIFY(!fragmenter.isAtMessageBoundary());
        fragmenter.feed("\r\n");
        QCOMPARE(drain(fragmenter).front().kind, WireMessage::Kind::Skipped);
        QVERIFY(fragmenter.isAtMessageBoundary());
    }

    void taggedStatusOverLimitIsStillAnAnswer()
    {
        FragmenterLimits limits;
        limits.line = 64;
        const std::vector<Response> responses
            = parseStream("A7 NO [ALERT] " + QByteArray(500, 'x') + "\r\n* 1 EXISTS\r\n", limits);
        QCOMPARE(responses.size(), std::size_t{2});
        const auto *status = std::get_if<StatusResponse>(&responses[0]);
        QVERIFY(status);
        QCOMPARE(status->tag, QByteArray("A7"));
        QCOMPARE(status->kind, StatusKind::No);
        QVERIFY(status->hasCode(SimpleCode::Alert));
    }
};

QTEST_GUILESS_MAIN(TestImapFragmenter)
#include "test_imap_fragmenter.moc"
