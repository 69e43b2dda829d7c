// SPDX-License-Identifier: GPL-3.0-or-later
// Leaving a list by one POST (RFC 8058): what is sent, where to, and what counts as done. No network.
#include <QTest>

#include "core/async/completion.h"
#include "core/async/taskscope.h"
#include "core/remote/unsubscriber.h"
#include "tests/support/fakeclock.h"

using namespace kittiwake;
using namespace kittiwake::remote;
using namespace std::chrono_literals;

namespace
{

/** The one server of the test. */
struct World {
    QList<QHostAddress> addresses{QHostAddress(QStringLiteral("93.184.216.34"))};
    QByteArray answer;
    QStringList connections;
    QByteArrayList requests;
};

class FakeStream final : public net::ByteStream
{
public:
    FakeStream(Clock &clock, World &world) : m_clock(clock), m_world(world), m_answer(world.answer) { }
    void write(const QByteArray &bytes) override { m_world.requests.append(bytes); }
    async::Task<Result<QByteArray>> read() override
    {
        const async::Event later(m_clock);
        if (!m_world.answer.isEmpty())
            later.complete({});
        co_await later;
        const QByteArray piece = m_answer.first(std::min<qsizetype>(m_answer.size(), 7));
        m_answer.remove(0, piece.size());
        co_return piece;
    }
    async::Task<Result<void>> startTls() override { co_return Result<void>(); }
    Result<void> startDeflate() override { return {}; }
    [[nodiscard]] bool isEncrypted() const override { return true; }
    [[nodiscard]] net::ByteCounters counters() const override { return {}; }

private:
    Clock &m_clock;
    World &m_world;
    QByteArray m_answer;
};

class FakeConnector final : public AddressConnector
{
public:
    FakeConnector(Clock &clock, World &world) : m_clock(clock), m_world(world) { }
    async::Task<Result<QList<QHostAddress>>> resolve(net::HostName) override { co_return m_world.addresses; }
    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(QHostAddress address, net::HostName host) override
    {
        m_world.connections.append(address.toString() + QLatin1Char(' ') + host.wire());
        std::unique_ptr<net::ByteStream> stream = std::make_unique<FakeStream>(m_clock, m_world);
        co_return stream;
    }

private:
    Clock &m_clock;
    World &m_world;
};

async::Task<void> keep(async::Task<Result<void>> task, std::optional<Result<void>> *answer)
{
    *answer = co_await task;
}

std::optional<Result<void>> post(World &world, const QString &url, std::chrono::milliseconds time = 5s)
{
    FakeClock clock;
    FakeConnector connector(clock, world);
    Unsubscriber unsubscriber(clock, connector);
    std::optional<Result<void>> answer;
    async::TaskScope scope;
    scope.start(keep(unsubscriber.post(QUrl(url)), &answer));
    clock.advance(time);
    return answer;
}

} // namespace

class TestUnsubscriber final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theQuestionIsThatOfTheStandard()
    {
        World world;
        world.answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        const auto answer = post(world, QStringLiteral("https://lists.example.org/leave?token=a%2Fb"));
        QVERIFY(answer && *answer);
        QCOMPARE(world.connections, QStringList{QStringLiteral("93.184.216.34 lists.example.org")});
        QCOMPARE(world.requests.size(), 1);
        const QByteArray &request = world.requests.first();
        QVERIFY2(request.startsWith("POST /leave?token=a%2Fb HTTP/1.1\r\nHost: lists.example.org\r\n"),
                 request.constData());
        QVERIFY(request.endsWith("\r\n\r\nList-Unsubscribe=One-Click"));
        QVERIFY(request.contains("Content-Type: application/x-www-form-urlencoded\r\n"));
        QVERIFY(request.contains("Content-Length: 26\r\n"));
        QVERIFY(!request.contains("Cookie") && !request.contains("Referer") && !request.contains("Origin"));
    }

    void onlyASuccessCounts_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("not found") << QByteArray("HTTP/1.1 404 Not Found\r\n\r\n");
        QTest::newRow("redirect") << QByteArray("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n");
        QTest::newRow("kept method") << QByteArray("HTTP/1.1 307 x\r\nLocation: https://elsewhere.example/\r\n\r\n");
        QTest::newRow("no HTTP") << QByteArray("220 mail.example ESMTP\r\n");
    }

    void onlyASuccessCounts()
    {
        QFETCH(const QByteArray, answer);
        World world;
        world.answer = answer;
        const auto said = post(world, QStringLiteral("https://lists.example.org/leave"));
        QVERIFY(said && !*said);
        QCOMPARE(said->error().kind, ErrorKind::ServerRefused);
        QCOMPARE(world.connections.size(), 1); // nobody else was asked
    }

    void whatMayNotBeAskedIsNotAsked_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("address");
        QTest::newRow("in the clear") << QStringLiteral("http://lists.example.org/x")
                                      << QStringLiteral("93.184.216.34");
        QTest::newRow("another scheme") << QStringLiteral("ftp://lists.example.org/x")
                                        << QStringLiteral("93.184.216.34");
        QTest::newRow("another port") << QStringLiteral("https://lists.example.org:8443/x")
                                      << QStringLiteral("93.184.216.34");
        QTest::newRow("password") << QStringLiteral("https://a:b@lists.example.org/x")
                                  << QStringLiteral("93.184.216.34");
        QTest::newRow("this computer") << QStringLiteral("https://127.0.0.1/x") << QStringLiteral("93.184.216.34");
        QTest::newRow("local name") << QStringLiteral("https://router.local/x") << QStringLiteral("93.184.216.34");
        QTest::newRow("private address") << QStringLiteral("https://lists.example.org/x")
                                         << QStringLiteral("192.168.1.1");
        QTest::newRow("loopback address") << QStringLiteral("https://lists.example.org/x") << QStringLiteral("::1");
    }

    void whatMayNotBeAskedIsNotAsked()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, address);
        World world;
        world.addresses = {QHostAddress(address)};
        world.answer = "HTTP/1.1 200 OK\r\n\r\n";
        const auto said = post(world, url);
        QVERIFY(said && !*said);
        QCOMPARE(said->error().kind, ErrorKind::Input);
        QVERIFY(world.connections.isEmpty());
    }

    void aServerThatSaysNothingIsNotWaitedForForEver()
    {
        World world;
        const QString url = QStringLiteral("https://lists.example.org/x");
        QVERIFY(!post(world, url, 10s));
        const auto said = post(world, url, 30s);
        QVERIFY(said && !*said);
        QCOMPARE(said->error().kind, ErrorKind::Network);
    }
};

QTEST_GUILESS_MAIN(TestUnsubscriber)
#include "test_unsubscriber.moc"
