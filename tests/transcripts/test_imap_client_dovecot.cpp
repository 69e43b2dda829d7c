// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/async/taskscope.h"
#include "core/base/qtclock.h"
#include "core/imap/client/client.h"
#include "core/net/qtstreamfactory.h"
#endif
#include "tests/servers/dovecotserver.h"

#include <QTest>

#include <memory>

using namespace kittiwake;
using namespace kittiwake::imap;
using kittiwake::tests::DovecotServer;

namespace
{

constexpr int patience = 30'000; // milliseconds; only a failing test waits that long

template <typename T>
async::Task<void> keep(async::Task<T> task, std::optional<T> *result)
{
    T value = co_await task;
    result->emplace(std::move(value));
}

/** Runs the event loop until task is done. */
template <typename T>
T await(async::Task<T> task)
{
    std::optional<T> result;
    async::TaskScope scope;
    scope.start(keep(std::move(task), &result));
    if (!QTest::qWaitFor([&result] { return result.has_value(); }, patience))
        qFatal("a call of the client did not end");
    return std::move(*result);
}

QByteArray message(const QByteArray &subject)
{
    return "From: Ben <ben@kittiwake.example>\r\nTo: anna@kittiwake.example\r\nSubject: " + subject
        + "\r\nMessage-ID: <" + subject + "@kittiwake.example>\r\n\r\nHello Anna\r\n";
}

QString textOf(const Error &error)
{
    return errorKindName(error.kind) + QStringLiteral(": ") + error.userText + QStringLiteral(" / ") + error.detail;
}

} // namespace

#define VERIFY_OK(result) QVERIFY2((result), (result) ? "" : qPrintable(textOf((result).error())))

/** Every function of the client, over real TLS, against a real server. */
class TestImapClientDovecot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void signIn_data();
    void signIn();
    void lists_data();
    void lists();
    void fetches();
    void changesMessages();
    void changesMailboxes();
    void pushes();
    void resyncsQuickly();
    void losesTheConnection();
    void wrongPassword_data(); // last: Dovecot makes everybody wait after a refused sign-in
    void wrongPassword();

private:
    [[nodiscard]] ConnectOptions options() const;
    [[nodiscard]] std::unique_ptr<Client> newClient();

    DovecotServer m_server;
    QtClock m_clock;
    net::QtStreamFactory m_streams{m_clock};
    std::vector<MailboxUpdate> m_updates;
};

void TestImapClientDovecot::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.errorText()));
}

ConnectOptions TestImapClientDovecot::options() const
{
    ConnectOptions options;
    options.endpoint = {m_server.host(), m_server.imapsPort()};
    options.policy.caFile = m_server.caFile();
    options.userName = m_server.user();
    options.password = Secret(m_server.password().toUtf8());
    return options;
}

std::unique_ptr<Client> TestImapClientDovecot::newClient()
{
    m_updates.clear();
    auto client = std::make_unique<Client>(m_clock, m_streams);
    client->setUpdateHandler([this](const MailboxUpdate &update) { m_updates.push_back(update); });
    return client;
}

void TestImapClientDovecot::signIn_data()
{
    QTest::addColumn<bool>("startTls");
    QTest::addColumn<QString>("mechanism");
    QTest::addColumn<QByteArray>("used");
    QTest::newRow("strongest") << false << QString() << QByteArray("SCRAM-SHA-256");
    QTest::newRow("SCRAM-SHA-1") << false << QStringLiteral("SCRAM-SHA-1") << QByteArray("SCRAM-SHA-1");
    QTest::newRow("PLAIN") << false << QStringLiteral("PLAIN") << QByteArray("PLAIN");
    QTest::newRow("LOGIN") << false << QStringLiteral("LOGIN") << QByteArray("LOGIN");
    QTest::newRow("STARTTLS") << true << QString() << QByteArray("SCRAM-SHA-256");
}

void TestImapClientDovecot::signIn()
{
    QFETCH(bool, startTls);
    QFETCH(QString, mechanism);
    QFETCH(QByteArray, used);
    const auto client = newClient();
    ConnectOptions with = options();
    with.mechanism = mechanism;
    if (startTls) {
        with.tls = net::TlsMode::StartTls;
        with.endpoint.port = m_server.imapPort();
    }
    const auto connected = await(client->connect(with));
    VERIFY_OK(connected);
    QCOMPARE(client->signInMechanism(), used);
    QVERIFY(client->isConnected());
    QVERIFY(client->capabilities().has("IDLE"));
    QVERIFY(client->isEnabled("CONDSTORE"));
    QCOMPARE(client->serverId().field("name"), QByteArray("Dovecot"));
    QCOMPARE(client->namespaces().personal.size(), std::size_t(1));
    if (used == "PLAIN")
        QCOMPARE(client->roundTrips(), 2U);
    const auto loggedOut = await(client->logout());
    VERIFY_OK(loggedOut);
    QVERIFY(!client->isConnected());
}

void TestImapClientDovecot::wrongPassword_data()
{
    QTest::addColumn<QString>("mechanism");
    QTest::newRow("SCRAM-SHA-256") << QStringLiteral("SCRAM-SHA-256");
    QTest::newRow("PLAIN") << QStringLiteral("PLAIN");
}

void TestImapClientDovecot::wrongPassword()
{
    QFETCH(QString, mechanism);
    const auto client = newClient();
    ConnectOptions with = options();
    with.mechanism = mechanism;
    with.password = Secret("not this one");
    const auto connected = await(client->connect(with));
    QVERIFY(!connected);
    QCOMPARE(connected.error().kind, ErrorKind::Auth);
    QVERIFY2(connected.error().userText.contains(QStringLiteral("Authentication failed")),
             qPrintable(connected.error().userText));
    QVERIFY(m_updates.empty());
}

void TestImapClientDovecot::lists_data()
{
    QTest::addColumn<QStringList>("hidden");
    QTest::addColumn<bool>("guessed");
    QTest::newRow("all in one") << QStringList() << false;
    QTest::newRow("the plain way") << QStringList{QStringLiteral("LIST-EXTENDED"), QStringLiteral("LIST-STATUS"),
                                                  QStringLiteral("SPECIAL-USE")}
                                   << true;
}

void TestImapClientDovecot::lists()
{
    QFETCH(QStringList, hidden);
    QFETCH(bool, guessed);
    tests::DovecotOptions plain;
    plain.hideCapabilities = hidden;
    plain.specialUse = !guessed;
    DovecotServer server(plain);
    QVERIFY2(server.start(), qPrintable(server.errorText()));
    QVERIFY(server.fill(QStringLiteral("Projekte/Größe"), 7));
    ConnectOptions with = options();
    with.endpoint.port = server.imapsPort();
    with.policy.caFile = server.caFile();

    const auto client = newClient();
    const auto connected = await(client->connect(with));
    VERIFY_OK(connected);
    const auto listed = await(client->list({StatusItem::Messages, StatusItem::UidNext, StatusItem::UidValidity}));
    VERIFY_OK(listed);
    QVERIFY(listed->front().name.isInbox());
    bool found = false;
    for (const ListedMailbox &mailbox : *listed) {
        if (mailbox.name.text == QStringLiteral("Projekte/Größe")) {
            found = true;
            QVERIFY(mailbox.status);
            QCOMPARE(mailbox.status->messages, 7U);
            QCOMPARE(mailbox.status->uidNext, Uid(8));
            QVERIFY(mailbox.status->uidValidity.isValid());
        }
        if (mailbox.name.text == QStringLiteral("Sent")) {
            QCOMPARE(mailbox.role, mail::MailboxRole::Sent);
            QCOMPARE(mailbox.roleGuessed, guessed);
        }
    }
    QVERIFY(found);
    const auto status = await(client->status({QStringLiteral("Projekte/Größe"), {}}, {StatusItem::Messages}));
    VERIFY_OK(status);
    QCOMPARE(status->messages, 7U);
}

void TestImapClientDovecot::fetches()
{
    QVERIFY2(m_server.fill(QStringLiteral("Many"), 500), qPrintable(m_server.errorText()));
    const auto client = newClient();
    const auto connected = await(client->connect(options()));
    VERIFY_OK(connected);
    const auto selected = await(client->select({QStringLiteral("Many"), {}}, {}));
    VERIFY_OK(selected);
    QCOMPARE(selected->mailbox.exists, 500U);
    QCOMPARE(selected->mailbox.uidNext, Uid(501));
    QVERIFY(selected->mailbox.highestModSeq.isValid());
    QVERIFY(!client->knownUids());

    FetchItems items;
    items.flags = items.envelope = items.bodyStructure = items.size = items.internalDate = items.modseq = true;
    items.bodies.push_back({Section::headerFields({"REFERENCES", "LIST-ID"}), true, false, {}});
    std::vector<FetchedMessage> messages;
    const FetchSink sink = [&messages](FetchedMessage &&fetched) { messages.push_back(std::move(fetched)); };
    const std::uint64_t before = client->roundTrips();
    std::optional<Result<FetchResult>> first;
    std::optional<Result<FetchResult>> second;
    async::TaskScope scope;
    scope.start(keep(client->fetch(UidSet::range(Uid(1), Uid(250)), items, sink), &first));
    scope.start(keep(client->fetch(UidSet::from(Uid(251)), items, sink), &second));
    QTRY_VERIFY_WITH_TIMEOUT(first && second, patience);
    VERIFY_OK(*first);
    VERIFY_OK(*second);
    QCOMPARE((*first)->messages + (*second)->messages, 500U);
    QCOMPARE(client->roundTrips() - before, 1U);
    QCOMPARE(messages.size(), std::size_t(500));
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const FetchedMessage &fetched = messages[i];
        QCOMPARE(fetched.uid, Uid(static_cast<std::uint32_t>(i + 1)));
        QVERIFY(fetched.flags && fetched.envelope && fetched.bodyStructure && fetched.size && fetched.internalDate);
        QVERIFY(fetched.modseq.isValid());
        QCOMPARE(fetched.sections.size(), std::size_t(1));
    }
    QCOMPARE(client->knownUids()->toBytes(), QByteArray("1:500"));

    const auto header = await(client->fetchSection(Uid(3), "HEADER"));
    VERIFY_OK(header);
    QVERIFY(header->contains("Message-I"));
    const auto whole = await(client->fetchSection(Uid(3), {}));
    VERIFY_OK(whole);
    QCOMPARE(static_cast<std::uint64_t>(whole->size()), *messages[2].size);
    QVERIFY(whole->startsWith(*header));
    const auto piece = await(client->fetchSection(Uid(3), {}, FetchPartial{10, 20}));
    VERIFY_OK(piece);
    QCOMPARE(*piece, whole->mid(10, 20));
    const auto gone = await(client->fetchSection(Uid(4000), {}));
    QVERIFY(!gone);
    QCOMPARE(gone.error().kind, ErrorKind::ServerRefused);

    const auto all = await(client->search({SearchKey::all()}));
    VERIFY_OK(all);
    QCOMPARE(all->toBytes(), QByteArray("1:500"));
    const auto none = await(client->search({SearchKey::text(SearchKey::Kind::Subject, "größe nirgends")}));
    VERIFY_OK(none);
    QVERIFY(none->isEmpty());
}

void TestImapClientDovecot::changesMessages()
{
    const auto client = newClient();
    const auto connected = await(client->connect(options()));
    VERIFY_OK(connected);
    const mail::MailboxName work{QStringLiteral("Arbeit"), {}};
    const mail::MailboxName archive{QStringLiteral("Archive"), {}};
    const auto created = await(client->create(work));
    VERIFY_OK(created);
    AppendOptions seen;
    seen.flags.set(mail::SystemFlag::Seen);
    seen.internalDate = 1'700'000'000;
    for (int i = 1; i <= 4; ++i) {
        const auto appended = await(client->append(work, message("number-" + QByteArray::number(i)), seen));
        VERIFY_OK(appended);
        QVERIFY(appended->appendUid);
        QCOMPARE(appended->appendUid->uids.front().first, std::uint32_t(i));
    }
    const auto selected = await(client->select(work));
    VERIFY_OK(selected);
    QCOMPARE(selected->mailbox.exists, 4U);
    const auto learnt = await(client->search({SearchKey::all()}));
    VERIFY_OK(learnt);

    const auto copied = await(client->copy(UidSet::range(Uid(1), Uid(2)), archive));
    VERIFY_OK(copied);
    QCOMPARE(copied->copyUids.size(), std::size_t(1));
    QVERIFY(copied->copyUids.front().destinationOf(Uid(2)).isValid());
    const auto moved = await(client->move(UidSet(Uid(3)), archive));
    VERIFY_OK(moved);
    QCOMPARE(moved->copyUids.size(), std::size_t(1));
    QCOMPARE(client->selected()->exists, 3U);
    QCOMPARE(client->knownUids()->toBytes(), QByteArray("1:2,4"));

    StoreChange change;
    change.flags.set(mail::SystemFlag::Deleted);
    const auto stored = await(client->store(UidSet(Uid(2)), change));
    VERIFY_OK(stored);
    const auto expunged = await(client->expungeUids(UidSet(Uid(2))));
    VERIFY_OK(expunged);
    QCOMPARE(client->knownUids()->toBytes(), QByteArray("1,4"));
    change.unchangedSince = 1;
    const auto conditional = await(client->store(UidSet(Uid(4)), change));
    VERIFY_OK(conditional);
    QCOMPARE(conditional->notModified.toBytes(), QByteArray("4"));

    const auto nowhere = await(client->copy(UidSet(Uid(1)), {QStringLiteral("Nowhere"), {}}));
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().kind, ErrorKind::ServerRefused);
    QVERIFY2(isRefusal(nowhere.error(), SimpleCode::TryCreate), qPrintable(nowhere.error().detail));
    const auto unselected = await(client->unselect());
    VERIFY_OK(unselected);
    QVERIFY(!client->selected());
}

void TestImapClientDovecot::changesMailboxes()
{
    const auto client = newClient();
    const auto connected = await(client->connect(options()));
    VERIFY_OK(connected);
    const mail::MailboxName before{QStringLiteral("Größe & \"Maß\""), {}};
    const mail::MailboxName after{QStringLiteral("日本語/子"), {}};
    const auto created = await(client->create(before));
    VERIFY_OK(created);
    const auto renamed = await(client->rename(before, after));
    VERIFY_OK(renamed);
    const auto subscribed = await(client->subscribe(after));
    VERIFY_OK(subscribed);
    const auto listed = await(client->list());
    VERIFY_OK(listed);
    QVERIFY(std::any_of(listed->begin(), listed->end(), [&](const ListedMailbox &mailbox) {
        return mailbox.name == after && mailbox.subscribed && mailbox.selectable;
    }));
    const auto removed = await(client->remove(after));
    VERIFY_OK(removed);
    const auto again = await(client->remove(after));
    QVERIFY(!again);
    QVERIFY2(isRefusal(again.error(), SimpleCode::NonExistent), qPrintable(again.error().detail));
}

void TestImapClientDovecot::pushes()
{
    QVERIFY(m_server.deliver(message("before")));
    const auto client = newClient();
    const auto connected = await(client->connect(options()));
    VERIFY_OK(connected);
    const auto selected = await(client->select(mail::MailboxName::inbox()));
    VERIFY_OK(selected);
    const std::uint32_t exists = selected->mailbox.exists;
    std::optional<Result<void>> idled;
    async::TaskScope scope;
    scope.start(keep(client->idle(), &idled));
    QTRY_VERIFY_WITH_TIMEOUT(client->isIdling(), patience);
    QCOMPARE(client->selected()->unknownUids, 0U);

    QVERIFY(m_server.deliver(message("pushed")));
    QTRY_VERIFY_WITH_TIMEOUT(!m_updates.empty(), patience);
    QVERIFY(std::get_if<Arrived>(&m_updates.front()) != nullptr);
    QCOMPARE(std::get<Arrived>(m_updates.front()).exists, exists + 1);

    // The new message is fetched out of IDLE, and IDLE comes back.
    std::vector<FetchedMessage> messages;
    FetchItems items;
    items.flags = items.envelope = true;
    const FetchSink sink = [&messages](FetchedMessage &&fetched) { messages.push_back(std::move(fetched)); };
    const auto fetched = await(client->fetch(UidSet::from(selected->mailbox.uidNext), items, sink));
    VERIFY_OK(fetched);
    QCOMPARE(messages.size(), std::size_t(1));
    QCOMPARE(messages.front().envelope->subject, QByteArray("pushed"));
    const Uid uid = messages.front().uid;
    QTRY_VERIFY_WITH_TIMEOUT(client->isIdling(), patience);

    m_updates.clear();
    const QString query = QStringLiteral("uid %1").arg(uid.value());
    QVERIFY(m_server.doveadm({QStringLiteral("flags"), QStringLiteral("add"), QStringLiteral("-u"), m_server.user(),
                              QStringLiteral("\\Flagged"), QStringLiteral("mailbox"), QStringLiteral("INBOX"),
                              QStringLiteral("uid"), QString::number(uid.value())}));
    QTRY_VERIFY_WITH_TIMEOUT(!m_updates.empty(), patience);
    const auto *changed = std::get_if<FlagsChanged>(&m_updates.front());
    QVERIFY(changed != nullptr);
    QCOMPARE(changed->changes.front().uid, uid);
    QVERIFY(changed->changes.front().flags.has(mail::SystemFlag::Flagged));

    m_updates.clear();
    QVERIFY(
        m_server.doveadm({QStringLiteral("expunge"), QStringLiteral("-u"), m_server.user(), QStringLiteral("mailbox"),
                          QStringLiteral("INBOX"), QStringLiteral("uid"), QString::number(uid.value())}));
    QTRY_VERIFY_WITH_TIMEOUT(!m_updates.empty(), patience);
    const auto *vanished = std::get_if<Vanished>(&m_updates.front());
    QVERIFY(vanished != nullptr);
    QCOMPARE(vanished->uids.toBytes(), QByteArray::number(uid.value()));
    QCOMPARE(vanished->unknown, 0U);

    client->stopIdle();
    QTRY_VERIFY_WITH_TIMEOUT(idled.has_value(), patience);
    VERIFY_OK(*idled);
}

void TestImapClientDovecot::resyncsQuickly()
{
    ConnectOptions with = options();
    with.qresync = true;
    const mail::MailboxName box{QStringLiteral("Many"), {}};
    const auto client = newClient();
    const auto connected = await(client->connect(with));
    VERIFY_OK(connected);
    QVERIFY(client->isEnabled("QRESYNC"));
    const auto selected = await(client->select(box));
    VERIFY_OK(selected);
    const SelectedMailbox then = selected->mailbox;
    const auto unselected = await(client->unselect());
    VERIFY_OK(unselected);

    const auto other = std::make_unique<Client>(m_clock, m_streams);
    const auto otherConnected = await(other->connect(options()));
    VERIFY_OK(otherConnected);
    const auto otherSelected = await(other->select(box));
    VERIFY_OK(otherSelected);
    StoreChange change;
    change.flags.set(mail::SystemFlag::Deleted);
    const auto deleted = await(other->store(UidSet::range(Uid(10), Uid(12)), change));
    VERIFY_OK(deleted);
    const auto expunged = await(other->expungeUids(UidSet::range(Uid(10), Uid(12))));
    VERIFY_OK(expunged);
    const auto flagged = await(other->store(UidSet(Uid(20)), change));
    VERIFY_OK(flagged);

    SelectMode mode;
    mode.qresync.emplace();
    mode.qresync->uidValidity = then.uidValidity;
    mode.qresync->modseq = then.highestModSeq;
    const auto resynced = await(client->select(box, mode));
    VERIFY_OK(resynced);
    QCOMPARE(resynced->vanished.toBytes(), QByteArray("10:12"));
    QCOMPARE(resynced->changed.size(), std::size_t(1));
    QCOMPARE(resynced->changed.front().uid, Uid(20));
    QVERIFY(resynced->mailbox.highestModSeq > then.highestModSeq);
}

void TestImapClientDovecot::losesTheConnection()
{
    const auto client = newClient();
    const auto connected = await(client->connect(options()));
    VERIFY_OK(connected);
    const auto selected = await(client->select(mail::MailboxName::inbox()));
    VERIFY_OK(selected);
    std::optional<Result<void>> idled;
    async::TaskScope scope;
    scope.start(keep(client->idle(), &idled));
    QTRY_VERIFY_WITH_TIMEOUT(client->isIdling(), patience);
    QVERIFY(m_server.kick());
    QTRY_VERIFY_WITH_TIMEOUT(idled.has_value(), patience);
    QVERIFY(!*idled);
    QCOMPARE(idled->error().kind, ErrorKind::Network);
    QCOMPARE(m_updates.size(), std::size_t(1));
    QVERIFY(std::holds_alternative<Disconnected>(m_updates.front()));
    QVERIFY(!client->isConnected());
    const auto refused = await(client->noop());
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Network);
}

QTEST_GUILESS_MAIN(TestImapClientDovecot)
#include "test_imap_client_dovecot.moc"
