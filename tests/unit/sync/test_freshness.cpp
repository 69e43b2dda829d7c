// SPDX-License-Identifier: GPL-3.0-or-later
// A Qt header first: moc 6.4 cannot parse <coroutine> without it.
#include <QTest>

#include "core/credentials/memorystore.h"
#include "core/sync/account/line.h"
#include "core/sync/folderlist/folderlist.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/store/cachefixture.h"
#include "tests/unit/sync/lineserver.h"

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace std::chrono_literals;

namespace
{

/** A line in virtual time, with everything that it needs. */
struct Rig {
    FakeClock clock;
    std::shared_ptr<ScriptedWire> wire = std::make_shared<ScriptedWire>(clock);
    sync::test::LineServer server{wire};
    ScriptedFactory streams{wire};
    credentials::MemoryStore keychain;
    accounts::PasswordSource passwords{clock, keychain};
    SystemRandom random;
    store::test::CacheFixture cache;
    accounts::Account account;
    std::optional<Environment> environment;
    std::unique_ptr<Line> line;
    std::optional<Result<bool>> synced;
    std::optional<Result<void>> result;
    async::TaskScope scope;

    void setUp()
    {
        VERIFY_OK(cache.setUp());
        account.id = store::test::CacheFixture::account;
        account.email = QStringLiteral("anna@example.org");
        account.credentialKey = QStringLiteral("key");
        account.imap.endpoint = {QStringLiteral("imap.example.org"), 993};
        environment.emplace(Environment{clock, streams, *cache.store, passwords, random, "1", {}});
        line = std::make_unique<Line>(*environment, account);
        scope.start(keepPassword(*this));
        settle();
        VERIFY_OK(result.value());
        result.reset();
    }

    static async::Task<void> keepPassword(Rig &rig)
    {
        rig.result = co_await rig.passwords.store(rig.account, Secret(QByteArray("secret")));
    }
    static async::Task<void> connect(Rig &rig) { rig.result = co_await rig.line->connect(); }
    static async::Task<void> sync(Rig &rig)
    {
        rig.synced = co_await rig.line->bringUpToDate(rig.cache.inbox, mail::MailboxName::inbox(), false, {});
    }
    static async::Task<void> catchUp(Rig &rig) { rig.result = co_await rig.line->mailbox()->catchUp(); }

    /** Everything that needs no time. */
    void settle()
    {
        do
            clock.runReady();
        while (server.answer());
    }
    void pass(Clock::Duration time)
    {
        const Clock::Duration end = clock.monotonic() + time;
        while (clock.monotonic() < end) {
            clock.advance(std::min<Clock::Duration>(end - clock.monotonic(), 1s));
            settle();
        }
    }
    void connectAndSync()
    {
        scope.start(connect(*this));
        clock.runReady();
        server.greet();
        settle();
        VERIFY_OK(result.value());
        scope.start(sync(*this));
        settle();
        VERIFY_OK(synced.value());
    }

    [[nodiscard]] std::int64_t now() const { return clock.wall().toSecsSinceEpoch(); }
    [[nodiscard]] std::int64_t syncedAt() const { return cache.store->state(cache.inbox).value()->syncedAt; }
};

} // namespace

/** "True as of" is never ahead of the truth, and follows confirmed round trips as closely as that allows. */
class TestFreshness final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSyncIsTrueAsOfItsSelect()
    {
        Rig rig;
        rig.setUp();
        rig.server.uids = {1, 2, 3};
        rig.scope.start(Rig::connect(rig));
        rig.clock.runReady();
        rig.server.greet();
        rig.settle();
        VERIFY_OK(rig.result.value());
        rig.pass(10s);
        const std::int64_t asked = rig.now();
        rig.server.stalled = true;
        rig.scope.start(Rig::sync(rig));
        rig.settle();
        QVERIFY(rig.server.commands.contains("SELECT INBOX"));
        rig.pass(30s);
        QCOMPARE(rig.syncedAt(), 0);
        rig.server.deliver();
        rig.settle();
        VERIFY_OK(rig.synced.value());
        QCOMPARE(rig.cache.store->countMessages(rig.cache.inbox).value(), 3);
        QCOMPARE(rig.syncedAt(), asked);
        QCOMPARE(rig.line->provenAt(), 0); // which says something only of questions that were asked while watching
    }

    void whileWatchedItFollowsRoundTrips()
    {
        Rig rig;
        rig.setUp();
        rig.server.uids = {1, 2, 3};
        rig.connectAndSync();
        const std::int64_t first = rig.now();
        QCOMPARE(rig.syncedAt(), first);
        rig.line->watch();
        rig.pass(8min);
        // The connection looks alive; nobody has asked whether it is.
        rig.server.say("* OK Still here\r\n");
        rig.settle();
        QCOMPARE(rig.syncedAt(), first);
        rig.cache.changes.clear();
        rig.pass(4min); // IDLE lasts nine to twelve minutes
        QVERIFY(rig.server.commands.contains("DONE"));
        QVERIFY(rig.syncedAt() >= first + 9 * 60);
        QVERIFY(rig.syncedAt() <= first + 12 * 60);
        // Whoever shows it is told.
        QCOMPARE(rig.cache.changes.size(), 1U);
        QCOMPARE(rig.cache.changes.front().mailboxRows, std::vector<MailboxId>{rig.cache.inbox});
        QCOMPARE(rig.line->provenAt() / 1000, rig.syncedAt());
    }

    void anAnswerThatComesLateIsAsOldAsItsQuestion()
    {
        Rig rig;
        rig.setUp();
        rig.server.uids = {1, 2, 3};
        rig.connectAndSync();
        rig.line->watch();
        rig.pass(530s);
        rig.server.stalled = true;
        const auto dones = rig.server.commands.count("DONE");
        while (rig.server.commands.count("DONE") == dones)
            rig.pass(1s);
        const std::int64_t asked = rig.now();
        const std::int64_t before = rig.syncedAt();
        rig.pass(30s);
        QCOMPARE(rig.syncedAt(), before);
        rig.server.deliver();
        rig.settle();
        QVERIFY(rig.syncedAt() >= asked - 1);
        QVERIFY(rig.syncedAt() <= asked);
    }

    void aDeadLinkDoesNotAdvanceIt()
    {
        Rig rig;
        rig.setUp();
        rig.server.uids = {1, 2, 3};
        rig.connectAndSync();
        rig.line->watch();
        const std::int64_t before = rig.syncedAt();
        rig.server.stalled = true;
        rig.pass(20min);
        QVERIFY(rig.line->lost().has_value());
        QCOMPARE(rig.syncedAt(), before);
        QCOMPARE(rig.line->provenAt(), 0);
    }

    void whatIsToldToBeEmptyNeedNotBeSelected()
    {
        Rig rig;
        rig.setUp();
        MailboxId id;
        VERIFY_OK(rig.cache.store->write([&](store::CacheTransaction &transaction) -> Result<void> {
            const auto made = transaction.putMailbox(rig.account.id, store::test::listing(QStringLiteral("Trash")));
            if (!made)
                return failure(made.error());
            id = *made;
            return {};
        }));
        Folder folder{id, {QStringLiteral("Trash"), {}}, mail::MailboxRole::Trash, true, imap::MailboxStatusData()};
        imap::MailboxStatusData &status = *folder.status;
        status.messages = 0;
        status.uidNext = Uid(5);
        status.uidValidity = UidValidity(9);
        // Without HIGHESTMODSEQ, and with messages, it has to be looked at.
        QCOMPARE(takeEmpty(*rig.cache.store, folder, 100), Result<bool>(false));
        status.highestModSeq = 3;
        status.messages = 1;
        QCOMPARE(takeEmpty(*rig.cache.store, folder, 100), Result<bool>(false));
        QVERIFY(!rig.cache.store->state(id).value()->uidValidity.isValid());

        status.messages = 0;
        QCOMPARE(takeEmpty(*rig.cache.store, folder, 100), Result<bool>(true));
        const auto state = rig.cache.store->state(id).value();
        QVERIFY(state->complete);
        QCOMPARE(state->uidValidity, UidValidity(9));
        QCOMPARE(state->syncedAt, 100);
        QVERIFY(!mayHaveChanged(status, *state, 0, Trust::Proof));
        // From then on it is a mailbox like any other: what came and went is seen by its counters.
        status.uidNext = Uid(6);
        QCOMPARE(takeEmpty(*rig.cache.store, folder, 200), Result<bool>(false));
        QVERIFY(mayHaveChanged(status, *state, 0, Trust::Proof));
    }

    void whatIsToldButNotFetchedIsNotTrueYet()
    {
        Rig rig;
        rig.setUp();
        rig.server.uids = {1, 2, 3};
        rig.connectAndSync();
        const std::int64_t before = rig.syncedAt();
        rig.line->watch();
        rig.pass(60s);
        rig.server.uids = {1, 2, 3, 9};
        rig.server.say("* 4 EXISTS\r\n");
        rig.settle();
        QVERIFY(rig.line->mailbox()->needsCatchUp());
        rig.line->stopWatching();
        rig.settle();
        const std::int64_t asked = rig.now();
        QCOMPARE(rig.line->provenAt() / 1000, asked);
        QCOMPARE(rig.syncedAt(), before);
        rig.pass(5s);
        rig.server.stalled = true;
        rig.scope.start(Rig::catchUp(rig));
        rig.pass(5s);
        QCOMPARE(rig.syncedAt(), before);
        rig.server.deliver();
        rig.settle();
        VERIFY_OK(rig.result.value());
        VERIFY_OK(rig.line->mailbox()->confirm());
        QCOMPARE(rig.cache.store->countMessages(rig.cache.inbox).value(), 4);
        QCOMPARE(rig.syncedAt(), asked);
    }
};

QTEST_GUILESS_MAIN(TestFreshness)
#include "test_freshness.moc"
