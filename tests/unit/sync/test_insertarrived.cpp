// SPDX-License-Identifier: GPL-3.0-or-later
// Headers that come into the cache some round trips after they were read.
#include "core/sync/operations/insertarrived.h"
#include "tests/unit/store/cachefixture.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;
using store::test::CacheFixture;

namespace
{

mail::MessageHeader arrived(std::uint32_t uid, std::uint64_t modseq, std::initializer_list<const char *> flags = {})
{
    mail::MessageHeader header = store::test::header(uid);
    header.modseq = ModSeq(modseq);
    header.flags = store::test::flags(flags);
    return header;
}

} // namespace

class TestInsertArrived final : public QObject
{
    Q_OBJECT

private:
    /** What is known of INBOX, and then headers that arrive. */
    static void put(CacheFixture &cache, std::uint64_t known, const std::vector<mail::MessageHeader> &headers)
    {
        VERIFY_OK(cache.store->write([&](store::CacheTransaction &transaction) -> Result<void> {
            auto state = cache.store->state(cache.inbox);
            if (!state)
                return failure(state.error());
            (*state)->highestModSeq = ModSeq(known);
            return transaction.setState(cache.inbox, **state);
        }));
        VERIFY_OK(cache.store->write([&](store::CacheTransaction &transaction) {
            return insertArrived(*cache.store, transaction, cache.inbox, CacheFixture::validity, headers);
        }));
    }
    static ModSeq highest(const CacheFixture &cache) { return (**cache.store->state(cache.inbox)).highestModSeq; }

private Q_SLOTS:
    /** Another client's change was told while the cache did not have the message, and it is not told again. */
    void whatWasToldMeanwhileIsAskedForAgain()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        put(cache, 80, {arrived(21, 70), arrived(22, 69)});
        QCOMPARE(cache.store->countMessages(cache.inbox).value(), 2);
        QCOMPARE(highest(cache), ModSeq(69));
    }

    void whatIsNewerThanTheMailboxChangesNothing()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        put(cache, 80, {arrived(21, 81), arrived(22, 82)});
        QCOMPARE(highest(cache), ModSeq(80));
        CacheFixture without; // a server without CONDSTORE
        VERIFY_OK(without.setUp());
        put(without, 0, {arrived(21, 0)});
        QVERIFY(!highest(without).isValid());
    }

    void whatASyncHasFetchedStays()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {arrived(21, 75, {"\\Seen"})}));
        put(cache, 80, {arrived(21, 70)});
        const auto headers = cache.store->headers(cache.inbox, {Uid(1), Uid(100)}, 10);
        QVERIFY(headers);
        QCOMPARE(headers->size(), 1U);
        QVERIFY(headers->front().flags.has(mail::SystemFlag::Seen));
        QCOMPARE(highest(cache), ModSeq(80));
    }
};

QTEST_GUILESS_MAIN(TestInsertArrived)
#include "test_insertarrived.moc"
