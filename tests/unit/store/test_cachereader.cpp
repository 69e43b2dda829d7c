// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/store/cachefixture.h"

#include <QFile>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace kittiwake;
using namespace kittiwake::store;
using test::CacheFixture;
using test::header;

namespace
{

/** UIDs in the order that the reader gives. */
Result<std::vector<std::uint32_t>> orderedUids(const CacheReader &reader, MailboxId mailbox, SortKey key,
                                               bool ascending, std::int64_t limit = -1, std::int64_t offset = 0)
{
    const auto order = reader.order(mailbox, key, ascending, limit, offset);
    if (!order)
        return failure(order.error());
    std::vector<MessageId> ids;
    for (const OrderEntry &entry : *order)
        ids.push_back(entry.id);
    const auto rows = reader.rows(ids);
    if (!rows)
        return failure(rows.error());
    std::vector<std::uint32_t> uids;
    for (const MessageRow &row : *rows)
        uids.push_back(row.header.uid.value());
    return uids;
}

using Uids = std::vector<std::uint32_t>;

mail::MessageHeader row(std::uint32_t uid, std::int64_t date, const QString &from, const QString &subject,
                        std::uint64_t size)
{
    mail::MessageHeader result = header(uid, subject);
    result.date = date;
    result.from.front().name = from;
    result.size = size;
    return result;
}

} // namespace

class TestCacheReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void needsACache()
    {
        const QTemporaryDir folder;
        const auto reader = CacheReader::open(folder.path(), Secret());
        QVERIFY(!reader);
        QCOMPARE(reader.error().kind, ErrorKind::Storage);
        QFile file(folder.filePath(QStringLiteral("cache.db"))); // another run is about to fill it
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        const auto early = CacheReader::open(folder.path(), Secret());
        QVERIFY(!early);
        QVERIFY(early.error().userText.contains(QLatin1String("prepared")));
    }

    void orders_data()
    {
        QTest::addColumn<SortKey>("key");
        QTest::addColumn<bool>("ascending");
        QTest::addColumn<Uids>("expected");
        // Equal keys: larger UID first, in both directions.
        QTest::newRow("date") << SortKey::Date << false << Uids{4, 3, 2, 1, 5};
        QTest::newRow("date ascending") << SortKey::Date << true << Uids{5, 1, 3, 2, 4};
        QTest::newRow("from") << SortKey::From << false << Uids{5, 3, 2, 4, 1};
        QTest::newRow("from ascending") << SortKey::From << true << Uids{1, 4, 3, 2, 5};
        QTest::newRow("subject") << SortKey::Subject << false << Uids{4, 5, 3, 1, 2};
        QTest::newRow("subject ascending") << SortKey::Subject << true << Uids{2, 3, 1, 5, 4};
        QTest::newRow("size") << SortKey::Size << false << Uids{1, 5, 4, 3, 2};
        QTest::newRow("size ascending") << SortKey::Size << true << Uids{5, 4, 3, 2, 1};
    }
    void orders()
    {
        QFETCH(SortKey, key);
        QFETCH(bool, ascending);
        QFETCH(Uids, expected);
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto other = cache.addMailbox(QStringLiteral("Other"));
        VERIFY_OK(other);
        VERIFY_OK(cache.insert(*other, {header(1), header(2)}));
        mail::MessageHeader nameless = row(4, 300, QString(), QStringLiteral("zoo"), 10);
        nameless.from.front().address = QStringLiteral("ANNA@example.org"); // sorts by its address
        // sender keys: anna, bob, bob, anna@example.org, zoe; subject keys: lunch, a, lunch, zoo, plan
        VERIFY_OK(cache.insert(cache.inbox,
                               {row(1, 100, QStringLiteral("Änna"), QStringLiteral("Lunch"), 900),
                                row(2, 200, QStringLiteral("Bob"), QStringLiteral("A"), 10),
                                row(3, 200, QStringLiteral("\"bob"), QStringLiteral("Re: LUNCH"), 10), nameless,
                                row(5, -50, QStringLiteral("Zoë"), QStringLiteral("[x] Plan"), 10)}));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto uids = orderedUids(**reader, cache.inbox, key, ascending);
        VERIFY_OK(uids);
        QCOMPARE(*uids, expected);
        // Every window of it is the same as the cut.
        for (std::int64_t offset = 0; offset <= 6; ++offset) {
            for (std::int64_t limit = 0; limit <= 3; ++limit) {
                const auto window = orderedUids(**reader, cache.inbox, key, ascending, limit, offset);
                VERIFY_OK(window);
                const auto begin = expected.begin() + std::min<std::int64_t>(offset, 5);
                const auto end = begin + std::min<std::int64_t>(limit, expected.end() - begin);
                QCOMPARE(*window, Uids(begin, end));
            }
        }
    }

    void orderCarriesThreads()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {test::message(1, "a", {}), test::message(2, "b", {"a"})}));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto order = (*reader)->order(cache.inbox, SortKey::Date);
        VERIFY_OK(order);
        QCOMPARE(order->size(), 2U);
        QCOMPARE(order->at(0).thread, order->at(1).thread);
        QVERIFY(order->at(0).id != order->at(1).id);
        QCOMPARE((*reader)->order(MailboxId(4711), SortKey::Date).value_or(std::vector<OrderEntry>(1)).size(), 0U);
    }

    void rowsKeepTheOrderOfTheIds()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2), header(3)}));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto id = [&](std::uint32_t uid) {
            return cache.store->findUid(cache.inbox, Uid(uid)).value_or(std::nullopt).value_or(MessageId());
        };
        const std::vector<MessageId> ids{id(3), MessageId(4711), id(1), id(3), MessageId()};
        const auto rows = (*reader)->rows(ids);
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), 3U);
        QCOMPARE(rows->at(0).header.uid, Uid(3));
        QCOMPARE(rows->at(1).header.uid, Uid(1));
        QCOMPARE(rows->at(2).header.uid, Uid(3));
        const std::vector<MessageId> tooMany(1001, id(1));
        QVERIFY(!(*reader)->rows(tooMany));
    }

    void seesCommittedDataOnly()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        auto transaction = cache.store->begin();
        VERIFY_OK(transaction);
        VERIFY_OK(transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(1)}));
        QCOMPARE((*reader)->countMessages(cache.inbox).value_or(-1), 0);
        QVERIFY((*reader)->order(cache.inbox, SortKey::Date).value_or(std::vector<OrderEntry>(1)).empty());
        VERIFY_OK(transaction->commit());
        QCOMPARE((*reader)->countMessages(cache.inbox).value_or(-1), 1);
        QCOMPARE((*reader)->countUnseen(cache.inbox).value_or(-1), 1);
        QCOMPARE((*reader)->order(cache.inbox, SortKey::Date).value_or(std::vector<OrderEntry>()).size(), 1U);
        VERIFY_OK(cache.store->checkpoint());
        QCOMPARE((*reader)->countMessages(cache.inbox).value_or(-1), 1);
    }

    void readsWithoutAWriter()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1)}));
        cache.store.reset();
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto found = (*reader)->findMailbox(cache.account, mail::MailboxName::inbox());
        VERIFY_OK(found);
        QVERIFY(found->has_value());
        QCOMPARE((*found)->cached, 1);
        QCOMPARE((*reader)->mailbox(cache.inbox).value_or(std::nullopt), *found);
        // And a writer may come back beside it.
        const auto again = CacheStore::open(cache.profile(), Secret());
        VERIFY_OK(again);
        VERIFY_OK((*again)->write(
            [&](CacheTransaction &transaction) { return transaction.setServerCounts(cache.inbox, 5, 1); }));
        const auto row = (*reader)->mailbox(cache.inbox);
        VERIFY_OK(row);
        QCOMPARE((*row)->messages, 5);
    }

    void interruptFromAnotherThread()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t uid = 1; uid <= 5000; ++uid)
            headers.push_back(header(uid, QStringLiteral("Re: ünterwegs %1").arg(uid * 7919 % 5000)));
        VERIFY_OK(cache.insert(cache.inbox, headers));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        std::atomic<bool> ended = false;
        Error error;
        std::thread worker([&] {
            for (;;) { // until a call is hit in its middle
                const auto order = (*reader)->order(cache.inbox, SortKey::Subject);
                if (!order) {
                    error = order.error();
                    break;
                }
            }
            ended = true;
        });
        while (!ended) {
            (*reader)->interrupt();
            std::this_thread::yield();
        }
        worker.join();
        QCOMPARE(error.kind, ErrorKind::Cancelled);
        const auto order = (*reader)->order(cache.inbox, SortKey::Subject);
        VERIFY_OK(order);
        QCOMPARE(order->size(), headers.size());
    }

    void aReaderInAThreadBesideTheWriter()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        constexpr std::int64_t batch = 20;
        std::atomic<bool> stop = false;
        std::atomic<int> torn = 0;
        std::atomic<int> rounds = 0;
        std::thread worker([&] {
            const auto reader = cache.reader();
            while (reader && !stop) {
                const auto order = (*reader)->order(cache.inbox, SortKey::Date);
                if (!order || std::int64_t(order->size()) % batch != 0)
                    ++torn;
                ++rounds;
            }
        });
        std::uint32_t uid = 0;
        // At least as long as the reader needs to be in the middle of it a few times.
        while (uid < 2000 || (rounds < 20 && uid < 20'000)) {
            std::vector<mail::MessageHeader> headers;
            for (std::int64_t index = 0; index < batch; ++index)
                headers.push_back(header(++uid));
            if (!cache.insert(cache.inbox, headers))
                break;
        }
        stop = true;
        worker.join();
        QVERIFY(uid >= 2000);
        QVERIFY(rounds > 0);
        QCOMPARE(torn.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCacheReader)
#include "test_cachereader.moc"
