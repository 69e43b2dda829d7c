// SPDX-License-Identifier: GPL-3.0-or-later
// The real connection: to the address that was checked, with the certificate of the name.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/remote/addressconnector.h"
#include "tests/unit/net/tlsserver.h"

#include <QNetworkProxy>

#include <optional>

using namespace kittiwake;
using namespace kittiwake::net;
using namespace kittiwake::remote;

namespace
{

using Connected = Result<std::unique_ptr<ByteStream>>;

async::Task<void> connectInto(AddressConnector &connector, QHostAddress address, HostName host,
                              std::optional<Connected> &out)
{
    Connected stream = co_await connector.connect(address, host);
    out.emplace(std::move(stream));
}

async::Task<void> resolveInto(AddressConnector &connector, HostName host,
                              std::optional<Result<QList<QHostAddress>>> &out)
{
    const Result<QList<QHostAddress>> addresses = co_await connector.resolve(host);
    out.emplace(addresses);
}

} // namespace

class TestConnector final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy); }

    void theAddressIsConnectedToAndTheNameIsVerified_data()
    {
        QTest::addColumn<QByteArray>("certified");
        QTest::addColumn<bool>("trusted");
        QTest::addColumn<bool>("works");
        QTest::newRow("as it should be") << QByteArray("DNS:images.example") << true << true;
        QTest::newRow("only for the address") << QByteArray("IP:127.0.0.1") << true << false;
        QTest::newRow("for another name") << QByteArray("DNS:other.example") << true << false;
        QTest::newRow("from a stranger") << QByteArray("DNS:images.example") << false << false;
    }
    void theAddressIsConnectedToAndTheNameIsVerified()
    {
        QFETCH(QByteArray, certified);
        QFETCH(bool, trusted);
        QFETCH(bool, works);
        const TestAuthority authority;
        const TestAuthority stranger;
        CertificateRequest request;
        request.commonName = "x";
        request.alternativeNames = certified;
        TlsServer server(TlsServer::encrypting(authority.issue(request)));
        QtAddressConnector connector(m_clock, server.serverPort(),
                                     QSslCertificate::fromData(trusted ? authority.pem() : stranger.pem()));
        std::optional<Connected> stream;
        async::TaskScope scope;
        // A name that no resolver knows: nothing is looked up a second time.
        scope.start(connectInto(connector, QHostAddress(QHostAddress::LocalHost),
                                *HostName::parse(QStringLiteral("images.example")), stream));
        QTRY_VERIFY(stream.has_value());
        QCOMPARE(stream->has_value(), works);
        if (works)
            QVERIFY(stream->value()->isEncrypted());
        else
            QCOMPARE(stream->error().kind, ErrorKind::Tls);
    }

    void namesAreLookedUp()
    {
        QtAddressConnector connector(m_clock);
        std::optional<Result<QList<QHostAddress>>> addresses;
        async::TaskScope scope;
        scope.start(resolveInto(connector, *HostName::parse(QStringLiteral("localhost")), addresses));
        QTRY_VERIFY(addresses.has_value());
        QVERIFY(addresses->has_value());
        QVERIFY(!(*addresses)->isEmpty() && (*addresses)->constFirst().isLoopback());
    }

private:
    QtClock m_clock;
};

QTEST_GUILESS_MAIN(TestConnector)
#include "test_connector.moc"
