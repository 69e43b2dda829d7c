// SPDX-License-Identifier: GPL-3.0-or-later
// What is fetched ahead, against a real server that is then taken away: what is read after that was in memory.
#include "core/engine/engine.h"
#include "tests/servers/dovecotserver.h"

#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <map>

using namespace kittiwake;
using kittiwake::tests::DovecotServer;

namespace
{

constexpr int patience = 30000;

QByteArray letter(int number, qsizetype size)
{
    return "From: a@example.org\r\nSubject: letter " + QByteArray::number(number) + "\r\nMessage-ID: <"
        + QByteArray::number(number) + "@example.org>\r\n\r\nThis is letter " + QByteArray::number(number) + ".\r\n"
        + QByteArray("and more of it, line after line.\r\n").repeated(size / 34);
}

/** Counts answers to FETCH of structures and bodies. Written in the engine's thread. */
class Trace
{
public:
    void add(const QString &line)
    {
        if (line.startsWith(QLatin1String("C: "))
            && (line.contains(QLatin1String("BODYSTRUCTURE")) || line.contains(QLatin1String("BODY.PEEK[1]"))))
            m_asked.insert(line.section(u' ', 1, 1));
        else if (line.startsWith(QLatin1String("S: ")) && m_asked.remove(line.section(u' ', 1, 1)))
            ++m_fetches;
    }
    [[nodiscard]] int fetches() const { return m_fetches; }

private:
    QSet<QString> m_asked; ///< tags
    std::atomic<int> m_fetches = 0;
};

} // namespace

class TestReadAhead final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasFetchedAheadIsReadWithoutAServer()
    {
        DovecotServer server;
        QVERIFY2(server.start(), qPrintable(server.errorText()));
        for (int number = 1; number <= 3; ++number)
            QVERIFY2(server.append(QStringLiteral("INBOX"), letter(number, 1000)), qPrintable(server.errorText()));
        QVERIFY(server.append(QStringLiteral("INBOX"), letter(4, 3 * 1024 * 1024)));

        const QTemporaryDir profile;
        Trace trace;
        engine::EngineOptions options;
        options.profile = profile.path();
        options.stayConnected = true;
        options.trace = [&trace](const QString &line) { trace.add(line); };
        auto opened = engine::Engine::open(options);
        QVERIFY(opened.has_value());
        engine::Engine &engine = **opened;
        accounts::Account account;
        account.email = server.user();
        account.imap.endpoint = {server.host(), server.imapsPort()};
        account.imap.tls = net::TlsMode::Implicit;
        account.tlsPolicy.caFile = server.caFile();
        QFile password(profile.filePath(QStringLiteral("password-of-the-test")));
        QVERIFY(password.open(QIODevice::WriteOnly));
        password.write(server.password().toUtf8() + '\n');
        password.close();
        account.passwordCommand = QStringLiteral("cat '%1'").arg(password.fileName());
        auto added = engine.addAccount(account, Secret());
        QTRY_VERIFY_WITH_TIMEOUT(added.isFinished(), patience);
        QVERIFY2(added.result().has_value(), qPrintable(added.result() ? QString() : added.result().error().userText));

        const auto reader = engine.openReader();
        QVERIFY(reader.has_value());
        std::vector<MessageId> ids;
        const auto find = [&] {
            const auto mailboxes = (*reader)->mailboxes(AccountId());
            for (const store::MailboxRow &row : mailboxes.value_or(std::vector<store::MailboxRow>())) {
                if (row.role == mail::MailboxRole::Inbox)
                    m_inbox = row.id;
            }
            ids.clear();
            const auto order = (*reader)->order(m_inbox, store::SortKey::Date, true, 100, 0);
            for (const store::OrderEntry &entry : order.value_or(std::vector<store::OrderEntry>()))
                ids.push_back(entry.id);
            return ids.size() == 4;
        };
        QTRY_VERIFY_WITH_TIMEOUT(find(), patience);
        std::map<QString, MessageId> letters;
        for (const store::MessageRow &row : (*reader)->rows(ids).value_or(std::vector<store::MessageRow>()))
            letters[row.header.subject] = row.id;
        const auto letterOf = [&](int number) { return letters[QStringLiteral("letter %1").arg(number)]; };
        QTRY_COMPARE_WITH_TIMEOUT(engine.status(added.result().value()).state, engine::AccountStatus::State::UpToDate,
                                  patience);

        const auto textOf = [&](MessageId id) {
            auto future = engine.fetchContent(id);
            [&] { QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), patience); }();
            return future.result() ? future.result()->plainText.section(QLatin1Char('\n'), 0, 0)
                                   : QStringLiteral("failed: ") + future.result().error().userText;
        };
        const QString begin = QStringLiteral("This is letter ");
        QCOMPARE(textOf(letterOf(1)), QString(begin + u"1."));
        // What is asked for while it is fetched ahead waits for it, and is fetched once.
        int fetches = trace.fetches();
        engine.readAhead({letterOf(2)});
        QCOMPARE(textOf(letterOf(2)), QString(begin + u"2."));
        QCOMPARE(trace.fetches(), fetches + 2); // structure and text
        // The large one comes first and is left alone once its size is known.
        fetches = trace.fetches();
        engine.readAhead({letterOf(4), letterOf(3)});
        QTRY_COMPARE_WITH_TIMEOUT(trace.fetches(), fetches + 3, patience);
        server.stop();
        QCOMPARE(textOf(letterOf(3)), QString(begin + u"3."));
        QCOMPARE(textOf(letterOf(1)), QString(begin + u"1."));
        QVERIFY(textOf(letterOf(4)).startsWith(QStringLiteral("failed: ")));
    }

private:
    MailboxId m_inbox;
};

QTEST_GUILESS_MAIN(TestReadAhead)
#include "test_readahead.moc"
