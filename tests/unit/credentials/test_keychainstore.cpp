// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/credentials/keychainstore.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QThread>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>

using namespace kittiwake;
using namespace kittiwake::credentials;
using namespace std::chrono_literals;

namespace
{

const auto key = QStringLiteral("ann@example.org/1b4e28ba");
constexpr const char *insideVariable = "KITTIWAKE_TEST_KEYRING";

struct Calls {
    std::optional<Result<void>> done;
    std::optional<Result<Secret>> secret;
};

async::Task<void> readInto(CredentialStore &store, QString name, Calls &calls)
{
    Result<Secret> secret = co_await store.read(name);
    calls.secret = std::move(secret);
}

async::Task<void> writeInto(CredentialStore &store, QString name, QByteArray secret, Calls &calls)
{
    const Result<void> done = co_await store.write(name, Secret(secret));
    calls.done = done;
}

async::Task<void> removeInto(CredentialStore &store, QString name, Calls &calls)
{
    const Result<void> done = co_await store.remove(name);
    calls.done = done;
}

/** A bus of its own that starts no services: the keyring runs when the test says so. */
QByteArray busConfiguration(const QString &folder)
{
    return "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
           " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
           "<busconfig><type>session</type><listen>unix:dir="
        + folder.toUtf8()
        + "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow send_destination=\"*\"/>"
          "<allow eavesdrop=\"false\"/><allow own=\"*\"/><allow receive_sender=\"*\"/></policy></busconfig>\n";
}

/** Also when this process is killed, nothing of it stays behind. */
void endsWithThisProcess(QProcess &process)
{
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
}

/** Runs this program again on a bus and in a home folder of its own. */
int runOnPrivateBus(const QStringList &arguments)
{
    const QTemporaryDir home;
    QFile configuration(home.filePath(QStringLiteral("bus.conf")));
    if (!home.isValid() || !configuration.open(QIODevice::WriteOnly))
        return 1;
    configuration.write(busConfiguration(home.path()));
    configuration.close();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto *name :
         {"XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION", "GNOME_KEYRING_CONTROL", "DISPLAY"})
        environment.remove(QLatin1String(name));
    for (const auto *name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
        environment.insert(QLatin1String(name), home.path());
    environment.insert(QLatin1String(insideVariable), home.path());
    QProcess bus;
    endsWithThisProcess(bus);
    bus.setProcessEnvironment(environment);
    bus.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    bus.start(QStringLiteral("dbus-daemon"),
              {QStringLiteral("--config-file=%1").arg(configuration.fileName()), QStringLiteral("--nofork"),
               QStringLiteral("--nopidfile"), QStringLiteral("--print-address")});
    while (bus.state() != QProcess::NotRunning && !bus.canReadLine() && bus.waitForReadyRead(30'000)) { }
    const QString address = QString::fromUtf8(bus.readLine().trimmed());
    if (address.isEmpty()) {
        std::fprintf(stderr, "no D-Bus: install the packages dbus and gnome-keyring\n");
        return 1;
    }
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), address);
    QProcess inside;
    endsWithThisProcess(inside);
    inside.setProcessEnvironment(environment);
    inside.setProcessChannelMode(QProcess::ForwardedChannels);
    inside.start(QCoreApplication::applicationFilePath(), arguments.mid(1));
    inside.waitForFinished(-1);
    bus.terminate();
    bus.waitForFinished();
    return inside.exitStatus() == QProcess::NormalExit ? inside.exitCode() : 1;
}

} // namespace

class TestKeychainStore final : public QObject
{
    Q_OBJECT

private:
    QtClock m_clock;
    QProcess m_keyring;

    void startKeyring()
    {
        endsWithThisProcess(m_keyring);
        m_keyring.start(
            QStringLiteral("gnome-keyring-daemon"),
            {QStringLiteral("--foreground"), QStringLiteral("--unlock"), QStringLiteral("--components=secrets")});
        QVERIFY2(m_keyring.waitForStarted(), "install the package gnome-keyring");
        m_keyring.write("keyring password");
        m_keyring.closeWriteChannel();
    }

    void stopKeyring()
    {
        m_keyring.terminate();
        if (!m_keyring.waitForFinished(5000)) {
            m_keyring.kill();
            m_keyring.waitForFinished();
        }
    }

    static void await(const std::function<bool()> &done)
    {
        if (!QTest::qWaitFor(done, 30'000))
            qFatal("the keychain does not answer");
    }

    Result<Secret> read(CredentialStore &store, const QString &name = key)
    {
        Calls calls;
        async::TaskScope scope;
        scope.start(readInto(store, name, calls));
        await([&calls] { return calls.secret.has_value(); });
        return *calls.secret;
    }

    Result<void> write(CredentialStore &store, const QByteArray &secret, const QString &name = key)
    {
        Calls calls;
        async::TaskScope scope;
        scope.start(writeInto(store, name, secret, calls));
        await([&calls] { return calls.done.has_value(); });
        return *calls.done;
    }

    Result<void> remove(CredentialStore &store, const QString &name = key)
    {
        Calls calls;
        async::TaskScope scope;
        scope.start(removeInto(store, name, calls));
        await([&calls] { return calls.done.has_value(); });
        return *calls.done;
    }

private Q_SLOTS:
    void cleanupTestCase() { stopKeyring(); }

    // The order matters: first without a keychain, then with one.

    void noKeychain()
    {
        KeychainStore store(m_clock);
        const Result<Secret> secret = read(store);
        QVERIFY(!secret.has_value());
        QCOMPARE(secret.error().kind, ErrorKind::Storage);
        QVERIFY2(secret.error().userText.contains(u"cannot be used; start its service"),
                 qPrintable(secret.error().userText));
        QVERIFY(!secret.error().detail.isEmpty());
        const Result<void> written = write(store, "secret");
        QVERIFY(!written.has_value());
        QCOMPARE(written.error().kind, ErrorKind::Storage);
        const Result<void> removed = remove(store);
        QVERIFY(!removed.has_value());
        QCOMPARE(removed.error().kind, ErrorKind::Storage);
    }

    void keepsPasswords()
    {
        startKeyring();
        KeychainStore store(m_clock);
        // The daemon needs a moment until it is on the bus; then the entry is missing, and nothing else is wrong.
        QTRY_VERIFY_WITH_TIMEOUT(read(store).error().kind == ErrorKind::Auth, 20'000);
        const Result<Secret> missing = read(store);
        QVERIFY2(missing.error().userText.contains(u"holds no password"), qPrintable(missing.error().detail));

        const QByteArray password = "p\xc3\xa4ssw\xc3\xb6rd \"'\\ %s";
        const Result<void> written = write(store, password);
        QVERIFY2(written.has_value(), written ? "" : qPrintable(written.error().detail));
        QCOMPARE(read(store)->reveal(), password);
        QVERIFY(write(store, "another").has_value());
        QCOMPARE(read(store)->reveal(), QByteArray("another"));
        QVERIFY(write(store, QByteArray(2000, 'x'), QStringLiteral("other")).has_value());
        QCOMPARE(read(store)->reveal(), QByteArray("another"));

        QVERIFY(remove(store).has_value());
        QCOMPARE(read(store).error().kind, ErrorKind::Auth);
        QVERIFY(remove(store).has_value());
        QCOMPARE(read(store, QStringLiteral("other"))->reveal(), QByteArray(2000, 'x'));
        QVERIFY(remove(store, QStringLiteral("other")).has_value());
    }

    void servicesDoNotMeet()
    {
        KeychainStore one(m_clock, QStringLiteral("One"));
        KeychainStore two(m_clock, QStringLiteral("Two"));
        QVERIFY(write(one, "first").has_value());
        QCOMPARE(read(two).error().kind, ErrorKind::Auth);
        QCOMPARE(read(one)->reveal(), QByteArray("first"));
        QVERIFY(remove(one).has_value());
    }

    void whatCannotBeKeptIsRefused()
    {
        KeychainStore store(m_clock);
        for (const QByteArray &secret : {QByteArray(), QByteArray(2001, 'x'), QByteArray("a\0b", 3),
                                         QByteArray("\xff\xfe"), QByteArray("cut \xc3")})
            QCOMPARE(write(store, secret).error().kind, ErrorKind::Input);
        QCOMPARE(read(store).error().kind, ErrorKind::Auth);
    }

    /** Engines come and go, each in a thread of its own; the keychain must answer in every one. */
    void inThreadsThatEnd()
    {
        for (int round = 0; round < 3; ++round) {
            QByteArray seen;
            const std::unique_ptr<QThread> thread(QThread::create([round, &seen] {
                const QByteArray secret = "round " + QByteArray::number(round);
                QtClock clock;
                KeychainStore store(clock);
                Calls calls;
                async::TaskScope scope;
                scope.start(writeInto(store, key, secret, calls));
                await([&calls] { return calls.done.has_value(); });
                scope.start(readInto(store, key, calls));
                await([&calls] { return calls.secret.has_value(); });
                seen = calls.secret->value_or(Secret()).reveal();
            }));
            thread->start();
            QVERIFY(thread->wait(60'000));
            QCOMPARE(seen, "round " + QByteArray::number(round));
        }
        KeychainStore store(m_clock);
        QVERIFY(remove(store).has_value());
    }

    void abandonedCallsDoNoHarm()
    {
        auto store = std::make_unique<KeychainStore>(m_clock);
        Calls calls;
        for (int i = 0; i < 20; ++i) {
            async::TaskScope scope;
            scope.start(writeInto(*store, key, "secret", calls));
            scope.start(readInto(*store, key, calls));
        }
        store.reset();
        store = std::make_unique<KeychainStore>(m_clock);
        // In line behind the abandoned ones, which are carried out all the same.
        QCOMPARE(read(*store)->reveal(), QByteArray("secret"));
        QVERIFY(!calls.done && !calls.secret);
        QVERIFY(remove(*store).has_value());
    }

    void aKeychainThatKeepsSilent()
    {
        FakeClock clock;
        KeychainStore store(clock);
        Calls calls;
        async::TaskScope scope;
        scope.start(readInto(store, key, calls));
        clock.advance(119'999ms);
        QVERIFY(!calls.secret);
        clock.advance(1ms);
        QVERIFY(calls.secret.has_value());
        QCOMPARE(calls.secret->error().kind, ErrorKind::Storage);
        QVERIFY(calls.secret->error().userText.contains(u"two minutes"));
    }

    void keychainThatWentAway()
    {
        stopKeyring();
        KeychainStore store(m_clock);
        const Result<Secret> secret = read(store);
        QVERIFY(!secret.has_value());
        QCOMPARE(secret.error().kind, ErrorKind::Storage);
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (!qEnvironmentVariableIsSet(insideVariable))
        return runOnPrivateBus(QCoreApplication::arguments());
    TestKeychainStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_keychainstore.moc"
