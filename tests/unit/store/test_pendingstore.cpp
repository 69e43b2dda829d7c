// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"
#include "core/store/pendingstore.h"
#include "core/store/profilefiles.h"
#include "core/store/storageerror.h"
#include "tests/unit/store/cachefixture.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>

using namespace kittiwake;
using namespace kittiwake::store;

namespace
{

PendingOperation operation(AccountId account, const QString &kind)
{
    PendingOperation result;
    result.account = account;
    result.kind = kind;
    result.payload = QByteArray("{\"uid\":1}\0\xFF", 11);
    result.undo = QByteArrayLiteral("undo");
    result.createdAt = 1'700'000'000'123;
    return result;
}

} // namespace

class TestPendingStore final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operationsOutliveTheProcess()
    {
        const QTemporaryDir profile;
        PendingOperation first = operation(AccountId(1), QStringLiteral("flag"));
        PendingOperation second = operation(AccountId(2), QStringLiteral("move"));
        second.state = OperationState::Failed;
        second.error = QStringLiteral("Größe");
        second.attempts = 3;
        second.nextAttemptAt = 5;
        {
            const auto store = PendingStore::open(profile.path(), Secret());
            VERIFY_OK(store);
            const auto one = (*store)->add(first);
            VERIFY_OK(one);
            first.id = *one;
            const auto two = (*store)->add(second);
            VERIFY_OK(two);
            second.id = *two;
            QVERIFY(second.id > first.id);
        }
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        QCOMPARE((*store)->list().value_or(std::vector<PendingOperation>()), (std::vector{first, second}));
        QCOMPARE((*store)->list(AccountId(2)).value_or(std::vector<PendingOperation>()), std::vector{second});
        QCOMPARE((*store)->find(first.id).value_or(std::nullopt), std::optional(first));
        QCOMPARE((*store)->find(OperationId(4711)).value_or(PendingOperation()), std::optional<PendingOperation>());
    }

    void whatIsRememberedIsWhatIsThere()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        PendingOperation one = operation(AccountId(1), QStringLiteral("flag"));
        one.id = (*store)->add(one).value_or(OperationId());
        const auto reader = PendingStore::open(profile.path(), Secret(), PendingStore::Access::ReadOnly);
        VERIFY_OK(reader);
        const auto states = [&](const PendingStore &from) {
            std::vector<std::tuple<int, int, int, std::int64_t>> found;
            for (const PendingOperation &row : from.list().value_or(std::vector<PendingOperation>())) {
                const auto alone = from.find(row.id).value_or(std::nullopt);
                const auto briefs = from.briefs(AccountId(1)).value_or(std::vector<PendingBrief>());
                found.emplace_back(static_cast<int>(row.state), alone ? static_cast<int>(alone->state) : -1,
                                   briefs.empty() ? -1 : static_cast<int>(briefs.front().state),
                                   from.counts().value_or(PendingCounts()).waiting);
            }
            return found;
        };
        const std::vector<std::tuple<int, int, int, std::int64_t>> queued{{0, 0, 0, 1}};
        const std::vector<std::tuple<int, int, int, std::int64_t>> parked{{2, 2, 2, 0}};
        QCOMPARE(states(**store), queued);
        QCOMPARE(states(**store), queued);
        // What is rolled back never was, whether somebody asked meanwhile or not.
        one.state = OperationState::Failed;
        const auto undone = (*store)->inTransaction([&]() -> Result<void> {
            const auto updated = (*store)->update(one);
            if (updated && states(**store) == parked)
                return failure(ErrorKind::Input, {}, QStringLiteral("given up"));
            return updated;
        });
        QVERIFY(!undone);
        QCOMPARE(states(**store), queued);
        VERIFY_OK((*store)->update(one));
        QCOMPARE(states(**store), parked);
        QCOMPARE(states(**reader), parked);
        VERIFY_OK((*store)->remove(one.id));
        QVERIFY(states(**store).empty());
        QVERIFY(states(**reader).empty());
        QCOMPARE((*store)->counts().value_or(PendingCounts{7, 7}), PendingCounts());
    }

    void whatIsSplitOffKeepsItsPlace()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        PendingOperation one = operation(AccountId(1), QStringLiteral("move"));
        one.id = (*store)->add(one).value_or(OperationId());
        PendingOperation later = operation(AccountId(1), QStringLiteral("flag"));
        later.id = (*store)->add(later).value_or(OperationId());
        PendingOperation part = one;
        part.action = one.id;
        const auto ids = (*store)->replace(std::span(&one, 1), std::span(&part, 1));
        VERIFY_OK(ids);
        // Its number is the highest, but the person did something else after it.
        part.id = ids->front();
        QCOMPARE((*store)->list().value_or(std::vector<PendingOperation>()), (std::vector{one, part, later}));
        std::vector<OperationId> order;
        for (const PendingBrief &brief : (*store)->briefs().value_or(std::vector<PendingBrief>()))
            order.push_back(brief.id);
        QCOMPARE(order, (std::vector{one.id, part.id, later.id}));
    }

    void whatWaitsAndWhatNeedsThePersonIsCounted()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        QCOMPARE((*store)->counts(), Result<PendingCounts>(PendingCounts{0, 0}));
        const auto add = [&store](const char *kind, OperationState state) {
            PendingOperation one = operation(AccountId(1), QString::fromLatin1(kind));
            one.state = state;
            return (*store)->add(one).has_value();
        };
        QVERIFY(add("move", OperationState::Queued) && add("send", OperationState::Running));
        QVERIFY(add("move", OperationState::Failed) && add("send", OperationState::Unknown));
        QVERIFY(add("move", OperationState::Done) && add("draft", OperationState::Queued));
        QCOMPARE((*store)->counts(), Result<PendingCounts>(PendingCounts{2, 2}));
        QVERIFY(add("draft", OperationState::Failed));
        QCOMPARE((*store)->counts(), Result<PendingCounts>(PendingCounts{2, 3}));
    }

    void severalAreReplacedTogetherOrNotAtAll()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        PendingOperation one = operation(AccountId(1), QStringLiteral("move"));
        one.id = (*store)->add(one).value_or(OperationId());
        PendingOperation changed = one;
        changed.progress = QByteArrayLiteral("half-way");
        const PendingOperation another = operation(AccountId(1), QStringLiteral("flag"));
        const auto ids = (*store)->replace(std::span(&changed, 1), std::span(&another, 1));
        VERIFY_OK(ids);
        QCOMPARE(ids->size(), 1U);
        QCOMPARE((*store)->find(one.id).value_or(std::nullopt), std::optional(changed));
        QCOMPARE((*store)->list().value_or(std::vector<PendingOperation>()).size(), 2U);
        // The second one is not there: the first one stays as it was.
        std::vector<PendingOperation> both{one, one};
        both[1].id = OperationId(4711);
        QVERIFY(!(*store)->update(both));
        changed.progress = QByteArrayLiteral("further");
        std::vector<std::pair<OperationId, QByteArray>> notes{{one.id, changed.progress}};
        VERIFY_OK((*store)->setProgress(notes));
        notes = {{one.id, QByteArrayLiteral("lost")}, {OperationId(4711), QByteArrayLiteral("x")}};
        const auto unknown = (*store)->setProgress(notes);
        QVERIFY(!unknown && unknown.error().kind == ErrorKind::Input);
        QCOMPARE((*store)->find(one.id).value_or(std::nullopt), std::optional(changed));
    }

    void whatFollowsFromAMessageTakesItOver()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        const QByteArray message("Subject: x\r\n\r\nText\0\r\n", 19);
        PendingOperation sent = operation(AccountId(1), QStringLiteral("send"));
        sent.id = (*store)->add(sent, message).value_or(OperationId());
        QVERIFY(sent.id.isValid());
        const std::vector<PendingOperation> parts{operation(AccountId(1), QStringLiteral("flag")),
                                                  operation(AccountId(1), QStringLiteral("append"))};
        // Some recipients are left: the message stays, and its copy has one too.
        sent.state = OperationState::Queued;
        sent.payload = QByteArrayLiteral("fewer");
        const auto first = (*store)->conclude(sent, parts);
        VERIFY_OK(first);
        QCOMPARE(first->size(), 2U);
        QCOMPARE((*store)->find(sent.id).value_or(std::nullopt), std::optional(sent));
        QCOMPARE((*store)->content(sent.id).value_or(std::nullopt), std::optional(message));
        QCOMPARE((*store)->content((*first)[1]).value_or(std::nullopt), std::optional(message));
        QCOMPARE((*store)->content((*first)[0]).value_or(message), std::optional<QByteArray>());
        // None is left.
        sent.state = OperationState::Done;
        const auto second = (*store)->conclude(sent, parts);
        VERIFY_OK(second);
        QCOMPARE((*store)->find(sent.id).value_or(sent), std::optional<PendingOperation>());
        QCOMPARE((*store)->content(sent.id).value_or(message), std::optional<QByteArray>());
        QCOMPARE((*store)->content((*second)[1]).value_or(std::nullopt), std::optional(message));
        // All or nothing: one part cannot be noted down.
        PendingOperation other = operation(AccountId(1), QStringLiteral("send"));
        other.id = (*store)->add(other, message).value_or(OperationId());
        std::vector<PendingOperation> bad = parts;
        bad[1].kind.clear();
        other.state = OperationState::Done;
        QVERIFY(!(*store)->conclude(other, bad));
        QCOMPARE((*store)->content(other.id).value_or(std::nullopt), std::optional(message));
        QCOMPARE((*store)->list().value_or(std::vector<PendingOperation>()).size(), 5U);
    }

    void updateReplacesAllButWhoAndWhen()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        PendingOperation one = operation(AccountId(1), QStringLiteral("move"));
        const auto id = (*store)->add(one);
        VERIFY_OK(id);
        one.id = *id;
        PendingOperation changed = one;
        changed.state = OperationState::Running;
        changed.attempts = 2;
        changed.error = QStringLiteral("cut");
        changed.payload = QByteArrayLiteral("other");
        changed.undo.clear();
        changed.nextAttemptAt = 99;
        changed.account = AccountId(9);
        changed.createdAt = 1;
        VERIFY_OK((*store)->update(changed));
        changed.account = one.account;
        changed.createdAt = one.createdAt;
        QCOMPARE((*store)->find(one.id).value_or(std::nullopt), std::optional(changed));
        changed.id = OperationId(4711);
        const auto refused = (*store)->update(changed);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Input);
    }

    void idsAreNeverReused()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        const auto first = (*store)->add(operation(AccountId(1), QStringLiteral("flag")));
        VERIFY_OK(first);
        VERIFY_OK((*store)->remove(*first));
        VERIFY_OK((*store)->remove(*first));
        QVERIFY((*store)->list().value_or(std::vector<PendingOperation>(1)).empty());
        const auto second = (*store)->add(operation(AccountId(1), QStringLiteral("flag")));
        VERIFY_OK(second);
        QVERIFY(*second > *first);
    }

    void limits()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        std::vector<PendingOperation> bad(4, operation(AccountId(1), QStringLiteral("flag")));
        bad[0].account = AccountId();
        bad[1].kind.clear();
        bad[2].kind = QString(65, QChar(u'k'));
        bad[3].payload = QByteArray(64 * 1024 * 1024 + 1, 'p');
        for (const PendingOperation &one : bad) {
            const auto refused = (*store)->add(one);
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, ErrorKind::Input);
        }
        PendingOperation large = operation(AccountId(1), QStringLiteral("append"));
        large.payload = QByteArray(8 * 1024 * 1024, 'm');
        const auto id = (*store)->add(large);
        VERIFY_OK(id);
        const auto found = (*store)->find(*id);
        VERIFY_OK(found);
        QVERIFY((*found)->payload == large.payload);
    }

    void readersLookBesideTheWriter()
    {
        const QTemporaryDir profile;
        QVERIFY(!PendingStore::open(profile.path(), Secret(), PendingStore::Access::ReadOnly));
        const auto writer = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(writer);
        const auto reader = PendingStore::open(profile.path(), Secret(), PendingStore::Access::ReadOnly);
        VERIFY_OK(reader);
        VERIFY_OK((*writer)->add(operation(AccountId(1), QStringLiteral("flag"))));
        QCOMPARE((*reader)->list().value_or(std::vector<PendingOperation>()).size(), 1U);
        const auto refused = (*reader)->add(operation(AccountId(1), QStringLiteral("flag")));
        QVERIFY(!refused);
        QVERIFY(refused.error().detail.startsWith(QLatin1String("SQLITE_READONLY")));
    }

    void deletedWorkLeavesNoBytes()
    {
        const QTemporaryDir profile;
        const QByteArray canary("CANARY-of-a-letter-that-was-sent");
        {
            const auto store = PendingStore::open(profile.path(), Secret());
            VERIFY_OK(store);
            PendingOperation letter = operation(AccountId(1), QStringLiteral("append"));
            letter.payload = canary.repeated(2000);
            const auto id = (*store)->add(letter);
            VERIFY_OK(id);
            VERIFY_OK((*store)->remove(*id));
        } // the last one to close moves the WAL into the file and deletes it
        QVERIFY(!QFile::exists(pendingPath(profile.path()) + QLatin1String("-wal")));
        QFile file(pendingPath(profile.path()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("CANARY"));
    }

    void damageIsAnErrorAndTheFileStays()
    {
        const QTemporaryDir profile;
        {
            const auto store = PendingStore::open(profile.path(), Secret());
            VERIFY_OK(store);
            PendingOperation one = operation(AccountId(1), QStringLiteral("append"));
            one.payload = QByteArray(100'000, 'p');
            for (int index = 0; index < 5; ++index)
                VERIFY_OK((*store)->add(one));
        }
        QFile file(pendingPath(profile.path()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(4096)); // the root of the table
        QCOMPARE(file.write(QByteArray(4096 * 3, '\x5A')), 4096 * 3);
        file.close();
        const qint64 size = file.size();
        for (const auto access : {PendingStore::Access::ReadWrite, PendingStore::Access::ReadOnly}) {
            const auto opened = PendingStore::open(profile.path(), Secret(), access);
            QVERIFY(!opened);
            QVERIFY(isDamaged(opened.error()));
            QVERIFY(opened.error().userText.contains(QLatin1String("backup")));
        }
        QCOMPARE(QFile(pendingPath(profile.path())).size(), size);
    }

    void nobodyElseMayReadIt()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        VERIFY_OK((*store)->add(operation(AccountId(1), QStringLiteral("flag"))));
        const auto mine
            = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser | QFileDevice::WriteUser;
        for (const char *suffix : {"", "-wal", "-shm"}) {
            const QFileInfo file(pendingPath(profile.path()) + QLatin1String(suffix));
            QVERIFY2(file.exists(), suffix);
            QCOMPARE(file.permissions(), mine);
        }
    }

    void messagesAreReadInPieces()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        const QByteArray message = QByteArray("0123456789").repeated(50'000);
        const auto id = (*store)->add(operation(AccountId(1), QStringLiteral("send")), message);
        VERIFY_OK(id);
        QCOMPARE((*store)->contentSize(*id).value_or(std::nullopt), std::optional<std::int64_t>(message.size()));
        QCOMPARE((*store)->contentSize(OperationId(99)).value_or(0), std::optional<std::int64_t>());
        QByteArray together;
        for (QByteArray piece = "x"; !piece.isEmpty(); together += piece) {
            const auto read = (*store)->contentPiece(*id, together.size(), 123'457);
            VERIFY_OK(read);
            piece = *read;
        }
        QCOMPARE(together, message);
        QCOMPARE((*store)->contentPiece(*id, message.size() + 5, 10).value_or("?"), QByteArray());
        QVERIFY(!(*store)->contentPiece(OperationId(99), 0, 10));
    }

    void draftsHaveTheirParts()
    {
        const QTemporaryDir profile;
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        DraftRow row;
        row.id = mail::DraftId::fromText(QByteArray(32, 'b'));
        row.account = AccountId(3);
        row.createdAt = 5;
        row.changedAt = 6;
        row.revision = 7;
        row.synced = 4;
        row.syncedAt = 3;
        row.isOpen = false;
        row.push = OperationId(11);
        row.outgoing = OperationId(12);
        row.notice = QStringLiteral("Größe");
        row.written = "{}";
        row.server = QByteArray("\0\xFF", 2);
        VERIFY_OK((*store)->putDraft(row));
        QCOMPARE((*store)->draft(row.id).value_or(std::nullopt), std::optional(row));
        row.revision = 8;
        VERIFY_OK((*store)->putDraft(row));
        QCOMPARE((*store)->drafts().value_or(std::vector<DraftRow>()), std::vector{row});
        QVERIFY((*store)->drafts(AccountId(1))->empty());
        QBuffer bytes;
        bytes.setData(QByteArray(600'000, 'z'));
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        const auto one = (*store)->addDraftPart(row.id, bytes);
        VERIFY_OK(one);
        QVERIFY(bytes.seek(599'999));
        const auto two = (*store)->addDraftPart(row.id, bytes);
        VERIFY_OK(two);
        QCOMPARE((*store)->draftPart(*two).value_or("?"), QByteArray("z"));
        QCOMPARE((*store)->draftPartsSize(row.id).value_or(0), 600'001);
        VERIFY_OK((*store)->keepDraftParts(row.id, std::span(&*two, 1)));
        QVERIFY(!(*store)->draftPart(*one));
        QCOMPARE((*store)->draftPartsSize(row.id).value_or(0), 1);
        VERIFY_OK((*store)->removeDraft(row.id));
        QVERIFY(!(*store)->draftPart(*two));
        // A part of nothing is refused, and leaves nothing.
        QVERIFY(!(*store)->addDraftPart(row.id, bytes));
    }

    void wordsThatWereTaughtAreKept()
    {
        const QTemporaryDir profile;
        {
            const auto store = PendingStore::open(profile.path(), Secret());
            VERIFY_OK(store);
            VERIFY_OK((*store)->setKnownWord(QStringLiteral("Kittiwake"), true));
            VERIFY_OK((*store)->setKnownWord(QString::fromUtf8("größer"), true));
            VERIFY_OK((*store)->setKnownWord(QStringLiteral("Kittiwake"), true));
            VERIFY_OK((*store)->setKnownWord(QStringLiteral("ferrry"), true));
            VERIFY_OK((*store)->setKnownWord(QStringLiteral("ferrry"), false));
            QVERIFY(!(*store)->setKnownWord(QString(101, u'a'), true));
            QVERIFY(!(*store)->setKnownWord({}, true));
        }
        const auto store = PendingStore::open(profile.path(), Secret());
        VERIFY_OK(store);
        QCOMPARE((*store)->knownWords().value_or(QStringList()),
                 QStringList({QStringLiteral("Kittiwake"), QString::fromUtf8("größer")}));
        // What somebody writes about is for nobody else to read.
        const QFileInfo file(profile.filePath(QStringLiteral("pending.db")));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
    }

    void statesHaveNames()
    {
        QCOMPARE(operationStateName(OperationState::Queued), QStringLiteral("queued"));
        QCOMPARE(operationStateName(OperationState::Running), QStringLiteral("running"));
        QCOMPARE(operationStateName(OperationState::Failed), QStringLiteral("failed"));
        QCOMPARE(operationStateName(OperationState::Done), QStringLiteral("done"));
    }
};

QTEST_GUILESS_MAIN(TestPendingStore)
#include "test_pendingstore.moc"
