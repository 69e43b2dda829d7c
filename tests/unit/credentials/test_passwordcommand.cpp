// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/credentials/passwordcommand.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QTemporaryDir>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <csignal>
#endif

using namespace kittiwake;
using namespace kittiwake::credentials;
using namespace std::chrono_literals;

namespace
{

async::Task<void> runInto(Clock &clock, QString line, std::optional<Result<Secret>> &out)
{
    const PasswordCommand command(clock);
    Result<Secret> secret = co_await command.run(line);
    out = std::move(secret);
}

} // namespace

class TestPasswordCommand final : public QObject
{
    Q_OBJECT

private:
    QtClock m_clock;
    QTemporaryDir m_folder;

    Result<Secret> run(const QString &line)
    {
        std::optional<Result<Secret>> secret;
        async::TaskScope scope;
        scope.start(runInto(m_clock, line, secret));
        if (!QTest::qWaitFor([&secret] { return secret.has_value(); }, 20'000))
            qFatal("the command does not end");
        return *secret;
    }

    QByteArray content(const QString &name)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static bool isRunning(const QByteArray &process)
    {
        return ::kill(process.trimmed().toInt(), 0) == 0 || errno != ESRCH;
    }

private Q_SLOTS:
    void initTestCase()
    {
#ifndef Q_OS_UNIX
        QSKIP("the commands are those of a Unix shell");
#endif
    }

    void firstLineIsThePassword_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QByteArray>("password");
        QTest::newRow("plain") << u"echo secret"_qs << QByteArray("secret");
        QTest::newRow("no line end") << u"printf secret"_qs << QByteArray("secret");
        QTest::newRow("more lines, as pass prints") << u"printf 'secret\\nuser: me\\n'"_qs << QByteArray("secret");
        QTest::newRow("dos line end") << u"printf 'secret\\r\\n'"_qs << QByteArray("secret");
        QTest::newRow("blanks belong to it") << u"printf ' se cret \\n'"_qs << QByteArray(" se cret ");
        QTest::newRow("not ascii") << u"printf 'gr\\303\\274n\\n'"_qs << QByteArray("gr\xc3\xbcn");
        QTest::newRow("pipe") << u"printf 'a\\nsecret\\n' | tail -n 1"_qs << QByteArray("secret");
        QTest::newRow("warnings do no harm") << u"echo warning >&2; echo secret"_qs << QByteArray("secret");
        QTest::newRow("much on standard error")
            << u"i=0; while [ $i -lt 20000 ]; do echo warning warning >&2; i=$((i+1)); done; echo secret"_qs
            << QByteArray("secret");
        QTest::newRow("nothing on standard input") << u"cat; echo secret"_qs << QByteArray("secret");
        QTest::newRow("longest") << u"head -c 60000 /dev/zero | tr '\\0' x"_qs << QByteArray(60'000, 'x');
        QTest::newRow("a child that stays") << u"sleep 1000 & echo secret; kill $!"_qs << QByteArray("secret");
    }

    void firstLineIsThePassword()
    {
        QFETCH(QString, command);
        QFETCH(QByteArray, password);
        const Result<Secret> secret = run(command);
        QVERIFY2(secret.has_value(), secret ? "" : qPrintable(secret.error().userText));
        QCOMPARE(secret->reveal(), password);
    }

    void environmentIsInherited()
    {
        qputenv("KITTIWAKE_TEST_PASSWORD", "from outside");
        const Result<Secret> secret = run(u"echo \"$KITTIWAKE_TEST_PASSWORD\""_qs);
        QVERIFY(secret.has_value());
        QCOMPARE(secret->reveal(), QByteArray("from outside"));
    }

    void failures_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("exit code") << u"echo secret; exit 7"_qs
                                   << u"The password command ended with exit code 7; check it in a terminal."_qs;
        QTest::newRow("with a reason")
            << u"printf '\\ngpg: no such key\\nmore\\n' >&2; exit 2"_qs
            << u"The password command ended with exit code 2 (gpg: no such key); check it in a terminal."_qs;
        QTest::newRow("a reason not fit to be shown")
            << u"printf 'a\\033[31mb' >&2; exit 2"_qs
            << u"The password command ended with exit code 2 (a\uFFFD[31mb); check it in a terminal."_qs;
        QTest::newRow("a long reason")
            << u"head -c 100000 /dev/zero | tr '\\0' x >&2; exit 2"_qs
            << u"The password command ended with exit code 2 (%1); check it in a terminal."_qs.arg(QString(200, u'x'));
        QTest::newRow("nothing printed")
            << u"true"_qs << u"The password command printed no password; its first line must be the password."_qs;
        QTest::newRow("empty line first")
            << u"printf '\\nsecret\\n'"_qs
            << u"The password command printed no password; its first line must be the password."_qs;
        QTest::newRow("nul") << u"printf 'sec\\0ret\\n'"_qs
                             << u"The password command printed no password; its first line must be the password."_qs;
        QTest::newRow("too much")
            << u"head -c 70000 /dev/zero | tr '\\0' x"_qs
            << u"The password command printed more than a password; its first line must be the password."_qs;
        QTest::newRow("without end")
            << u"yes"_qs
            << u"The password command printed more than a password; its first line must be the password."_qs;
        QTest::newRow("killed") << u"kill -9 $$"_qs << u"The password command crashed; check it in a terminal."_qs;
    }

    void failures()
    {
        QFETCH(QString, command);
        QFETCH(QString, sentence);
        const Result<Secret> secret = run(command);
        QVERIFY(!secret.has_value());
        QCOMPARE(secret.error().kind, ErrorKind::Auth);
        QCOMPARE(secret.error().userText, sentence);
        QVERIFY(!secret.error().detail.contains(u"secret"));
    }

    void unknownProgram()
    {
        const Result<Secret> secret = run(u"/nonexistent/kittiwake-password-helper"_qs);
        QVERIFY(!secret.has_value());
        QVERIFY2(secret.error().userText.startsWith(u"The password command ended with exit code 127 ("),
                 qPrintable(secret.error().userText));
    }

    void timeLimit()
    {
        FakeClock clock;
        std::optional<Result<Secret>> secret;
        async::TaskScope scope;
        scope.start(runInto(clock, u"echo $$ > '%1/limit'; sleep 1000"_qs.arg(m_folder.path()), secret));
        QTRY_VERIFY(content(u"limit"_qs).endsWith('\n'));
        clock.advance(29'999ms);
        QVERIFY(!secret.has_value());
        clock.advance(1ms);
        QVERIFY(secret.has_value());
        QCOMPARE(secret->error().kind, ErrorKind::Auth);
        QCOMPARE(secret->error().userText,
                 u"The password command was still running after 30 seconds; check it in a terminal."_qs);
        QTRY_VERIFY(!isRunning(content(u"limit"_qs)));
        QVERIFY(clock.isIdle());
    }

    void killedWithItsAwaiter()
    {
        std::optional<Result<Secret>> secret;
        {
            async::TaskScope scope;
            const QString line = u"sleep 1000 & echo $! > '%1/child'; echo $$ > '%1/shell'; wait"_qs;
            scope.start(runInto(m_clock, QString(line).replace(u"%1"_qs, m_folder.path()), secret));
            QTRY_VERIFY(content(u"shell"_qs).endsWith('\n'));
            QVERIFY(isRunning(content(u"shell"_qs)));
            QVERIFY(isRunning(content(u"child"_qs)));
        }
        QTRY_VERIFY(!isRunning(content(u"shell"_qs)));
        QTRY_VERIFY(!isRunning(content(u"child"_qs)));
        QVERIFY(!secret.has_value());
    }

    void killedBeforeItCouldStart()
    {
        std::optional<Result<Secret>> secret;
        for (int i = 0; i < 20; ++i) {
            async::TaskScope scope;
            scope.start(runInto(m_clock, u"sleep 1000"_qs, secret));
        }
        QVERIFY(!secret.has_value());
    }
};

QTEST_GUILESS_MAIN(TestPasswordCommand)
#include "test_passwordcommand.moc"
