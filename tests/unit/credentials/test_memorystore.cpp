// SPDX-License-Identifier: GPL-3.0-or-later
// Before <coroutine>: moc 6.4 cannot read <concepts> as the first header of the compiler.
#include <QTest>

#include "core/async/taskscope.h"
#include "core/credentials/memorystore.h"

using namespace kittiwake;
using namespace kittiwake::credentials;

namespace
{

async::Task<void> readInto(CredentialStore &store, QString key, std::optional<Result<Secret>> &out)
{
    Result<Secret> secret = co_await store.read(key);
    out = std::move(secret);
}

async::Task<void> storeTwiceAndRemove(CredentialStore &store, std::vector<Result<Secret>> &seen, int &failures)
{
    const Result<void> first = co_await store.write(QStringLiteral("a"), Secret("one"));
    const Result<void> other = co_await store.write(QStringLiteral("b"), Secret("two"));
    const Result<void> second = co_await store.write(QStringLiteral("a"), Secret("three"));
    Result<Secret> replaced = co_await store.read(QStringLiteral("a"));
    seen.push_back(std::move(replaced));
    const Result<void> gone = co_await store.remove(QStringLiteral("a"));
    const Result<void> again = co_await store.remove(QStringLiteral("a"));
    Result<Secret> none = co_await store.read(QStringLiteral("a"));
    seen.push_back(std::move(none));
    Result<Secret> kept = co_await store.read(QStringLiteral("b"));
    seen.push_back(std::move(kept));
    failures = !first + !other + !second + !gone + !again;
}

} // namespace

class TestMemoryStore final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingStored()
    {
        MemoryStore store;
        std::optional<Result<Secret>> secret;
        async::TaskScope scope;
        scope.start(readInto(store, QStringLiteral("a"), secret));
        QVERIFY(secret && !*secret);
        QCOMPARE(secret->error().kind, ErrorKind::Auth);
        QVERIFY(secret->error().userText.contains(u"holds no password"));
    }

    void replacesAndRemoves()
    {
        MemoryStore store;
        std::vector<Result<Secret>> seen;
        int failures = -1;
        async::TaskScope scope;
        scope.start(storeTwiceAndRemove(store, seen, failures));
        QCOMPARE(failures, 0);
        QCOMPARE(seen.size(), std::size_t(3));
        QCOMPARE(seen[0]->reveal(), QByteArray("three"));
        QVERIFY(!seen[1]);
        QCOMPARE(seen[2]->reveal(), QByteArray("two"));
    }
};

QTEST_GUILESS_MAIN(TestMemoryStore)
#include "test_memorystore.moc"
