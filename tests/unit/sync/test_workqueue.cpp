// SPDX-License-Identifier: GPL-3.0-or-later
// A Qt header first: moc 6.4 cannot parse <coroutine> without it.
#include <QTest>

#include "core/sync/account/statusring.h"
#include "core/sync/account/workqueue.h"

using namespace kittiwake;
using namespace kittiwake::sync;

class TestWorkQueue final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void order();
    void claims();
    void ring();
    void ringKeepsItsPlace();
};

namespace
{

bool all(const Job &)
{
    return true;
}

mail::MailboxName name(int number)
{
    return {QString::number(number), {}};
}

std::vector<mail::MailboxName> names(int count)
{
    std::vector<mail::MailboxName> result;
    result.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        result.push_back(name(i));
    return result;
}

} // namespace

void TestWorkQueue::order()
{
    WorkQueue queue;
    QVERIFY(!queue.next(all));
    queue.add(MailboxId(1), true);
    queue.add(MailboxId(2), false);
    queue.add(MailboxId(3), false);
    queue.add(MailboxId(2), false); // keeps its place, once
    QCOMPARE(queue.jobs().size(), std::size_t(3));
    QCOMPARE(queue.next(all).value(), MailboxId(2)); // what takes long comes last
    queue.add(MailboxId(4), false, true);
    QCOMPARE(queue.next(all).value(), MailboxId(4));
    queue.add(MailboxId(3), false, true);
    QCOMPARE(queue.next(all).value(), MailboxId(3));
    queue.finish(MailboxId(3));
    queue.finish(MailboxId(4));
    queue.finish(MailboxId(2));
    QCOMPARE(queue.next(all).value(), MailboxId(1));
    QVERIFY(!queue.next([](const Job &job) { return !job.isFirstSync; }));
}

void TestWorkQueue::claims()
{
    WorkQueue queue;
    queue.add(MailboxId(1), false);
    queue.add(MailboxId(2), false);
    queue.claim(MailboxId(1), Role::Main);
    queue.claim(MailboxId(9), Role::Main); // is not there
    QVERIFY(queue.isClaimed(MailboxId(1)));
    QVERIFY(!queue.isClaimed(MailboxId(9)));
    QCOMPARE(queue.next(all).value(), MailboxId(2));
    queue.add(MailboxId(1), true, true); // it is under way
    QCOMPARE(queue.next(all).value(), MailboxId(2));
    queue.release(Role::Side);
    QVERIFY(queue.isClaimed(MailboxId(1)));
    queue.release(Role::Main);
    QCOMPARE(queue.next(all).value(), MailboxId(1));
    queue.clear();
    QVERIFY(queue.isEmpty());
}

void TestWorkQueue::ring()
{
    using namespace std::chrono_literals;
    StatusRing ring;
    QVERIFY(!ring.isDue());
    ring.setDue(true);
    QVERIFY(!ring.isDue()); // nothing to ask about
    ring.setMailboxes(names(60));
    QVERIFY(ring.isDue());
    QCOMPARE(ring.take(25).size(), std::size_t(25));
    QCOMPARE(ring.pace(25), Clock::Duration(StatusRing::firstPace));
    QCOMPARE(ring.take(25).size(), std::size_t(25));
    QCOMPARE(ring.take(25).size(), std::size_t(10));
    // Round: three batches in five minutes from now on.
    QCOMPARE(ring.pace(25), Clock::Duration(100s));
    QCOMPARE(ring.take(25).front(), name(0));
    ring.setMailboxes(names(2000));
    QCOMPARE(ring.pace(25), Clock::Duration(StatusRing::laterPace)); // never faster
    ring.setMailboxes(names(3));
    QCOMPARE(ring.pace(25), Clock::Duration(StatusRing::round));
    ring.clear();
    QVERIFY(!ring.isDue());
    QVERIFY(ring.take(25).empty());
}

void TestWorkQueue::ringKeepsItsPlace()
{
    StatusRing ring;
    ring.setMailboxes(names(50));
    QCOMPARE(ring.take(25).back(), name(24));
    std::vector<mail::MailboxName> more = names(50);
    more.insert(more.begin(), name(1000));
    ring.setMailboxes(more);
    QCOMPARE(ring.take(5).front(), name(25));
}

QTEST_GUILESS_MAIN(TestWorkQueue)
#include "test_workqueue.moc"
