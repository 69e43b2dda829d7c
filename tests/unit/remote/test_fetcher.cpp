// SPDX-License-Identifier: GPL-3.0-or-later
// Which pictures are fetched, from where, and what becomes of redirects and of servers that misbehave. No network.
#include <QTest>

#include "core/async/completion.h"
#include "core/async/taskscope.h"
#include "core/remote/imagefetcher.h"
#include "tests/support/fakeclock.h"

#include <map>

using namespace kittiwake;
using namespace kittiwake::remote;
using namespace std::chrono_literals;

namespace
{

QByteArray png(int extra = 0)
{
    return QByteArray("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x05\0\0\0\x07\x08\x02", 26) + QByteArray(extra, 'x');
}

QByteArray answerOf(const QByteArray &body, const QByteArray &fields = {})
{
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray redirectTo(const QByteArray &where)
{
    return "HTTP/1.1 302 Found\r\nLocation: " + where + "\r\n\r\n";
}

/** The Internet of the test. */
struct World {
    std::map<QString, QList<QHostAddress>> names;
    std::map<QByteArray, QByteArray> answers; ///< "host/path" -> bytes
    QStringList lookups;
    QStringList connections; ///< "address host"
    QByteArrayList requests;
    int open = 0;
    int mostOpen = 0;
};

class FakeStream final : public net::ByteStream
{
public:
    FakeStream(Clock &clock, World &world) : m_clock(clock), m_world(world)
    {
        m_world.mostOpen = std::max(m_world.mostOpen, ++m_world.open);
    }
    ~FakeStream() override { --m_world.open; }

    void write(const QByteArray &bytes) override
    {
        m_world.requests.append(bytes);
        const QByteArray path = bytes.split(' ').value(1);
        const qsizetype at = bytes.indexOf("Host: ") + 6;
        const QByteArray host = bytes.mid(at, bytes.indexOf('\r', at) - at);
        const auto answer = m_world.answers.find(host + path);
        m_silent = answer == m_world.answers.end();
        m_answer = m_silent ? QByteArray() : answer->second;
    }
    async::Task<Result<QByteArray>> read() override
    {
        const async::Event later(m_clock);
        if (!m_silent)
            later.complete({});
        co_await later;
        const QByteArray piece = m_answer.first(std::min<qsizetype>(m_answer.size(), 1000));
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
    bool m_silent = true;
};

class FakeConnector final : public AddressConnector
{
public:
    FakeConnector(Clock &clock, World &world) : m_clock(clock), m_world(world) { }

    async::Task<Result<QList<QHostAddress>>> resolve(net::HostName host) override
    {
        m_world.lookups.append(host.wire());
        const auto known = m_world.names.find(host.wire());
        if (known == m_world.names.end())
            co_return failure(ErrorKind::Network, host.wire(), QStringLiteral("not found"));
        co_return known->second;
    }
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

async::Task<void> fetchInto(ImageFetcher &fetcher, std::vector<mime::RemoteImage> wanted,
                            std::optional<FetchedImages> &out)
{
    FetchedImages images = co_await fetcher.fetch(std::move(wanted));
    out = std::move(images);
}

} // namespace

class TestFetcher final : public QObject
{
    Q_OBJECT

    FetchedImages fetch(const QStringList &urls)
    {
        std::vector<mime::RemoteImage> wanted;
        for (const QString &url : urls)
            wanted.push_back({mime::remoteImageId(url.toUtf8()), url, false});
        std::optional<FetchedImages> out;
        ImageFetcher fetcher(m_clock, m_connector);
        async::TaskScope scope;
        scope.start(fetchInto(fetcher, wanted, out));
        m_clock.runReady();
        if (!out)
            m_clock.advance(FetchLimits::totalTime);
        return out.value_or(FetchedImages{{}, -1});
    }

private Q_SLOTS:
    void init()
    {
        m_world = {};
        m_world.names = {{QStringLiteral("a.example"), {QHostAddress(QStringLiteral("93.184.216.34"))}},
                         {QStringLiteral("b.example"), {QHostAddress(QStringLiteral("2606:4700::1111"))}},
                         {QStringLiteral("inside.example"), {QHostAddress(QStringLiteral("192.168.1.1"))}},
                         {QStringLiteral("loop.example"), {QHostAddress(QStringLiteral("127.0.0.1"))}},
                         {QStringLiteral("mapped.example"), {QHostAddress(QStringLiteral("::ffff:10.0.0.1"))}},
                         {QStringLiteral("both.example"),
                          {QHostAddress(QStringLiteral("93.184.216.34")), QHostAddress(QStringLiteral("10.0.0.1"))}}};
        m_world.answers = {{"a.example/1.png", answerOf(png(), "Set-Cookie: who=anna\r\n")},
                           {"b.example/2.png?x=y", answerOf(png(3000))}};
    }

    void picturesAreFetched()
    {
        const FetchedImages got
            = fetch({QStringLiteral("https://a.example/1.png"), QStringLiteral("http://b.example/2.png?x=y#z")});
        QCOMPARE(got.failed, 0);
        QCOMPARE(got.images.size(), std::size_t(2));
        QCOMPARE(got.images.front().mimeType, QByteArray("image/png"));
        QCOMPARE(got.images.front().id, mime::remoteImageId("https://a.example/1.png"));
        QCOMPARE(m_world.connections,
                 QStringList({QStringLiteral("93.184.216.34 a.example"), QStringLiteral("2606:4700::1111 b.example")}));
        QCOMPARE(m_world.open, 0);
        for (const QByteArray &request : std::as_const(m_world.requests)) {
            for (const char *word : {"Cookie", "Referer", "anna", "Linux", "Kittiwake", "Accept-Language"})
                QVERIFY(!request.contains(word));
        }
    }

    void nothingIsAskedOfPrivateAddresses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<int>("lookups");
        const auto row
            = [](const char *url, int lookups) { QTest::newRow(url) << QString::fromLatin1(url) << lookups; };
        row("https://inside.example/x", 1);
        row("https://loop.example/x", 1);
        row("https://mapped.example/x", 1);
        row("https://both.example/x", 1);
        row("https://127.0.0.1/x", 0);
        row("https://localhost/x", 0);
        row("https://[::1]/x", 0);
        row("https://printer.local/x", 0);
        row("https://a.example:8080/x", 0);
        row("file:///etc/passwd", 0);
        row("https://nowhere.example/x", 1);
    }
    void nothingIsAskedOfPrivateAddresses()
    {
        QFETCH(QString, url);
        QFETCH(int, lookups);
        // Directly, and by way of a redirect from a good address.
        QCOMPARE(fetch({url}).failed, 1);
        QCOMPARE(m_world.connections, QStringList());
        QCOMPARE(m_world.lookups.size(), lookups);
        m_world.answers["a.example/1.png"] = redirectTo(url.toUtf8());
        QCOMPARE(fetch({QStringLiteral("https://a.example/1.png")}).failed, 1);
        QCOMPARE(m_world.connections, QStringList({QStringLiteral("93.184.216.34 a.example")}));
    }

    void redirectsAreFollowedAndCounted()
    {
        m_world.answers["a.example/r0"] = redirectTo("r1");
        for (int i = 1; i < 10; ++i)
            m_world.answers["a.example/r" + QByteArray::number(i)] = redirectTo("/r" + QByteArray::number(i + 1));
        m_world.answers["a.example/r5"] = redirectTo("//b.example/2.png?x=y");
        m_world.answers["a.example/r4"] = redirectTo("http://b.example/2.png?x=y");
        QCOMPARE(fetch({QStringLiteral("https://a.example/r0")}).images.size(), std::size_t(1));
        m_world.answers["a.example/r4"] = redirectTo("r5");
        QCOMPARE(fetch({QStringLiteral("https://a.example/r0")}).failed, 1); // one too many
        m_world.answers["a.example/loop"] = redirectTo("/loop");
        QCOMPARE(fetch({QStringLiteral("https://a.example/loop")}).failed, 1);
    }

    void whatIsNoPictureIsNotKept()
    {
        m_world.answers["a.example/svg"]
            = answerOf("<svg xmlns='http://www.w3.org/2000/svg'/>", "Content-Type: image/png\r\n");
        m_world.answers["a.example/html"] = answerOf("<script>x</script>");
        m_world.answers["a.example/404"] = "HTTP/1.1 404 No\r\nContent-Length: 26\r\n\r\n" + png();
        m_world.answers["a.example/large"] = "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + png();
        const FetchedImages got
            = fetch({QStringLiteral("https://a.example/svg"), QStringLiteral("https://a.example/html"),
                     QStringLiteral("https://a.example/404"), QStringLiteral("https://a.example/large"),
                     QStringLiteral("https://a.example/1.png")});
        QCOMPARE(got.images.size(), std::size_t(1));
        QCOMPARE(got.failed, 4);
    }

    void whoSaysNothingHoldsNobodyUp()
    {
        const FetchedImages got
            = fetch({QStringLiteral("https://a.example/silent"), QStringLiteral("https://a.example/1.png"),
                     QStringLiteral("https://b.example/2.png?x=y")});
        QCOMPARE(got.images.size(), std::size_t(2));
        QCOMPARE(got.failed, 1);
        QCOMPARE(m_world.open, 0);
        QVERIFY(m_clock.isIdle());
    }

    void manyAreBounded()
    {
        QStringList urls;
        for (std::size_t i = 0; i < FetchLimits::images + 50; ++i) {
            const QString path = QStringLiteral("/n%1").arg(i);
            m_world.answers["a.example" + path.toLatin1()] = answerOf(png());
            urls.append(QStringLiteral("https://a.example") + path);
        }
        const FetchedImages got = fetch(urls);
        QCOMPARE(got.images.size(), FetchLimits::images);
        QCOMPARE(got.failed, 50);
        QVERIFY(m_world.mostOpen <= FetchLimits::connections);
    }

    void bytesAreBounded()
    {
        QStringList urls;
        for (int i = 0; i < 12; ++i) {
            const QString path = QStringLiteral("/n%1").arg(i);
            m_world.answers["a.example" + path.toLatin1()] = answerOf(png(4 * 1024 * 1024));
            urls.append(QStringLiteral("https://a.example") + path);
        }
        const FetchedImages got = fetch(urls);
        qsizetype bytes = 0;
        for (const FetchedImage &image : got.images)
            bytes += image.data.size();
        QVERIFY(bytes <= FetchLimits::totalBytes);
        QVERIFY(got.failed > 0 && got.images.size() >= 6);
    }

    void nothingIsWantedNothingIsDone()
    {
        QCOMPARE(fetch({}).failed, 0);
        QCOMPARE(m_world.lookups, QStringList());
    }

private:
    FakeClock m_clock;
    World m_world;
    FakeConnector m_connector{m_clock, m_world};
};

QTEST_GUILESS_MAIN(TestFetcher)
#include "test_fetcher.moc"
