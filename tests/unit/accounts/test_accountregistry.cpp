// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/accounts/accountregistry.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace kittiwake;
using namespace kittiwake::accounts;

namespace
{

Account plainAccount(const QString &email = QStringLiteral("ann@example.org"))
{
    Account account;
    account.email = email;
    account.imap.endpoint = {QStringLiteral("imap.example.org"), 993};
    return account;
}

Account fullAccount()
{
    Account account;
    account.email = QStringLiteral("zoë@bücher.example");
    account.displayName = QStringLiteral("Zoë \"Z\" Büchner, \\o/ 猫");
    account.userName = QStringLiteral("zoe\u00A0b");
    account.imap = {{QStringLiteral("bücher.example"), 143}, net::TlsMode::StartTls};
    account.smtp = Server{{QStringLiteral("::1"), 65535}, net::TlsMode::Implicit};
    account.saslMechanism = QStringLiteral("SCRAM-SHA-256");
    account.tlsPolicy.caFile = QStringLiteral("/etc/ssl/own ca.pem");
    account.passwordCommand = QStringLiteral("pass show 'mail/zoë' | head -n 1");
    account.credentialKey = QStringLiteral("zoë@bücher.example/1b4e28ba-2fa1-11d2-883f-0016d3cca427");
    account.identities = {{QStringLiteral("main"), account.displayName, account.email, {}, {}, {}},
                          {QStringLiteral("Work2"), QStringLiteral("Zoë, office"), QStringLiteral("zoë@work.example"),
                           QStringLiteral("office@work.example, boss@work.example"), QStringLiteral("Zoë\n\"Büro\"\t§"),
                           QStringLiteral("<b>Zoë</b>")}};
    account.identities.back().signatureBelowQuote = true;
    return account;
}

} // namespace

class TestAccountRegistry final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_profile;

    QString path() const { return m_profile + u"/accounts.json"_qs; }
    QByteArray stored() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const QByteArray &bytes) const
    {
        QDir().mkpath(m_profile);
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("no temporary file");
    }
    AccountRegistry open() const
    {
        Result<AccountRegistry> registry = AccountRegistry::open(m_profile);
        if (!registry)
            qFatal("%s", qPrintable(registry.error().userText));
        return std::move(*registry);
    }
    static AccountId add(AccountRegistry &registry, const Account &account)
    {
        const Result<Account> added = registry.add(account);
        if (!added)
            qFatal("%s", qPrintable(added.error().userText));
        return added->id;
    }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        m_profile = m_folder.filePath(u"profile %1"_qs.arg(++number));
    }

    void emptyProfile()
    {
        const AccountRegistry registry = open();
        QVERIFY(registry.accounts().empty());
        QVERIFY(registry.find(AccountId(1)) == nullptr);
        // Looking leaves no trace.
        QVERIFY(!QFile::exists(m_profile));
    }

    void everyFieldComesBack()
    {
        AccountRegistry registry = open();
        const Result<Account> plain = registry.add(plainAccount());
        const Result<Account> full = registry.add(fullAccount());
        QVERIFY(plain && full);
        QCOMPARE(plain->id, AccountId(1));
        QCOMPARE(full->id, AccountId(2));
        Account expected = fullAccount();
        expected.id = full->id;
        QCOMPARE(*full, expected);
        QVERIFY(plain->credentialKey.startsWith(u"ann@example.org/"));
        QVERIFY(plain->credentialKey.size() > 40);

        const AccountRegistry again = open();
        QCOMPARE(again.accounts().size(), std::size_t(2));
        QCOMPARE(again.accounts(), registry.accounts());
        QCOMPARE(again.accounts().at(0), *plain);
        QCOMPARE(again.accounts().at(1), *full);
        QCOMPARE(*again.find(full->id), *full);
        QCOMPARE(again.findByEmail(u"ANN@example.org"_qs)->id, plain->id);
        QVERIFY(again.findByEmail(u"nobody@example.org"_qs) == nullptr);
    }

    void theFileHoldsNoSecretAndOnlyForThisPerson()
    {
        AccountRegistry registry = open();
        add(registry, plainAccount());
        const QJsonObject root = QJsonDocument::fromJson(stored()).object();
        QCOMPARE(root.value(u"format").toInt(), 1);
        QCOMPARE(root.value(u"nextId").toInt(), 2);
#ifdef Q_OS_UNIX
        const QFileDevice::Permissions others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
            | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
        QVERIFY((QFile::permissions(path()) & others) == 0);
        QVERIFY((QFile::permissions(m_profile) & others) == 0);
        // A file that was opened up is closed with the next change.
        QVERIFY(QFile::setPermissions(path(), QFile::permissions(path()) | QFileDevice::ReadOther));
        add(registry, plainAccount(u"bob@example.org"_qs));
        QVERIFY((QFile::permissions(path()) & others) == 0);
#endif
        // Nothing but the file itself.
        QCOMPARE(QDir(m_profile).entryList(QDir::Files | QDir::Hidden), QStringList{u"accounts.json"_qs});
    }

    void idsAreNeverUsedAgain()
    {
        AccountRegistry registry = open();
        add(registry, plainAccount());
        const AccountId second = add(registry, plainAccount(u"bob@example.org"_qs));
        QVERIFY(registry.remove(second).has_value());
        QCOMPARE(registry.accounts().size(), std::size_t(1));
        QVERIFY(registry.find(second) == nullptr);
        QCOMPARE(add(registry, plainAccount(u"bob@example.org"_qs)), AccountId(3));
        QVERIFY(registry.remove(AccountId(1)).has_value());
        QVERIFY(registry.remove(AccountId(3)).has_value());
        AccountRegistry again = open();
        QVERIFY(again.accounts().empty());
        QCOMPARE(add(again, plainAccount()), AccountId(4));
        const Result<void> gone = again.remove(AccountId(3));
        QVERIFY(!gone.has_value());
        QCOMPARE(gone.error().kind, ErrorKind::Input);
    }

    void updateKeepsIdAndKey()
    {
        AccountRegistry registry = open();
        const AccountId id = add(registry, plainAccount());
        const AccountId other = add(registry, plainAccount(u"bob@example.org"_qs));
        const QString key = registry.find(id)->credentialKey;
        Account changed = fullAccount();
        changed.id = id;
        QVERIFY(registry.update(changed).has_value());
        changed.credentialKey = key;
        QCOMPARE(*registry.find(id), changed);
        QCOMPARE(open().accounts(), registry.accounts());
        QCOMPARE(registry.find(other)->email, u"bob@example.org"_qs);

        changed.id = AccountId(99);
        QCOMPARE(registry.update(changed).error().kind, ErrorKind::Input);
        changed.id = id;
        changed.imap.endpoint.port = 0;
        QCOMPARE(registry.update(changed).error().kind, ErrorKind::Input);
        QCOMPARE(open().find(id)->imap.endpoint.port, 143);
    }

    void theSameAccountTwiceIsRefused()
    {
        AccountRegistry registry = open();
        const AccountId first = add(registry, plainAccount());
        Account same = plainAccount(u"Ann@Example.ORG"_qs);
        same.imap.endpoint.host = u"IMAP.example.org."_qs;
        same.displayName = u"another"_qs;
        const Result<Account> added = registry.add(same);
        QVERIFY(!added.has_value());
        QCOMPARE(added.error().kind, ErrorKind::Input);
        QVERIFY2(added.error().userText.contains(u"already"), qPrintable(added.error().userText));
        // The same person on another server, and another person on the same server, are other accounts.
        same.imap.endpoint.port = 1993;
        const AccountId second = add(registry, same);
        add(registry, plainAccount(u"bob@example.org"_qs));
        // An account is not in its own way, but it must not become another one.
        Account change = *registry.find(first);
        change.displayName = u"Ann"_qs;
        QVERIFY(registry.update(change).has_value());
        change = *registry.find(second);
        change.imap.endpoint.port = 993;
        QVERIFY(!registry.update(change).has_value());
        QVERIFY(registry.findByEmail(u"ann@example.org"_qs) == nullptr);
    }

    void withoutIdentitiesOlderProgramsReadIt()
    {
        AccountRegistry registry = open();
        const AccountId id = add(registry, plainAccount());
        QVERIFY(stored().contains("\"format\": 1"));
        Account changed = *registry.find(id);
        QCOMPARE(identitiesOf(changed).size(), std::size_t(1));
        QCOMPARE(identityOf(changed, QStringLiteral("gone")).address, changed.email);
        changed.identities = fullAccount().identities;
        QVERIFY(registry.update(changed).has_value());
        QVERIFY(stored().contains("\"format\": 2"));
        QCOMPARE(open().find(id)->identities, changed.identities);
        QCOMPARE(identityOf(changed, QStringLiteral("Work2")).address, QStringLiteral("zoë@work.example"));
        QCOMPARE(addressesOf(changed.identities).front(),
                 (mail::Address{changed.identities[0].name, changed.identities[0].address}));
        QCOMPARE(identityWithAddress(changed.identities, QStringLiteral("ZOË@work.example"))->key,
                 QStringLiteral("Work2"));
        QVERIFY(!identityWithAddress(changed.identities, QStringLiteral("nobody@work.example")));
        changed.identities.clear();
        QVERIFY(registry.update(changed).has_value());
        QVERIFY(stored().contains("\"format\": 1"));
        QVERIFY(newIdentityKey() != newIdentityKey());
    }

    void newerFormatIsRefusedAndKept()
    {
        const QByteArray bytes = R"({"format": 3, "everything": "different"})";
        put(bytes);
        const Result<AccountRegistry> registry = AccountRegistry::open(m_profile);
        QVERIFY(!registry.has_value());
        QCOMPARE(registry.error().kind, ErrorKind::Storage);
        QVERIFY2(registry.error().userText.contains(u"newer version"), qPrintable(registry.error().userText));
        const Result<QString> aside = AccountRegistry::setDamagedAside(m_profile, QDateTime::currentDateTimeUtc());
        QVERIFY(!aside.has_value());
        QVERIFY(aside.error().userText.contains(u"newer version"));
        QCOMPARE(stored(), bytes);
    }

    void damagedFileIsRefusedAndKept_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto with = [](const char *accounts) -> QByteArray {
            return QByteArray(R"({"format":1,"nextId":9,"accounts":[)") + accounts + "]}";
        };
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("zeros, as after a power cut") << QByteArray(4096, '\0');
        QTest::newRow("cut") << with(R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":99)");
        QTest::newRow("an array") << QByteArray("[]");
        QTest::newRow("no format") << QByteArray(R"({"nextId":1,"accounts":[]})");
        QTest::newRow("format 0") << QByteArray(R"({"format":0,"nextId":1,"accounts":[]})");
        QTest::newRow("half a format") << QByteArray(R"({"format":0.5,"nextId":1,"accounts":[]})");
        QTest::newRow("no counter") << QByteArray(R"({"format":1,"accounts":[]})");
        QTest::newRow("counter is text") << QByteArray(R"({"format":1,"nextId":"1","accounts":[]})");
        QTest::newRow("counter too big") << QByteArray(R"({"format":1,"nextId":1e300,"accounts":[]})");
        QTest::newRow("no accounts") << QByteArray(R"({"format":1,"nextId":1})");
        QTest::newRow("accounts are an object") << QByteArray(R"({"format":1,"nextId":1,"accounts":{}})");
        QTest::newRow("account is a number") << with("7");
        QTest::newRow("no id") << with(R"({"email":"a@b.c","imap":{"host":"h","port":993,"tls":"implicit"}})");
        QTest::newRow("id 0") << with(R"({"id":0,"email":"a@b.c","imap":{"host":"h","port":993,"tls":"implicit"}})");
        QTest::newRow("id beyond the counter")
            << with(R"({"id":9,"email":"a@b.c","imap":{"host":"h","port":993,"tls":"implicit"}})");
        QTest::newRow("id twice") << with(R"({"id":2,"email":"a@b.c","imap":{"host":"h","port":993,"tls":"implicit"}},
                                             {"id":2,"email":"d@b.c","imap":{"host":"h","port":993,"tls":"implicit"}})");
        QTest::newRow("no email") << with(R"({"id":1,"imap":{"host":"h","port":993,"tls":"implicit"}})");
        QTest::newRow("email is a list") << with(
            R"({"id":1,"email":["a@b.c"],"imap":{"host":"h","port":993,"tls":"implicit"}})");
        QTest::newRow("no server") << with(R"({"id":1,"email":"a@b.c"})");
        QTest::newRow("no host") << with(R"({"id":1,"email":"a@b.c","imap":{"port":993,"tls":"implicit"}})");
        QTest::newRow("port too big") << with(
            R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":65536,"tls":"implicit"}})");
        QTest::newRow("half a port") << with(
            R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":99.5,"tls":"implicit"}})");
        QTest::newRow("negative port") << with(
            R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":-993,"tls":"implicit"}})");
        QTest::newRow("no protection named") << with(R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":993}})");
        QTest::newRow("protection of another kind")
            << with(R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":993,"tls":"none"}})");
        QTest::newRow("broken second server")
            << with(R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":993,"tls":"implicit"},"smtp":{"host":"h"}})");
        QTest::newRow("second server is null")
            << with(R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":993,"tls":"implicit"},"smtp":null})");
        QTest::newRow("identities are text")
            << with(R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":1,"tls":"implicit"},"identities":"x"})");
        QTest::newRow("identity without an address") << with(
            R"({"id":1,"email":"a@b.c","imap":{"host":"h","port":1,"tls":"implicit"},"identities":[{"key":"x"}]})");
        QTest::newRow("deep") << QByteArray(100'000, '[');
        QTest::newRow("too many") << with(QByteArray(R"({"id":1},)").repeated(1001).chopped(1).constData());
        QTest::newRow("too big") << with("") + QByteArray(5'000'000, ' ');
    }

    void damagedFileIsRefusedAndKept()
    {
        QFETCH(QByteArray, bytes);
        put(bytes);
        const Result<AccountRegistry> registry = AccountRegistry::open(m_profile);
        QVERIFY(!registry.has_value());
        QCOMPARE(registry.error().kind, ErrorKind::Storage);
        QVERIFY2(registry.error().userText.contains(u"are damaged and were left as they are"),
                 qPrintable(registry.error().userText));
        QCOMPARE(stored(), bytes);
        QCOMPARE(QDir(m_profile).entryList(QDir::Files | QDir::Hidden), QStringList{u"accounts.json"_qs});
    }

    void damagedFileIsSetAsideOnRequest()
    {
        const QDateTime now(QDate(2026, 10, 1), QTime(9, 5, 7), Qt::UTC);
        put("garbage");
        const Result<QString> aside = AccountRegistry::setDamagedAside(m_profile, now);
        QVERIFY(aside.has_value());
        QCOMPARE(*aside, path() + u".damaged-20261001T090507Z"_qs);
        QFile kept(*aside);
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QCOMPARE(kept.readAll(), QByteArray("garbage"));
        AccountRegistry registry = open();
        QVERIFY(registry.accounts().empty());
        // Far beyond any id that the lost counter may have given.
        QCOMPARE(add(registry, plainAccount()).value(), now.toSecsSinceEpoch());

        // A file that is in order is not set aside, and what was kept before is not overwritten.
        const Result<QString> sound = AccountRegistry::setDamagedAside(m_profile, now);
        QVERIFY(!sound.has_value());
        QCOMPARE(sound.error().kind, ErrorKind::Input);
        put("more garbage");
        const Result<QString> taken = AccountRegistry::setDamagedAside(m_profile, now);
        QVERIFY(!taken.has_value());
        QCOMPARE(taken.error().kind, ErrorKind::Storage);
        QCOMPARE(stored(), QByteArray("more garbage"));
    }

    void unreadableFile()
    {
        QVERIFY(QDir().mkpath(path()));
        const Result<AccountRegistry> registry = AccountRegistry::open(m_profile);
        QVERIFY(!registry.has_value());
        QCOMPARE(registry.error().kind, ErrorKind::Storage);
        QVERIFY2(registry.error().userText.contains(u"cannot be read"), qPrintable(registry.error().userText));
    }

    void diskThatRefusesChangesNothing()
    {
#ifdef Q_OS_LINUX
        AccountRegistry registry = open();
        const AccountId id = add(registry, plainAccount());
        const QByteArray before = stored();
        // No file may grow any more: what a full disk looks like from here.
        struct FileSizeLimit {
            rlimit old{};
            FileSizeLimit()
            {
                std::signal(SIGXFSZ, SIG_IGN);
                getrlimit(RLIMIT_FSIZE, &old);
                const rlimit none{10, old.rlim_max};
                setrlimit(RLIMIT_FSIZE, &none);
            }
            ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &old); }
        };
        std::optional<FileSizeLimit> limit(std::in_place);
        const Result<Account> added = registry.add(plainAccount(u"bob@example.org"_qs));
        const Result<void> removed = registry.remove(id);
        limit.reset();
        QVERIFY(!added.has_value());
        QCOMPARE(added.error().kind, ErrorKind::Storage);
        QVERIFY2(added.error().userText.contains(u"nothing was changed"), qPrintable(added.error().userText));
        QVERIFY(!removed.has_value());
        QCOMPARE(registry.accounts().size(), std::size_t(1));
        QCOMPARE(stored(), before);
        QCOMPARE(QDir(m_profile).entryList(QDir::Files | QDir::Hidden), QStringList{u"accounts.json"_qs});
        QCOMPARE(add(registry, plainAccount(u"bob@example.org"_qs)), AccountId(2));
#else
        QSKIP("needs RLIMIT_FSIZE");
#endif
    }
};

QTEST_GUILESS_MAIN(TestAccountRegistry)
#include "test_accountregistry.moc"
