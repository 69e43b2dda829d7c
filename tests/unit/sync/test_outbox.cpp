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
            answer("250-mail\r\n250 AUTH PLAIN");
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
    void open()
    {
        OutboxHooks hooks;
        hooks.findAccount = [this](AccountId) { return std::optional(account); };
        hooks.consequences
            = [](const store::PendingOperation &, const Outgoing &) { return std::vector<store::PendingOperation>(); };
        hooks.followed = [this](AccountId) { ++followed; };
        hooks.changed = [] {};
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
