// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/net/connectionerrors.h"
#include "core/net/qtstreamfactory.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/net/testauthority.h"
#include "tests/unit/net/tlsserver.h"

#include <QFile>
#include <QNetworkProxy>
#include <QTemporaryDir>

#include <optional>

using namespace kittiwake;
using namespace kittiwake::net;
using namespace std::chrono_literals;

namespace
{

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

class TestConnect final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    TestAuthority m_authority;
    TlsPolicy m_policy;
    QtClock m_clock;
    QtStreamFactory m_factory{m_clock};

    Attempt connectTo(const Endpoint &endpoint, TlsMode mode, const TlsPolicy &policy)
    {
        return connectTo(endpoint, mode, policy, m_factory);
    }

    static Attempt connectTo(const Endpoint &endpoint, TlsMode mode, const TlsPolicy &policy, StreamFactory &factory)
    {
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, endpoint, mode, policy, result));
        if (!QTest::qWaitFor([&result] { return result.done; }, 15'000))
            qFatal("the connection neither succeeds nor fails");
        return result;
    }

    /** Connects to a server with this identity, which must be refused. The sentence is compared as a whole. */
    void refuses(const Identity &identity, const TlsPolicy &policy, const QString &sentence)
    {
        bool encrypted = false;
        QByteArray received;
        TlsServer server(TlsServer::encrypting(identity, [&encrypted, &received](QSslSocket &socket) {
            encrypted = true;
            QObject::connect(&socket, &QSslSocket::readyRead, &socket,
                             [&socket, &received] { received += socket.readAll(); });
        }));
        const Endpoint endpoint{u"localhost"_qs, server.serverPort()};
        const Attempt result = connectTo(endpoint, TlsMode::Implicit, policy);
        QVERIFY(result.error.has_value());
        QCOMPARE(result.error->kind, ErrorKind::Tls);
        QCOMPARE(result.error->where, endpoint.text());
        QCOMPARE(result.error->userText, sentence.arg(endpoint.text()));
        QVERIFY(!result.error->detail.isEmpty());
        QTRY_VERIFY(server.connection() == nullptr);
        QCOMPARE(received, QByteArray());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
        m_policy.caFile = m_folder.filePath(u"ca.pem"_qs);
        QFile file(m_policy.caFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(m_authority.pem()), m_authority.pem().size());
    }

    void goodCertificate_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("name") << u"localhost"_qs;
        QTest::newRow("name in capitals") << u"LocalHost."_qs;
        QTest::newRow("address") << u"127.0.0.1"_qs;
    }

    void goodCertificate()
    {
        QFETCH(QString, host);
        TlsServer server(TlsServer::encrypting(m_authority.issue()));
        const Attempt result = connectTo(Endpoint{host, server.serverPort()}, TlsMode::Implicit, m_policy);
        QVERIFY2(!result.error, qPrintable(result.error ? result.error->userText : QString()));
        QVERIFY(result.stream->isEncrypted());
        QCOMPARE(result.stream->counters().received, std::uint64_t(0));
        QTRY_VERIFY(server.connection() != nullptr && server.connection()->isEncrypted());
        QCOMPARE(server.connection()->sessionProtocol(), QSsl::TlsV1_3);
    }

    void selfSignedCertificateGivenAsCaFile()
    {
        const Identity identity = TestAuthority::selfSigned();
        const QString path = m_folder.filePath(u"self.pem"_qs);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(identity.certificate.toPem());
        file.close();
        TlsServer server(TlsServer::encrypting(identity));
        const Attempt result
            = connectTo(Endpoint{u"localhost"_qs, server.serverPort()}, TlsMode::Implicit, TlsPolicy{path});
        QVERIFY(!result.error);
        QVERIFY(result.stream->isEncrypted());
    }

    void systemCertificatesOnlyWhereTheFileIsNotEnough()
    {
        const TestAuthority system;
        int reads = 0;
        QtStreamFactory factory(m_clock, [&] {
            ++reads;
            return QSslCertificate::fromData(system.pem());
        });
        TlsServer own(TlsServer::encrypting(m_authority.issue()));
        QVERIFY(!connectTo(Endpoint{u"localhost"_qs, own.serverPort()}, TlsMode::Implicit, m_policy, factory).error);
        QCOMPARE(reads, 0);
        TlsServer other(TlsServer::encrypting(system.issue()));
        for (int i = 0; i < 2; ++i) {
            const Attempt result
                = connectTo(Endpoint{u"localhost"_qs, other.serverPort()}, TlsMode::Implicit, m_policy, factory);
            QVERIFY2(!result.error, qPrintable(result.error ? result.error->userText : QString()));
            QVERIFY(result.stream->isEncrypted());
        }
        QCOMPARE(reads, 1);
        const TestAuthority nobody;
        TlsServer untrusted(TlsServer::encrypting(nobody.issue()));
        const Attempt refused
            = connectTo(Endpoint{u"localhost"_qs, untrusted.serverPort()}, TlsMode::Implicit, m_policy, factory);
        QVERIFY(refused.error.has_value());
        QCOMPARE(refused.error->kind, ErrorKind::Tls);
    }

    void untrusted()
    {
        refuses(m_authority.issue(), TlsPolicy{},
                u"The certificate of %1 comes from an authority that this computer does not trust; if the server is "
                "yours, choose that authority's certificate as the CA file of the account."_qs);
    }

    void selfSigned()
    {
        refuses(TestAuthority::selfSigned(), m_policy,
                u"The certificate of %1 is signed by itself and by no authority that this computer trusts; if the "
                "server is yours, choose its certificate as the CA file of the account."_qs);
    }

    void sameNameOfAnotherAuthority()
    {
        const TestAuthority other;
        refuses(other.issue(), m_policy,
                u"The certificate of %1 comes from an authority that this computer does not trust; if the server is "
                "yours, choose that authority's certificate as the CA file of the account."_qs);
    }

    void wrongHost()
    {
        CertificateRequest request;
        request.commonName = "mail.example.com";
        request.alternativeNames = "DNS:mail.example.com,DNS:*.example.net,IP:192.0.2.7";
        refuses(m_authority.issue(request), m_policy,
                u"The certificate of %1 is made out to *.example.net, 192.0.2.7, mail.example.com and not to that "
                "server; check the server name in the account's settings."_qs);
    }

    /** Qt lets a common name count beside alternative names; an authority limited to some domains must not gain by it.
     */
    void rightCommonNameBesideOtherNames()
    {
        CertificateRequest request;
        request.commonName = "localhost";
        request.alternativeNames = "DNS:allowed.example.com";
        refuses(m_authority.issue(request), m_policy,
                u"The certificate of %1 is made out to allowed.example.com and not to that server; check the server "
                "name in the account's settings."_qs);
    }

    void expired()
    {
        CertificateRequest request;
        request.notBefore = QDateTime(QDate(2020, 1, 1), QTime(0, 0), Qt::UTC);
        request.notAfter = QDateTime(QDate(2021, 3, 4), QTime(12, 0), Qt::UTC);
        refuses(m_authority.issue(request), m_policy,
                u"The certificate of %1 expired on "_qs + QLocale().toString(QDate(2021, 3, 4), QLocale::ShortFormat)
                    + u"; check the date of this computer, or ask whoever runs the server to renew it."_qs);
    }

    void notYetValid()
    {
        CertificateRequest request;
        request.notBefore = QDateTime(QDate(2120, 3, 4), QTime(12, 0), Qt::UTC);
        request.notAfter = QDateTime(QDate(2121, 3, 4), QTime(12, 0), Qt::UTC);
        refuses(m_authority.issue(request), m_policy,
                u"The certificate of %1 is valid only from "_qs
                    + QLocale().toString(request.notBefore.toLocalTime(), QLocale::ShortFormat)
                    + u" on; check the date and time of this computer."_qs);
    }

    void noTlsAtAll_data()
    {
        QTest::addColumn<QByteArray>("greeting");
        QTest::newRow("imap") << QByteArray("* OK [CAPABILITY IMAP4rev1] ready\r\n");
        QTest::newRow("smtp") << QByteArray("220 mail.example.org ESMTP\r\n");
        QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
        QTest::newRow("long") << QByteArray(40'000, 'x');
    }

    void noTlsAtAll()
    {
        QFETCH(QByteArray, greeting);
        TlsServer server([greeting](QSslSocket &socket) { socket.write(greeting); });
        const Endpoint endpoint{u"127.0.0.1"_qs, server.serverPort()};
        const Attempt result = connectTo(endpoint, TlsMode::Implicit, m_policy);
        QVERIFY(result.error.has_value());
        QCOMPARE(result.error->kind, ErrorKind::Tls);
        QCOMPARE(result.error->userText,
                 u"%1 answered without encryption; check the port, or whether the account must use STARTTLS."_qs.arg(
                     endpoint.text()));
    }

    void onlyOldTls()
    {
        // What a server that knows TLS 1.1 at most answers: the fatal alert protocol_version (RFC 8446 section 6.2).
        TlsServer server([](QSslSocket &socket) { socket.write(QByteArray::fromHex("15030100020246")); });
        const Attempt result = connectTo(Endpoint{u"127.0.0.1"_qs, server.serverPort()}, TlsMode::Implicit, m_policy);
        QVERIFY(result.error.has_value());
        QCOMPARE(result.error->kind, ErrorKind::Tls);
        QVERIFY2(result.error->userText.contains(u"outdated encryption"), qPrintable(result.error->userText));
    }

    void handshakeFailure()
    {
        TlsServer server([](QSslSocket &socket) { socket.write(QByteArray::fromHex("15030300020228")); });
        const Attempt result = connectTo(Endpoint{u"127.0.0.1"_qs, server.serverPort()}, TlsMode::Implicit, m_policy);
        QVERIFY(result.error.has_value());
        QCOMPARE(result.error->kind, ErrorKind::Tls);
        QVERIFY2(result.error->userText.contains(u"could be agreed on"), qPrintable(result.error->userText));
    }

    void closedInTheHandshake()
    {
        TlsServer server([](QSslSocket &socket) { socket.disconnectFromHost(); });
        const Attempt result = connectTo(Endpoint{u"127.0.0.1"_qs, server.serverPort()}, TlsMode::Implicit, m_policy);
        QVERIFY(result.error.has_value());
        QCOMPARE(result.error->kind, ErrorKind::Network);
        QVERIFY2(result.error->userText.contains(u"closed the connection before it was encrypted"),
                 qPrintable(result.error->userText));
    }

    void closedPort()
    {
        quint16 port = 0;
        {
            const TlsServer server({});
            port = server.serverPort();
        }
        const Endpoint endpoint{u"127.0.0.1"_qs, port};
        for (const TlsMode mode : {TlsMode::Implicit, TlsMode::StartTls}) {
            const Attempt result = connectTo(endpoint, mode, m_policy);
            QVERIFY(result.error.has_value());
            QCOMPARE(result.error->kind, ErrorKind::Network);
            QCOMPARE(result.error->userText,
                     u"%1 refused the connection; check the server name and the port."_qs.arg(endpoint.text()));
        }
    }

    void hangingServer()
    {
        FakeClock clock;
        QtStreamFactory factory(clock);
        TlsServer server([](QSslSocket &) {});
        const Endpoint endpoint{u"127.0.0.1"_qs, server.serverPort()};
        Attempt result;
        async::TaskScope scope;
        scope.start(attempt(factory, endpoint, TlsMode::Implicit, m_policy, result));
        // The ClientHello has arrived, so the client waits for the answer.
        QTRY_VERIFY(server.connection() != nullptr && server.connection()->bytesAvailable() > 0);
        clock.advance(19'999ms);
        QVERIFY(!result.done);
        clock.advance(1ms);
        QVERIFY(result.done);
        QCOMPARE(result.error->kind, ErrorKind::Network);
        QCOMPARE(result.error->userText,
                 u"%1 accepted the connection and then said nothing for 20 seconds; check the port and the kind of "
                 "encryption."_qs.arg(endpoint.text()));
        QTRY_VERIFY(server.connection() == nullptr);
        QVERIFY(clock.isIdle());
    }

    void destroyedWhileConnecting()
    {
        FakeClock clock;
        QtStreamFactory factory(clock);
        TlsServer server([](QSslSocket &) {});
        Attempt result;
        {
            async::TaskScope scope;
            scope.start(
                attempt(factory, Endpoint{u"127.0.0.1"_qs, server.serverPort()}, TlsMode::Implicit, m_policy, result));
            QTRY_VERIFY(server.connection() != nullptr && server.connection()->bytesAvailable() > 0);
        }
        QTRY_VERIFY(server.connection() == nullptr);
        clock.advance(60s);
        QVERIFY(!result.done);
        QVERIFY(clock.isIdle());
    }

    void unusableInput()
    {
        Attempt result = connectTo(Endpoint{u"imap example"_qs, 993}, TlsMode::Implicit, m_policy);
        QCOMPARE(result.error->kind, ErrorKind::Input);
        result = connectTo(Endpoint{u"localhost"_qs, 0}, TlsMode::Implicit, m_policy);
        QCOMPARE(result.error->kind, ErrorKind::Input);
        QVERIFY(result.error->userText.contains(u"1 to 65535"));
        const TlsServer server([](QSslSocket &) {});
        result = connectTo(Endpoint{u"localhost"_qs, server.serverPort()}, TlsMode::Implicit,
                           TlsPolicy{m_folder.filePath(u"none.pem"_qs)});
        QCOMPARE(result.error->kind, ErrorKind::Input);
        QVERIFY(result.error->userText.contains(u"none.pem"));
        QCOMPARE(server.count(), 0);
    }

    /** What cannot be provoked on the loopback device still has its sentence. */
    void sentences_data()
    {
        QTest::addColumn<QAbstractSocket::SocketError>("error");
        QTest::addColumn<Phase>("phase");
        QTest::addColumn<QString>("sentence");
        using Socket = QAbstractSocket;
        QTest::newRow("no such name") << Socket::HostNotFoundError << Phase::Connecting
                                      << u"No server named imap.example.org was found; check its spelling and the "
                                         "network connection."_qs;
        QTest::newRow("no route") << Socket::NetworkError << Phase::Connecting
                                  << u"imap.example.org:993 cannot be reached; check the network connection and the "
                                     "port."_qs;
        QTest::newRow("proxy") << Socket::ProxyConnectionRefusedError << Phase::Connecting
                               << u"The proxy did not connect to imap.example.org:993; check the proxy settings of "
                                  "this computer."_qs;
        QTest::newRow("lost") << Socket::NetworkError << Phase::Open
                              << u"The connection to imap.example.org:993 was lost; check the network connection."_qs;
        QTest::newRow("disturbed") << Socket::SslInternalError << Phase::Open
                                   << u"The connection to imap.example.org:993 was lost; check the network "
                                      "connection."_qs;
    }

    void sentences()
    {
        QFETCH(QAbstractSocket::SocketError, error);
        QFETCH(Phase, phase);
        QFETCH(QString, sentence);
        const Error told = socketError(Endpoint{u"imap.example.org"_qs, 993}, phase, error, u"detail"_qs);
        QCOMPARE(told.kind, ErrorKind::Network);
        QCOMPARE(told.userText, sentence);
        QCOMPARE(told.detail, u"detail"_qs);
    }

    void revokedIsWorseThanAnything()
    {
        const QSslCertificate certificate = m_authority.issue().certificate;
        const Error error = certificateError(Endpoint{u"imap.example.org"_qs, 993},
                                             {QSslError(QSslError::CertificateExpired, certificate),
                                              QSslError(QSslError::CertificateRevoked, certificate),
                                              QSslError(QSslError::HostNameMismatch, certificate)});
        QCOMPARE(error.kind, ErrorKind::Tls);
        QVERIFY(error.userText.contains(u"withdrawn"));
        QCOMPARE(error.detail.count(u"; "), 2);
    }
};

QTEST_GUILESS_MAIN(TestConnect)
#include "test_connect.moc"
