// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/net/deflate.h"
#include "core/net/qtstreamfactory.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/net/testauthority.h"
#include "tests/unit/net/tlsserver.h"

#include <QCryptographicHash>
#include <QFile>
#include <QNetworkProxy>
#include <QTemporaryDir>

#include <optional>

using namespace kittiwake;
using namespace kittiwake::net;
using namespace std::chrono_literals;

namespace
{

struct Reading {
    QByteArray bytes;
    int reads = 0;
    qsizetype largest = 0;
    bool closed = false;
    std::optional<Error> error;
    bool isDone() const { return closed || error; }
};

async::Task<void> connectInto(StreamFactory &factory, Endpoint endpoint, TlsMode mode, TlsPolicy policy,
                              std::unique_ptr<ByteStream> &out)
{
    Result<std::unique_ptr<ByteStream>> stream = co_await factory.connect(endpoint, mode, policy);
    if (!stream)
        qFatal("%s", qPrintable(stream.error().userText));
    out = std::move(*stream);
}

async::Task<void> readAll(ByteStream &stream, Reading &out)
{
    while (true) {
        const Result<QByteArray> bytes = co_await stream.read();
        if (!bytes) {
            out.error = bytes.error();
            break;
        }
        if (bytes->isEmpty()) {
            out.closed = true;
            break;
        }
        out.bytes += *bytes;
        out.largest = std::max(out.largest, bytes->size());
        ++out.reads;
    }
}

async::Task<void> upgrade(ByteStream &stream, std::optional<Result<void>> &out)
{
    const Result<void> result = co_await stream.startTls();
    out = result;
}

/** Reads in the clear until a line is complete, then upgrades: what a client does with a reply to STARTTLS. */
async::Task<void> upgradeAfterLine(ByteStream &stream, QByteArray &line, std::optional<Result<void>> &out)
{
    while (!line.endsWith('\n')) {
        const Result<QByteArray> bytes = co_await stream.read();
        if (!bytes || bytes->isEmpty())
            qFatal("no line");
        line += *bytes;
    }
    const Result<void> result = co_await stream.startTls();
    out = result;
}

QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 1;
    for (char &byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

} // namespace

class TestStream final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    TestAuthority m_authority;
    Identity m_identity = m_authority.issue();
    TlsPolicy m_policy;
    QtClock m_clock;
    QtStreamFactory m_factory{m_clock};

    std::unique_ptr<ByteStream> open(const TlsServer &server, TlsMode mode = TlsMode::Implicit)
    {
        std::unique_ptr<ByteStream> stream;
        async::TaskScope scope;
        scope.start(connectInto(m_factory, Endpoint{u"localhost"_qs, server.serverPort()}, mode, m_policy, stream));
        if (!QTest::qWaitFor([&stream] { return stream != nullptr; }, 15'000))
            qFatal("no connection");
        return stream;
    }

    std::unique_ptr<ByteStream> open(const TlsServer &server, FakeClock &clock, TlsMode mode = TlsMode::Implicit)
    {
        QtStreamFactory factory(clock);
        std::unique_ptr<ByteStream> stream;
        async::TaskScope scope;
        scope.start(connectInto(factory, Endpoint{u"localhost"_qs, server.serverPort()}, mode, m_policy, stream));
        const auto isOpen = [&stream, &clock] {
            clock.runReady();
            return stream != nullptr;
        };
        if (!QTest::qWaitFor(isOpen, 15'000))
            qFatal("no connection");
        return stream;
    }

    static TlsServer::Behaviour echo()
    {
        return [](QSslSocket &socket) {
            QObject::connect(&socket, &QSslSocket::readyRead, &socket, [&socket] { socket.write(socket.readAll()); });
        };
    }

    /** Greets in the clear, answers the first line with answer, and then speaks TLS. */
    TlsServer::Behaviour startTlsServer(const QByteArray &answer, const TlsServer::Behaviour &then = {})
    {
        return [this, answer, then](QSslSocket &socket) {
            socket.setSslConfiguration(TlsServer::configuration(m_identity));
            if (then)
                QObject::connect(&socket, &QSslSocket::encrypted, &socket, [&socket, then] { then(socket); });
            QObject::connect(&socket, &QSslSocket::readyRead, &socket, [&socket, answer] {
                if (socket.mode() != QSslSocket::UnencryptedMode || !socket.canReadLine())
                    return;
                socket.readLine();
                socket.write(answer);
                socket.flush();
                socket.startServerEncryption();
            });
        };
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

    void bytesGoBothWays()
    {
        TlsServer server(TlsServer::encrypting(m_identity, echo()));
        const auto stream = open(server);
        Reading reading;
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        stream->write("one ");
        stream->write("two ");
        stream->write({});
        stream->write("three");
        QTRY_COMPARE(reading.bytes, QByteArray("one two three"));
        QCOMPARE(stream->counters().sent, std::uint64_t(13));
        QCOMPARE(stream->counters().received, std::uint64_t(13));
        QVERIFY(!reading.isDone());
    }

    void writesOfATurnTravelTogether()
    {
        FakeClock clock;
        TlsServer server(TlsServer::encrypting(m_identity));
        const auto stream = open(server, clock);
        QCOMPARE(clock.runReady(), 0);
        stream->write("one ");
        stream->write("two ");
        stream->write("three");
        QCOMPARE(stream->counters().sent, std::uint64_t(0));
        QCOMPARE(clock.runReady(), 1);
        QCOMPARE(stream->counters().sent, std::uint64_t(13));
        QTRY_COMPARE(server.connection()->bytesAvailable(), 13);
        QCOMPARE(server.connection()->readAll(), QByteArray("one two three"));
    }

    void closeComesAfterTheLastByte()
    {
        TlsServer server(TlsServer::encrypting(m_identity, [](QSslSocket &socket) {
            socket.write("* BYE\r\n");
            socket.disconnectFromHost();
        }));
        const auto stream = open(server);
        Reading reading;
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY(reading.isDone());
        QVERIFY(reading.closed);
        QCOMPARE(reading.bytes, QByteArray("* BYE\r\n"));
        // Whoever asks again hears the same, and writing does no harm.
        stream->write("LOGOUT");
        Reading again;
        scope.start(readAll(*stream, again));
        QTRY_VERIFY(again.isDone());
        QVERIFY(again.closed);
        QCOMPARE(again.bytes, QByteArray());
    }

    void largeTransferAndCloseWithASlowReader()
    {
        const QByteArray payload = pattern(64 * 1024 * 1024);
        TlsServer server(TlsServer::encrypting(m_identity, [&payload](QSslSocket &socket) {
            socket.write(payload);
            socket.disconnectFromHost();
        }));
        const auto stream = open(server);
        // Nobody reads: the server must be held up. A stream without bound would have taken everything by now.
        for (int turn = 0; turn < 3000; ++turn)
            QCoreApplication::processEvents();
        QVERIFY(server.connection() != nullptr);
        QVERIFY(server.connection()->bytesToWrite() + server.connection()->encryptedBytesToWrite()
                > payload.size() / 2);

        Reading reading;
        reading.bytes.reserve(payload.size());
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY_WITH_TIMEOUT(reading.isDone(), 60'000);
        QVERIFY(reading.closed);
        QVERIFY(reading.bytes == payload);
        QCOMPARE(stream->counters().received, static_cast<std::uint64_t>(payload.size()));
        QVERIFY(reading.largest <= 256 * 1024);
        // Tiny reads would be the naive pitfall: a TLS record holds 16 KiB.
        QVERIFY2(reading.bytes.size() / reading.reads > 16 * 1024, qPrintable(QString::number(reading.reads)));
    }

    void largeUpload()
    {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        qint64 size = 0;
        TlsServer server(TlsServer::encrypting(m_identity, [&hash, &size](QSslSocket &socket) {
            QObject::connect(&socket, &QSslSocket::readyRead, &socket, [&socket, &hash, &size] {
                const QByteArray bytes = socket.readAll();
                hash.addData(bytes);
                size += bytes.size();
            });
        }));
        const auto stream = open(server);
        const QByteArray payload = pattern(16 * 1024 * 1024);
        for (qsizetype i = 0; i < payload.size(); i += 100'000)
            stream->write(payload.mid(i, 100'000));
        QTRY_COMPARE_WITH_TIMEOUT(size, payload.size(), 30'000);
        QCOMPARE(hash.result(), QCryptographicHash::hash(payload, QCryptographicHash::Sha256));
    }

    void startTls()
    {
        TlsServer server(startTlsServer("a1 OK begin TLS\r\n", echo()));
        const auto stream = open(server, TlsMode::StartTls);
        QVERIFY(!stream->isEncrypted());
        QByteArray line;
        std::optional<Result<void>> result;
        async::TaskScope scope;
        stream->write("a1 STARTTLS\r\n");
        scope.start(upgradeAfterLine(*stream, line, result));
        QTRY_VERIFY(result.has_value());
        QVERIFY2(result->has_value(), result->has_value() ? "" : qPrintable(result->error().userText));
        QCOMPARE(line, QByteArray("a1 OK begin TLS\r\n"));
        QVERIFY(stream->isEncrypted());
        Reading reading;
        scope.start(readAll(*stream, reading));
        stream->write("a2 LOGIN\r\n");
        QTRY_COMPARE(reading.bytes, QByteArray("a2 LOGIN\r\n"));
        QVERIFY(server.connection()->isEncrypted());

        // A second upgrade is refused and harms nothing.
        result.reset();
        scope.start(upgrade(*stream, result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Tls);
        stream->write("a3");
        QTRY_VERIFY(reading.bytes.endsWith("a3"));
    }

    void startTlsWithAnUntrustedCertificate()
    {
        m_identity = TestAuthority::selfSigned();
        TlsServer server(startTlsServer("a1 OK begin TLS\r\n"));
        const auto stream = open(server, TlsMode::StartTls);
        m_identity = m_authority.issue();
        QByteArray line;
        std::optional<Result<void>> result;
        async::TaskScope scope;
        stream->write("a1 STARTTLS\r\n");
        scope.start(upgradeAfterLine(*stream, line, result));
        QTRY_VERIFY(result.has_value());
        QVERIFY(!result->has_value());
        QCOMPARE(result->error().kind, ErrorKind::Tls);
        QVERIFY(!stream->isEncrypted());
        // No byte goes out any more, and the reader hears why.
        stream->write("a2 LOGIN user password\r\n");
        Reading reading;
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY(reading.error.has_value());
        QCOMPARE(reading.error->kind, ErrorKind::Tls);
        QTRY_VERIFY(server.connection() == nullptr);
    }

    /** CVE-2020-15685 and its many sisters: what somebody slipped in before the upgrade. */
    void bytesBeforeTheUpgradeAreRefused()
    {
        QByteArray received;
        QList<QSslSocket *> connections;
        TlsServer server([&received, &connections](QSslSocket &socket) {
            connections.append(&socket);
            QObject::connect(&socket, &QSslSocket::readyRead, &socket,
                             [&socket, &received] { received += socket.readAll(); });
        });
        const auto stream = open(server, TlsMode::StartTls);
        // Loopback and the event loop keep the order: when the second connection has its byte, the first has its own.
        const auto witness = open(server, TlsMode::StartTls);
        QTRY_COMPARE(connections.size(), 2);
        connections.at(0)->write("* OK [CAPABILITY INJECTED]\r\n");
        connections.at(0)->flush();
        connections.at(1)->write("x");
        connections.at(1)->flush();
        Reading seen;
        std::optional<Result<void>> result;
        async::TaskScope scope;
        scope.start(readAll(*witness, seen));
        QTRY_COMPARE(seen.bytes, QByteArray("x"));
        scope.start(upgrade(*stream, result));
        QVERIFY(result.has_value());
        QVERIFY(!result->has_value());
        QCOMPARE(result->error().kind, ErrorKind::Tls);
        QVERIFY2(result->error().userText.contains(u"before the encryption"), qPrintable(result->error().userText));
        stream->write("a2 LOGIN user password\r\n");
        Reading reading;
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY(reading.error.has_value());
        QCOMPARE(reading.bytes, QByteArray());
        QCOMPARE(received, QByteArray());
    }

    /** The same, still on its way when the upgrade starts: it reaches the TLS engine, and ends there. */
    void bytesBehindTheUpgradeReplyNeverSurface()
    {
        TlsServer server([](QSslSocket &socket) {
            QObject::connect(&socket, &QSslSocket::readyRead, &socket, [&socket] {
                if (socket.readAll().startsWith('\x16'))
                    socket.write("* OK [CAPABILITY INJECTED]\r\n");
                else
                    socket.write("a1 OK begin TLS\r\n");
            });
        });
        const auto stream = open(server, TlsMode::StartTls);
        QByteArray line;
        std::optional<Result<void>> result;
        async::TaskScope scope;
        stream->write("a1 STARTTLS\r\n");
        scope.start(upgradeAfterLine(*stream, line, result));
        QTRY_VERIFY(result.has_value());
        QVERIFY(!result->has_value());
        QCOMPARE(result->error().kind, ErrorKind::Tls);
        QCOMPARE(line, QByteArray("a1 OK begin TLS\r\n"));
        Reading reading;
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY(reading.error.has_value());
        QCOMPARE(reading.bytes, QByteArray());
    }

    void startTlsOnAServerThatHangsOrLeaves()
    {
        FakeClock clock;
        TlsServer server([](QSslSocket &) {});
        const auto stream = open(server, clock, TlsMode::StartTls);
        std::optional<Result<void>> result;
        async::TaskScope scope;
        scope.start(upgrade(*stream, result));
        QTRY_VERIFY(server.connection()->bytesAvailable() > 0);
        clock.advance(19'999ms);
        QVERIFY(!result.has_value());
        clock.advance(1ms);
        QVERIFY(result.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Network);

        const auto leaving = open(server, TlsMode::StartTls);
        Reading reading;
        scope.start(readAll(*leaving, reading));
        QTRY_VERIFY(server.connection() != nullptr);
        server.connection()->disconnectFromHost();
        QTRY_VERIFY(reading.closed);
        result.reset();
        scope.start(upgrade(*leaving, result));
        QTRY_VERIFY(result.has_value());
        QCOMPARE(result->error().kind, ErrorKind::Network);
    }

    void deflate()
    {
        Deflater toClient;
        Inflater fromClient;
        QByteArray received;
        TlsServer server(TlsServer::encrypting(m_identity, [&](QSslSocket &socket) {
            QObject::connect(&socket, &QSslSocket::readyRead, &socket, [&] {
                fromClient.feed(server.connection()->readAll());
                while (fromClient.hasWork()) {
                    const Result<QByteArray> bytes = fromClient.next(100'000);
                    QVERIFY(bytes.has_value());
                    received += *bytes;
                    if (!bytes->isEmpty())
                        server.connection()->write(toClient.compress(*bytes));
                }
            });
        }));
        const auto stream = open(server);
        QVERIFY(stream->startDeflate().has_value());
        const Result<void> twice = stream->startDeflate();
        QVERIFY(!twice.has_value());
        QCOMPARE(twice.error().kind, ErrorKind::Protocol);
        Reading reading;
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        stream->write("a1 NOOP\r\n");
        QTRY_COMPARE(reading.bytes, QByteArray("a1 NOOP\r\n"));
        const QByteArray text = QByteArray("* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n").repeated(100'000);
        stream->write(text);
        QTRY_COMPARE_WITH_TIMEOUT(reading.bytes.size(), 9 + text.size(), 30'000);
        QVERIFY(reading.bytes == "a1 NOOP\r\n" + text);
        QVERIFY(received == reading.bytes);
        QVERIFY(reading.largest <= 256 * 1024);
        // The counters tell what travelled.
        QVERIFY(stream->counters().sent < static_cast<std::uint64_t>(text.size()) / 20);
        QVERIFY(stream->counters().received < static_cast<std::uint64_t>(text.size()) / 20);
    }

    void deflateAfterBytesThatWereReadAlready()
    {
        Deflater toClient;
        const QByteArray wire = toClient.compress("* 1 EXISTS\r\n");
        TlsServer server(TlsServer::encrypting(
            m_identity, [&wire](QSslSocket &socket) { socket.write("a1 OK DEFLATE active\r\n" + wire); }));
        const auto stream = open(server);
        QByteArray first;
        auto readOnce = [](ByteStream &source, QByteArray &out) -> async::Task<void> {
            const Result<QByteArray> bytes = co_await source.read();
            out = bytes.value_or(QByteArray());
        };
        async::TaskScope scope;
        scope.start(readOnce(*stream, first));
        QTRY_COMPARE(first.size(), 22 + wire.size());
        QVERIFY(stream->startDeflateAfter(first.mid(22)).has_value());
        Reading reading;
        scope.start(readAll(*stream, reading));
        QTRY_COMPARE(reading.bytes, QByteArray("* 1 EXISTS\r\n"));
        server.connection()->write(toClient.compress("* 2 EXISTS\r\n"));
        QTRY_COMPARE(reading.bytes, QByteArray("* 1 EXISTS\r\n* 2 EXISTS\r\n"));
    }

    void corruptDeflate()
    {
        TlsServer server(TlsServer::encrypting(
            m_identity, [](QSslSocket &socket) { socket.write("* OK not compressed at all\r\n"); }));
        const auto stream = open(server);
        QVERIFY(stream->startDeflate().has_value());
        Reading reading;
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY(reading.error.has_value());
        QCOMPARE(reading.error->kind, ErrorKind::Protocol);
        // The connection is over: a stream that is out of step is not read on.
        QTRY_VERIFY(server.connection() == nullptr);
        reading.error.reset();
        scope.start(readAll(*stream, reading));
        QTRY_VERIFY(reading.error.has_value());
        QCOMPARE(reading.error->kind, ErrorKind::Protocol);
    }

    void deflateNeedsEncryption()
    {
        TlsServer server([](QSslSocket &) {});
        const auto stream = open(server, TlsMode::StartTls);
        QVERIFY(!stream->startDeflate().has_value());
    }

    void destroyedWhileReading()
    {
        TlsServer server(TlsServer::encrypting(m_identity));
        auto stream = open(server);
        Reading reading;
        {
            async::TaskScope scope;
            scope.start(readAll(*stream, reading));
            stream.reset();
            QTRY_VERIFY(server.connection() == nullptr);
            QVERIFY(!reading.isDone());
            QVERIFY(!scope.isEmpty());
        }
        QVERIFY(!reading.isDone());
    }

    /** Data has come and the reader's turn is already booked: it must not run on a stream that is gone. */
    void destroyedBetweenArrivalAndTurn()
    {
        FakeClock clock;
        TlsServer server(TlsServer::encrypting(m_identity));
        auto stream = open(server, clock);
        Reading reading;
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        QVERIFY(clock.isIdle());
        server.connection()->write("late");
        QTRY_VERIFY(!clock.isIdle());
        stream.reset();
        clock.runReady();
        QCOMPARE(reading.reads, 0);
        QVERIFY(!reading.isDone());
    }

    void readerThatGoesLeavesTheStreamUsable()
    {
        TlsServer server(TlsServer::encrypting(m_identity, echo()));
        const auto stream = open(server);
        Reading gone;
        {
            async::TaskScope scope;
            scope.start(readAll(*stream, gone));
        }
        stream->write("still here");
        Reading reading;
        async::TaskScope scope;
        scope.start(readAll(*stream, reading));
        QTRY_COMPARE(reading.bytes, QByteArray("still here"));
        QCOMPARE(gone.reads, 0);
    }
};

QTEST_GUILESS_MAIN(TestStream)
#include "test_stream.moc"
