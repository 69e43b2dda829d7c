// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/limits.h"
#include "core/store/storageerror.h"
#include "tests/unit/store/cachefixture.h"

#include <QFile>
#include <QRegularExpression>

#include <algorithm>

using namespace kittiwake;
using namespace kittiwake::store;
using test::CacheFixture;
using test::flags;
using test::header;

namespace
{

const QRegularExpression damagedCache(QStringLiteral("the header cache is damaged"));

mail::MessageHeader full()
{
    mail::MessageHeader result = header(5, QStringLiteral("Re: Größe 会議 🙂"));
    result.flags = flags({"\\Seen", "\\Answered", "$Forwarded"});
    result.modseq = ModSeq(1'234'567'890'123);
    result.from = {{QStringLiteral("Müller, Anna"), QStringLiteral("anna@example.org")},
                   {QString(), QStringLiteral("second@example.org")}};
    result.to
        = {{QStringLiteral("Ben"), QStringLiteral("ben@example.org")}, {QString(), QStringLiteral("cy@example.org")}};
    result.cc = {{QStringLiteral("Dan"), QStringLiteral("dan@example.org")}};
    result.replyTo = {{QString(), QStringLiteral("list@example.org")}};
    result.messageId = QByteArrayLiteral("<x\xFF@example.org>");
    result.hasAttachment = true;
    result.size = (std::uint64_t(1) << 40) + 1;
    result.date = -5; // before 1970
    return result;
}

} // namespace

class TestMessages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headersComeBack()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const mail::MessageHeader stored = full();
        const auto report = cache.insert(cache.inbox, {stored});
        VERIFY_OK(report);
        QCOMPARE(*report, (InsertReport{1, 0}));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto row = (*reader)->findUid(cache.inbox, stored.uid);
        VERIFY_OK(row);
        QVERIFY(row->has_value());
        QCOMPARE((*row)->header, stored);
        QCOMPARE((*row)->mailbox, cache.inbox);
        QCOMPARE((*row)->thread.value(), (*row)->id.value());

        const auto location = cache.store->locate((*row)->id);
        VERIFY_OK(location);
        const MessageLocation expected{(*row)->id,     cache.account, cache.inbox, mail::MailboxName::inbox(),
                                       cache.validity, stored.uid,    stored.size};
        QCOMPARE(*location, std::optional(expected));
        QCOMPARE(cache.store->locate(MessageId(4711)).value_or(MessageLocation()), std::optional<MessageLocation>());
    }

    void insertingAgainOnlyUpdatesFlags()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1, QStringLiteral("first")), header(2)}));
        const auto id = cache.store->findUid(cache.inbox, Uid(1));
        VERIFY_OK(id);
        cache.changes.clear();
        mail::MessageHeader again = header(1, QStringLiteral("a message never changes"));
        again.flags = flags({"\\Seen"});
        const auto report = cache.insert(cache.inbox, {again, header(2), header(3)});
        VERIFY_OK(report);
        QCOMPARE(*report, (InsertReport{1, 1}));
        QCOMPARE(cache.changes.size(), 1U);
        const MailboxChanges &changes = cache.changes.front().messages.front();
        QCOMPARE(changes.mailbox, cache.inbox);
        QCOMPARE(changes.changed, std::vector<MessageId>{**id});
        QCOMPARE(changes.added.size(), 1U);
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto row = (*reader)->findUid(cache.inbox, Uid(1));
        VERIFY_OK(row);
        QCOMPARE((*row)->id, **id);
        QCOMPARE((*row)->header.subject, QStringLiteral("first"));
        QCOMPARE((*row)->header.flags, again.flags);
        QCOMPARE(cache.counterMismatch(), QString());

        cache.changes.clear();
        VERIFY_OK(cache.insert(cache.inbox, {again, header(2), header(3)}));
        QVERIFY(cache.changes.empty());
    }

    void aUidTwiceInOneBatchIsOneMessage()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        mail::MessageHeader second = header(1);
        second.flags = flags({"\\Flagged"});
        VERIFY_OK(cache.insert(cache.inbox, {header(1), second}));
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 1);
        const MailboxChanges &changes = cache.changes.front().messages.front();
        QCOMPARE(changes.added.size(), 1U);
        QVERIFY(changes.changed.empty()); // in one list at most
    }

    void withoutUidItIsNoMessage()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("without a UID")));
        const auto report = cache.insert(cache.inbox, {header(0), header(4)});
        VERIFY_OK(report);
        QCOMPARE(report->added, 1);
    }

    void anotherUidValidityWritesNothing()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1)}));
        cache.changes.clear();
        const UidValidity old(6);
        const std::vector<mail::MessageHeader> headers{header(2)};
        const std::vector<FlagUpdate> updates{{Uid(1), flags({"\\Seen"}), {}}};
        const std::vector<UidRange> ranges{{Uid(1), Uid(1)}};
        const auto insert = [&](CacheTransaction &transaction) -> Result<void> {
            const auto done = transaction.insertHeaders(cache.inbox, old, headers);
            return done ? Result<void>() : Result<void>(failure(done.error()));
        };
        const auto setFlags = [&](CacheTransaction &transaction) -> Result<void> {
            const auto done = transaction.setFlags(cache.inbox, old, updates);
            return done ? Result<void>() : Result<void>(failure(done.error()));
        };
        const auto remove = [&](CacheTransaction &transaction) -> Result<void> {
            const auto done = transaction.remove(cache.inbox, old, ranges);
            return done ? Result<void>() : Result<void>(failure(done.error()));
        };
        for (const auto &refused :
             {cache.store->write(insert), cache.store->write(setFlags), cache.store->write(remove)}) {
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, ErrorKind::Protocol);
            QVERIFY(refused.error().detail.contains(QLatin1String("UIDVALIDITY 7, expected 6")));
        }
        QVERIFY(cache.changes.empty());
        QCOMPARE(cache.store->uids(cache.inbox).value_or(std::vector<Uid>()), std::vector<Uid>{Uid(1)});
        QCOMPARE(cache.store->countUnseen(cache.inbox).value_or(-1), 1);
    }

    void onlyRealFlagChangesAreReported()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2), header(3)}));
        cache.changes.clear();
        const auto changed = cache.setFlags({{Uid(1), flags({"\\Seen"}), ModSeq(10)},
                                             {Uid(2), {}, ModSeq(11)}, // only its MODSEQ is new
                                             {Uid(3), flags({"work"}), {}},
                                             {Uid(4), flags({"\\Seen"}), {}}}); // not here
        VERIFY_OK(changed);
        QCOMPARE(*changed, (std::vector<Uid>{Uid(1), Uid(3)}));
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(cache.changes.front().messages.front().changed.size(), 2U);
        QCOMPARE(cache.store->countUnseen(cache.inbox).value_or(-1), 2);
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto second = (*reader)->findUid(cache.inbox, Uid(2));
        VERIFY_OK(second);
        QCOMPARE((*second)->header.modseq, ModSeq(11));
        const auto third = (*reader)->findUid(cache.inbox, Uid(3));
        VERIFY_OK(third);
        QCOMPARE((*third)->header.flags, flags({"work"}));

        cache.changes.clear();
        const auto again = cache.setFlags({{Uid(1), flags({"\\Seen", "\\Recent"}), {}}});
        VERIFY_OK(again);
        QVERIFY(again->empty()); // \Recent is of the session
        QVERIFY(cache.changes.empty());
        const auto first = (*reader)->findUid(cache.inbox, Uid(1));
        VERIFY_OK(first);
        QCOMPARE((*first)->header.modseq, ModSeq(10)); // none given: the stored one stays
        QCOMPARE(cache.counterMismatch(), QString());
    }

    void rangesAreRemoved()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t uid = 1; uid <= 20; ++uid)
            headers.push_back(header(uid * 10));
        headers.front().flags = flags({"\\Seen"});
        VERIFY_OK(cache.insert(cache.inbox, headers));
        cache.changes.clear();
        const auto removed = cache.remove({{Uid(95), Uid(110)}, {Uid(10), Uid(10)}, {Uid(11), Uid(19)}});
        VERIFY_OK(removed);
        QCOMPARE(*removed, (std::vector<Uid>{Uid(10), Uid(100), Uid(110)}));
        QCOMPARE(cache.changes.front().messages.front().removed.size(), 3U);
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 17);
        QCOMPARE(cache.counterMismatch(), QString());
        const auto bounds = cache.store->uidBounds(cache.inbox);
        VERIFY_OK(bounds);
        QCOMPARE(*bounds, std::optional(UidRange{Uid(20), Uid(200)}));

        const auto all = cache.remove({{Uid(1), Uid(UINT32_MAX)}}); // VANISHED 1:4294967295
        VERIFY_OK(all);
        QCOMPARE(all->size(), 17U);
        QCOMPARE(cache.store->uidBounds(cache.inbox).value_or(UidRange()), std::optional<UidRange>());
        cache.changes.clear();
        VERIFY_OK(cache.remove({{Uid(1), Uid(UINT32_MAX)}}));
        QVERIFY(cache.changes.empty());
    }

    void uidsAndFlagsForComparison()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        std::vector<mail::MessageHeader> headers{header(30), header(10), header(UINT32_MAX)};
        headers[0].flags = flags({"\\Seen", "work"});
        headers[1].flags = flags({"\\Deleted"});
        VERIFY_OK(cache.insert(cache.inbox, headers));
        QCOMPARE(cache.store->uids(cache.inbox).value_or(std::vector<Uid>()),
                 (std::vector<Uid>{Uid(10), Uid(30), Uid(UINT32_MAX)}));
        const auto hashes = cache.store->uidsAndFlags(cache.inbox);
        VERIFY_OK(hashes);
        QCOMPARE(*hashes,
                 (std::vector<UidFlagsHash>{{flagsHash(headers[1].flags), Uid(10)},
                                            {flagsHash(headers[0].flags), Uid(30)},
                                            {0, Uid(UINT32_MAX)}}));
        const auto some = cache.store->uidsAndFlags(cache.inbox, {Uid(11), Uid(100)});
        VERIFY_OK(some);
        QCOMPARE(some->size(), 1U);
        QCOMPARE(some->front().uid, Uid(30));
    }

    void idsAreNeverReused()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2)}));
        const auto before = cache.store->findUid(cache.inbox, Uid(2));
        VERIFY_OK(before);
        VERIFY_OK(cache.remove({{Uid(1), Uid(2)}}));
        VERIFY_OK(cache.insert(cache.inbox, {header(2)}));
        const auto after = cache.store->findUid(cache.inbox, Uid(2));
        VERIFY_OK(after);
        QVERIFY(**after > **before);
    }

    void announcedAfterCommitOnly()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        std::int64_t seenByReader = -1;
        bool refused = false;
        cache.store->setListener([&](const StoreChanges &change) {
            cache.changes.push_back(change);
            seenByReader = (*reader)->countMessages(cache.inbox).value_or(-1);
            refused = !cache.store->begin().has_value();
        });
        auto transaction = cache.store->begin();
        VERIFY_OK(transaction);
        VERIFY_OK(transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(1)}));
        QVERIFY(cache.changes.empty());
        QCOMPARE((*reader)->countMessages(cache.inbox).value_or(-1), 0);
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 1); // the writer sees its own transaction
        VERIFY_OK(transaction->commit());
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(seenByReader, 1);
        QVERIFY(refused); // from within the listener
        QVERIFY(!transaction->commit()); // it has ended
        QVERIFY(!transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(2)}));
        QVERIFY(cache.store->begin().has_value());
    }

    void rolledBackIsForgotten()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        {
            auto transaction = cache.store->begin();
            VERIFY_OK(transaction);
            VERIFY_OK(transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(1)}));
            QVERIFY(!cache.store->begin()); // one at a time
        } // gone without commit
        QVERIFY(cache.changes.empty());
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 0);
        {
            auto transaction = cache.store->begin();
            VERIFY_OK(transaction);
            VERIFY_OK(transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(1)}));
            transaction->rollback();
            transaction->rollback();
        }
        VERIFY_OK(cache.insert(cache.inbox, {header(2)}));
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(cache.changes.front().messages.front().added.size(), 1U);
    }

    void afterAnErrorNothingIsCommitted()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        auto transaction = cache.store->begin();
        VERIFY_OK(transaction);
        VERIFY_OK(transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(1)}));
        QVERIFY(!transaction->insertHeaders(cache.inbox, UidValidity(1), std::vector{header(2)}));
        QVERIFY(!transaction->insertHeaders(cache.inbox, cache.validity, std::vector{header(3)}));
        const auto committed = transaction->commit();
        QVERIFY(!committed);
        QCOMPARE(committed.error().kind, ErrorKind::Protocol);
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 0);
        QVERIFY(cache.changes.empty());
    }

    void oneListAMessageInATransaction()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2)}));
        cache.changes.clear();
        const auto kept = cache.store->findUid(cache.inbox, Uid(2));
        VERIFY_OK(kept);
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const std::vector<mail::MessageHeader> headers{header(3), header(4)};
            const std::vector<FlagUpdate> updates{
                {Uid(1), flags({"\\Seen"}), {}}, {Uid(2), flags({"\\Seen"}), {}}, {Uid(3), flags({"\\Seen"}), {}}};
            const std::vector<UidRange> ranges{{Uid(1), Uid(1)}, {Uid(4), Uid(4)}};
            const auto inserted = transaction.insertHeaders(cache.inbox, cache.validity, headers);
            if (!inserted)
                return failure(inserted.error());
            const auto changed = transaction.setFlags(cache.inbox, cache.validity, updates);
            if (!changed)
                return failure(changed.error());
            const auto removed = transaction.remove(cache.inbox, cache.validity, ranges);
            return removed ? Result<void>() : Result<void>(failure(removed.error()));
        }));
        QCOMPARE(cache.changes.size(), 1U);
        const MailboxChanges &changes = cache.changes.front().messages.front();
        QCOMPARE(changes.added.size(), 1U); // 3; 4 came and went
        QCOMPARE(changes.changed, std::vector<MessageId>{**kept}); // 2; 3 is added, 1 removed
        QCOMPARE(changes.removed.size(), 1U); // 1
        QCOMPARE(cache.counterMismatch(), QString());
    }

    void manyChangesBecomeAReset()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t uid = 1; uid <= std::uint32_t(limits::changesListed) + 1; ++uid)
            headers.push_back(header(uid));
        VERIFY_OK(cache.insert(cache.inbox, headers));
        const MailboxChanges &changes = cache.changes.front().messages.front();
        QVERIFY(changes.reset);
        QCOMPARE(changes.mailbox, cache.inbox);
        QVERIFY(changes.added.empty());
    }

    void hostileTextsAreCut()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        mail::MessageHeader hostile = header(1, QString(1'000'000, QChar(u'ä')));
        hostile.from.assign(5000, {QString(100'000, QChar(u'n')), QString(100'000, QChar(u'a'))});
        hostile.to = hostile.from;
        hostile.messageId = '<' + QByteArray(100'000, 'm') + '>';
        hostile.references = QByteArrayList(50'000, QByteArrayLiteral("<r@example.org>"));
        for (int index = 0; index < 1000; ++index)
            hostile.flags.addKeyword("keyword" + QByteArray::number(index));
        hostile.size = UINT64_MAX;
        hostile.modseq = ModSeq(UINT64_MAX);
        mail::MessageHeader nul = header(2, QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b"));
        nul.from.front().name = QString(3, QChar(u'\0'));
        VERIFY_OK(cache.insert(cache.inbox, {hostile, nul}));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto row = (*reader)->findUid(cache.inbox, Uid(1));
        VERIFY_OK(row);
        const mail::MessageHeader &stored = (*row)->header;
        QCOMPARE(stored.subject, QString(limits::subject, QChar(u'ä')));
        QCOMPARE(stored.from.size(), std::size_t(limits::addresses) + 1); // the first one has a column of its own
        QCOMPARE(stored.from.front().name.size(), limits::addressName);
        QCOMPARE(stored.to.size(), std::size_t(limits::addresses));
        QVERIFY(stored.messageId.isEmpty());
        QCOMPARE(stored.flags.keywords().size(), limits::keywords);
        QCOMPARE(stored.size, std::uint64_t(INT64_MAX));
        const auto second = (*reader)->findUid(cache.inbox, Uid(2));
        VERIFY_OK(second);
        QCOMPARE((*second)->header.subject, QStringLiteral("a\uFFFDb"));
        QCOMPARE((*second)->header.from.front().name, QStringLiteral("\uFFFD\uFFFD\uFFFD"));
        // What was cut is not a difference at the next comparison.
        const auto changed = cache.setFlags({{Uid(1), hostile.flags, {}}});
        VERIFY_OK(changed);
        QVERIFY(changed->empty());
        const auto hashes = cache.store->uidsAndFlags(cache.inbox);
        VERIFY_OK(hashes);
        QCOMPARE(hashes->front().hash, flagsHash(hostile.flags));
    }

    void damageIsFoundAndRebuiltOnce()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t uid = 1; uid <= 2000; ++uid)
            headers.push_back(header(uid));
        VERIFY_OK(cache.insert(cache.inbox, headers));
        cache.store.reset();
        {
            const auto sound = CacheStore::openOrRebuild(cache.profile(), Secret(), CacheStore::Check::Full);
            VERIFY_OK(sound);
            QVERIFY(!sound->rebuilt);
            QCOMPARE(sound->store->countMessages(cache.inbox).value_or(-1), 2000);
        }
        QFile file(cache.profile() + QStringLiteral("/cache.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const qint64 pages = file.size() / 4096;
        for (qint64 page = 20; page < pages; page += 7) {
            QVERIFY(file.seek(page * 4096));
            QCOMPARE(file.write(QByteArray(4096, '\x5A')), 4096);
        }
        file.close();
        {
            QTest::ignoreMessage(QtWarningMsg, damagedCache);
            const auto rebuilt = CacheStore::openOrRebuild(cache.profile(), Secret(), CacheStore::Check::Full);
            VERIFY_OK(rebuilt);
            QVERIFY(rebuilt->rebuilt);
            QVERIFY(isDamaged(rebuilt->damage));
            QVERIFY(rebuilt->store->mailboxes(AccountId()).value_or(std::vector<MailboxRow>(1)).empty());
        }
        const auto after = CacheStore::openOrRebuild(cache.profile(), Secret(), CacheStore::Check::Full);
        VERIFY_OK(after);
        QVERIFY(!after->rebuilt);
    }

    void garbageInsteadOfACacheIsRebuilt()
    {
        const QTemporaryDir profile;
        QFile file(profile.filePath(QStringLiteral("cache.db")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(QByteArray(100'000, 'g')), 100'000);
        file.close();
        QVERIFY(!CacheStore::open(profile.path(), Secret()));
        QTest::ignoreMessage(QtWarningMsg, damagedCache);
        const auto opened = CacheStore::openOrRebuild(profile.path(), Secret());
        VERIFY_OK(opened);
        QVERIFY(opened->rebuilt);
    }

    void destroyDeletesTheFiles()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        cache.store.reset();
        VERIFY_OK(CacheStore::destroy(cache.profile()));
        QVERIFY(!QFile::exists(cache.profile() + QStringLiteral("/cache.db")));
        VERIFY_OK(CacheStore::destroy(cache.profile()));
    }
};

QTEST_GUILESS_MAIN(TestMessages)
#include "test_messages.moc"
