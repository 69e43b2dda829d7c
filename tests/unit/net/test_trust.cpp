// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/trust.h"
#include "tests/unit/net/testauthority.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::net;

class TestTrust final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    QString file(const QByteArray &bytes)
    {
        QString path = m_folder.filePath(u"ca.pem"_qs);
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("no temporary file");
        return path;
    }

    void refuses(const QString &path, const QString &words)
    {
        const auto read = readCaFile(path);
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().kind, ErrorKind::Input);
        QVERIFY2(read.error().userText.contains(words), qPrintable(read.error().userText));
        QVERIFY(read.error().userText.contains(path));
    }

private Q_SLOTS:
    void pem()
    {
        const TestAuthority one;
        const TestAuthority two;
        const auto read = readCaFile(file("a comment\n" + one.pem() + "\nanother\n" + two.pem()));
        QVERIFY(read.has_value());
        QCOMPARE(read->size(), 2);
        QCOMPARE(read->at(0), QSslCertificate(one.pem()));
        QCOMPARE(read->at(1), QSslCertificate(two.pem()));
    }

    void der()
    {
        const QSslCertificate certificate(TestAuthority().pem());
        const auto read = readCaFile(file(certificate.toDer()));
        QVERIFY(read.has_value());
        QCOMPARE(*read, QList<QSslCertificate>{certificate});
    }

    void missing() { refuses(m_folder.filePath(u"none.pem"_qs), u"does not exist"_qs); }
    void folder() { refuses(m_folder.path(), u"cannot be read"_qs); }
    void device()
    {
        if (!QFile::exists(u"/dev/zero"_qs))
            QSKIP("no /dev/zero on this system");
        refuses(u"/dev/zero"_qs, u"cannot be read"_qs);
    }
    void empty() { refuses(file({}), u"holds no certificate"_qs); }
    void text() { refuses(file("this is no certificate\n"), u"holds no certificate"_qs); }
    void onlyAKey() { refuses(file(TestAuthority::selfSigned().key.toPem()), u"holds no certificate"_qs); }
    void damaged()
    {
        refuses(file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), u"holds no certificate"_qs);
    }
    void tooBig() { refuses(file(TestAuthority().pem() + QByteArray(5'000'000, '\n')), u"cannot be read"_qs); }
};

QTEST_GUILESS_MAIN(TestTrust)
#include "test_trust.moc"
