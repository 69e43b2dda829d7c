// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/messagelabels.h"

#include <QTest>

using namespace kittiwake;

class TestMessageLabels final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodes_data()
    {
        QTest::addColumn<QByteArray>("label");
        QTest::addColumn<QString>("text");
        QTest::newRow("the service's own") << QByteArray("\\Inbox") << QStringLiteral("\\Inbox");
        QTest::newRow("ASCII") << QByteArray("Work/Deep") << QStringLiteral("Work/Deep");
        QTest::newRow("modified UTF-7") << QByteArray("Gr&APYA3w-e") << QString::fromUtf8("Größe");
        QTest::newRow("an ampersand, modified UTF-7") << QByteArray("A&-B") << QStringLiteral("A&B");
        QTest::newRow("UTF-8") << QByteArray("Größe & Maße") << QString::fromUtf8("Größe & Maße");
        QTest::newRow("an ampersand, UTF-8") << QByteArray("A&B") << QStringLiteral("A&B");
        QTest::newRow("neither") << QByteArray("a\xFF&b") << QString::fromUtf8("aÿ&b");
        QTest::newRow("nothing") << QByteArray() << QString();
    }
    void decodes()
    {
        QFETCH(QByteArray, label);
        QTEST(sync::decodedLabels({label}).value(0), "text");
    }
};

QTEST_GUILESS_MAIN(TestMessageLabels)
#include "test_messagelabels.moc"
