// SPDX-License-Identifier: GPL-3.0-or-later
// Whole streams: what `kittiwakectl debug parse-imap` prints, and the fuzzers' seeds without a fuzzer.
#include "core/imap/codec/responsejson.h"
#include "parsing.h"

#include <QDir>
#include <QJsonArray>

using namespace kittiwake::imap;

namespace
{

QByteArray seed(const QString &name)
{
    QFile file(QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/fuzz/corpus/imap_roundtrip/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestImapStream final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void describesWhatItReads()
    {
        const QByteArray input("* OK [UIDNEXT 5] hi\r\n* LIST (\\Sent) \"/\" Entw&APw-rfe\r\n* 1 FETCH (UID 3 FLAGS "
                               "(\\Seen x) X-GM-MSGID 18446744073709551615 BODY[] {2}\r\n\xFF\xFE)\r\n* STATUS x "
                               "(MESSAGES\r\n* 2 EXISTS\r\n* 3 EXI");
        const QJsonObject json = describeStream(input);
        const QJsonArray responses = json[u"responses"].toArray();
        QCOMPARE(responses.size(), qsizetype{4});
        const QJsonObject status = responses[0].toObject();
        QCOMPARE(status[u"type"].toString(), QStringLiteral("status"));
        QCOMPARE(status[u"status"].toString(), QStringLiteral("OK"));
        QCOMPARE(status[u"offset"].toInt(), 0);
        QCOMPARE(status[u"code"].toObject()[u"name"].toString(), QStringLiteral("UIDNEXT"));
        QCOMPARE(status[u"code"].toObject()[u"value"].toInt(), 5);
        const QJsonObject list = responses[1].toObject();
        QCOMPARE(list[u"type"].toString(), QStringLiteral("list"));
        QCOMPARE(list[u"mailbox"].toString(), QStringLiteral("Entwürfe"));
        QCOMPARE(list[u"attributes"].toArray(), QJsonArray{QStringLiteral("\\Sent")});
        const QJsonObject fetch = responses[2].toObject();
        QCOMPARE(fetch[u"uid"].toInt(), 3);
        QCOMPARE(fetch[u"gm_msgid"].toString(), QStringLiteral("18446744073709551615"));
        const QJsonObject section = fetch[u"sections"].toArray()[0].toObject();
        QCOMPARE(section[u"data"].toObject()[u"base64"].toString(), QStringLiteral("//4="));
        const QJsonArray rejected = json[u"rejected"].toArray();
        QCOMPARE(rejected.size(), qsizetype{1});
        QCOMPARE(rejected[0].toObject()[u"offset"].toInt(), static_cast<int>(input.indexOf("* STATUS")));
        QVERIFY(!rejected[0].toObject()[u"why"].toString().isEmpty());
        QVERIFY(json[u"incomplete"].toBool());
        QVERIFY(!describeStream("* 1 EXISTS\r\n")[u"incomplete"].toBool());
        QVERIFY(describeStream("* 1 FETCH (BODY[] {5}\r\nab")[u"incomplete"].toBool());
        QVERIFY(!describeStream({})[u"incomplete"].toBool());
    }

    void everyTypeHasAName()
    {
        const QByteArray input(
            "* OK x\r\n+ x\r\n* CAPABILITY A\r\n* ENABLED A\r\n* LIST () NIL a\r\n* STATUS a (MESSAGES "
            "1)\r\n* SEARCH 1\r\n* ESEARCH COUNT 1\r\n* SORT 1\r\n* THREAD (1)\r\n* FLAGS ()\r\n* 1 "
            "EXISTS\r\n* 1 RECENT\r\n* 1 EXPUNGE\r\n* VANISHED 1\r\n* 1 FETCH (UID 1)\r\n* NAMESPACE NIL "
            "NIL NIL\r\n* ID NIL\r\n* QUOTA \"\" ()\r\n* QUOTAROOT a\r\n* FOO\r\n");
        QStringList types;
        const QJsonArray responses = describeStream(input)[u"responses"].toArray();
        for (const auto &response : responses)
            types.append(response.toObject()[u"type"].toString());
        QCOMPARE(
            types,
            (QStringList{QStringLiteral("status"),  QStringLiteral("continuation"), QStringLiteral("capability"),
                         QStringLiteral("enabled"), QStringLiteral("list"),         QStringLiteral("mailbox_status"),
                         QStringLiteral("search"),  QStringLiteral("esearch"),      QStringLiteral("sort"),
                         QStringLiteral("thread"),  QStringLiteral("flags"),        QStringLiteral("exists"),
                         QStringLiteral("recent"),  QStringLiteral("expunge"),      QStringLiteral("vanished"),
                         QStringLiteral("fetch"),   QStringLiteral("namespace"),    QStringLiteral("id"),
                         QStringLiteral("quota"),   QStringLiteral("quota_root"),   QStringLiteral("unknown")}));
    }

    void seeds_data()
    {
        QTest::addColumn<QString>("name");
        const QStringList names
            = QDir(QStringLiteral(KITTIWAKE_SOURCE_DIR "/tests/fuzz/corpus/imap_roundtrip")).entryList(QDir::Files);
        for (const QString &name : names)
            QTest::newRow(qPrintable(name)) << name;
    }
    void seeds()
    {
        QFETCH(QString, name);
        const QByteArray input = seed(name);
        QVERIFY(!input.isEmpty());
        const QJsonObject whole = describeStream(input);
        QVERIFY(!whole[u"responses"].toArray().isEmpty());
        QVERIFY(whole[u"rejected"].toArray().isEmpty());
        QVERIFY(!whole[u"incomplete"].toBool());
        for (qsizetype portion = 1; portion <= input.size(); portion += portion < 80 ? 1 : 37) {
            DescribeOptions options;
            options.split = portion;
            QCOMPARE(describeStream(input, options), whole);
        }
    }

    void writtenIsReadAgain_data() { seeds_data(); }
    void writtenIsReadAgain()
    {
        QFETCH(QString, name);
        for (const Response &response : parseStream(seed(name))) {
            for (const bool alwaysLiterals : {false, true}) {
                WriterOptions options;
                options.alwaysLiterals = alwaysLiterals;
                const std::vector<Response> again = parseStream(write(response, options));
                QCOMPARE(again.size(), std::size_t{1});
                QVERIFY(again[0] == response);
            }
        }
    }

    void cutAnywhereNothingElseComesOut()
    {
        // A connection that ends within a message gives the messages before it, and nothing of the half one.
        const QByteArray input = seed(QStringLiteral("fetch"));
        for (qsizetype length = 0; length + 2 < input.size(); ++length) {
            const QJsonObject json = describeStream(QByteArrayView(input).first(length));
            QVERIFY(json[u"responses"].toArray().isEmpty());
            QVERIFY(json[u"rejected"].toArray().isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TestImapStream)
#include "test_imap_stream.moc"
