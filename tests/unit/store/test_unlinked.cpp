// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/store/cachefixture.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::store;
using namespace kittiwake::store::test;

namespace
{

using Uids = std::vector<Uid>;

const UidRange everything{Uid(1), Uid(UINT32_MAX)};

Result<Uids> unlink(CacheFixture &cache, UidRange range, UidValidity validity = CacheFixture::validity)
{
    Result<Uids> result;
    const auto written = cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
        result = transaction.unlink(cache.inbox, validity, std::span(&range, 1));
        return result ? Result<void>() : Result<void>(failure(result.error()));
    });
    return written ? result : Result<Uids>(failure(written.error()));
}

Result<Uids> relink(CacheFixture &cache, UidRange range)
{
    Result<Uids> result;
    const auto written = cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
        result = transaction.relink(cache.inbox, CacheFixture::validity, std::span(&range, 1));
        return result ? Result<void>() : Result<void>(failure(result.error()));
    });
    return written ? result : Result<Uids>(failure(written.error()));
}

Result<void> endPass(CacheFixture &cache)
{
    return cache.store->write([&](CacheTransaction &transaction) { return transaction.endPass(cache.inbox); });
}

Uids unlinked(CacheFixture &cache, UidValidity validity = CacheFixture::validity)
{
    Uids result;
    const auto written = cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
        auto uids = transaction.unlinkedUids(cache.inbox, validity);
        if (!uids)
            return failure(uids.error());
        result = std::move(*uids);
        return {};
    });
    return written ? result : Uids{Uid(4711)};
}

} // namespace

class TestUnlinked final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anUnlinkedMessageIsInNoListAndComesBackAsItWas()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        auto flagged = message(2, "b", {"a"});
        flagged.flags = flags({"\\Seen", "work"});
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {}), flagged, header(3)}));
        const auto before = cache.store->findUid(cache.inbox, Uid(2));
        VERIFY_OK(before);
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto rowBefore = (*reader)->findUid(cache.inbox, Uid(2));
        VERIFY_OK(rowBefore);
        cache.changes.clear();

        QCOMPARE(unlink(cache, {Uid(2), Uid(2)}).value_or(Uids()), Uids{Uid(2)});
        QCOMPARE(cache.changes.back().messages.front().removed, (std::vector<MessageId>{**before}));
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 2);
        QCOMPARE(cache.store->uids(cache.inbox).value_or(Uids()), (Uids{Uid(1), Uid(3)}));
        QCOMPARE(cache.counterMismatch(), QString());
        const auto gone = (*reader)->findUid(cache.inbox, Uid(2));
        VERIFY_OK(gone);
        QVERIFY(!gone->has_value());
        QCOMPARE(unlinked(cache), Uids{Uid(2)});

        QCOMPARE(relink(cache, everything).value_or(Uids()), Uids{Uid(2)});
        QCOMPARE(cache.changes.back().messages.front().added, (std::vector<MessageId>{**before}));
        QCOMPARE(cache.counterMismatch(), QString());
        const auto rowAfter = (*reader)->findUid(cache.inbox, Uid(2));
        VERIFY_OK(rowAfter);
        QVERIFY(rowAfter->has_value());
        QCOMPARE((*rowAfter)->id, (*rowBefore)->id);
        QCOMPARE((*rowAfter)->thread, (*rowBefore)->thread);
        QCOMPARE((*rowAfter)->header.flags, (*rowBefore)->header.flags);
        QCOMPARE((*rowAfter)->header.subject, (*rowBefore)->header.subject);
        QCOMPARE(unlinked(cache), Uids());
        QCOMPARE(relink(cache, everything).value_or(Uids{Uid(1)}), Uids());
    }

    void deletedAfterALaterPass()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2)}));
        VERIFY_OK(unlink(cache, {Uid(1), Uid(1)}));
        VERIFY_OK(endPass(cache));
        QCOMPARE(unlinked(cache), Uids{Uid(1)});
        VERIFY_OK(unlink(cache, {Uid(2), Uid(2)}));
        VERIFY_OK(endPass(cache));
        QCOMPARE(unlinked(cache), Uids{Uid(2)});
        VERIFY_OK(endPass(cache));
        QCOMPARE(unlinked(cache), Uids());
    }

    void aUidThatWasFetchedAgainIsNotReplaced()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1, QStringLiteral("old"))}));
        VERIFY_OK(unlink(cache, {Uid(1), Uid(1)}));
        VERIFY_OK(cache.insert(cache.inbox, {header(1, QStringLiteral("new"))}));
        QCOMPARE(relink(cache, everything).value_or(Uids{Uid(1)}), Uids());
        QCOMPARE(cache.counterMismatch(), QString());
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto row = (*reader)->findUid(cache.inbox, Uid(1));
        VERIFY_OK(row);
        QCOMPARE((*row)->header.subject, QStringLiteral("new"));
        // Unlinked twice, the later one counts.
        VERIFY_OK(unlink(cache, {Uid(1), Uid(1)}));
        VERIFY_OK(cache.insert(cache.inbox, {header(1, QStringLiteral("newest"))}));
        VERIFY_OK(unlink(cache, {Uid(1), Uid(1)}));
        QCOMPARE(unlinked(cache), Uids{Uid(1)});
    }

    void anotherUidValidityBringsNothingBack()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2)}));
        QVERIFY(!unlink(cache, everything, UidValidity(8)));
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 2);
        VERIFY_OK(unlink(cache, everything));
        VERIFY_OK(cache.store->write(
            [&](CacheTransaction &transaction) { return transaction.resetMailbox(cache.inbox, UidValidity(8)); }));
        QCOMPARE(unlinked(cache), Uids());
        QCOMPARE(unlinked(cache, UidValidity(8)), Uids());
        QVERIFY(!relink(cache, everything));
    }

    void goesWithItsMailbox()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1)}));
        VERIFY_OK(unlink(cache, everything));
        VERIFY_OK(
            cache.store->write([&](CacheTransaction &transaction) { return transaction.removeMailbox(cache.inbox); }));
        QCOMPARE(unlinked(cache), Uids());
    }

    /** Threads that became one while a message was away: it comes back into the one there is. */
    void followsItsThread()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {message(1, "a", {}), message(2, "b", {}), message(3, "b2", {"b"})}));
        VERIFY_OK(unlink(cache, {Uid(1), Uid(1)}));
        VERIFY_OK(cache.insert(cache.inbox, {message(4, "c", {"a", "b"})}));
        VERIFY_OK(relink(cache, everything));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto first = (*reader)->findUid(cache.inbox, Uid(1));
        const auto last = (*reader)->findUid(cache.inbox, Uid(4));
        VERIFY_OK(first);
        VERIFY_OK(last);
        QCOMPARE((*first)->thread, (*last)->thread);
    }
};

QTEST_GUILESS_MAIN(TestUnlinked)
#include "test_unlinked.moc"
