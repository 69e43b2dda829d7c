// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at random points of a first sync: the file is sound, and holds exactly the batches that were committed.
#include "core/store/database.h"
#include "core/store/pendingstore.h"
#include "core/store/profilefiles.h"
#include "tests/unit/store/cachefixture.h"

#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace kittiwake;
using namespace kittiwake::store;

namespace
{

constexpr std::uint32_t batch = 40;

/** Runs work(pipe) in a process of its own and kills it once it has written `reports` bytes to the pipe; it never ends
 * by itself. Returns how many it had written by then. */
template <typename Work>
int killAfter(int reports, int spins, const Work &work)
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0)
        return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        work(ends[1]);
        ::_exit(1);
    }
    ::close(ends[1]);
    int seen = 0;
    char byte = 0;
    while (seen < reports && ::read(ends[0], &byte, 1) == 1)
        ++seen;
    // A little further into the next batch, another distance each time.
    for (volatile int spin = 0; spin < spins; spin = spin + 1) { }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &byte, 1) == 1) // what it had reported meanwhile
        ++seen;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? seen : -1;
}

/** Newest first, a batch a transaction, its progress in the same transaction. */
void syncForever(const QString &profile, MailboxId mailbox, UidValidity validity, int pipe)
{
    const auto store = CacheStore::open(profile, Secret());
    if (!store)
        return;
    std::uint32_t next = 1'000'000;
    for (;;) {
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t index = 0; index < batch; ++index) {
            mail::MessageHeader one = test::header(next--);
            one.messageId = "<" + QByteArray::number(one.uid.value()) + "@example.org>";
            one.references = {"<" + QByteArray::number(one.uid.value() / 3) + "@example.org>"};
            headers.push_back(one);
        }
        const auto done = (*store)->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto inserted = transaction.insertHeaders(mailbox, validity, headers);
            if (!inserted)
                return failure(inserted.error());
            MailboxState state;
            state.uidValidity = validity;
            state.lowestFetched = headers.back().uid;
            return transaction.setState(mailbox, state);
        });
        if (!done || ::write(pipe, "x", 1) != 1)
            return;
    }
}

} // namespace

class TestKill final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cacheHoldsTheCommittedBatches()
    {
        std::mt19937 random(20260101);
        for (int round = 0; round < 20; ++round) {
            test::CacheFixture cache;
            VERIFY_OK(cache.setUp());
            cache.store.reset();
            const int reports = int(random() % 40);
            const int seen = killAfter(reports, int(random() % 3'000'000), [&](int pipe) {
                syncForever(cache.profile(), cache.inbox, cache.validity, pipe);
            });
            QVERIFY(seen >= reports);
            std::int64_t readable = -1;
            if (round % 2 == 0) { // a program that only reads comes first, and finds the WAL of the dead one
                const auto reader = CacheReader::open(cache.profile(), Secret());
                VERIFY_OK(reader);
                readable = (*reader)->countMessages(cache.inbox).value_or(-1);
            }
            {
                const auto database = Database::open(cachePath(cache.profile()), Secret(), {});
                VERIFY_OK(database);
                VERIFY_OK((*database)->check(true));
                QCOMPARE((*database)->integer("SELECT count(*) FROM pragma_foreign_key_check").value_or(-1), 0);
            }
            const auto store = CacheStore::open(cache.profile(), Secret());
            VERIFY_OK(store);
            const std::int64_t count = (*store)->countMessages(cache.inbox).value_or(-1);
            QCOMPARE(count % batch, 0); // whole batches
            if (round % 2 == 0)
                QCOMPARE(readable, count);
            QVERIFY2(count / batch == seen || count / batch == seen + 1, // one may have been committed and not reported
                     qPrintable(QStringLiteral("%1 batches, %2 reported").arg(count / batch).arg(seen)));
            QCOMPARE(cache.counterMismatch(), QString());
            const auto state = (*store)->state(cache.inbox);
            VERIFY_OK(state);
            const auto bounds = (*store)->uidBounds(cache.inbox);
            VERIFY_OK(bounds);
            QCOMPARE((*state)->lowestFetched, *bounds ? (*bounds)->first : Uid()); // the progress tells the truth
        }
    }

    void workThatWasAddedIsThere()
    {
        std::mt19937 random(20260102);
        for (int round = 0; round < 10; ++round) {
            const QTemporaryDir profile;
            const int reports = int(random() % 30);
            const int seen = killAfter(reports, int(random() % 1'000'000), [&](int pipe) {
                const auto store = PendingStore::open(profile.path(), Secret());
                PendingOperation one;
                one.account = AccountId(1);
                one.kind = QStringLiteral("append");
                one.payload = QByteArray(3000, 'p');
                while (store && (*store)->add(one) && ::write(pipe, "x", 1) == 1) { }
            });
            QVERIFY(seen >= reports);
            const auto store = PendingStore::open(profile.path(), Secret()); // checks its integrity
            VERIFY_OK(store);
            const auto list = (*store)->list();
            VERIFY_OK(list);
            QVERIFY(int(list->size()) == seen || int(list->size()) == seen + 1);
            for (const PendingOperation &one : *list)
                QVERIFY(one.payload == QByteArray(3000, 'p'));
        }
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "test_kill.moc"
