// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sasl/sasl.h"
#include "tests/unit/sasl/fakescramserver.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sasl;

namespace
{

const QString server = QStringLiteral("imap.example.org:993");

Sasl started(Mechanism mechanism, const QString &user, const QByteArray &password)
{
    auto sasl = Sasl::start(mechanism, {user, Secret(password)}, server);
    Q_ASSERT(sasl);
    return std::move(*sasl);
}

QCryptographicHash::Algorithm hashOf(Mechanism mechanism)
{
    return mechanism == Mechanism::ScramSha1 ? QCryptographicHash::Sha1 : QCryptographicHash::Sha256;
}

} // namespace

class TestSasl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chooses_data();
    void chooses();
    void plain();
    void login();
    void tokens();
    void scram_data();
    void scram();
    void scramPreparesPassword();
    void scramWrongPassword();
    void scramServerWithoutPassword();
    void scramRefusesHostileFirst_data();
    void scramRefusesHostileFirst();
    void scramRefusesNulAndLongChallenges();
    void scramNonceIsNew();
    void refusesUnusableCredentials_data();
    void refusesUnusableCredentials();
    void nothingAfterTheEnd();
};

void TestSasl::chooses_data()
{
    QTest::addColumn<QByteArrayList>("offered");
    QTest::addColumn<QString>("forced");
    QTest::addColumn<QByteArray>("chosen");

    QTest::newRow("strongest of all") << QByteArrayList{"LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"} << QString()
                                      << QByteArray("SCRAM-SHA-256");
    QTest::newRow("case does not count") << QByteArrayList{"plain", "scram-sha-1"} << QString()
                                         << QByteArray("SCRAM-SHA-1");
    QTest::newRow("plain before login") << QByteArrayList{"LOGIN", "PLAIN"} << QString() << QByteArray("PLAIN");
    QTest::newRow("login at last") << QByteArrayList{"XOAUTH2", "LOGIN"} << QString() << QByteArray("LOGIN");
    QTest::newRow("forced") << QByteArrayList{"PLAIN", "SCRAM-SHA-256"} << QStringLiteral("plain")
                            << QByteArray("PLAIN");
    QTest::newRow("forced, not listed") << QByteArrayList{} << QStringLiteral("SCRAM-SHA-256")
                                        << QByteArray("SCRAM-SHA-256");
    QTest::newRow("nothing in common") << QByteArrayList{"XOAUTH2", "GSSAPI"} << QString() << QByteArray();
    QTest::newRow("forced, unknown") << QByteArrayList{"PLAIN"} << QStringLiteral("MAGIC") << QByteArray();
}

void TestSasl::chooses()
{
    QFETCH(QByteArrayList, offered);
    QFETCH(QString, forced);
    QFETCH(QByteArray, chosen);
    const auto mechanism = chooseMechanism(offered, forced, server);
    if (chosen.isEmpty()) {
        QVERIFY(!mechanism);
        QCOMPARE(mechanism.error().kind, forced.isEmpty() ? ErrorKind::Auth : ErrorKind::Input);
        QVERIFY(!mechanism.error().userText.isEmpty());
        return;
    }
    QVERIFY(mechanism);
    QCOMPARE(mechanismName(*mechanism), chosen);
    QVERIFY(mechanismFromName(chosen.toLower()) == *mechanism);
}

void TestSasl::plain()
{
    Sasl sasl = started(Mechanism::Plain, QStringLiteral("zoë@example.org"), "pass wörd");
    QVERIFY(sasl.isClientFirst());
    const auto response = sasl.step({});
    QVERIFY(response);
    // RFC 4616: [authzid] NUL authcid NUL passwd, UTF-8.
    QCOMPARE(*response, QByteArray("\0zo\xc3\xab@example.org\0pass w\xc3\xb6rd", 28));
    QVERIFY(sasl.isDone());
}

void TestSasl::login()
{
    Sasl sasl = started(Mechanism::Login, QStringLiteral("user"), "secret");
    QVERIFY(!sasl.isClientFirst());
    const auto name = sasl.step("Username:");
    QVERIFY(name);
    QCOMPARE(*name, QByteArray("user"));
    QVERIFY(!sasl.isDone());
    const auto password = sasl.step("Password:");
    QVERIFY(password);
    QCOMPARE(*password, QByteArray("secret"));
    QVERIFY(sasl.isDone());
}

void TestSasl::tokens()
{
    const QByteArray token = "ya29." + QByteArray(3000, 'x');
    // The example of RFC 7628 section 4.1, without host and port.
    Sasl bearer = started(Mechanism::OAuthBearer, QStringLiteral("us=er,@example.org"), token);
    QVERIFY(bearer.isClientFirst());
    QCOMPARE(bearer.step({}).value_or("?"),
             "n,a=us=3Der=2C@example.org,\x01"
             "auth=Bearer "
                 + token + "\x01\x01");
    QVERIFY(!bearer.isDone());
    // An error in JSON is acknowledged, and then the server says no.
    QCOMPARE(bearer.step("{\"status\":\"invalid_token\"}").value_or("?"), QByteArray("\x01"));
    QVERIFY(!bearer.step("{}"));
    Sasl google = started(Mechanism::XOAuth2, QStringLiteral("user@example.org"), token);
    QCOMPARE(google.step({}).value_or("?"),
             "user=user@example.org\x01"
             "auth=Bearer "
                 + token + "\x01\x01");
    QCOMPARE(google.step("{\"status\":\"400\"}").value_or("?"), QByteArray());
    // Nothing of one field may begin another one.
    QVERIFY(!Sasl::start(Mechanism::XOAuth2,
                         {QStringLiteral("user\x01"
                                         "auth=Bearer x"),
                          Secret(token)},
                         {}));
    QVERIFY(!Sasl::start(Mechanism::OAuthBearer, {QStringLiteral("user"), Secret("x\r\ny")}, {}));
    QVERIFY(!Sasl::start(Mechanism::OAuthBearer, {QStringLiteral("user"), Secret(QByteArray(9000, 'x'))}, {}));
    // Never by itself: nobody can tell a token from a password.
    const auto chosen = chooseMechanism({"XOAUTH2", "OAUTHBEARER", "PLAIN"}, {}, {});
    QVERIFY(chosen);
    QCOMPARE(*chosen, Mechanism::Plain);
    QVERIFY(!chooseMechanism({"XOAUTH2"}, {}, {}));
    const auto forced = chooseMechanism({"XOAUTH2", "PLAIN"}, QStringLiteral("xoauth2"), {});
    QVERIFY(forced);
    QCOMPARE(*forced, Mechanism::XOAuth2);
    QVERIFY(takesToken(*forced) && !provesServer(*forced));
}

void TestSasl::scram_data()
{
    QTest::addColumn<int>("mechanism");
    QTest::addColumn<quint32>("iterations");
    QTest::newRow("SHA-256") << static_cast<int>(Mechanism::ScramSha256) << 4096U;
    QTest::newRow("SHA-1") << static_cast<int>(Mechanism::ScramSha1) << 4096U;
    QTest::newRow("SHA-256, more rounds") << static_cast<int>(Mechanism::ScramSha256) << 15000U;
}

void TestSasl::scram()
{
    QFETCH(int, mechanism);
    QFETCH(quint32, iterations);
    const auto chosen = static_cast<Mechanism>(mechanism);
    FakeScramServer fake(hashOf(chosen), "user", "pencil", iterations);
    Sasl sasl = started(chosen, QStringLiteral("user"), "pencil");
    const auto first = sasl.step({});
    QVERIFY(first);
    const auto final = sasl.step(fake.first(*first));
    QVERIFY(final);
    QVERIFY(!sasl.isDone());
    const QByteArray serverFinal = fake.last(*final);
    QVERIFY(serverFinal.startsWith("v="));
    const auto last = sasl.step(serverFinal);
    QVERIFY(last);
    QVERIFY(last->isEmpty());
    QVERIFY(sasl.isDone());
}

void TestSasl::scramPreparesPassword()
{
    // RFC 4013 section 3: a soft hyphen maps to nothing, and U+00AA to "a".
    FakeScramServer fake(QCryptographicHash::Sha256, "user", "IXa");
    Sasl sasl = started(Mechanism::ScramSha256, QStringLiteral("user"), "I\xc2\xadX\xc2\xaa");
    const auto first = sasl.step({});
    QVERIFY(first);
    const auto final = sasl.step(fake.first(*first));
    QVERIFY(final);
    const auto last = sasl.step(fake.last(*final));
    QVERIFY(last);
    QVERIFY(sasl.isDone());
}

void TestSasl::scramWrongPassword()
{
    FakeScramServer fake(QCryptographicHash::Sha256, "user", "pencil");
    Sasl sasl = started(Mechanism::ScramSha256, QStringLiteral("user"), "pen");
    const auto first = sasl.step({});
    QVERIFY(first);
    const auto final = sasl.step(fake.first(*first));
    QVERIFY(final);
    const QByteArray serverFinal = fake.last(*final);
    QCOMPARE(serverFinal, QByteArray("e=invalid-proof"));
    const auto last = sasl.step(serverFinal);
    QVERIFY(!last);
    QCOMPARE(last.error().kind, ErrorKind::Auth);
    QVERIFY(!sasl.isDone());
}

void TestSasl::scramServerWithoutPassword()
{
    FakeScramServer fake(QCryptographicHash::Sha256, "user", "pencil");
    Sasl sasl = started(Mechanism::ScramSha256, QStringLiteral("user"), "pencil");
    const auto first = sasl.step({});
    QVERIFY(first);
    const auto final = sasl.step(fake.first(*first));
    QVERIFY(final);
    const auto last = sasl.step("v=" + QByteArray(32, 'x').toBase64());
    QVERIFY(!last);
    QCOMPARE(last.error().kind, ErrorKind::Auth);
    QVERIFY(!sasl.isDone());
    QVERIFY(!sasl.step({}));
}

void TestSasl::scramRefusesHostileFirst_data()
{
    QTest::addColumn<QByteArray>("tail");
    QTest::newRow("a minute of work") << QByteArray(",s=QSXCR+Q6sek8bf92,i=60000000");
    QTest::newRow("just above the limit") << QByteArray(",s=QSXCR+Q6sek8bf92,i=1000001");
    QTest::newRow("overflow") << QByteArray(",s=QSXCR+Q6sek8bf92,i=99999999999999999999");
    QTest::newRow("zero") << QByteArray(",s=QSXCR+Q6sek8bf92,i=0");
    QTest::newRow("negative") << QByteArray(",s=QSXCR+Q6sek8bf92,i=-4096");
    QTest::newRow("no count") << QByteArray(",s=QSXCR+Q6sek8bf92");
    QTest::newRow("second count") << QByteArray(",s=QSXCR+Q6sek8bf92,i=,i=4096");
    QTest::newRow("no salt") << QByteArray(",i=4096");
    QTest::newRow("not our nonce") << QByteArray();
}

void TestSasl::scramRefusesHostileFirst()
{
    QFETCH(QByteArray, tail);
    Sasl sasl = started(Mechanism::ScramSha256, QStringLiteral("user"), "pencil");
    const auto first = sasl.step({});
    QVERIFY(first);
    const QByteArray nonce = first->mid(first->lastIndexOf("r=") + 2);
    const QByteArray challenge
        = tail.isEmpty() ? QByteArray("r=another,s=QSXCR+Q6sek8bf92,i=4096") : "r=" + nonce + "srv" + tail;
    const auto answer = sasl.step(challenge);
    QVERIFY(!answer);
    QVERIFY(answer.error().kind == ErrorKind::Protocol || answer.error().kind == ErrorKind::Auth);
    QVERIFY(answer.error().userText.contains(server));
    QVERIFY(!sasl.isDone());
}

void TestSasl::scramRefusesNulAndLongChallenges()
{
    for (const QByteArray &challenge :
         {QByteArray("r=x\0y,s=QSXCR+Q6sek8bf92,i=4096", 32), QByteArray(maxChallengeSize + 1, 'r')}) {
        Sasl sasl = started(Mechanism::ScramSha1, QStringLiteral("user"), "pencil");
        QVERIFY(sasl.step({}));
        const auto answer = sasl.step(challenge);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Protocol);
    }
}

void TestSasl::scramNonceIsNew()
{
    Sasl one = started(Mechanism::ScramSha256, QStringLiteral("user"), "pencil");
    Sasl two = started(Mechanism::ScramSha256, QStringLiteral("user"), "pencil");
    const auto first = one.step({});
    const auto second = two.step({});
    QVERIFY(first && second);
    QVERIFY(*first != *second);
}

void TestSasl::refusesUnusableCredentials_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QByteArray>("password");
    QTest::newRow("no user") << QString() << QByteArray("secret");
    QTest::newRow("NUL in the password") << QStringLiteral("user") << QByteArray("sec\0ret", 7);
    QTest::newRow("NUL in the user") << QStringLiteral("us") + QChar(0) << QByteArray("secret");
    QTest::newRow("endless password") << QStringLiteral("user") << QByteArray(1001, 'x');
}

void TestSasl::refusesUnusableCredentials()
{
    QFETCH(QString, user);
    QFETCH(QByteArray, password);
    const auto sasl = Sasl::start(Mechanism::Plain, {user, Secret(password)}, server);
    QVERIFY(!sasl);
    QCOMPARE(sasl.error().kind, ErrorKind::Input);
}

void TestSasl::nothingAfterTheEnd()
{
    Sasl sasl = started(Mechanism::Plain, QStringLiteral("user"), "secret");
    QVERIFY(sasl.step({}));
    const auto again = sasl.step({});
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::Protocol);
    // A server that challenges before it has heard anything gets nothing.
    Sasl other = started(Mechanism::Plain, QStringLiteral("user"), "secret");
    QVERIFY(!other.step("hello"));
}

QTEST_GUILESS_MAIN(TestSasl)
#include "test_sasl.moc"
