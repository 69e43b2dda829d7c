// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/fingerprint.h"
#include "core/store/flagshash.h"
#include "core/store/hash64.h"
#include "core/store/limits.h"
#include "core/store/rowcodec.h"
#include "core/store/sortkey.h"
#include "tests/unit/store/cachefixture.h"

using namespace kittiwake;
using namespace kittiwake::store;
using mail::Address;
using mail::AddressList;

namespace
{

AddressList roundTrip(const AddressList &addresses)
{
    QString text;
    appendAddresses(addresses, text);
    return parseAddresses(text);
}

} // namespace

class TestRowCodec final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutNeverHalvesASurrogatePair()
    {
        const QString text = QStringLiteral("ab🙂");
        QCOMPARE(cut(text, 4), QStringView(text));
        QCOMPARE(cut(text, 3), QStringView(u"ab"));
        QCOMPARE(cut(text, 2), QStringView(u"ab"));
        QVERIFY(cut(QStringView(), 3).isEmpty());
    }

    void addressesComeBack()
    {
        const AddressList list{{QStringLiteral("Müller, Anna"), QStringLiteral("anna@example.org")},
                               {QString(), QStringLiteral("ben@example.org")},
                               {QStringLiteral("Undisclosed"), QString()},
                               {QString(), QString()}};
        QCOMPARE(roundTrip(list), list);
        QVERIFY(roundTrip({}).empty());
        const AddressList nothing{{QString(), QString()}};
        QCOMPARE(roundTrip(nothing), nothing);
    }

    void separatorsInsideANameDoNotMakeAddresses()
    {
        const AddressList list{
            {QStringLiteral("Eve\u001Eboss\u001Fboss@example.org"), QStringLiteral("eve@example.org")}};
        const AddressList back = roundTrip(list);
        QCOMPARE(back.size(), 1U);
        QCOMPARE(back.front().name, QStringLiteral("Eve boss boss@example.org"));
        QCOMPARE(back.front().address, QStringLiteral("eve@example.org"));
    }

    void addressesAreLimited()
    {
        const AddressList many(10'000, Address{QString(5000, QChar(u'n')), QString(5000, QChar(u'a'))});
        const AddressList back = roundTrip(many);
        QCOMPARE(back.size(), std::size_t(limits::addresses));
        QCOMPARE(back.front().name.size(), limits::addressName);
        QCOMPARE(back.front().address.size(), limits::address);
    }

    void flagsComeBack()
    {
        const mail::Flags flags = test::flags({"\\Seen", "\\Flagged", "$Forwarded", "NonJunk"});
        QCOMPARE(parseFlags(flags.systemBits(), joinKeywords(flags)), flags);
        QCOMPARE(parseFlags(0, {}), mail::Flags());
    }

    void hostileKeywordsAreLeftOut()
    {
        mail::Flags flags;
        flags.addKeyword(QByteArrayLiteral("two words"));
        flags.addKeyword(QByteArray("nul\0here", 8));
        flags.addKeyword(QByteArray(10'000, 'k'));
        flags.addKeyword(QByteArrayLiteral("fine"));
        QCOMPARE(joinKeywords(flags), QByteArrayLiteral("fine"));
        for (int index = 0; index < 1000; ++index)
            flags.addKeyword("k" + QByteArray::number(index));
        QCOMPARE(joinKeywords(flags).count(' '), limits::keywords - 1);
    }

    void flagsHashTellsFlagsApart()
    {
        const mail::Flags seen = test::flags({"\\Seen"});
        QCOMPARE(flagsHash(seen), std::uint64_t(1));
        QCOMPARE(flagsHash(test::flags({"\\Seen", "\\Recent"})), flagsHash(seen)); // of the session, not of the message
        const mail::Flags one = test::flags({"\\Seen", "a", "b"});
        QCOMPARE(flagsHash(one), flagsHash(test::flags({"b", "\\Seen", "a"})));
        QVERIFY(flagsHash(one) != flagsHash(test::flags({"a", "b"})));
        QVERIFY(flagsHash(one) != flagsHash(test::flags({"\\Seen", "a"})));
        QVERIFY(flagsHash(one) != flagsHash(test::flags({"\\Seen", "ab"})));
        QCOMPARE(flagsHash(one.systemBits(), joinKeywords(one)), flagsHash(one));
    }

    /** cache.db stores these: another result means a new schema version. */
    void hashIsWhatItWas()
    {
        QCOMPARE(hash64("", 0), std::uint64_t(0));
        QCOMPARE(hash64("<a@example.org>", 1), std::uint64_t(0xDF4E4FEBE32D0B29U));
        QCOMPARE(hash64("<a@example.org>", 2), std::uint64_t(0x6A08317EBF200F2EU));
        QCOMPARE(hash64("<0123456789abcdef@mail.example.org>", 1), std::uint64_t(0x60075ADEB3434F2FU));
    }

    void sortKeyIgnoresCaseMarksAndQuotes()
    {
        QCOMPARE(sortKey(u"\"Ärger"), QStringLiteral("arger"));
        QCOMPARE(sortKey(u"  ANNA"), QStringLiteral("anna"));
        QCOMPARE(sortKey(u"ÉCOLE"), sortKey(u"école"));
        QVERIFY(sortKey(u"Zoë") > sortKey(u"Ärger"));
        QVERIFY(sortKey(QString(1'000'000, QChar(u'x'))).size() <= 100);
    }

    /** Whatever a server says: what is compared with a row is what that row says when it is read. */
    void asStoredIsWhatTheCacheGivesBack()
    {
        test::CacheFixture cache;
        VERIFY_OK(cache.setUp());
        mail::MessageHeader plain = test::message(1, "a", {"b"});
        plain.to = {{QStringLiteral("Ben"), QStringLiteral("ben@example.org")}};
        mail::MessageHeader hostile = test::header(2);
        hostile.subject = QString(999, QChar(u'x')) + QStringLiteral("🙂") + QChar(0xD800) + QChar(u'\0');
        hostile.from = {{QString(), QString()}};
        hostile.to = AddressList(300, Address{QStringLiteral("\u001E\u001F\0").left(3), QString(QChar(0xDC00))});
        hostile.cc = {{QStringLiteral("a\u001Fb"), QStringLiteral("c")}, {QString(), QString()}};
        hostile.replyTo = {{QString(), QString()}};
        hostile.messageId = QByteArray(2000, 'm');
        hostile.size = UINT64_MAX;
        hostile.modseq = ModSeq(UINT64_MAX);
        hostile.flags.addKeyword(QByteArray(300, 'k'));
        for (int number = 0; number < 100; ++number)
            hostile.flags.addKeyword("k" + QByteArray::number(number));
        mail::MessageHeader short1 = test::header(3, QString(QChar(0xD83D)));
        short1.from = {{QStringLiteral("x\u001Fy"), QString()}, {QStringLiteral("x\u001Fy"), QString()}};
        const std::vector<mail::MessageHeader> headers{plain, hostile, short1};
        VERIFY_OK(cache.insert(cache.inbox, headers));
        const auto stored = cache.store->headers(cache.inbox, {Uid(1), Uid(UINT32_MAX)}, 100);
        VERIFY_OK(stored);
        QCOMPARE(stored->size(), headers.size());
        for (std::size_t index = 0; index < headers.size(); ++index) {
            const mail::MessageHeader expected = asStored(headers[index]);
            const mail::MessageHeader &found = (*stored)[index];
            QCOMPARE(found.subject, expected.subject);
            QCOMPARE(found.from, expected.from);
            QCOMPARE(found.to, expected.to);
            QCOMPARE(found.cc, expected.cc);
            QCOMPARE(found.replyTo, expected.replyTo);
            QCOMPARE(found.flags, expected.flags);
            QCOMPARE(found.size, expected.size);
            QCOMPARE(found, expected);
        }
        QCOMPARE(cache.store->headers(cache.inbox, {Uid(2), Uid(3)}, 1).value().front().uid, Uid(2));
        QCOMPARE(asStored(asStored(hostile)), asStored(hostile));
    }

    void fingerprintsAreOfTheContent()
    {
        test::CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto fingerprint = [&cache] { return cache.reader().value()->fingerprint(cache.inbox).value(); };
        const Fingerprint empty = fingerprint();
        QCOMPARE(empty.uidValidity, test::CacheFixture::validity);
        QCOMPARE(empty.flags, QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        mail::MessageHeader one = test::message(5, "a", {});
        one.flags = test::flags({"\\Seen", "B", "a"});
        one.size = 10;
        one.internalDate = 20;
        VERIFY_OK(cache.insert(cache.inbox, {one, test::header(9)}));
        const Fingerprint two = fingerprint();
        QCOMPARE(two.messages, 2);
        QCOMPARE(two.unseen, 1);
        FingerprintBuilder builder;
        builder.add(asStored(one));
        builder.add(asStored(test::header(9)));
        QCOMPARE(builder.result(two.uidValidity, two.uidNext), two);
        FingerprintBuilder single;
        single.add(one);
        // printf '5 \\seen a b\n' | sha256sum; printf '<a@example.org> 10 20\n' | sha256sum
        QCOMPARE(single.result({}, {}).flags,
                 QCryptographicHash::hash("5 \\seen a b\n", QCryptographicHash::Sha256).toHex());
        QCOMPARE(single.result({}, {}).identity,
                 QCryptographicHash::hash(QByteArray(one.messageId + " 10 20\n"), QCryptographicHash::Sha256).toHex());
        VERIFY_OK(cache.setFlags({{Uid(9), test::flags({"\\Seen"}), {}}}));
        QVERIFY(fingerprint().flags != two.flags);
        QCOMPARE(fingerprint().identity, two.identity);
        QCOMPARE(cache.reader().value()->fingerprint(MailboxId(99)).value(), Fingerprint());
    }
};

QTEST_GUILESS_MAIN(TestRowCodec)
#include "test_rowcodec.moc"
