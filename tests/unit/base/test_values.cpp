// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/base/strongid.h"

#include <QSet>
#include <QTest>

#include <set>

using namespace kittiwake;

namespace
{

QString printed(const auto &value)
{
    QString text;
    QDebug(&text) << value;
    return text;
}

class CountingRandom final : public Random
{
public:
    std::uint64_t value = 0;
    int calls = 0;
    std::uint64_t next() override
    {
        ++calls;
        return value;
    }
};

} // namespace

class TestValues final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overwriteSparesWhatOthersShare()
    {
        QByteArray bytes(32, 'p');
        const char *memory = bytes.constData();
        QByteArray shared = bytes;
        overwrite(bytes);
        QCOMPARE(shared, QByteArray(32, 'p'));
        QCOMPARE(bytes, shared);
        shared.clear();
        overwrite(bytes);
        QCOMPARE(bytes, QByteArray(32, '\0'));
        QCOMPARE(static_cast<const void *>(bytes.constData()), static_cast<const void *>(memory));
        // Memory that it does not own at all.
        static const char fixed[] = "constant";
        QByteArray view = QByteArray::fromRawData(fixed, 8);
        overwrite(view);
        QCOMPARE(QByteArray(fixed), QByteArray("constant"));
        QByteArray empty;
        overwrite(empty);
        QVERIFY(empty.isEmpty());
    }

    void copiesOfASecretShareItsMemory()
    {
        Secret secret(QByteArray(32, 'p'));
        const Secret copy = secret;
        QCOMPARE(static_cast<const void *>(copy.reveal().constData()),
                 static_cast<const void *>(secret.reveal().constData()));
        secret = Secret();
        QVERIFY(secret.isEmpty());
        QCOMPARE(copy.reveal(), QByteArray(32, 'p'));
    }

    void secretMoves()
    {
        Secret first(QByteArray("password"));
        Secret second(std::move(first));
        QCOMPARE(second.reveal(), QByteArray("password"));
        first = Secret(QByteArray("other"));
        first = std::move(second);
        QCOMPARE(first.reveal(), QByteArray("password"));
        QVERIFY(second.isEmpty()); // NOLINT(bugprone-use-after-move): a secret that was moved from holds nothing
        first = Secret(first);
        QCOMPARE(first.reveal(), QByteArray("password"));
    }

    void secretIsNotPrinted()
    {
        QVERIFY(!printed(Secret(QByteArray("password"))).contains(u"password"));
        QVERIFY(printed(Secret()).contains(u"no secret"));
    }

    void strongIds()
    {
        static_assert(!std::is_convertible_v<std::int64_t, AccountId>);
        static_assert(!std::is_convertible_v<AccountId, MailboxId>);
        static_assert(sizeof(Uid) == 4 && sizeof(ModSeq) == 8 && sizeof(AccountId) == 8);
        QVERIFY(!AccountId().isValid());
        QVERIFY(AccountId(-1).isValid());
        QVERIFY(Uid(7) < Uid(8));
        QCOMPARE(Uid(7), Uid(7));
        QVERIFY(ModSeq(1ULL << 62) > ModSeq(1));
        QSet<Uid> uids;
        for (std::uint32_t i = 1; i <= 100; ++i)
            uids.insert(Uid(i % 50 + 1));
        QCOMPARE(uids.size(), 50);
        QCOMPARE(printed(Uid(4'294'967'295U)).trimmed(), QStringLiteral("4294967295"));
    }

    void errorKindsHaveTheirOwnNames()
    {
        const QList<ErrorKind> kinds{ErrorKind::Network,       ErrorKind::Tls,     ErrorKind::Auth,
                                     ErrorKind::Protocol,      ErrorKind::Storage, ErrorKind::Cancelled,
                                     ErrorKind::ServerRefused, ErrorKind::Input};
        QSet<QString> names;
        for (const ErrorKind kind : kinds)
            names.insert(errorKindName(kind));
        QCOMPARE(names.size(), kinds.size());
        QVERIFY(!names.contains(QStringLiteral("unknown")));
        QCOMPARE(errorKindName(ErrorKind::ServerRefused), QStringLiteral("refused"));
    }

    void errorsAreValues()
    {
        const Error error{ErrorKind::Network, QStringLiteral("host:1"), QStringLiteral("It failed."),
                          QStringLiteral("errno 5")};
        Error other = error;
        QCOMPARE(other, error);
        other.detail.clear();
        QVERIFY(other != error);
        QCOMPARE(printed(error).trimmed(), QStringLiteral("network at host:1: It failed. [errno 5]"));
        const Result<int> failed = failure(error);
        QVERIFY(!failed.has_value());
        QCOMPARE(failed.error(), error);
        const Result<int> value = 7;
        QCOMPARE(*value, 7);
    }

    void randomBelow()
    {
        SystemRandom random;
        std::set<std::uint64_t> seen;
        for (int i = 0; i < 1000; ++i) {
            const std::uint64_t number = random.below(10);
            QVERIFY(number < 10);
            seen.insert(number);
        }
        QCOMPARE(seen.size(), std::size_t(10));
        QCOMPARE(random.below(1), std::uint64_t(0));

        CountingRandom fixed;
        fixed.value = 13;
        QCOMPARE(fixed.below(10), std::uint64_t(3));
        QCOMPARE(fixed.calls, 1);
        QVERIFY(random.next() != random.next());
    }
};

QTEST_GUILESS_MAIN(TestValues)
#include "test_values.moc"
