// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/keyfilter.h"
#include "tests/unit/store/cachefixture.h"

#include <algorithm>
#include <numeric>
#include <random>

using namespace kittiwake;
using namespace kittiwake::store;
using test::CacheFixture;
using test::message;

namespace
{

ThreadId threadOf(CacheFixture &cache, MailboxId mailbox, std::uint32_t uid)
{
    const auto reader = cache.reader();
    if (!reader)
        return {};
    const auto row = (*reader)->findUid(mailbox, Uid(uid));
    return row && *row ? (*row)->thread : ThreadId();
}

ThreadId threadOf(CacheFixture &cache, std::uint32_t uid)
{
    return threadOf(cache, cache.inbox, uid);
}

} // namespace

class TestThreads final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void repliesShareTheThread()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {}), message(2, "b", {"a"}), message(3, "other", {})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(4, "c", {"a", "b"})}));
        QVERIFY(threadOf(cache, 1).isValid());
        QCOMPARE(threadOf(cache, 2), threadOf(cache, 1));
        QCOMPARE(threadOf(cache, 4), threadOf(cache, 1));
        QVERIFY(threadOf(cache, 3) != threadOf(cache, 1));
    }

    void newestFirst()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {message(4, "d", {"a", "b", "c"})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(3, "c", {"a", "b"}), message(2, "b", {"a"})}));
        cache.changes.clear();
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {})}));
        QVERIFY(cache.changes.front().messages.front().changed.empty()); // nothing had to move
        for (const std::uint32_t uid : {1U, 2U, 3U})
            QCOMPARE(threadOf(cache, uid), threadOf(cache, 4));
    }

    void siblingsMeetThroughAParentThatIsNotHere()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "b", {"a"}), message(2, "c", {"a"})}));
        QCOMPARE(threadOf(cache, 1), threadOf(cache, 2));
    }

    void aLaterMessageJoinsTwoThreads()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto archive = cache.addMailbox(QStringLiteral("Archive"));
        VERIFY_OK(archive);
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {})}));
        VERIFY_OK(cache.insert(*archive, {message(1, "x", {}), message(2, "y", {"x"})}));
        QVERIFY(threadOf(cache, 1) != threadOf(cache, *archive, 1));
        const ThreadId larger = threadOf(cache, *archive, 1);
        const auto moved = cache.store->findUid(cache.inbox, Uid(1));
        VERIFY_OK(moved);
        cache.changes.clear();
        VERIFY_OK(cache.insert(cache.inbox, {message(2, "j", {"a", "y"})}));
        QCOMPARE(threadOf(cache, 1), larger); // the smaller one moves
        QCOMPARE(threadOf(cache, 2), larger);
        QCOMPARE(threadOf(cache, *archive, 2), larger);
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(cache.changes.front().messages.size(), 1U);
        QCOMPARE(cache.changes.front().messages.front().changed, std::vector<MessageId>{**moved});
        // Whoever answers the moved one later is led to where it went.
        VERIFY_OK(cache.insert(cache.inbox, {message(3, "k", {"a"})}));
        QCOMPARE(threadOf(cache, 3), larger);
    }

    void joinedThreadsAreJoinedAgain()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox,
                               {message(1, "a", {}), message(2, "b", {}), message(3, "c", {}), message(4, "d", {})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(5, "ab", {"a", "b"})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(6, "cd", {"c", "d"})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(7, "bd", {"b", "d"})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(8, "late", {"c"})}));
        for (const std::uint32_t uid : {2U, 3U, 4U, 5U, 6U, 7U, 8U})
            QCOMPARE(threadOf(cache, uid), threadOf(cache, 1));
        // And also after the file was closed, when nothing is remembered.
        cache.store.reset();
        auto opened = CacheStore::open(cache.profile(), Secret());
        VERIFY_OK(opened);
        cache.store = std::move(*opened);
        VERIFY_OK(cache.insert(cache.inbox, {message(9, "later", {"d"})}));
        QCOMPARE(threadOf(cache, 9), threadOf(cache, 1));
    }

    void copiesInOtherMailboxesBelongToTheThread()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto sent = cache.addMailbox(QStringLiteral("Sent"));
        VERIFY_OK(sent);
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {})}));
        VERIFY_OK(cache.insert(*sent, {message(1, "b", {"a"}), message(2, "a", {})}));
        QCOMPARE(threadOf(cache, *sent, 1), threadOf(cache, 1));
        QCOMPARE(threadOf(cache, *sent, 2), threadOf(cache, 1));
    }

    void aMovedMessageStaysInItsThread()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {}), message(2, "b", {"a"})}));
        const ThreadId thread = threadOf(cache, 1);
        VERIFY_OK(cache.remove({{Uid(1), Uid(2)}}));
        VERIFY_OK(cache.insert(cache.inbox, {message(10, "b", {"a"})}));
        QCOMPARE(threadOf(cache, 10), thread);
    }

    void accountsAreApart()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        MailboxId other;
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto made = transaction.putMailbox(AccountId(2), test::listing(QStringLiteral("INBOX")));
            if (!made)
                return failure(made.error());
            other = *made;
            return transaction.resetMailbox(other, cache.validity);
        }));
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {})}));
        VERIFY_OK(cache.insert(other, {message(1, "a", {})}));
        QVERIFY(threadOf(cache, 1) != threadOf(cache, other, 1));
    }

    void withoutIdsEachIsAlone()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {test::header(1), test::header(2)}));
        QVERIFY(threadOf(cache, 1) != threadOf(cache, 2));
    }

    void aMessageMayNameItself()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {"a", "a", "b", "a"})}));
        VERIFY_OK(cache.insert(cache.inbox, {message(2, "b", {"a", "b"})}));
        QCOMPARE(threadOf(cache, 1), threadOf(cache, 2));
    }

    void aRollbackForgetsLinks()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        {
            auto transaction = cache.store->begin();
            VERIFY_OK(transaction);
            VERIFY_OK(transaction->insertHeaders(cache.inbox, cache.validity,
                                                 std::vector{message(1, "a", {}), message(2, "b", {})}));
            VERIFY_OK(
                transaction->insertHeaders(cache.inbox, cache.validity, std::vector{message(3, "j", {"a", "b"})}));
        }
        VERIFY_OK(cache.insert(cache.inbox, {message(11, "a", {}), message(12, "b", {})}));
        QVERIFY(threadOf(cache, 11) != threadOf(cache, 12));
        QCOMPARE(threadOf(cache, 12).value(),
                 cache.store->findUid(cache.inbox, Uid(12)).value_or(MessageId())->value());
    }

    /** Whatever the order of arrival, messages are in one thread exactly if references connect them. */
    void theKeyFilterForgetsNothingAndErrsSeldom()
    {
        KeyFilter filter;
        QVERIFY(!filter.mayContain(7));
        std::mt19937_64 random(20261122);
        std::vector<std::uint64_t> keys(1'000'000);
        std::generate(keys.begin(), keys.end(), [&random] { return random(); });
        for (const std::uint64_t key : keys)
            filter.add(key);
        QVERIFY(std::all_of(keys.begin(), keys.end(), [&](std::uint64_t key) { return filter.mayContain(key); }));
        int wrong = 0;
        for (int i = 0; i < 100'000; ++i)
            wrong += filter.mayContain(random()) ? 1 : 0;
        QVERIFY2(wrong < 2000, qPrintable(QString::number(wrong)));
    }

    /** More links than are held in memory, and a program that begins anew with them. */
    void oldLinksAreFoundAmongMany()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        std::uint32_t uid = 0;
        const auto insertMany = [&](std::uint32_t count) -> Result<InsertReport> {
            std::vector<mail::MessageHeader> headers;
            for (std::uint32_t i = 0; i < count; ++i) {
                ++uid;
                headers.push_back(message(uid, QByteArray::number(uid).constData(), {}));
            }
            return cache.insert(cache.inbox, headers);
        };
        for (int batch = 0; batch < 9; ++batch)
            VERIFY_OK(insertMany(10'000));
        VERIFY_OK(cache.insert(cache.inbox, {message(++uid, "reply to an old one", {"5"})}));
        QCOMPARE(threadOf(cache, uid), threadOf(cache, 5));
        VERIFY_OK(cache.insert(cache.inbox, {message(++uid, "reply to a new one", {"89999"})}));
        QCOMPARE(threadOf(cache, uid), threadOf(cache, 89'999));

        cache.store.reset();
        auto again = CacheStore::open(cache.profile(), Secret());
        VERIFY_OK(again);
        cache.store = std::move(*again);
        VERIFY_OK(cache.insert(cache.inbox, {message(++uid, "the first after the start", {"17"})}));
        QCOMPARE(threadOf(cache, uid), threadOf(cache, 17));
        VERIFY_OK(insertMany(6000)); // enough for the filter to be filled
        VERIFY_OK(
            cache.insert(cache.inbox, {message(++uid, "after that", {"23"}), message(uid + 1, "too", {"95000"})}));
        QCOMPARE(threadOf(cache, uid), threadOf(cache, 23));
        QCOMPARE(cache.counterMismatch(), QString());
    }

    void anyOrderGivesTheSameThreads_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void anyOrderGivesTheSameThreads()
    {
        QFETCH(unsigned, seed);
        constexpr std::uint32_t count = 400;
        std::mt19937 random(seed);
        std::vector<std::uint32_t> group(count + 1); // union-find, the obvious way
        std::iota(group.begin(), group.end(), 0U);
        const auto root = [&](std::uint32_t at) {
            while (group[at] != at)
                at = group[at];
            return at;
        };
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t uid = 1; uid <= count; ++uid) {
            mail::MessageHeader one = test::header(uid);
            one.messageId = "<" + QByteArray::number(uid) + "@x>";
            const std::uint32_t parents = random() % 3 == 0 ? 0 : random() % 3 + 1;
            for (std::uint32_t index = 0; index < parents && uid > 1; ++index) {
                const std::uint32_t parent = uid - 1 - random() % std::min(uid - 1, 12U);
                one.references.append("<" + QByteArray::number(parent) + "@x>");
                if (parent > 0)
                    group[root(parent)] = root(uid);
            }
            headers.push_back(one);
        }
        std::shuffle(headers.begin(), headers.end(), random);

        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        for (std::size_t at = 0; at < headers.size(); at += 40) {
            const auto first = headers.begin() + std::ptrdiff_t(at);
            VERIFY_OK(cache.insert(cache.inbox, {first, first + 40}));
        }
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        std::vector<ThreadId> threads(count + 1);
        for (std::uint32_t uid = 1; uid <= count; ++uid) {
            const auto row = (*reader)->findUid(cache.inbox, Uid(uid));
            VERIFY_OK(row);
            threads[uid] = (*row)->thread;
        }
        for (std::uint32_t one = 1; one <= count; ++one) {
            for (std::uint32_t two = one + 1; two <= count; ++two)
                QCOMPARE(threads[one] == threads[two], root(one) == root(two));
        }
    }
};

QTEST_GUILESS_MAIN(TestThreads)
#include "test_threads.moc"
