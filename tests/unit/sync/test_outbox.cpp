// SPDX-License-Identifier: GPL-3.0-or-later
// The outbox in virtual time, with a submission server that answers as it is told.
#include <QTemporaryDir>
#include <QTest>
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/base/random.h"
#include "core/credentials/memorystore.h"
#include "core/sync/outbox/outbox.h"
#include "tests/support/fakeclock.h"
#endif

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace std::chrono_literals;

namespace
{

/** The server's side: a reply for each kind of line. */
struct FakeServer {
    explicit FakeServer(Clock &owner) : clock(owner) { }
    Clock &clock;
    QByteArray signIn = "235 ok";
    QByteArray end = "250 taken"; ///< empty: hangs up instead
    QByteArray size; ///< of EHLO: "SIZE 1000"; empty: not named
    bool isReachable = true;
    int connections = 0;
    int messages = 0; ///< that came to their end
    std::function<void()> onData; ///< when DATA was said
    std::map<QByteArray, QByteArray> recipients; ///< answers to RCPT, by address; the others are taken
};

class FakeStream final : public net::ByteStream
{
public:
    explicit FakeStream(FakeServer &server) : m_server(server) { answer("220 ready"); }
    async::Task<Result<QByteArray>> read() override
    {
        if (m_replies.isEmpty()) {
            const async::Event event(m_server.clock);
            m_arrived = event;
            co_await event;
        }
        co_return std::exchange(m_replies, {});
    }
    void write(const QByteArray &bytes) override
    {
        m_written += bytes;
        for (qsizetype end = m_written.indexOf("\r\n"); end >= 0; end = m_written.indexOf("\r\n")) {
            const QByteArray line = m_written.left(end);
            m_written.remove(0, end + 2);
            take(line);
        }
    }
    async::Task<Result<void>> startTls() override { co_return Result<void>(); }
    Result<void> startDeflate() override { return {}; }
    [[nodiscard]] bool isEncrypted() const override { return true; }
    [[nodiscard]] net::ByteCounters counters() const override { return {}; }

private:
    void take(const QByteArray &line)
    {
        if (m_isInData) {
            if (line != ".")
                return;
            m_isInData = false;
            ++m_server.messages;
            if (m_server.end.isEmpty())
                wake(); // with nothing: hung up
            else
                answer(m_server.end);
        } else if (line.startsWith("EHLO")) {
            answer("250-mail\r\n" + (m_server.size.isEmpty() ? QByteArray() : "250-" + m_server.size + "\r\n")
                   + "250 AUTH PLAIN");
        } else if (line.startsWith("AUTH")) {
            answer(m_server.signIn);
        } else if (line.startsWith("RCPT TO:<")) {
            const auto told = m_server.recipients.find(line.mid(9, line.indexOf('>') - 9));
            answer(told == m_server.recipients.end() ? QByteArray("250 ok") : told->second);
        } else if (line == "DATA") {
            m_isInData = true;
            if (m_server.onData)
                m_server.onData();
            answer("354 go");
        } else {
            answer("250 ok");
        }
    }
    void answer(const QByteArray &reply)
    {
        m_replies += reply + "\r\n";
        wake();
    }
    void wake()
    {
        if (const auto event = std::exchange(m_arrived, std::nullopt))
            event->complete({});
    }

    FakeServer &m_server;
    QByteArray m_written;
    QByteArray m_replies;
    bool m_isInData = false;
    std::optional<async::Event> m_arrived;
};

class FakeFactory final : public net::StreamFactory
{
public:
    explicit FakeFactory(FakeServer &server) : m_server(server) { }
    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(net::Endpoint, net::TlsMode, net::TlsPolicy) override
    {
        ++m_server.connections;
        if (!m_server.isReachable)
            co_return failure(ErrorKind::Network, {}, QStringLiteral("The server cannot be reached."));
        co_return std::make_unique<FakeStream>(m_server);
    }

private:
    FakeServer &m_server;
};

struct Fixture {
    QTemporaryDir profile;
    FakeClock clock;
    FakeServer server{clock};
    FakeFactory factory{server};
    credentials::MemoryStore secrets;
    accounts::PasswordSource passwords{clock, secrets};
    SystemRandom random;
    std::unique_ptr<store::CacheStore> cache = std::move(*store::CacheStore::open(profile.path(), {}));
    std::unique_ptr<store::PendingStore> pending = std::move(*store::PendingStore::open(profile.path(), {}));
    Environment environment{clock, factory, *cache, passwords, random, {}, {}, nullptr, nullptr};
    accounts::Account account;
    int followed = 0;
    std::vector<std::uint64_t> limits; ///< as told
    std::unique_ptr<Outbox> outbox;

    Fixture()
    {
        account.id = AccountId(1);
        account.email = QStringLiteral("anna@example.org");
        account.credentialKey = QStringLiteral("key");
        account.smtp = accounts::Server{{QStringLiteral("mail.example.org"), 465}, net::TlsMode::Implicit};
        async::TaskScope scope;
        scope.start(keep(&secrets));
        open();
    }
    static async::Task<void> keep(credentials::MemoryStore *secrets)
    {
        const auto kept = co_await secrets->write(QStringLiteral("key"), Secret("secret"));
        Q_UNUSED(kept)
    }
    static async::Task<void> ask(Outbox *outbox, accounts::Account account, Result<std::uint64_t> *told)
    {
        *told = co_await outbox->askLimit(account);
    }
    void open()
    {
        OutboxHooks hooks;
        hooks.findAccount = [this](AccountId) { return std::optional(account); };
        hooks.consequences
            = [](const store::PendingOperation &, const Outgoing &) { return std::vector<store::PendingOperation>(); };
        hooks.followed = [this](AccountId) { ++followed; };
        hooks.changed = [] {};
        hooks.limitTold = [this](AccountId, std::uint64_t octets) { limits.push_back(octets); };
        outbox = std::make_unique<Outbox>(environment, *pending, std::move(hooks));
    }
    OperationId add(std::int64_t notBefore = 0)
    {
        Outgoing outgoing;
        outgoing.from = account.email;
        outgoing.recipients.push_back({QStringLiteral("ben@example.org"), OutgoingRecipient::State::Waiting, {}});
        return outbox->add(account.id, outgoing, "Subject: x\r\n\r\nText\r\n", notBefore).value_or(OperationId());
    }
    std::optional<store::PendingOperation> find(OperationId id) const
    {
        return pending->find(id).value_or(std::nullopt);
    }
    [[nodiscard]] std::int64_t now() const { return clock.wall().toMSecsSinceEpoch(); }
};

} // namespace

Q_DECLARE_METATYPE(std::chrono::seconds)
Q_DECLARE_METATYPE(store::OperationState)

class TestOutbox final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentOnce()
    {
        Fixture f;
        const OperationId id = f.add();
        QVERIFY(f.find(id));
        f.clock.advance(1s);
        QVERIFY(!f.find(id));
        f.clock.advance(1h);
        QCOMPARE(f.server.messages, 1);
        QCOMPARE(f.server.connections, 1);
    }

    void refusalsThatPassAreTriedForThreeDays()
    {
        Fixture f;
        f.server.end = "451 later";
        const OperationId id = f.add();
        f.clock.advance(1s);
        QCOMPARE(f.server.messages, 1);
        QCOMPARE(f.find(id)->state, store::OperationState::Queued);
        f.clock.advance(28s);
        QCOMPARE(f.server.messages, 1);
        f.clock.advance(2s);
        QCOMPARE(f.server.messages, 2);
        f.clock.advance(71h);
        const int attempts = f.server.messages;
        QVERIFY2(attempts > 60 && attempts < 90, QByteArray::number(attempts).constData());
        QCOMPARE(f.find(id)->state, store::OperationState::Queued);
        f.clock.advance(3h);
        QCOMPARE(f.find(id)->state, store::OperationState::Failed);
        QVERIFY(!f.find(id)->error.isEmpty());
        const int all = f.server.messages;
        f.clock.advance(100h);
        QCOMPARE(f.server.messages, all);
        f.server.end = "250 taken";
        QVERIFY(f.outbox->retry(id));
        f.clock.advance(1s);
        QVERIFY(!f.find(id));
    }

    void aLostAnswerIsNeverRepeatedUnasked()
    {
        Fixture f;
        f.server.end.clear();
        const OperationId id = f.add();
        f.clock.advance(24h);
        QCOMPARE(f.server.messages, 1);
        QCOMPARE(f.find(id)->state, store::OperationState::Unknown);
        f.outbox->tryNow(f.account.id);
        f.outbox->start();
        f.clock.advance(24h);
        QCOMPARE(f.server.messages, 1);
        // Others go on.
        f.server.end = "250 taken";
        const OperationId other = f.add();
        f.clock.advance(1min);
        QVERIFY(!f.find(other) && f.find(id));
        QVERIFY(f.outbox->retry(id));
        f.clock.advance(1min);
        QVERIFY(!f.find(id));
        QCOMPARE(f.server.messages, 3);
    }

    void endedInTheMiddle()
    {
        Fixture f;
        f.outbox->setPaused(true);
        const OperationId queued = f.add();
        const OperationId running = f.add();
        store::PendingOperation operation = *f.find(running);
        operation.state = store::OperationState::Running;
        QVERIFY(f.pending->update(operation));
        f.open(); // as after a start
        QVERIFY(f.outbox->restore());
        f.outbox->start();
        f.clock.advance(1h);
        QVERIFY(!f.find(queued));
        QCOMPARE(f.find(running)->state, store::OperationState::Unknown);
        QVERIFY(f.find(running)->error.contains(QLatin1String("may have been sent or not")));
        QCOMPARE(f.server.messages, 1);
        QVERIFY(f.outbox->drop(running));
        QVERIFY(!f.find(running));
    }

    void aRefusedSignInWaitsForThePerson()
    {
        Fixture f;
        f.server.signIn = "535 wrong";
        const OperationId id = f.add();
        f.clock.advance(48h);
        QCOMPARE(f.server.connections, 1);
        QCOMPARE(f.find(id)->state, store::OperationState::Queued);
        QVERIFY(f.find(id)->error.contains(QLatin1String("password")));
        f.server.signIn = "235 ok";
        f.outbox->tryNow(f.account.id);
        f.clock.advance(1s);
        QVERIFY(!f.find(id));
    }

    void anUnreachableServerIsTriedWithPauses()
    {
        Fixture f;
        f.server.isReachable = false;
        const OperationId id = f.add();
        f.clock.advance(1h);
        QVERIFY2(f.server.connections > 10 && f.server.connections < 30,
                 QByteArray::number(f.server.connections).constData());
        f.server.isReachable = true;
        f.clock.advance(6min);
        QVERIFY(!f.find(id));
        QCOMPARE(f.server.messages, 1);
    }

    void laterMeansLater()
    {
        Fixture f;
        const OperationId undone = f.add(f.now() + 10'000);
        const OperationId sent = f.add(f.now() + 3'600'000);
        f.clock.advance(9s);
        QVERIFY(f.outbox->drop(undone));
        f.clock.advance(50min);
        QCOMPARE(f.server.connections, 0);
        f.clock.advance(12min);
        QCOMPARE(f.server.messages, 1);
        QVERIFY(!f.find(sent));
    }

    void aClockThatWasPutBackHoldsUpNothing()
    {
        constexpr std::int64_t day = 86'400'000;
        Fixture f;
        // A pause that the server wanted, as it looks when the clock was put back in the middle of it.
        f.server.end = "451 later";
        const OperationId refused = f.add();
        f.clock.advance(1s);
        store::PendingOperation record = *f.find(refused);
        record.nextAttemptAt += day;
        QVERIFY(f.pending->update(record));
        f.server.end = "250 taken";
        f.clock.advance(3min);
        QVERIFY(!f.find(refused));
        // Ten seconds in which it can be taken back.
        record.createdAt = f.now() + day;
        record.nextAttemptAt = f.now() + day + 10'000;
        record.attempts = 0;
        const OperationId undoable = f.pending->add(record, "Subject: x\r\n\r\nText\r\n").value_or(OperationId());
        // The person's own time: by the calendar.
        record.createdAt = f.now();
        const OperationId tomorrow = f.pending->add(record, "Subject: x\r\n\r\nText\r\n").value_or(OperationId());
        f.outbox->start();
        f.clock.advance(5s);
        QVERIFY(f.find(undoable));
        f.clock.advance(3min);
        QVERIFY(!f.find(undoable));
        QVERIFY(f.find(tomorrow));
        QCOMPARE(f.server.messages, 3);
    }

    void whatTheDiskDidNotTakeIsAskedAboutWithoutANewStart()
    {
        Fixture f;
        const OperationId sent = f.add();
        f.clock.advance(1s);
        QVERIFY(!f.find(sent)); // there is a flow that sends
        // As a disk leaves it that was full when the answer came, or at the start.
        store::PendingOperation record;
        record.account = f.account.id;
        record.kind = QString::fromLatin1(Outgoing::kind);
        record.state = store::OperationState::Running;
        Outgoing outgoing;
        outgoing.from = f.account.email;
        outgoing.recipients.push_back({QStringLiteral("ben@example.org"), OutgoingRecipient::State::Waiting, {}});
        record.payload = outgoing.toBytes();
        const OperationId lost = f.pending->add(record, "Subject: x\r\n\r\nText\r\n").value_or(OperationId());
        f.outbox->start();
        f.clock.advance(2min);
        QCOMPARE(f.find(lost)->state, store::OperationState::Unknown);
        QVERIFY(!f.find(lost)->error.isEmpty());
        QCOMPARE(f.server.messages, 1);
    }

    void whoWasRefusedEarlierIsToldOfInTheEnd()
    {
        Fixture f;
        f.server.recipients["eve@example.org"] = "550 no such user";
        f.server.recipients["ben@example.org"] = "451 later";
        Outgoing outgoing;
        outgoing.from = f.account.email;
        for (const char *address : {"anna@example.org", "ben@example.org", "eve@example.org"})
            outgoing.recipients.push_back({QString::fromLatin1(address), OutgoingRecipient::State::Waiting, {}});
        const auto id = f.outbox->add(f.account.id, outgoing, "Subject: x\r\n\r\nText\r\n", 0);
        QVERIFY(id);
        f.clock.advance(1s);
        QCOMPARE(f.find(*id)->state, store::OperationState::Queued);
        f.server.recipients.erase("ben@example.org");
        f.clock.advance(2min);
        QCOMPARE(f.server.messages, 2);
        QCOMPARE(f.find(*id)->state, store::OperationState::Failed);
        QVERIFY2(f.find(*id)->error.contains(QLatin1String("eve@example.org")), qPrintable(f.find(*id)->error));
    }

    /** Undo send: nothing goes before its time, and then at once; 0: no delay. */
    void undoDelay_data()
    {
        QTest::addColumn<std::chrono::seconds>("delay");
        for (const auto delay : {0s, 1s, 10s, 60s})
            QTest::addRow("%d s", static_cast<int>(delay.count())) << delay;
    }
    void undoDelay()
    {
        QFETCH(std::chrono::seconds, delay);
        Fixture f;
        const std::int64_t when = delay == 0s ? 0 : f.now() + std::chrono::milliseconds(delay).count();
        const OperationId sent = f.add(when);
        const OperationId takenBack = f.add(when);
        if (delay > 0s) {
            f.clock.advance(delay - 1ms);
            QCOMPARE(f.server.connections, 0);
            QCOMPARE(f.find(sent)->state, store::OperationState::Queued);
        }
        QVERIFY(f.outbox->drop(takenBack));
        f.clock.advance(1s);
        QCOMPARE(f.server.messages, 1);
        QVERIFY(!f.find(sent));
        f.clock.advance(48h);
        QCOMPARE(f.server.connections, 1);
    }

    void sendLaterSurvivesARestart()
    {
        Fixture f;
        const OperationId id = f.add(f.now() + std::chrono::milliseconds(72h).count());
        for (int restart = 0; restart < 3; ++restart) {
            f.clock.advance(23h);
            f.open();
            QVERIFY(f.outbox->restore());
            f.outbox->start();
            f.outbox->tryNow(f.account.id); // the network is back, which is no reason to hurry
        }
        f.clock.advance(2h + 59min);
        QCOMPARE(f.server.connections, 0);
        QCOMPARE(f.find(id)->state, store::OperationState::Queued);
        f.clock.advance(1min);
        QCOMPARE(f.server.messages, 1);
        QVERIFY(!f.find(id));
    }

    /** The hour that the person has chosen counts, whatever the computer believed when they chose it. */
    void sendLaterFollowsTheTimeOfDay()
    {
        Fixture f;
        const OperationId id = f.add(f.now() + std::chrono::milliseconds(3h).count());
        f.clock.advance(10min);
        f.clock.jumpWall(-24h);
        f.clock.advance(20h);
        QCOMPARE(f.server.connections, 0);
        QVERIFY(f.find(id));
        f.clock.jumpWall(24h); // it was asleep, or its clock is right again
        f.clock.advance(1min);
        QCOMPARE(f.server.messages, 1);
        QVERIFY(!f.find(id));
        f.clock.jumpWall(-240h);
        f.clock.advance(240h);
        QCOMPARE(f.server.messages, 1);
    }

    void startsWithWhatWasLeft_data()
    {
        QTest::addColumn<store::OperationState>("left");
        QTest::addColumn<int>("attempts");
        QTest::addColumn<std::chrono::seconds>("later");
        QTest::addColumn<bool>("isSent");
        QTest::addColumn<store::OperationState>("becomes");
        using State = store::OperationState;
        QTest::newRow("waiting") << State::Queued << 0 << 0s << true << State::Done;
        QTest::newRow("in its undo delay") << State::Queued << 0 << std::chrono::seconds(10) << true << State::Done;
        QTest::newRow("for another day") << State::Queued << 0 << std::chrono::seconds(48h) << false << State::Queued;
        QTest::newRow("refused for a while") << State::Queued << 3 << std::chrono::seconds(4min) << true << State::Done;
        QTest::newRow("being handed over") << State::Running << 1 << 0s << false << State::Unknown;
        QTest::newRow("unknown") << State::Unknown << 1 << 0s << false << State::Unknown;
        QTest::newRow("refused for good") << State::Failed << 1 << 0s << false << State::Failed;
    }
    void startsWithWhatWasLeft()
    {
        QFETCH(store::OperationState, left);
        QFETCH(int, attempts);
        QFETCH(std::chrono::seconds, later);
        QFETCH(bool, isSent);
        QFETCH(store::OperationState, becomes);
        Fixture f;
        f.outbox->setPaused(true);
        const OperationId id = f.add(later == 0s ? 0 : f.now() + std::chrono::milliseconds(later).count());
        store::PendingOperation operation = *f.find(id);
        operation.state = left;
        operation.attempts = attempts;
        operation.error = QStringLiteral("as it was");
        QVERIFY(f.pending->update(operation));
        // Killed, and started twice, of which the first start does not live long either.
        f.open();
        QVERIFY(f.outbox->restore());
        f.open();
        QVERIFY(f.outbox->restore());
        f.outbox->start();
        f.clock.advance(24h);
        QCOMPARE(f.server.messages, isSent ? 1 : 0);
        QCOMPARE(f.find(id).has_value(), becomes != store::OperationState::Done);
        if (becomes == store::OperationState::Done)
            return;
        QCOMPARE(f.find(id)->state, becomes);
        QVERIFY(!f.find(id)->error.isEmpty());
        // The person decides: away with it, or once more. Nothing was sent unasked.
        QVERIFY(f.outbox->retry(id));
        f.clock.advance(1s);
        QCOMPARE(f.server.messages, 1);
        QVERIFY(!f.find(id));
    }

    void theLimitOfTheServerIsTold()
    {
        Fixture f;
        f.add();
        f.clock.advance(1s);
        QCOMPARE(f.limits, (std::vector<std::uint64_t>{0}));
        f.server.size = "SIZE 35882577";
        async::TaskScope scope;
        Result<std::uint64_t> asked = 0;
        scope.start(Fixture::ask(f.outbox.get(), f.account, &asked));
        f.clock.advance(1s);
        QCOMPARE(asked.value_or(1), std::uint64_t{35'882'577});
        f.add();
        f.clock.advance(1s);
        QCOMPARE(f.limits, (std::vector<std::uint64_t>{0, 35'882'577, 35'882'577}));
        // Named, but none.
        f.server.size = "SIZE 0";
        f.add();
        f.clock.advance(1s);
        QCOMPARE(f.limits.back(), std::uint64_t{0});
        QCOMPARE(f.server.messages, 3);
        f.server.isReachable = false;
        scope.start(Fixture::ask(f.outbox.get(), f.account, &asked));
        f.clock.advance(1s);
        QVERIFY(!asked);
    }

    void takenBackAtTheLastMoment()
    {
        Fixture f;
        OperationId id;
        f.server.onData = [&] { QVERIFY(f.outbox->drop(id)); };
        id = f.add();
        f.clock.advance(1h);
        QCOMPARE(f.server.connections, 1);
        QCOMPARE(f.server.messages, 0);
        QVERIFY(!f.find(id));
    }

    void withoutAServerItFails()
    {
        Fixture f;
        f.account.smtp.reset();
        const OperationId id = f.add();
        f.clock.advance(1s);
        QCOMPARE(f.find(id)->state, store::OperationState::Failed);
        QCOMPARE(f.server.connections, 0);
    }
};

QTEST_GUILESS_MAIN(TestOutbox)
#include "test_outbox.moc"
