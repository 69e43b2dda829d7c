// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts on this computer: what was saved is there after any end of the program, and costs what has changed.
#include <QTemporaryDir>
#include <QTest>
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over <concepts>, which these headers bring in
#include "core/base/random.h"
#include "core/credentials/memorystore.h"
#include "core/sync/drafts/draftbox.h"
#include "core/sync/operations/folderoperation.h"
#include "tests/support/fakeclock.h"
#endif

#include <QFile>
#include <QFileInfo>

using namespace kittiwake;
using namespace kittiwake::sync;
using namespace std::chrono_literals;

namespace
{

class NoStreams final : public net::StreamFactory
{
public:
    async::Task<Result<std::unique_ptr<net::ByteStream>>> connect(net::Endpoint, net::TlsMode, net::TlsPolicy) override
    {
        co_return failure(ErrorKind::Network, {}, QStringLiteral("There is no network."));
    }
};

struct Fixture {
    QTemporaryDir profile;
    FakeClock clock;
    NoStreams streams;
    credentials::MemoryStore secrets;
    accounts::PasswordSource passwords{clock, secrets};
    SystemRandom random;
    std::unique_ptr<store::CacheStore> cache = std::move(*store::CacheStore::open(profile.path(), {}));
    std::unique_ptr<store::PendingStore> pending = std::move(*store::PendingStore::open(profile.path(), {}));
    Environment environment{clock, streams, *cache, passwords, random, {}, {}, nullptr, nullptr};
    std::unique_ptr<DraftBox> box;
    mail::DraftId id = mail::DraftId::make(random);
    DraftContext context;
    mime::Composition composition;
    int changes = 0;

    Fixture()
    {
        context.account = AccountId(1);
        composition.from = {QStringLiteral("Anna"), QStringLiteral("anna@example.org")};
        composition.to = {{QStringLiteral("Größe"), QStringLiteral("ben@example.org")}, {{}, QStringLiteral("cla")}};
        composition.bcc = {{{}, QStringLiteral("secret@example.org")}};
        composition.subject = QStringLiteral("Half a subj");
        composition.text = QStringLiteral("Dear Ben,\nI wri");
        composition.references = {"<a@b>", "<c@d>"};
        composition.otherFields = {{"X-Mine", "as it was"}};
        open();
    }
    void open()
    {
        box = std::make_unique<DraftBox>(environment, *pending,
                                         DraftHooks{[](AccountId) {}, [this](const mail::DraftId &) { ++changes; }});
    }
    /** The program ends as it is, and begins again. */
    void crash()
    {
        box.reset();
        pending.reset();
        pending = std::move(*store::PendingStore::open(profile.path(), {}));
        open();
    }
    Result<store::DraftRow> save() { return box->save(id, context, composition); }
    [[nodiscard]] std::vector<store::PendingOperation> operations() const
    {
        return pending->list().value_or(std::vector<store::PendingOperation>());
    }
    [[nodiscard]] std::int64_t now() const { return clock.wall().toMSecsSinceEpoch(); }
};

QByteArray filled(qsizetype size)
{
    QByteArray bytes(size, '\0');
    for (qsizetype at = 0; at < size; ++at)
        bytes[at] = static_cast<char>(at * 7 % 251);
    return bytes;
}

} // namespace

class TestDraftBox final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingOutlivesACrash()
    {
        Fixture f;
        f.context.identity = QStringLiteral("work");
        f.context.isRich = true;
        f.context.wantsDeliveryReport = true;
        f.context.window = QByteArray("\0\1cursor", 8);
        f.context.origins = {{DraftOrigin::How::Forwards, AccountId(2), QStringLiteral("Größe"), "<a@b>"}};
        f.composition.html = QStringLiteral("<p>Dear Ben,</p>");
        f.composition.sender = mail::Address{{}, QStringLiteral("office@example.org")};
        f.composition.priority = mime::Composition::Priority::High;
        f.composition.wantsReceipt = true;
        f.composition.attachments
            = {mime::OutgoingFile{QStringLiteral("Größe.bin"), "application/x-y", {}, filled(300'000)},
               mime::OutgoingFile{QStringLiteral("i.png"), "image/png", "i@k", filled(10)},
               mime::ForwardedPart{"Content-Type: text/x-z\r\n", "Gr\xF6\xDF"},
               mime::ForwardedMessage{QStringLiteral("m.eml"), "Subject: x\r\n\r\nText\r\n"}};
        QVERIFY(f.save());
        f.crash();
        QVERIFY(!f.box->isOpen(f.id));
        const auto loaded = f.box->load(f.id);
        QVERIFY(loaded);
        QCOMPARE(loaded->context, f.context);
        QCOMPARE(loaded->composition, f.composition);
        QVERIFY(loaded->row.isOpen);
        QVERIFY(f.box->isOpen(f.id));
    }

    void theNewestTakesThePlaceOfTheOthers()
    {
        Fixture f;
        f.composition.attachments = {mime::OutgoingFile{QStringLiteral("a"), {}, {}, filled(200'000)},
                                     mime::OutgoingFile{QStringLiteral("b"), {}, {}, filled(100'000)}};
        QVERIFY(f.save());
        for (int i = 0; i < 50; ++i) {
            f.composition.text += u'x';
            const auto row = f.save();
            QVERIFY(row);
            QCOMPARE(row->revision, i + 2);
        }
        // Written once, and one operation to bring it to the server.
        QCOMPARE(f.pending->draftPartsSize(f.id).value_or(0), 300'000);
        QCOMPARE(f.operations().size(), 1U);
        f.composition.attachments.erase(f.composition.attachments.begin());
        QVERIFY(f.save());
        QCOMPARE(f.pending->draftPartsSize(f.id).value_or(0), 100'000);
        QCOMPARE(f.pending->drafts()->size(), 1U);
        QCOMPARE(f.box->load(f.id)->composition, f.composition);
        // Nothing new is no work.
        const auto before = f.pending->draft(f.id);
        QVERIFY(f.save());
        QCOMPARE(f.pending->draft(f.id).value_or(std::nullopt), before.value_or(std::nullopt));
    }

    void theServerWaitsALittle()
    {
        Fixture f;
        const std::int64_t begun = f.now();
        QVERIFY(f.save());
        f.clock.advance(5s);
        f.composition.text += u'x';
        QVERIFY(f.save());
        QCOMPARE(f.operations().size(), 1U);
        QCOMPARE(f.operations().front().nextAttemptAt, begun + 15'000);
        QVERIFY(f.box->close(f.id));
        QCOMPARE(f.operations().size(), 1U);
        QCOMPARE(f.operations().front().nextAttemptAt, f.now());
        QVERIFY(!f.pending->draft(f.id)->value().isOpen);
        // Nothing that people did waits for the server.
        QCOMPARE(f.pending->counts()->waiting, 0);
    }

    void openedAgainOnItsWayToTheServerItStays()
    {
        Fixture f;
        QVERIFY(f.save());
        QVERIFY(f.box->close(f.id));
        QVERIFY(!f.pending->draft(f.id)->value().isOpen);
        QVERIFY(f.box->load(f.id));
        QVERIFY(f.pending->draft(f.id)->value().isOpen);
    }

    void openedTwiceFromTheServerItIsOne()
    {
        Fixture f;
        DraftServer server;
        server.identity = f.id;
        server.mailbox.text = QStringLiteral("Drafts");
        server.validity = UidValidity(7);
        server.base = DraftVersion{Uid(4), "<x@y>", 100};
        f.box->adopt(f.id, AccountId(1), server);
        QCOMPARE(f.box->findVersion(AccountId(1), server.mailbox, UidValidity(7), Uid(4)).value_or(mail::DraftId()),
                 f.id);
        QVERIFY(!f.box->findVersion(AccountId(2), server.mailbox, UidValidity(7), Uid(4))->isValid());
        QVERIFY(!f.box->findVersion(AccountId(1), server.mailbox, UidValidity(7), Uid(5))->isValid());
        QVERIFY(f.box->close(f.id));
        QVERIFY(!f.box->findVersion(AccountId(1), server.mailbox, UidValidity(7), Uid(4))->isValid());
    }

    void filesAreCopiedWhenTheyAreAttached()
    {
        Fixture f;
        const QString path = f.profile.filePath(QStringLiteral("notes.txt"));
        const auto write = [&path](const QByteArray &bytes) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(bytes), bytes.size());
        };
        write("first");
        f.composition.attachments = {mime::OutgoingFile{QStringLiteral("notes.txt"), "text/plain", {}, path}};
        QVERIFY(f.save());
        QVERIFY(QFile::remove(path));
        f.composition.text += u'x';
        QVERIFY(f.save());
        f.crash();
        const auto loaded = f.box->load(f.id);
        QVERIFY(loaded);
        QCOMPARE(std::get<QByteArray>(std::get<mime::OutgoingFile>(loaded->composition.attachments[0]).content),
                 QByteArray("first"));
        // Attached again after it was changed.
        write("second version");
        f.composition.attachments = {mime::OutgoingFile{QStringLiteral("notes.txt"), "text/plain", {}, path}};
        QVERIFY(f.save());
        const auto again = f.box->load(f.id);
        QCOMPARE(std::get<QByteArray>(std::get<mime::OutgoingFile>(again->composition.attachments[0]).content),
                 QByteArray("second version"));
    }

    void anAttachmentThatCannotBeKeptDoesNotStopTheText()
    {
        Fixture f;
        const QString path = f.profile.filePath(QStringLiteral("missing.txt"));
        f.composition.attachments = {mime::OutgoingFile{QStringLiteral("missing.txt"), {}, {}, path},
                                     mime::OutgoingFile{QStringLiteral("huge"), {}, {}, filled(46 * 1024 * 1024)}};
        const auto row = f.save();
        QVERIFY(row);
        QVERIFY(!row->notice.isEmpty());
        const auto loaded = f.box->load(f.id);
        QVERIFY(loaded);
        QCOMPARE(loaded->composition.text, f.composition.text);
        QCOMPARE(std::get<QString>(std::get<mime::OutgoingFile>(loaded->composition.attachments[0]).content), path);
        f.composition.attachments.clear();
        const auto better = f.save();
        QVERIFY(better);
        QVERIFY(better->notice.isEmpty());
    }

    void discardedIsGone()
    {
        Fixture f;
        QVERIFY(f.box->discard(f.id)); // never saved
        QVERIFY(f.save());
        QVERIFY(f.box->discard(f.id));
        QVERIFY(f.pending->drafts()->empty());
        QVERIFY(f.operations().empty());
        QVERIFY(!f.box->load(f.id));
    }

    void whatTheServerHasGoesToo()
    {
        Fixture f;
        DraftServer server;
        server.identity = f.id;
        server.mailbox.text = QStringLiteral("Drafts");
        server.validity = UidValidity(7);
        server.base = DraftVersion{Uid(4), "<x@y>", 100};
        const mail::DraftId local = mail::DraftId::make(f.random);
        f.box->adopt(local, AccountId(1), server);
        // Opened and not changed: nothing is stored.
        QVERIFY(f.pending->drafts()->empty());
        f.id = local;
        QVERIFY(f.save());
        const auto found = f.box->findVersion(AccountId(1), {QStringLiteral("Drafts"), {}}, UidValidity(7), Uid(4));
        QVERIFY(found);
        QCOMPARE(*found, local);
        // To another account: there it begins anew, and here it goes.
        f.context.account = AccountId(2);
        const auto moved = f.save();
        QVERIFY(moved);
        QVERIFY(DraftServer::fromBytes(moved->server).isEmpty());
        const auto operations = f.operations();
        QCOMPARE(operations.size(), 2U);
        const auto removal = DraftOperation::fromBytes(operations.front().kind, operations.front().payload);
        QVERIFY(removal);
        QCOMPARE(operations.front().account, AccountId(1));
        QCOMPARE(removal->server, server);
        QCOMPARE(operations.back().account, AccountId(2));
        QVERIFY(f.box->discard(local));
        QCOMPARE(f.operations().size(), 1U);
    }

    /** Of two versions one is thrown away in favour of the other, and only while that is there. */
    void whatIsThrownAwaySaysWhatIsKept()
    {
        for (const bool keepsOwn : {true, false}) {
            Fixture f;
            auto row = f.save();
            QVERIFY(row);
            DraftServer own;
            own.identity = mail::DraftId::make(f.random);
            own.mailbox.text = QStringLiteral("Drafts");
            own.validity = UidValidity(7);
            own.base = DraftVersion{Uid(9), "<own@y>", 100};
            own.isConflict = true;
            own.other = Uid(8);
            row->server = own.toBytes();
            row->synced = row->revision;
            QVERIFY(f.pending->putDraft(*row));
            DraftServer theirs;
            theirs.identity = mail::DraftId::make(f.random);
            theirs.mailbox = own.mailbox;
            theirs.validity = own.validity;
            theirs.base = DraftVersion{Uid(8), "<theirs@y>", 100};
            const mail::DraftId other = mail::DraftId::make(f.random);
            f.box->adopt(other, AccountId(1), theirs);
            QVERIFY(f.box->discard(keepsOwn ? other : f.id));
            std::optional<DraftOperation> removal;
            for (const store::PendingOperation &operation : f.operations()) {
                if (auto one = DraftOperation::fromBytes(operation.kind, operation.payload);
                    one && !one->draft.isValid())
                    removal = one;
            }
            QVERIFY(removal);
            QCOMPARE(removal->server, keepsOwn ? theirs : own);
            const KeptVersion kept
                = keepsOwn ? KeptVersion{f.id, own.identity, Uid(9)} : KeptVersion{{}, theirs.identity, Uid(8)};
            QCOMPARE(removal->kept, std::optional(kept));
        }
        // Where there are not two, nothing is said.
        Fixture f;
        DraftServer server;
        server.identity = f.id;
        server.mailbox.text = QStringLiteral("Drafts");
        server.validity = UidValidity(7);
        server.base = DraftVersion{Uid(4), "<x@y>", 100};
        f.box->adopt(f.id, AccountId(1), server);
        QVERIFY(f.box->discard(f.id));
        const auto operations = f.operations();
        QCOMPARE(operations.size(), 1U);
        QVERIFY(!DraftOperation::fromBytes(operations.front().kind, operations.front().payload)->kept);
    }

    /** A folder of the account, as a first sync finds it. */
    static void addFolders(const Fixture &f, const std::vector<std::pair<QString, mail::MailboxRole>> &folders)
    {
        const auto done = f.cache->write([&folders](store::CacheTransaction &transaction) -> Result<void> {
            std::vector<store::MailboxListing> listings;
            for (const auto &[name, role] : folders) {
                store::MailboxListing listing;
                listing.name = {name, {}};
                listing.delimiter = u'/';
                listing.role = role;
                listings.push_back(listing);
            }
            const auto made = transaction.replaceMailboxes(AccountId(1), listings);
            return made ? Result<void>() : failure(made.error());
        });
        QVERIFY(done);
    }

    void templatesGoToAFolderOfTheirOwn()
    {
        Fixture f;
        addFolders(f,
                   {{QStringLiteral("INBOX"), mail::MailboxRole::Inbox},
                    {QStringLiteral("Drafts"), mail::MailboxRole::Drafts}});
        f.context.kind = DraftContext::Kind::Template;
        QVERIFY(f.save());
        // First the folder, as it is not there, then the template.
        const auto operations = f.operations();
        QCOMPARE(operations.size(), 2U);
        const auto folder = FolderOperation::fromBytes(operations.front().kind, operations.front().payload);
        QVERIFY(folder);
        QCOMPARE(folder->mailbox.text, QStringLiteral("Templates"));
        QCOMPARE(folder->role, mail::MailboxRole::None);
        f.crash();
        const auto loaded = f.box->load(f.id);
        QVERIFY(loaded);
        QCOMPARE(loaded->context.kind, DraftContext::Kind::Template);
    }

    void whatIsRedirectedIsNoDraftOfTheServers()
    {
        Fixture f;
        f.context.kind = DraftContext::Kind::Redirect;
        f.composition.attachments = {mime::ForwardedMessage{QStringLiteral("x"), "From: x\r\n\r\ny\r\n"}};
        const auto row = f.save();
        QVERIFY(row);
        QVERIFY(f.operations().empty());
        QVERIFY(f.box->handOver(*row, OperationId(7)));
        const auto sent = f.pending->draft(f.id);
        QVERIFY(f.box->comeBack(**sent, QStringLiteral("Refused.")));
        QVERIFY(f.operations().empty());
        const auto back = f.box->load(f.id);
        QVERIFY(back);
        QCOMPARE(back->composition.attachments, f.composition.attachments);
        QVERIFY(f.box->close(f.id));
        QVERIFY(!*f.pending->draft(f.id));
    }

    void whoeverChoosesOneOfTwoVersionsHasNoConflictAnyMore()
    {
        Fixture f;
        const auto saved = f.save();
        QVERIFY(saved);
        store::DraftRow row = *saved;
        DraftServer server = DraftServer::fromBytes(row.server);
        server.mailbox = {QStringLiteral("Drafts"), {}};
        server.validity = UidValidity(5);
        server.base = DraftVersion{Uid(11), "<a@b>", 100};
        server.isConflict = true;
        server.other = Uid(12);
        row.server = server.toBytes();
        QVERIFY(f.pending->putDraft(row));
        DraftServer other;
        other.identity = mail::DraftId::make(f.random);
        other.mailbox = server.mailbox;
        other.validity = server.validity;
        other.base = DraftVersion{Uid(12), "<c@d>", 90};
        const mail::DraftId opened = mail::DraftId::make(f.random);
        f.box->adopt(opened, AccountId(1), other);
        const std::size_t before = f.operations().size();
        QVERIFY(f.box->discard(opened));
        // What goes is that version, by its number and its name, and nothing else.
        const auto operations = f.operations();
        QCOMPARE(operations.size(), before + 1);
        const auto removal = DraftOperation::fromBytes(operations.back().kind, operations.back().payload);
        QVERIFY(removal);
        QVERIFY(!removal->draft.isValid());
        QCOMPARE(removal->server.base->uid, Uid(12));
        const DraftServer kept = DraftServer::fromBytes((*f.pending->draft(f.id))->server);
        QVERIFY(!kept.isConflict);
        QVERIFY(!kept.other.isValid());
        QCOMPARE(kept.base->uid, Uid(11));
    }

    void versionsTellWhoseTheyAre()
    {
        Fixture f;
        const mail::Address from{{}, QStringLiteral("anna@example.org")};
        const QByteArray one = draftMessageId(f.id, from, f.random);
        const QByteArray other = draftMessageId(f.id, from, f.random);
        QVERIFY(one != other);
        QVERIFY(one.endsWith("@example.org>"));
        QCOMPARE(draftIdentity(one), f.id);
        QCOMPARE(draftIdentity(other), f.id);
        QVERIFY(!draftIdentity(sentMessageId(f.id, from, f.random)).isValid());
        QCOMPARE(sentMessageId(f.id, from, f.random), '<' + f.id.text() + "@example.org>");
        QVERIFY(!draftIdentity("<somebody@else.example>").isValid());
        QVERIFY(!draftIdentity({}).isValid());
        QVERIFY(adoptedIdentity("<somebody@else.example>").isValid());
        QCOMPARE(adoptedIdentity("<somebody@else.example>"), adoptedIdentity("<somebody@else.example>"));
        QVERIFY(!adoptedIdentity({}).isValid());
    }

    void whatTheServerHasIsKeptAsItIs()
    {
        DraftServer server;
        server.identity = mail::DraftId::fromText(QByteArray(32, 'a'));
        server.mailbox = {QStringLiteral("Entwürfe"), "Entw&APw-rfe"};
        server.validity = UidValidity(4'000'000'000);
        server.base = DraftVersion{Uid(9), "<a@b>", 12};
        server.seen = Uid(12);
        server.isLost = true;
        server.attempt = "<e@f>";
        server.attempted = 5;
        server.isConflict = true;
        server.other = Uid(10);
        QCOMPARE(DraftServer::fromBytes(server.toBytes()), server);
        QCOMPARE(DraftServer::fromBytes({}), DraftServer());
        QCOMPARE(DraftServer::fromBytes("{\"base\":"), DraftServer());
        QVERIFY(!DraftOperation::fromBytes(QStringLiteral("draft"), "{}"));
        QVERIFY(!DraftOperation::fromBytes(QStringLiteral("flag"), server.toBytes()));
    }
};

QTEST_GUILESS_MAIN(TestDraftBox)
#include "test_draftbox.moc"
