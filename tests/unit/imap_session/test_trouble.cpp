// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/imaperrors.h"
#include "core/imap/session/quirks.h"
#include "core/imap/session/trouble.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::imap;

namespace
{

StatusResponse refusal(StatusKind kind, const QByteArray &text, const ResponseCode &code = {})
{
    StatusResponse status;
    status.kind = kind;
    status.text = text;
    status.code = code;
    return status;
}

} // namespace

/** What providers say when they have enough of us, and what is made of it. */
class TestTrouble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void pauses_data();
    void pauses();
    void kinds();
    void tightProviders();
};

void TestTrouble::reads_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code"); // of SimpleCode; -1: none
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("temporary");
    QTest::addColumn<bool>("throttled");
    QTest::addColumn<bool>("connections");
    const auto row = [](const char *name, StatusKind kind, std::optional<SimpleCode> code, const char *text,
                        bool temporary, bool throttled, bool connections) {
        QTest::newRow(name) << int(kind) << (code ? int(*code) : -1) << QByteArray(text) << temporary << throttled
                            << connections;
    };
    row("exchange", StatusKind::Bad, {}, "Request is throttled. Suggested Backoff Time: 92415 milliseconds", true, true,
        false);
    row("exchange, NO", StatusKind::No, {}, "Request is throttled. Suggested Backoff Time: 299910 milliseconds", true,
        true, false);
    row("gmail", StatusKind::No, SimpleCode::Alert, "Too many simultaneous connections. (Failure)", true, false, true);
    row("dovecot", StatusKind::No, SimpleCode::Unavailable,
        "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", true, false, true);
    row("not connected", StatusKind::Bad, {}, "User is authenticated but not connected.", true, false, false);
    row("throttled code", StatusKind::No, SimpleCode::Throttled, "", true, true, false);
    row("limit", StatusKind::No, SimpleCode::Limit, "too much", true, false, false);
    row("in use", StatusKind::No, SimpleCode::InUse, "", true, false, false);
    row("bye", StatusKind::Bye, SimpleCode::Unavailable, "come back later", true, false, false);
    row("refused for good", StatusKind::No, SimpleCode::NoPerm, "not yours", false, false, false);
    row("no words at all", StatusKind::No, {}, "", false, false, false);
    row("success says nothing", StatusKind::Ok, {}, "Request is throttled, not", false, false, false);
}

void TestTrouble::reads()
{
    QFETCH(int, kind);
    QFETCH(int, code);
    QFETCH(QByteArray, text);
    QFETCH(bool, temporary);
    QFETCH(bool, throttled);
    QFETCH(bool, connections);
    const ResponseCode value = code < 0 ? ResponseCode() : ResponseCode(static_cast<SimpleCode>(code));
    const StatusResponse status = refusal(static_cast<StatusKind>(kind), text, value);
    const Trouble trouble = troubleOf(status);
    QCOMPARE(trouble.isTemporary, temporary);
    QCOMPARE(trouble.isThrottled, throttled);
    QCOMPARE(trouble.tooManyConnections, connections);
    // Whoever has only the error knows the same.
    const QString where = QStringLiteral("imap.example.org:993");
    if (status.kind == StatusKind::Bye)
        QCOMPARE(troubleOf(byeError(where, status)), trouble);
    else if (status.kind != StatusKind::Ok) {
        QCOMPARE(troubleOf(refusedError(where, status)), trouble);
        QCOMPARE(troubleOf(signInRefusedError(where, status)), trouble);
    }
}

void TestTrouble::pauses_data()
{
    using std::chrono::milliseconds;
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("pause"); // -1: none
    QTest::newRow("as told") << QByteArray("Request is throttled. Suggested Backoff Time: 92415 milliseconds")
                             << qint64(92'415);
    QTest::newRow("at least a second") << QByteArray("Suggested Backoff Time: 0 milliseconds") << qint64(1000);
    QTest::newRow("at most an hour") << QByteArray("Suggested Backoff Time: 92415000000 milliseconds")
                                     << qint64(3'600'000);
    QTest::newRow("more than a number holds")
        << QByteArray("Suggested Backoff Time: 99999999999999999999999 milliseconds") << qint64(-1);
    QTest::newRow("negative") << QByteArray("Suggested Backoff Time: -5 milliseconds") << qint64(-1);
    QTest::newRow("none") << QByteArray("Suggested Backoff Time:") << qint64(-1);
    QTest::newRow("no number") << QByteArray("Suggested Backoff Time: soon") << qint64(-1);
    QTest::newRow("nothing said") << QByteArray("Request is throttled.") << qint64(-1);
}

void TestTrouble::pauses()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, pause);
    const auto found = troubleOf(refusal(StatusKind::Bad, text)).pause;
    QCOMPARE(found ? qint64(found->count()) : qint64(-1), pause);
}

/** What decides about trying again: the kind. */
void TestTrouble::kinds()
{
    const QString where = QStringLiteral("imap.example.org:993");
    const StatusResponse throttled
        = refusal(StatusKind::Bad, "Request is throttled. Suggested Backoff Time: 5000 milliseconds");
    QCOMPARE(refusedError(where, throttled).kind, ErrorKind::Network);
    QCOMPARE(signInRefusedError(where, throttled).kind, ErrorKind::Network);
    const StatusResponse busy
        = refusal(StatusKind::No, "Too many simultaneous connections. (Failure)", SimpleCode::Alert);
    QCOMPARE(signInRefusedError(where, busy).kind, ErrorKind::Network);
    const StatusResponse locked = refusal(StatusKind::No, "locked", SimpleCode::InUse);
    QCOMPARE(refusedError(where, locked).kind, ErrorKind::ServerRefused); // of this mailbox, not of the account
    QCOMPARE(signInRefusedError(where, refusal(StatusKind::No, "wrong password")).kind, ErrorKind::Auth);
    // What is no answer of a server says nothing.
    QCOMPARE(troubleOf(closedError(where, false)), Trouble());
    QCOMPARE(troubleOf(Error()), Trouble());
}

void TestTrouble::tightProviders()
{
    QCOMPARE(quirksFor({}, {}, {}).maxConnections, 2);
    QCOMPARE(quirksFor({}, {}, Capabilities({"X-GM-EXT-1"})).maxConnections, 1);
}

QTEST_GUILESS_MAIN(TestTrouble)
#include "test_trouble.moc"
