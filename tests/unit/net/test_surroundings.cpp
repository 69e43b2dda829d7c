// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/keepalive.h"
#include "core/net/surroundings.h"
#include "core/net/systemsurroundings.h"

#include <QTest>

#ifdef Q_OS_LINUX
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace kittiwake::net;

namespace
{

class FakeSurroundings final : public Surroundings
{
public:
    using Surroundings::tell;
};

} // namespace

class TestSurroundings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsListeners();
    void listenersMayLeave();
    void asksTheSystem();
#ifdef Q_OS_LINUX
    void deadLinksWithinTwoMinutes();
#endif
};

void TestSurroundings::tellsListeners()
{
    FakeSurroundings surroundings;
    std::vector<Surroundings::Event> first;
    std::vector<Surroundings::Event> second;
    const auto one = surroundings.subscribe([&](Surroundings::Event event) { first.push_back(event); });
    const auto two = surroundings.subscribe([&](Surroundings::Event event) { second.push_back(event); });
    QVERIFY(one != two);
    surroundings.tell(Surroundings::Event::Woke);
    surroundings.unsubscribe(one);
    surroundings.unsubscribe(one);
    surroundings.tell(Surroundings::Event::NetworkBack);
    QCOMPARE(first, std::vector{Surroundings::Event::Woke});
    QCOMPARE(second, (std::vector{Surroundings::Event::Woke, Surroundings::Event::NetworkBack}));
}

void TestSurroundings::listenersMayLeave()
{
    FakeSurroundings surroundings;
    int told = 0;
    Surroundings::Subscription other = 0;
    Surroundings::Subscription self = 0;
    self = surroundings.subscribe([&](Surroundings::Event) {
        ++told;
        surroundings.unsubscribe(self);
        surroundings.unsubscribe(other);
    });
    other = surroundings.subscribe([&](Surroundings::Event) { ++told; });
    surroundings.tell(Surroundings::Event::Woke);
    surroundings.tell(Surroundings::Event::Woke);
    QCOMPARE(told, 1);
}

/** That the real one can be made and taken down, whatever this system has. */
void TestSurroundings::asksTheSystem()
{
    SystemSurroundings::watchNetwork();
    SystemSurroundings surroundings;
    int told = 0;
    const auto subscription = surroundings.subscribe([&](Surroundings::Event) { ++told; });
    QCoreApplication::processEvents();
    QCOMPARE(told, 0); // nothing has happened
    surroundings.unsubscribe(subscription);
}

#ifdef Q_OS_LINUX
void TestSurroundings::deadLinksWithinTwoMinutes()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    QVERIFY(socket >= 0);
    probeWhenSilent(socket);
    const auto option = [socket](int name) {
        int value = 0;
        socklen_t length = sizeof value;
        getsockopt(socket, IPPROTO_TCP, name, &value, &length);
        return value;
    };
    const int seconds = option(TCP_KEEPIDLE) + option(TCP_KEEPINTVL) * option(TCP_KEEPCNT);
    const int unacknowledged = option(TCP_USER_TIMEOUT);
    close(socket);
    QVERIFY2(seconds <= 120, qPrintable(QString::number(seconds)));
    QVERIFY(seconds >= 60);
    // It takes the place of the number of probes where it is set (tcp(7)).
    QVERIFY2(unacknowledged <= 120'000 && unacknowledged >= 60'000, qPrintable(QString::number(unacknowledged)));
}
#endif

QTEST_GUILESS_MAIN(TestSurroundings)
#include "test_surroundings.moc"
