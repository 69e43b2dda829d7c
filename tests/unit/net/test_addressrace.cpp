// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/net/addressrace.h"
#include "core/net/qtstreamfactory.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/net/testauthority.h"
#include "tests/unit/net/tlsserver.h"

#include <QFile>
#include <QNetworkProxy>
#include <QTcpSocket>
#include <QTemporaryDir>

#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace kittiwake;
using namespace kittiwake::net;
using namespace std::chrono_literals;

namespace
{

/**
 * An address that says nothing at all, like one behind a router that loses packets: a socket that listens, with its
 * queue full and nobody who accepts.
 */
class DeafAddress
{
public:
    DeafAddress(const QHostAddress &address, quint16 port) : m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(address.toIPv4Address());
        const int yes = 1;
        ::setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (::bind(m_listener, reinterpret_cast<const sockaddr *>(&where), sizeof where) != 0
            || ::listen(m_listener, 0) != 0)
            qFatal("no second loopback address");
        // Until one more gets no answer.
        for (int i = 0; i < 64; ++i) {
            auto filler = std::make_unique<QTcpSocket>();
            filler->setProxy(QNetworkProxy::NoProxy);
            filler->connectToHost(address, port);
            const bool isAnswered = filler->waitForConnected(200);
            m_fillers.push_back(std::move(filler));
            if (!isAnswered)
                return;
        }
        qFatal("the queue does not get full");
    }
    DeafAddress(const DeafAddress &) = delete;
    DeafAddress &operator=(const DeafAddress &) = delete;
    ~DeafAddress() { ::close(m_listener); }

private:
    int m_listener;
    std::vector<std::unique_ptr<QTcpSocket>> m_fillers;
};

AddressRace::Lookup answering(const QList<QHostAddress> &addresses)
{
    return [addresses](const QString &, QObject *, const std::function<void(const QHostInfo &)> &told) {
        QHostInfo host;
        host.setAddresses(addresses);
        told(host);
    };
}

QList<QHostAddress> list(const QStringList &texts)
{
    QList<QHostAddress> addresses;
    for (const QString &text : texts)
        addresses.append(QHostAddress(text));
    return addresses;
}

struct Attempt {
    bool done = false;
    std::optional<Error> error;
    std::unique_ptr<ByteStream> stream;
};

async::Task<void> attempt(StreamFactory &factory, Endpoint endpoint, TlsMode mode, TlsPolicy policy, Attempt &out)
{
    Result<std::unique_ptr<ByteStream>> stream = co_await factory.connect(endpoint, mode, policy);
    if (stream)
        out.stream = std::move(*stream);
    else
        out.error = stream.error();
    out.done = true;
}

} // namespace

/** Of the addresses of a host, the first one that answers is used (RFC 8305). */
class TestAddressRace final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    TestAuthority m_authority;
    TlsPolicy m_policy;
    QHostAddress m_deaf{u"127.0.0.2"_qs};
    QHostAddress m_good{QHostAddress::LocalHost};

private Q_SLOTS:
    void initTestCase()
    {
        QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
        m_policy.caFile = m_folder.filePath(u"ca.pem"_qs);
        QFile file(m_policy.caFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(m_authority.pem()), m_authority.pem().size());
    }

    void order_data()
    {
        QTest::addColumn<QStringList>("addresses");
        QTest::addColumn<QStringList>("order");
        QTest::newRow("none") << QStringList() << QStringList();
        QTest::newRow("one") << QStringList{u"192.0.2.1"_qs} << QStringList{u"192.0.2.1"_qs};
        QTest::newRow("by turns") << QStringList{u"2001:db8::1"_qs, u"2001:db8::2"_qs, u"2001:db8::3"_qs,
                                                 u"192.0.2.1"_qs, u"192.0.2.2"_qs}
                                  << QStringList{u"2001:db8::1"_qs, u"192.0.2.1"_qs, u"2001:db8::2"_qs, u"192.0.2.2"_qs,
                                                 u"2001:db8::3"_qs};
        QTest::newRow("IPv4 first, as the system says")
            << QStringList{u"192.0.2.1"_qs, u"2001:db8::1"_qs} << QStringList{u"192.0.2.1"_qs, u"2001:db8::1"_qs};
        QTest::newRow("each once") << QStringList{u"192.0.2.1"_qs, u"192.0.2.1"_qs, u"2001:db8::1"_qs}
                                   << QStringList{u"192.0.2.1"_qs, u"2001:db8::1"_qs};
    }
    void order()
    {
        QFETCH(QStringList, addresses);
        QFETCH(QStringList, order);
        QCOMPARE(raceOrder(list(addresses)), list(order));
    }

    void neitherFamilyIsCrowdedOut()
    {
        QList<QHostAddress> many;
        for (quint32 i = 0; i < 5000; ++i)
            many.append(QHostAddress(u"2001:db8::%1"_qs.arg(i, 0, 16)));
        many.append(QHostAddress(u"192.0.2.1"_qs));
        const QList<QHostAddress> order = raceOrder(many);
        QCOMPARE(order.size(), AddressRace::mostAddresses);
        QCOMPARE(order.at(1), QHostAddress(u"192.0.2.1"_qs));
    }

    void oneHangs_data()
    {
        QTest::addColumn<TlsMode>("mode");
        QTest::newRow("TLS from the first byte") << TlsMode::Implicit;
        QTest::newRow("STARTTLS") << TlsMode::StartTls;
    }
    void oneHangs()
    {
        QFETCH(TlsMode, mode);
        TlsServer server(mode == TlsMode::Implicit
                             ? TlsServer::encrypting(m_authority.issue())
                             : TlsServer::Behaviour([](QSslSocket &socket) { socket.write("* OK\r\n"); }));
        const DeafAddress deaf(m_deaf, server.serverPort());
        FakeClock clock;
        QtStreamFactory factory(clock, &QSslConfiguration::systemCaCertificates, answering({m_deaf, m_good}));
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, {u"localhost"_qs, server.serverPort()}, mode, m_policy, result));
        clock.advance(AddressRace::attemptDelay - 1ms);
        QCoreApplication::processEvents();
        QCOMPARE(server.count(), 0); // the first one still has its chance
        clock.advance(1ms);
        const auto isDone = [&] {
            clock.runReady();
            return result.done;
        };
        QVERIFY(QTest::qWaitFor(isDone, 15'000));
        QVERIFY2(result.stream != nullptr, qPrintable(result.error ? result.error->userText : QString()));
        QCOMPARE(result.stream->isEncrypted(), mode == TlsMode::Implicit);
        QCOMPARE(server.count(), 1);
        QVERIFY(clock.isIdle());
    }

    /** One that refuses is not waited for. */
    void oneRefuses()
    {
        TlsServer server(TlsServer::encrypting(m_authority.issue()));
        FakeClock clock;
        QtStreamFactory factory(clock, &QSslConfiguration::systemCaCertificates, answering({m_deaf, m_good}));
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, {u"localhost"_qs, server.serverPort()}, TlsMode::Implicit, m_policy, result));
        const auto isDone = [&] {
            clock.runReady();
            return result.done;
        };
        QVERIFY(QTest::qWaitFor(isDone, 15'000)); // and virtual time stands still
        QVERIFY(result.stream != nullptr);
    }

    /** The certificate must be the name's, whichever address has answered. */
    void theNameIsVerified()
    {
        CertificateRequest other;
        other.alternativeNames = "DNS:imap.example.org,IP:127.0.0.1";
        TlsServer server(TlsServer::encrypting(m_authority.issue(other)));
        QtClock clock;
        QtStreamFactory factory(clock, &QSslConfiguration::systemCaCertificates, answering({m_good}));
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, {u"localhost"_qs, server.serverPort()}, TlsMode::Implicit, m_policy, result));
        QTRY_VERIFY(result.done);
        QVERIFY(result.error.has_value());
        QCOMPARE(result.error->kind, ErrorKind::Tls);
    }

    void nothingAnswers()
    {
        quint16 port = 0;
        {
            const TlsServer closed({});
            port = closed.serverPort();
        }
        const DeafAddress deaf(m_deaf, port);
        FakeClock clock;
        QtStreamFactory factory(clock, &QSslConfiguration::systemCaCertificates, answering({m_deaf, m_good}));
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, {u"localhost"_qs, port}, TlsMode::Implicit, m_policy, result));
        clock.advance(1s);
        clock.advance(18'999ms);
        QVERIFY(!result.done);
        clock.advance(1ms);
        QVERIFY(result.done);
        QCOMPARE(result.error->kind, ErrorKind::Network);
        QVERIFY(clock.isIdle());
    }

    void noAddress()
    {
        QtClock clock;
        QtStreamFactory factory(clock, &QSslConfiguration::systemCaCertificates, answering({}));
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, {u"imap.example.org"_qs, 993}, TlsMode::Implicit, m_policy, result));
        QTRY_VERIFY(result.done);
        QCOMPARE(result.error->kind, ErrorKind::Network);
        QVERIFY(result.error->userText.contains(u"No server named imap.example.org"));
    }

    void destroyedWhileItRuns()
    {
        TlsServer server({});
        const DeafAddress deaf(m_deaf, server.serverPort());
        FakeClock clock;
        QtStreamFactory factory(clock, &QSslConfiguration::systemCaCertificates, answering({m_deaf, m_good}));
        Attempt result;
        {
            async::TaskScope scope;
            scope.start(attempt(factory, {u"localhost"_qs, server.serverPort()}, TlsMode::Implicit, m_policy, result));
            clock.runReady();
        }
        QVERIFY(clock.isIdle());
        clock.advance(60s);
        QVERIFY(!result.done);
        QCOMPARE(server.count(), 0);
    }
};

QTEST_GUILESS_MAIN(TestAddressRace)
#include "test_addressrace.moc"
