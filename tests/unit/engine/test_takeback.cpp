// SPDX-License-Identifier: GPL-3.0-or-later
// A draft that is sent, and taken back before it goes: all of it comes back, and nobody gets anything. With the real
// engine on a profile whose servers only count who connects.
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/accounts/accountregistry.h"
#include "core/engine/engine.h"
#endif

using namespace kittiwake;
using namespace kittiwake::engine;

namespace
{

struct Fixture {
    QTemporaryDir profile;
    QTcpServer server;
    accounts::Account account;
    std::unique_ptr<Engine> engine;

    Fixture()
    {
        server.listen(QHostAddress::LocalHost);
        account.email = QStringLiteral("anna@kittiwake.example");
        account.displayName = QStringLiteral("Anna");
        account.imap.endpoint = {QStringLiteral("127.0.0.1"), server.serverPort()};
        account.smtp = accounts::Server{{QStringLiteral("127.0.0.1"), server.serverPort()}, net::TlsMode::Implicit};
        account.passwordCommand = QStringLiteral("echo secret");
        auto registry = accounts::AccountRegistry::open(profile.path());
        if (registry)
            account = registry->add(account).value_or(account);
        open();
    }
    void open()
    {
        engine.reset();
        auto opened = Engine::open({.profile = profile.path()});
        if (opened)
            engine = std::move(*opened);
    }
    template <typename T>
    static Result<T> wait(QFuture<Result<T>> future)
    {
        if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 20'000))
            return failure(ErrorKind::Network, {}, QStringLiteral("no answer"));
        return future.result();
    }
    DraftContent draft() const
    {
        DraftContent content;
        content.id = engine->newDraft();
        content.context.account = account.id;
        content.context.window = "as it was";
        mime::Composition &composition = content.composition;
        composition.from = {account.displayName, account.email};
        composition.to = {{QStringLiteral("Ben"), QStringLiteral("ben@kittiwake.example")}};
        composition.bcc = {{{}, QStringLiteral("clara@kittiwake.example")}};
        composition.subject = QStringLiteral("Größe");
        composition.text = QStringLiteral("A sentence.\n");
        composition.attachments.push_back(
            mime::OutgoingFile{QStringLiteral("data.bin"), "application/octet-stream", {}, QByteArray(300'000, '\1')});
        composition.attachments.push_back(
            mime::ForwardedPart{"Content-Type: text/x-log; name=a.log\r\n", "line 1\r\nline 2\r\n"});
        composition.attachments.push_back(
            mime::ForwardedMessage{QStringLiteral("Old.eml"), "Subject: old\r\n\r\nText\r\n"});
        return content;
    }
    /** Saved and sent; the operation in the outbox. */
    Result<SendReport> send(const DraftContent &content, int undoSeconds, std::int64_t notBefore = 0) const
    {
        const auto saved = wait(engine->saveDraft(content));
        if (!saved)
            return failure(saved.error());
        return wait(engine->sendDraft({content.id, undoSeconds, notBefore, false}));
    }
    std::optional<PendingAction> waiting() const
    {
        for (const PendingAction &action : wait(engine->pendingActions()).value_or(std::vector<PendingAction>())) {
            if (action.kind == QLatin1String("send"))
                return action;
        }
        return std::nullopt;
    }
};

} // namespace

class TestTakeBack final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** 10 seconds by default, off to 60. */
    void theDelay_data()
    {
        QTest::addColumn<int>("asked");
        QTest::addColumn<int>("given");
        QTest::newRow("as it is") << DraftSendRequest().undoSeconds << 10;
        QTest::newRow("longest") << 60 << 60;
        QTest::newRow("more") << 3600 << 60;
    }
    void theDelay()
    {
        QFETCH(int, asked);
        QFETCH(int, given);
        Fixture f;
        const std::int64_t before = QDateTime::currentMSecsSinceEpoch();
        const auto sent = f.send(f.draft(), asked);
        const std::int64_t after = QDateTime::currentMSecsSinceEpoch();
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().userText));
        QCOMPARE(sent->state, QStringLiteral("queued"));
        const auto waiting = f.waiting();
        QVERIFY(waiting);
        QVERIFY(waiting->notBefore >= before + given * 1000 && waiting->notBefore <= after + given * 1000);
    }

    /** Off: the server is asked at once. */
    void withoutDelay()
    {
        Fixture f;
        QVERIFY(f.send(f.draft(), 0));
        QTRY_VERIFY(f.server.hasPendingConnections());
    }

    void comesBackAsItWas_data()
    {
        QTest::addColumn<bool>("isRestarted");
        QTest::newRow("at once") << false;
        QTest::newRow("after a restart") << true;
    }
    void comesBackAsItWas()
    {
        QFETCH(bool, isRestarted);
        Fixture f;
        const DraftContent content = f.draft();
        const std::int64_t tomorrow = QDateTime::currentMSecsSinceEpoch() + 86'400'000;
        const auto sent = f.send(content, 10, isRestarted ? tomorrow : 0);
        QVERIFY(sent);
        auto drafts = f.wait(f.engine->drafts());
        QVERIFY(drafts && drafts->size() == 1);
        QCOMPARE(drafts->front().state.place, DraftState::Place::Outbox);
        // It cannot be written on while it may go at any moment.
        QVERIFY(!f.wait(f.engine->saveDraft(content)));
        if (isRestarted) {
            f.open();
            QVERIFY(f.engine);
            QCOMPARE(f.waiting()->notBefore, tomorrow);
        }
        const auto back = f.wait(f.engine->takeBack(sent->operation));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().userText));
        QVERIFY(back->content.id == content.id);
        QCOMPARE(back->content.context.window, content.context.window);
        mime::Composition composition = back->content.composition;
        composition.messageId.clear();
        composition.date = content.composition.date;
        composition.utcOffset = content.composition.utcOffset;
        QVERIFY(composition == content.composition);
        QCOMPARE(back->state.place, DraftState::Place::Here);
        QVERIFY(!f.waiting());
        QVERIFY(!f.server.hasPendingConnections());
        // There is nothing to be taken back a second time, and it can be written on, and sent.
        const auto again = f.wait(f.engine->takeBack(sent->operation));
        QVERIFY(!again);
        QCOMPARE(again.error().kind, ErrorKind::Input);
        QVERIFY(f.wait(f.engine->saveDraft(back->content)));
        const auto anew = f.wait(f.engine->sendDraft({content.id, 60, 0, false}));
        QVERIFY(anew && anew->operation != sent->operation);
        QVERIFY(!f.server.hasPendingConnections());
    }
};

QTEST_GUILESS_MAIN(TestTakeBack)
#include "test_takeback.moc"
