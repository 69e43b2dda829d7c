// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/dovecotserver.h"
#include "tests/servers/oddserver.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#include <csignal>

#include <memory>

using namespace kittiwake::tests;

namespace
{

// Just enough of an IMAP client to see what the server holds; independent of the code under test elsewhere.
class PlainReader
{
public:
    bool connectTo(quint16 port, const QString &caFile, bool implicitTls = true)
    {
        QFile file(caFile);
        if (!file.open(QIODevice::ReadOnly))
            return false;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(QSslCertificate::fromDevice(&file, QSsl::Pem));
        m_socket.setSslConfiguration(configuration);
        if (!implicitTls) {
            m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
            return m_socket.waitForConnected() && line().startsWith("* OK") && command("STARTTLS").contains("OK")
                && startTls();
        }
        m_socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
        return m_socket.waitForEncrypted() && line().startsWith("* OK");
    }

    QByteArray command(const QByteArray &text)
    {
        m_socket.write("x " + text + "\r\n");
        QByteArray all;
        while (true) {
            const QByteArray next = line();
            all += next;
            if (next.isEmpty() || next.startsWith("x "))
                return all;
        }
    }

    QByteArray line()
    {
        while (!m_socket.canReadLine()) {
            if (!m_socket.waitForReadyRead(10'000))
                return {};
        }
        return m_socket.readLine();
    }

    QSslError::SslError tlsError() const
    {
        const QList<QSslError> errors = m_socket.sslHandshakeErrors();
        return errors.isEmpty() ? QSslError::NoError : errors.first().error();
    }

private:
    bool startTls()
    {
        m_socket.startClientEncryption();
        return m_socket.waitForEncrypted();
    }

    QSslSocket m_socket;
};

QByteArray login(const DovecotServer &server, qsizetype user = 0)
{
    const QByteArray credentials = '\0' + server.user(user).toUtf8() + '\0' + server.password(user).toUtf8();
    return "AUTHENTICATE PLAIN " + credentials.toBase64();
}

bool processExists(qint64 pid)
{
    // A process that has ended but was not waited for is gone for our purposes.
    QFile status(QStringLiteral("/proc/%1/stat").arg(pid));
    return status.open(QIODevice::ReadOnly) && !status.readAll().contains(") Z ");
}

QList<qint64> sessionOf(qint64 master)
{
    QList<qint64> found;
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &entry : entries) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(entry));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray stat = file.readAll();
        const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
        if (fields.size() > 3 && fields.at(3).toLongLong() == master && fields.at(0) != "Z")
            found << entry.toLongLong();
    }
    return found;
}

qsizetype stoppedProcesses(qint64 master)
{
    qsizetype count = 0;
    for (const qint64 pid : sessionOf(master)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
        if (stat.open(QIODevice::ReadOnly) && stat.readAll().contains(") T "))
            ++count;
    }
    return count;
}

qint64 masterOf(const QString &directory)
{
    QFile file(directory + QStringLiteral("/run/master.pid"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toLongLong() : 0;
}

} // namespace

class TestServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversAndLeavesNothing();
    void startTls();
    void fillsAMailbox();
    void hidesCapabilities();
    void certificates_data();
    void certificates();
    void cutsAndComesBack();
    void leavesNothingWhenKilled();
    void reportsWhyItDidNotStart();
    void oddServersAnswer_data();
    void oddServersAnswer();
};

void TestServers::deliversAndLeavesNothing()
{
    DovecotServer server;
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    const QString directory = server.directory();
    const qint64 master = masterOf(directory);
    QVERIFY(master > 0);
    QVERIFY(sessionOf(master).size() > 1);

    QVERIFY2(server.deliver("From: a@example.org\nSubject: Hello\nX-Bytes: \xE4\n\nBody\n"),
             qPrintable(server.errorText()));
    PlainReader reader;
    QVERIFY(reader.connectTo(server.imapsPort(), server.caFile()));
    QVERIFY(reader.command(login(server)).contains("x OK"));
    QVERIFY(reader.command("SELECT INBOX").contains("* 1 EXISTS"));
    QVERIFY(reader.command("FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT X-BYTES)]").contains("X-Bytes: \xE4\r\n"));
    const QByteArray folders = reader.command("LIST (SPECIAL-USE) \"\" *");
    for (const char *role : {"\\Drafts", "\\Sent", "\\Archive", "\\Junk", "\\Trash"})
        QVERIFY2(folders.contains(role), folders.constData());
    QVERIFY(!server.deliver("From: a@example.org\n\nBody\n", QStringLiteral("unknown@kittiwake.example")));
    QVERIFY(server.errorText().contains(QStringLiteral("550")));

    server.stop();
    QVERIFY(!QFileInfo::exists(directory));
    QCOMPARE(sessionOf(master), QList<qint64>());
}

void TestServers::startTls()
{
    DovecotOptions options;
    options.users = {{QStringLiteral("user"), QStringLiteral("a:b \"c\" ü")}};
    DovecotServer server(options);
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    PlainReader reader;
    QVERIFY(reader.connectTo(server.imapPort(), server.caFile(), false));
    QVERIFY(reader.command(login(server)).contains("x OK"));
}

void TestServers::fillsAMailbox()
{
    DovecotServer server;
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    QVERIFY2(server.fill(QStringLiteral("Projekte/Größe"), 1234, 7), qPrintable(server.errorText()));
    QVERIFY2(server.append(QStringLiteral("Projekte/Größe"), "Subject: last\r\n\r\nx",
                           QStringLiteral("\\Seen $Forwarded"), QDateTime::fromSecsSinceEpoch(1'000'000'000)),
             qPrintable(server.errorText()));
    PlainReader reader;
    QVERIFY(reader.connectTo(server.imapsPort(), server.caFile()));
    QVERIFY(reader.command(login(server)).contains("x OK"));
    QVERIFY(reader.command("SELECT \"Projekte/Gr&APYA3w-e\"").contains("* 1235 EXISTS"));
    const QByteArray last = reader.command("FETCH * (FLAGS INTERNALDATE)");
    QVERIFY2(last.contains("09-Sep-2001 01:46:40") && last.contains("$Forwarded"), last.constData());
    const auto count = server.doveadm({QStringLiteral("mailbox"), QStringLiteral("status"), QStringLiteral("-u"),
                                       server.user(), QStringLiteral("messages"), QStringLiteral("Projekte/Größe")});
    QVERIFY(count && count->contains(QStringLiteral("1235")));
}

void TestServers::hidesCapabilities()
{
    DovecotOptions options;
    options.hideCapabilities = {QStringLiteral("CONDSTORE"), QStringLiteral("QRESYNC"), QStringLiteral("IDLE")};
    options.specialUse = false;
    DovecotServer server(options);
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    PlainReader reader;
    QVERIFY(reader.connectTo(server.imapsPort(), server.caFile()));
    QVERIFY(reader.command(login(server)).contains("x OK"));
    const QByteArray capabilities = reader.command("CAPABILITY");
    QVERIFY(!capabilities.contains("CONDSTORE") && !capabilities.contains("QRESYNC")
            && !capabilities.contains(" IDLE"));
    QVERIFY(capabilities.contains(" MOVE ") && capabilities.contains("COMPRESS=DEFLATE"));
    const QByteArray folders = reader.command("LIST \"\" *");
    QVERIFY(folders.contains("Trash") && !folders.contains("\\Trash"));
}

void TestServers::certificates_data()
{
    QTest::addColumn<ServerCertificate>("certificate");
    QTest::addColumn<QSslError::SslError>("error");
    QTest::newRow("good") << ServerCertificate::Good << QSslError::NoError;
    QTest::newRow("wrong host") << ServerCertificate::WrongHost << QSslError::HostNameMismatch;
    QTest::newRow("expired") << ServerCertificate::Expired << QSslError::CertificateExpired;
    QTest::newRow("self-signed") << ServerCertificate::SelfSigned << QSslError::SelfSignedCertificate;
    QTest::newRow("untrusted") << ServerCertificate::Untrusted << QSslError::UnableToGetLocalIssuerCertificate;
}

void TestServers::certificates()
{
    QFETCH(ServerCertificate, certificate);
    QFETCH(QSslError::SslError, error);
    DovecotOptions options;
    options.certificate = certificate;
    DovecotServer server(options);
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    PlainReader reader;
    QCOMPARE(reader.connectTo(server.imapsPort(), server.caFile()), error == QSslError::NoError);
    QCOMPARE(reader.tlsError(), error);
}

void TestServers::cutsAndComesBack()
{
    DovecotServer server;
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    PlainReader cut;
    QVERIFY(cut.connectTo(server.imapsPort(), server.caFile()));
    QVERIFY(cut.command(login(server)).contains("x OK"));
    QVERIFY(server.kick());
    QCOMPARE(cut.command("NOOP"), QByteArray());

    // The process that was next in turn may be ending as well, with the connection that it has just been given.
    std::unique_ptr<PlainReader> frozen;
    const auto signIn = [&] {
        frozen = std::make_unique<PlainReader>();
        return frozen->connectTo(server.imapsPort(), server.caFile())
            && frozen->command(login(server)).contains("x OK");
    };
    QTRY_VERIFY(signIn());
    QVERIFY(server.pause());
    QTRY_VERIFY(stoppedProcesses(masterOf(server.directory())) > 0);
    QVERIFY(server.resume());
    QTRY_COMPARE(stoppedProcesses(masterOf(server.directory())), 0);
    QVERIFY(frozen->command("NOOP").contains("x OK"));

    QVERIFY(server.takeDown());
    QVERIFY(!PlainReader().connectTo(server.imapsPort(), server.caFile()));
    QVERIFY2(server.bringUp(), qPrintable(server.errorText()));
    PlainReader again;
    QVERIFY(again.connectTo(server.imapsPort(), server.caFile()));
    QVERIFY2(server.restart(ServerCertificate::Expired), qPrintable(server.errorText()));
    PlainReader refused;
    QVERIFY(!refused.connectTo(server.imapsPort(), server.caFile()));
    QCOMPARE(refused.tlsError(), QSslError::CertificateExpired);
}

void TestServers::leavesNothingWhenKilled()
{
    // This program again, as the process that owns a server and is killed without any chance to stop it.
    QProcess owner;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("KITTIWAKE_TEST_OWN_A_SERVER"), QStringLiteral("1"));
    owner.setProcessEnvironment(environment);
    owner.start(QCoreApplication::applicationFilePath(), QStringList());
    while (!owner.canReadLine())
        QVERIFY2(owner.waitForReadyRead(30'000), owner.readAllStandardError().constData());
    const QStringList answer = QString::fromUtf8(owner.readLine()).trimmed().split(QLatin1Char(' '));
    QCOMPARE(answer.size(), 2);
    const QString &directory = answer.at(0);
    const qint64 script = answer.at(1).toLongLong();
    const qint64 master = masterOf(directory);
    QVERIFY(processExists(script) && processExists(master));
    owner.kill();
    QVERIFY(owner.waitForFinished());
    QTRY_VERIFY(!QFileInfo::exists(directory));
    QTRY_VERIFY(!processExists(script));
    QTRY_COMPARE(sessionOf(master), QList<qint64>());

    // And when the script itself is killed, its guard cleans up.
    DovecotServer server;
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    const QString folder = server.directory();
    const qint64 secondMaster = masterOf(folder);
    QCOMPARE(::kill(static_cast<pid_t>(server.processId()), SIGKILL), 0);
    QTRY_VERIFY(!QFileInfo::exists(folder));
    QTRY_COMPARE(sessionOf(secondMaster), QList<qint64>());
}

void TestServers::reportsWhyItDidNotStart()
{
    DovecotOptions options;
    options.hideCapabilities = {QStringLiteral("NO-SUCH-WORD")};
    DovecotServer server(options);
    QVERIFY(!server.start());
    QVERIFY2(server.errorText().contains(QStringLiteral("NO-SUCH-WORD")), qPrintable(server.errorText()));
}

void TestServers::oddServersAnswer_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("http") << false << QByteArray("HTTP/1.1 400");
    QTest::newRow("smtp") << false << QByteArray("220 ");
    QTest::newRow("hang") << false << QByteArray();
    QTest::newRow("close") << false << QByteArray();
    QTest::newRow("no-starttls") << false << QByteArray("* OK");
    QTest::newRow("starttls-injection") << false << QByteArray("* OK [CAPABILITY IMAP4rev1 STARTTLS");
    QTest::newRow("hang-after-tls") << true << QByteArray();
    QTest::newRow("hang-after-greeting") << true << QByteArray("* OK");
    QTest::newRow("close-after-tls") << true << QByteArray();
}

void TestServers::oddServersAnswer()
{
    QFETCH(bool, tls);
    QFETCH(QByteArray, answer);
    OddServer server;
    QVERIFY2(server.start(QString::fromLatin1(QTest::currentDataTag())), qPrintable(server.errorText()));
    QSslSocket socket;
    if (tls) {
        QFile file(server.caFile());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(QSslCertificate::fromDevice(&file, QSsl::Pem));
        socket.setSslConfiguration(configuration);
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), server.port());
        QVERIFY2(socket.waitForEncrypted(), qPrintable(socket.errorString()));
    } else {
        socket.connectToHost(QStringLiteral("127.0.0.1"), server.port());
        QVERIFY(socket.waitForConnected());
    }
    const bool closes = QByteArray(QTest::currentDataTag()).startsWith("close");
    if (closes) {
        QVERIFY(socket.state() == QAbstractSocket::UnconnectedState || socket.waitForDisconnected(5000));
    } else if (answer.isEmpty()) {
        socket.write("a1 NOOP\r\n");
        QVERIFY(socket.waitForBytesWritten());
        QTRY_COMPARE(server.received(), QByteArray("a1 NOOP\r\n"));
        QCOMPARE(socket.bytesAvailable(), 0);
    } else {
        QVERIFY(socket.waitForReadyRead(5000));
        QVERIFY(socket.readAll().startsWith(answer));
    }
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet("KITTIWAKE_TEST_OWN_A_SERVER")) {
        DovecotServer server;
        if (!server.start())
            return 1;
        const QByteArray line = server.directory().toUtf8() + ' ' + QByteArray::number(server.processId()) + '\n';
        QFile output;
        if (!output.open(stdout, QIODevice::WriteOnly) || output.write(line) != line.size() || !output.flush())
            return 1;
        QProcess forever;
        forever.start(QStringLiteral("cat"), QStringList());
        forever.waitForFinished(-1);
        return 1;
    }
    TestServers test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_servers.moc"
