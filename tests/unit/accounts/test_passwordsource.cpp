// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/accounts/passwordsource.h"
#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/credentials/memorystore.h"

#include <optional>

using namespace kittiwake;
using namespace kittiwake::accounts;

namespace
{

async::Task<void> passwordInto(const PasswordSource &source, Account account, std::optional<Result<Secret>> &out)
{
    Result<Secret> password = co_await source.password(account);
    out = std::move(password);
}

async::Task<void> storeIn(const PasswordSource &source, Account account, QByteArray password, bool &done)
{
    const Result<void> stored = co_await source.store(account, Secret(password));
    done = stored.has_value();
}

async::Task<void> removeFrom(const PasswordSource &source, Account account, bool &done)
{
    const Result<void> removed = co_await source.remove(account);
    done = removed.has_value();
}

} // namespace

class TestPasswordSource final : public QObject
{
    Q_OBJECT

private:
    QtClock m_clock;
    credentials::MemoryStore m_store;
    PasswordSource m_source{m_clock, m_store};

    Result<Secret> password(const Account &account)
    {
        std::optional<Result<Secret>> out;
        async::TaskScope scope;
        scope.start(passwordInto(m_source, account, out));
        if (!QTest::qWaitFor([&out] { return out.has_value(); }, 20'000))
            qFatal("no answer");
        return *out;
    }
    bool store(const Account &account, const QByteArray &secret)
    {
        bool done = false;
        async::TaskScope scope;
        scope.start(storeIn(m_source, account, secret, done));
        return done;
    }
    bool remove(const Account &account)
    {
        bool done = false;
        async::TaskScope scope;
        scope.start(removeFrom(m_source, account, done));
        return done;
    }

private Q_SLOTS:
    void keysAreNeverTheSame()
    {
        const QString one = newCredentialKey(u"ann@example.org"_qs);
        const QString two = newCredentialKey(u"ann@example.org"_qs);
        QVERIFY(one.startsWith(u"ann@example.org/"));
        QCOMPARE(one.size(), 16 + 36);
        QVERIFY(one != two);
    }

    void fromTheKeychain()
    {
        Account ann;
        ann.credentialKey = u"ann"_qs;
        Account bob;
        bob.credentialKey = u"bob"_qs;
        QCOMPARE(password(ann).error().kind, ErrorKind::Auth);
        QVERIFY(store(ann, "one"));
        QVERIFY(store(bob, "two"));
        QCOMPARE(password(ann)->reveal(), QByteArray("one"));
        QCOMPARE(password(bob)->reveal(), QByteArray("two"));
        QVERIFY(remove(ann));
        QCOMPARE(password(ann).error().kind, ErrorKind::Auth);
        QCOMPARE(password(bob)->reveal(), QByteArray("two"));
    }

    void fromTheCommand()
    {
#ifndef Q_OS_UNIX
        QSKIP("the command is one of a Unix shell");
#endif
        Account account;
        account.credentialKey = u"carl"_qs;
        QVERIFY(store(account, "from the keychain"));
        account.passwordCommand = u"echo from the command"_qs;
        QCOMPARE(password(account)->reveal(), QByteArray("from the command"));
        // What is typed for an account with a command goes nowhere.
        QVERIFY(store(account, "typed"));
        account.passwordCommand.clear();
        QCOMPARE(password(account)->reveal(), QByteArray("from the keychain"));
        account.passwordCommand = u"exit 3"_qs;
        QCOMPARE(password(account).error().kind, ErrorKind::Auth);
        QVERIFY(remove(account));
        account.passwordCommand.clear();
        QVERIFY(!password(account).has_value());
        QVERIFY(remove(Account()));
    }
};

QTEST_GUILESS_MAIN(TestPasswordSource)
#include "test_passwordsource.moc"
