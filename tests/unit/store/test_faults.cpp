// SPDX-License-Identifier: GPL-3.0-or-later
// The disk fills up, or fails, at every single write of a piece of work: what was committed is there, nothing else is,
// nothing is announced that did not happen, and the file is sound.
#include "core/store/database.h"
#include "core/store/pendingstore.h"
#include "core/store/profilefiles.h"
#include "core/store/storageerror.h"
#include "tests/unit/store/cachefixture.h"
#include "tests/unit/store/faultvfs.h"

using namespace kittiwake;
using namespace kittiwake::store;
using test::FaultVfs;

namespace
{

constexpr std::uint32_t batch = 30;
constexpr std::uint32_t batches = 4;

struct Outcome {
    std::uint32_t committed = 0; ///< batches whose commit succeeded
    std::int64_t announced = 0; ///< messages that the listener was told of
    std::optional<Error> error;
};

Outcome writeBatches(CacheStore &store, MailboxId mailbox, UidValidity validity)
{
    Outcome outcome;
    store.setListener([&](const StoreChanges &changes) {
        for (const MailboxChanges &one : changes.messages)
            outcome.announced += std::int64_t(one.added.size());
    });
    for (std::uint32_t number = 0; number < batches; ++number) {
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t index = 0; index < batch; ++index) {
            mail::MessageHeader one = test::header(number * batch + index + 1, QString(300, QChar(u's')));
            one.messageId = "<" + QByteArray::number(one.uid.value()) + "@example.org>";
            headers.push_back(one);
        }
        const auto done = store.write([&](CacheTransaction &transaction) -> Result<void> {
            const auto report = transaction.insertHeaders(mailbox, validity, headers);
            return report ? Result<void>() : Result<void>(failure(report.error()));
        });
        if (!done) {
            outcome.error = done.error();
            break;
        }
        ++outcome.committed;
    }
    store.setListener({});
    return outcome;
}

} // namespace

class TestFaults final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWriteOfTheCache_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("disk full") << int(FaultVfs::Fault::DiskFull);
        QTest::newRow("write error") << int(FaultVfs::Fault::WriteError);
    }
    void everyWriteOfTheCache()
    {
        QFETCH(int, fault);
        FaultVfs vfs;
        bool wasHit = true;
        int hits = 0;
        for (std::int64_t calls = 0; wasHit; calls += 5) {
            test::CacheFixture cache;
            VERIFY_OK(cache.setUp());
            cache.store.reset();
            Outcome outcome;
            {
                const auto store = CacheStore::open(cache.profile(), Secret(), FaultVfs::name());
                VERIFY_OK(store);
                vfs.failAfter(calls, static_cast<FaultVfs::Fault>(fault));
                outcome = writeBatches(**store, cache.inbox, cache.validity);
                wasHit = vfs.failures() > 0;
                vfs.heal();
                if (outcome.error) {
                    ++hits;
                    QCOMPARE(outcome.error->kind, ErrorKind::Storage);
                    if (fault == int(FaultVfs::Fault::DiskFull))
                        QVERIFY2(isDiskFull(*outcome.error), qPrintable(test::text(*outcome.error)));
                    // Once there is space again, the same store goes on.
                    QCOMPARE((*store)->countMessages(cache.inbox).value_or(-1), outcome.committed * batch);
                    const Outcome later = writeBatches(**store, cache.inbox, cache.validity);
                    QVERIFY(!later.error);
                    QCOMPARE(later.announced, std::int64_t((batches - outcome.committed) * batch));
                } else {
                    QCOMPARE(outcome.committed, batches);
                }
                QCOMPARE(outcome.announced, std::int64_t(outcome.committed * batch));
            }
            const auto after = CacheStore::openOrRebuild(cache.profile(), Secret(), CacheStore::Check::Full);
            VERIFY_OK(after);
            QVERIFY(!after->rebuilt);
            QCOMPARE(after->store->countMessages(cache.inbox).value_or(-1), batches * batch);
            QCOMPARE(cache.counterMismatch(), QString());
        }
        QVERIFY(hits > 10);
    }

    void workIsOnTheDiskOrRefused_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("disk full") << int(FaultVfs::Fault::DiskFull);
        QTest::newRow("write error") << int(FaultVfs::Fault::WriteError);
        QTest::newRow("sync error") << int(FaultVfs::Fault::SyncError);
    }
    void workIsOnTheDiskOrRefused()
    {
        QFETCH(int, fault);
        FaultVfs vfs;
        bool wasHit = true;
        int hits = 0;
        for (std::int64_t calls = 0; wasHit; ++calls) {
            const QTemporaryDir profile;
            std::vector<PendingOperation> expected;
            {
                const auto store
                    = PendingStore::open(profile.path(), Secret(), PendingStore::Access::ReadWrite, FaultVfs::name());
                VERIFY_OK(store);
                vfs.failAfter(calls, static_cast<FaultVfs::Fault>(fault));
                for (int number = 1; number <= 4; ++number) {
                    PendingOperation one;
                    one.account = AccountId(1);
                    one.kind = QStringLiteral("append");
                    one.payload = QByteArray(6000, char('a' + number));
                    const auto id = (*store)->add(one);
                    if (id) {
                        one.id = *id;
                        expected.push_back(one);
                    } else {
                        ++hits;
                        QCOMPARE(id.error().kind, ErrorKind::Storage);
                    }
                }
                wasHit = vfs.failures() > 0;
                vfs.heal();
                QCOMPARE((*store)->list().value_or(std::vector<PendingOperation>()), expected);
            }
            const auto after = PendingStore::open(profile.path(), Secret());
            VERIFY_OK(after);
            QCOMPARE((*after)->list().value_or(std::vector<PendingOperation>()), expected);
        }
        QVERIFY(hits > 3);
    }
};

QTEST_GUILESS_MAIN(TestFaults)
#include "test_faults.moc"
