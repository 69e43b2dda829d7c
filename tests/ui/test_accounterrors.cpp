// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong on the way to a server, as the account dialog says it: the real engine against real and odd servers.
#include "app/window/enginesource.h"
#include "core/engine/engine.h"
#include "tests/servers/dovecotserver.h"
#include "tests/servers/oddserver.h"
#include "tests/ui/uitest.h"
#include "ui/accounts/accountdialog.h"
#include "ui/widgets/banner.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTcpServer>
#include <QTemporaryDir>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::tests;

namespace
{

constexpr int limit = 30000; // ms: no longer until a person knows

/** A port of loopback on which nobody listens. */
quint16 closedPort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 1;
}

} // namespace

class TestAccountErrors final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
        QVERIFY(m_profile.isValid());
        auto opened = engine::Engine::open({.profile = m_profile.path()});
        QVERIFY(opened.has_value());
        m_engine = std::move(*opened);
        m_source = std::make_unique<app::EngineSource>(*m_engine);
    }

    void cleanupTestCase()
    {
        m_source.reset();
        m_engine.reset();
    }

    void eachIsAClearSentence_data()
    {
        QTest::addColumn<QString>("kind"); // of oddserver.py; empty: Dovecot, or nobody
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("words");
        const QString local = QStringLiteral("127.0.0.1");
        const QString any = QStringLiteral("any");
        QTest::newRow("wrong password") << QString() << local << QStringLiteral("wrong")
                                        << QStringLiteral("refused the user name or the password");
        QTest::newRow("unknown host") << QString() << QStringLiteral("no-such-server.invalid") << any
                                      << QStringLiteral("No server named no-such-server.invalid was found");
        QTest::newRow("closed port") << QString() << local << QStringLiteral("closed")
                                     << QStringLiteral("refused|answers");
        QTest::newRow("untrusted certificate")
            << QStringLiteral("untrusted") << local << any << QStringLiteral("does not trust|cannot be trusted");
        QTest::newRow("wrong host name in the certificate")
            << QStringLiteral("wronghost") << local << any << QStringLiteral("mail\\.elsewhere\\.example");
        QTest::newRow("no IMAP server") << QStringLiteral("http") << local << any
                                        << QStringLiteral("encrypt|IMAP server");
        QTest::newRow("hanging server") << QStringLiteral("hang") << local << any
                                        << QStringLiteral("answer|said nothing");
        QTest::newRow("hanging after its greeting")
            << QStringLiteral("hang-after-greeting") << local << any << QStringLiteral("answer|said nothing|silent");
    }

    void eachIsAClearSentence()
    {
        QFETCH(QString, kind);
        QFETCH(QString, host);
        QFETCH(QString, password);
        QFETCH(QString, words);
        OddServer odd;
        if (!kind.isEmpty())
            QVERIFY2(odd.start(kind), qPrintable(odd.errorText()));
        quint16 port = kind.isEmpty() ? m_server.imapsPort() : odd.port();
        if (password == QLatin1String("closed"))
            port = closedPort();

        AccountDialog dialog(*m_source);
        dialog.show();
        const auto type = [&](const char *field, const QString &text) {
            dialog.findChild<QLineEdit *>(QLatin1String(field))->setText(text);
        };
        type("email", m_server.user());
        type("password", password);
        type("imapHost", host);
        type("caFile", kind.isEmpty() ? m_server.caFile() : odd.caFile());
        dialog.findChild<QSpinBox *>(QStringLiteral("imapPort"))->setValue(port);
        auto *proceed = dialog.findChild<QPushButton *>(QStringLiteral("proceed"));
        auto *banner = dialog.findChild<Banner *>(QStringLiteral("accountBanner"));

        QElapsedTimer clock;
        clock.start();
        proceed->click();
        // A closed port may have answered before this line.
        QVERIFY(!proceed->isEnabled() || banner->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(banner->isVisible(), limit + 5000);
        QVERIFY2(clock.elapsed() < limit, qPrintable(QString::number(clock.elapsed())));
        const QString text = banner->text();
        qInfo("after %lld ms: %s", static_cast<long long>(clock.elapsed()), qPrintable(text));
        static const QRegularExpression sentence(QStringLiteral("^[^\\s].{20,400}[.\u201d]$"));
        static const QRegularExpression machinery(
            QStringLiteral("\\bQ[A-Z][a-z]+|::|%\\d|errno|SSL_|error:[0-9A-F]{8}|0x|\\(null\\)|\\n"));
        QVERIFY2(sentence.match(text).hasMatch(), qPrintable(text));
        QVERIFY2(!machinery.match(text).hasMatch(), qPrintable(text));
        QVERIFY2(QRegularExpression(words).match(text).hasMatch(), qPrintable(text));
        // It can be corrected and tried again at once; nothing was added.
        QVERIFY(proceed->isEnabled());
        QCOMPARE(proceed->text(), QStringLiteral("Check"));
        QVERIFY(m_engine->accounts().empty());
    }

    void theRightPasswordSignsIn()
    {
        AccountDialog dialog(*m_source);
        dialog.show();
        for (const auto &[field, text] :
             {std::pair("email", m_server.user()), std::pair("password", m_server.password()),
              std::pair("imapHost", m_server.host()), std::pair("caFile", m_server.caFile())})
            dialog.findChild<QLineEdit *>(QLatin1String(field))->setText(text);
        dialog.findChild<QSpinBox *>(QStringLiteral("imapPort"))->setValue(m_server.imapsPort());
        auto *proceed = dialog.findChild<QPushButton *>(QStringLiteral("proceed"));
        proceed->click();
        QTRY_COMPARE_WITH_TIMEOUT(proceed->text(), QStringLiteral("Add account"), limit);
    }

private:
    DovecotServer m_server;
    QTemporaryDir m_profile;
    std::unique_ptr<engine::Engine> m_engine;
    std::unique_ptr<app::EngineSource> m_source;
};

KITTIWAKE_UI_TEST_MAIN(TestAccountErrors)
#include "test_accounterrors.moc"
