// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/picturesenders.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::engine;

class TestPictureSenders final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choicesAreKept()
    {
        const QTemporaryDir profile;
        const PictureSender anna{AccountId(1), QStringLiteral("anna@example.org")};
        const PictureSender bert{AccountId(2), QStringLiteral("bert@example.org")};
        {
            PictureSenders senders(profile.path());
            QVERIFY(senders.all().empty());
            QVERIFY(senders.set({AccountId(1), QStringLiteral("Anna@Example.ORG")}, true));
            QVERIFY(senders.set(anna, true)); // once
            QVERIFY(senders.set(bert, true));
            QCOMPARE(senders.all(), std::vector<PictureSender>({anna, bert}));
        }
        PictureSenders again(profile.path());
        QCOMPARE(again.all(), std::vector<PictureSender>({anna, bert}));
        const QFileInfo file(profile.filePath(QStringLiteral("pictures.json")));
        QCOMPARE(file.permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
        QVERIFY(again.set(anna, false));
        QVERIFY(again.forget(AccountId(2)));
        QVERIFY(PictureSenders(profile.path()).all().empty());
    }

    void aDamagedFileAllowsNobody_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("newer") << QByteArray(R"({"version":2,"senders":[{"account":1,"address":"a@b"}]})");
        QTest::newRow("no account") << QByteArray(R"({"version":1,"senders":[{"address":"a@b"},7,null]})");
        QTest::newRow("empty") << QByteArray();
    }
    void aDamagedFileAllowsNobody()
    {
        QFETCH(QByteArray, bytes);
        const QTemporaryDir profile;
        QFile file(profile.filePath(QStringLiteral("pictures.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        QVERIFY(PictureSenders(profile.path()).all().empty());
    }

    void whatCannotBeStoredIsSaid()
    {
        PictureSenders senders(QStringLiteral("/nonexistent/profile"));
        const Result<void> stored = senders.set({AccountId(1), QStringLiteral("a@b.example")}, true);
        QVERIFY(!stored);
        QCOMPARE(stored.error().kind, ErrorKind::Storage);
        QVERIFY(senders.all().empty());
    }
};

QTEST_GUILESS_MAIN(TestPictureSenders)
#include "test_picturesenders.moc"
