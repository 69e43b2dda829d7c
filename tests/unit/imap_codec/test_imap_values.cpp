// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/mailboxcodec.h"
#include "core/imap/codec/responsecode.h"
#include "core/imap/codec/section.h"
#include "core/imap/codec/sequenceset.h"

#include <QtTest>

#include <bitset>
#include <random>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

constexpr std::uint32_t highest = 4294967295u;

SequenceSet setOf(const char *text)
{
    return SequenceSet::parse(text).value_or(SequenceSet());
}

/** What a set means, for sets within 1 to 63. */
std::bitset<64> membersOf(const SequenceSet &set)
{
    std::bitset<64> members;
    for (std::uint32_t number = 1; number < 64; ++number)
        members[number] = set.contains(number);
    return members;
}

} // namespace

class TestImapValues final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void setsAreReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical");
        QTest::newRow("one") << QByteArray("7") << QByteArray("7");
        QTest::newRow("range") << QByteArray("2:4") << QByteArray("2:4");
        QTest::newRow("backwards") << QByteArray("4:2") << QByteArray("2:4");
        QTest::newRow("merged") << QByteArray("5,1:3,4,9") << QByteArray("1:5,9");
        QTest::newRow("overlap") << QByteArray("1:10,5:15,3") << QByteArray("1:15");
        QTest::newRow("open") << QByteArray("3:*") << QByteArray("3:*");
        QTest::newRow("open backwards") << QByteArray("*:3") << QByteArray("3:*");
        QTest::newRow("last") << QByteArray("*") << QByteArray("*");
        QTest::newRow("two open") << QByteArray("9:*,4:*") << QByteArray("4:*");
        QTest::newRow("open swallows") << QByteArray("1:5,4:9,6:*") << QByteArray("1:*");
        QTest::newRow("open apart") << QByteArray("1:3,6:*") << QByteArray("1:3,6:*");
        QTest::newRow("all there can be") << QByteArray("1:4294967295") << QByteArray("1:4294967295");
    }
    void setsAreReadAndWritten()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        const auto set = SequenceSet::parse(text);
        QVERIFY(set);
        QCOMPARE(set->toBytes(), canonical);
        QVERIFY(SequenceSet::parse(set->toBytes()) == set);
    }

    void malformedSetsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"", "0", "1,", ",1", "1,,2", "1:", ":1", "1:2:3", "4294967296", "1:4294967296", "-1",
                                 "1 2", "a", "1:a", "99999999999999999999", "1;2", "+1"})
            QTest::newRow(text) << QByteArray(text);
    }
    void malformedSetsAreRefused()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!SequenceSet::parse(text));
        QVERIFY(!SequenceSet::parseRanges(text));
    }

    void starIsRefusedWhereServersSend()
    {
        QVERIFY(!SequenceSet::parse("1:*", SequenceSet::Star::Refused));
        QVERIFY(!SequenceSet::parse("*", SequenceSet::Star::Refused));
        QVERIFY(!SequenceSet::parseRanges("1:*"));
    }

    // CVE-2025-25186: a set in a response was expanded in memory.
    void hugeRangeCostsOneRange()
    {
        const SequenceSet set = setOf("1:4294967295");
        QCOMPARE(set.ranges().size(), std::size_t{1});
        QCOMPARE(set.count(), std::uint64_t{highest});
        QVERIFY(set.contains(1));
        QVERIFY(set.contains(highest));
        QVERIFY(!set.contains(0));
    }

    void tooManyRangesAreRefused()
    {
        QByteArray text;
        for (std::size_t i = 0; i <= SequenceSet::maximumRanges; ++i)
            text += (i == 0 ? "" : ",") + QByteArray::number(2 * i + 1);
        QVERIFY(!SequenceSet::parse(text));
        text.truncate(text.lastIndexOf(','));
        QVERIFY(SequenceSet::parse(text));
    }

    void orderIsKeptForCopyUid()
    {
        const auto ranges = SequenceSet::parseRanges("304,319:320,5:3");
        QVERIFY(ranges);
        QCOMPARE(*ranges, (NumberRanges{{304, 304}, {319, 320}, {3, 5}}));
        const CopyUidCode code{UidValidity(1), *ranges, *SequenceSet::parseRanges("10:15")};
        QVERIFY(code.isConsistent());
        QCOMPARE(code.destinationOf(Uid(304)), Uid(10));
        QCOMPARE(code.destinationOf(Uid(320)), Uid(12));
        QCOMPARE(code.destinationOf(Uid(3)), Uid(13));
        QVERIFY(!code.destinationOf(Uid(6)).isValid());
        const CopyUidCode broken{UidValidity(1), *ranges, {{1, 2}}};
        QVERIFY(!broken.isConsistent());
        QVERIFY(!broken.destinationOf(Uid(304)).isValid());
    }

    void openSets()
    {
        const SequenceSet set = setOf("1:3,6:*");
        QVERIFY(set.isOpen());
        QCOMPARE(set.openFrom(), 6u);
        QCOMPARE(set.smallest(), 1u);
        QCOMPARE(set.largest(), highest);
        QVERIFY(set.contains(1000));
        QVERIFY(!set.contains(5));
        SequenceSet closed = set;
        closed.subtract(SequenceSet::range(highest, highest));
        QVERIFY(!closed.isOpen());
        QCOMPARE(closed.toBytes(), QByteArray("1:3,6:4294967294"));
        SequenceSet both = set;
        both.intersect(setOf("2:*"));
        QCOMPARE(both.toBytes(), QByteArray("2:3,6:*"));
        both.intersect(setOf("3:8"));
        QCOMPARE(both.toBytes(), QByteArray("3,6:8"));
    }

    void addingInAnyOrder()
    {
        SequenceSet set;
        for (const std::uint32_t number : {5u, 3u, 9u, 4u, 10u, 1u, 0u})
            set.add(number);
        QCOMPARE(set.toBytes(), QByteArray("1,3:5,9:10"));
        set.addRange(2, 8);
        QCOMPARE(set.toBytes(), QByteArray("1:10"));
        set.addRange(highest, highest - 1);
        set.add(highest - 2);
        QCOMPARE(set.toBytes(), QByteArray("1:10,4294967293:4294967295"));
        QCOMPARE(set.count(), std::uint64_t{13});
    }

    void algebraAgreesWithBits()
    {
        std::mt19937 random(20261001);
        const auto some = [&] {
            SequenceSet set;
            const int ranges = static_cast<int>(random() % 6);
            for (int i = 0; i < ranges; ++i)
                set.addRange(1 + random() % 62, 1 + random() % 62);
            return set;
        };
        for (int round = 0; round < 2000; ++round) {
            const SequenceSet a = some();
            const SequenceSet b = some();
            SequenceSet united = a;
            united.unite(b);
            QCOMPARE(membersOf(united), membersOf(a) | membersOf(b));
            SequenceSet rest = a;
            rest.subtract(b);
            QCOMPARE(membersOf(rest), membersOf(a) & ~membersOf(b));
            SequenceSet common = a;
            common.intersect(b);
            QCOMPARE(membersOf(common), membersOf(a) & membersOf(b));
            QCOMPARE(common.count(), static_cast<std::uint64_t>(membersOf(common).count()));
            for (const SequenceSet &set : {united, rest, common}) {
                QVERIFY(set.isEmpty() || SequenceSet::parse(set.toBytes()) == set);
            }
        }
    }

    void splitsByLength()
    {
        std::vector<std::uint32_t> numbers;
        for (std::uint32_t i = 1; i < 3000; ++i)
            numbers.push_back(i * 7);
        SequenceSet set = SequenceSet::fromNumbers(numbers);
        set.unite(SequenceSet::from(100'000));
        SequenceSet joined;
        const std::vector<SequenceSet> pieces = set.split(1000);
        for (const SequenceSet &piece : pieces) {
            QVERIFY(piece.toBytes().size() <= 1000);
            QVERIFY(!piece.isEmpty());
            joined.unite(piece);
        }
        QVERIFY(pieces.size() < 20);
        QCOMPARE(joined, set);
        QVERIFY(SequenceSet().split(100).empty());
        QCOMPARE(SequenceSet::from(highest).toBytes(), QByteArray("*"));
    }

    void uidSets()
    {
        const UidSet set = UidSet::fromUids({Uid(9), Uid(3), Uid(4), Uid(3)});
        QCOMPARE(set.toBytes(), QByteArray("3:4,9"));
        QCOMPARE(set.count(), std::uint64_t{3});
        QCOMPARE(set.smallest(), Uid(3));
        QCOMPARE(set.largest(), Uid(9));
        QCOMPARE(UidSet::all().toBytes(), QByteArray("1:*"));
        QCOMPARE(UidSet::range(Uid(2), Uid(2)).toBytes(), QByteArray("2"));
    }

    void modifiedUtf7_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QString>("text");
        QTest::newRow("ascii") << QByteArray("Sent Items") << QStringLiteral("Sent Items");
        QTest::newRow("ampersand") << QByteArray("a&-b") << QStringLiteral("a&b");
        QTest::newRow("German") << QByteArray("Entw&APw-rfe") << QStringLiteral("Entwürfe");
        QTest::newRow("RFC 3501") << QByteArray("~peter/mail/&U,BTFw-/&ZeVnLIqe-")
                                  << QString::fromUtf8("~peter/mail/台北/日本語");
        QTest::newRow("beyond the BMP") << QByteArray("&2D3eAA-") << QString::fromUtf8("\xF0\x9F\x98\x80");
        QTest::newRow("line end, encoded") << QByteArray("&AAo-") << QStringLiteral("\n");
        QTest::newRow("empty") << QByteArray() << QString();
    }
    void modifiedUtf7()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QString, text);
        const auto decoded = decodeModifiedUtf7(wire);
        QVERIFY(decoded);
        QCOMPARE(*decoded, text);
        QCOMPARE(encodeModifiedUtf7(text), wire);
        const mail::MailboxName name = decodeMailbox(wire, MailboxEncoding::ModifiedUtf7);
        QVERIFY(name.wire.isEmpty());
        QCOMPARE(encodeMailbox(name, MailboxEncoding::ModifiedUtf7), wire);
        QCOMPARE(encodeMailbox(name, MailboxEncoding::Utf8), text.toUtf8());
        QCOMPARE(decodeMailbox(text.toUtf8(), MailboxEncoding::Utf8), name);
    }

    void brokenNamesCanStillBeOpened_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QString>("shown");
        QTest::newRow("no end of shift") << QByteArray("Entw&APwrfe") << QString();
        QTest::newRow("lone ampersand") << QByteArray("Tom & Jerry") << QStringLiteral("Tom & Jerry");
        QTest::newRow("raw UTF-8") << QByteArray("Entw\xC3\xBCrfe") << QStringLiteral("Entwürfe");
        QTest::newRow("raw Latin-1") << QByteArray("Entw\xFCrfe") << QStringLiteral("Entwürfe");
        QTest::newRow("shifted ASCII") << QByteArray("&AGEAYg-") << QStringLiteral("ab");
        QTest::newRow("two shifts where one would do") << QByteArray("&APw-&APw-") << QStringLiteral("üü");
        QTest::newRow("lone surrogate") << QByteArray("&2D0-") << QString(QChar::ReplacementCharacter);
        QTest::newRow("NUL") << QByteArray("&AAA-") << QString(QChar::ReplacementCharacter);
        QTest::newRow("control character") << QByteArray("a\x01z") << QStringLiteral("a\x01z");
        QTest::newRow("INBOX in disguise")
            << QByteArray("&AEkATgBCAE8AWA-") << QString(u"INBOX" + QString(QChar::ReplacementCharacter));
    }
    void brokenNamesCanStillBeOpened()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QString, shown);
        const mail::MailboxName name = decodeMailbox(wire, MailboxEncoding::ModifiedUtf7);
        QCOMPARE(name.wire, wire);
        QCOMPARE(encodeMailbox(name, MailboxEncoding::ModifiedUtf7), wire);
        QVERIFY(!name.isInbox());
        QVERIFY(!name.text.isEmpty());
        if (!shown.isNull())
            QCOMPARE(name.text, shown);
    }

    void inboxHasOneSpelling()
    {
        for (const char *wire : {"INBOX", "inbox", "Inbox", "iNbOx"}) {
            QCOMPARE(decodeMailbox(wire, MailboxEncoding::ModifiedUtf7), mail::MailboxName::inbox());
            QCOMPARE(decodeMailbox(wire, MailboxEncoding::Utf8), mail::MailboxName::inbox());
        }
        QVERIFY(!decodeMailbox("inbox/x", MailboxEncoding::ModifiedUtf7).isInbox());
    }

    void invalidUtf8IsKept()
    {
        const QByteArray wire("caf\xE9");
        const mail::MailboxName name = decodeMailbox(wire, MailboxEncoding::Utf8);
        QCOMPARE(name.text, QStringLiteral("café"));
        QCOMPARE(encodeMailbox(name, MailboxEncoding::Utf8), wire);
        // After UTF8=ACCEPT an ampersand is an ampersand (RFC 6855 section 3).
        QCOMPARE(decodeMailbox("a&-b", MailboxEncoding::Utf8).text, QStringLiteral("a&-b"));
    }

    void sections()
    {
        const Section fields = Section::headerFields({"References", "date", "DATE"});
        QVERIFY(fields.isValid());
        QCOMPARE(fields.toBytes(), QByteArray("HEADER.FIELDS (DATE REFERENCES)"));
        QCOMPARE(Section::mimeOf("1.2").toBytes(), QByteArray("1.2.MIME"));
        QCOMPARE(Section::whole().toBytes(), QByteArray());
        QCOMPARE(Section::ofPart("2").toBytes(), QByteArray("2"));
        for (const Section &wrong :
             {Section::ofPart("1."), Section::ofPart(".1"), Section::ofPart("1..2"), Section::ofPart("a"),
              Section::ofPart("1\r\n"), Section::mimeOf({}), Section::headerFields({}), Section::headerFields({"a b"}),
              Section::headerFields({"a\r\nb"}), Section::headerFields({""}), Section::headerFields({"a:"})})
            QVERIFY(!wrong.isValid());
    }
};

QTEST_GUILESS_MAIN(TestImapValues)
#include "test_imap_values.moc"
