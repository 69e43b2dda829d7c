// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/folderoperation.h"
#include "core/sync/operations/readdress.h"

#include <QTemporaryDir>
#include <QTest>

using namespace kittiwake;
using namespace kittiwake::sync;

namespace
{

using Kind = FolderOperation::Kind;

FolderOperation operation(Kind kind, const char16_t *name, const char16_t *to = nullptr)
{
    FolderOperation result;
    result.kind = kind;
    result.mailbox.text = QString::fromUtf16(name);
    if (to != nullptr)
        result.to.text = QString::fromUtf16(to);
    result.delimiter = u'/';
    return result;
}

std::vector<store::MailboxRow> rows(const QStringList &names)
{
    std::vector<store::MailboxRow> result;
    for (const QString &name : names) {
        store::MailboxRow row;
        row.id = MailboxId(static_cast<std::int64_t>(result.size()) + 1);
        row.name.text = name;
        row.delimiter = u'/';
        result.push_back(row);
    }
    return result;
}

/** The names that are shown, in the order of rows; "-" for what is hidden. */
QStringList shown(const QStringList &names, const std::vector<FolderOperation> &operations)
{
    QStringList result = names;
    for (const store::MailboxOverlay &overlay : overlaysOf(rows(names), operations)) {
        QString &name = result[overlay.mailbox.value() - 1];
        if (overlay.hidden)
            name = QStringLiteral("-");
        else if (!overlay.name.isEmpty())
            name = overlay.name;
    }
    return result;
}

} // namespace

class TestFolderOperation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isTheSameAfterItWasStored()
    {
        FolderOperation removal = operation(Kind::Delete, u"Größe/日本");
        removal.mailbox.wire = QByteArrayLiteral("\xFF\xFE");
        removal.uidValidity = UidValidity(4294967295U);
        removal.uidNext = Uid(7);
        removal.onlyEmpty = true;
        FolderOperation creation = operation(Kind::Create, u"A");
        creation.role = mail::MailboxRole::Trash;
        creation.delimiter = QChar();
        for (const FolderOperation &one : {removal, creation, operation(Kind::Rename, u"A", u"B/C")})
            QCOMPARE(FolderOperation::fromBytes(FolderOperation::kindName(one.kind), one.toBytes()),
                     std::optional(one));
        QVERIFY(!FolderOperation::fromBytes(QStringLiteral("move"), removal.toBytes()));
        QVERIFY(!FolderOperation::fromBytes(QStringLiteral("rename-folder"), creation.toBytes()));
        QVERIFY(!FolderOperation::fromBytes(QStringLiteral("create-folder"), QByteArrayLiteral("[1]")));
    }

    void showsWhatWaits()
    {
        const QStringList names{QStringLiteral("A"), QStringLiteral("A/x"), QStringLiteral("AB"), QStringLiteral("C")};
        QCOMPARE(shown(names, {operation(Kind::Rename, u"A", u"B")}),
                 QStringList({QStringLiteral("B"), QStringLiteral("B/x"), QStringLiteral("AB"), QStringLiteral("C")}));
        // The second one speaks of the server's names: there it is below A still.
        QCOMPARE(shown(names, {operation(Kind::Rename, u"A", u"B"), operation(Kind::Rename, u"A/x", u"A/y")}),
                 QStringList({QStringLiteral("B"), QStringLiteral("B/y"), QStringLiteral("AB"), QStringLiteral("C")}));
        QCOMPARE(
            shown(names, {operation(Kind::Rename, u"A", u"B"), operation(Kind::Rename, u"C", u"A/C")}),
            QStringList({QStringLiteral("B"), QStringLiteral("B/x"), QStringLiteral("AB"), QStringLiteral("B/C")}));
        QCOMPARE(shown(names, {operation(Kind::Delete, u"C")}).last(), QStringLiteral("-"));
        QVERIFY(overlaysOf(rows(names), {operation(Kind::Subscribe, u"C")}).front().subscribed.value_or(false));
        // Damaged: in each other in a circle. It ends.
        QCOMPARE(shown(names, {operation(Kind::Rename, u"A", u"C/A"), operation(Kind::Rename, u"C", u"A/C")}).size(),
                 4);
    }

    void namesAreTheServers()
    {
        const auto own = rows({QStringLiteral("A"), QStringLiteral("A/x")});
        auto seen = own;
        seen[0].name.text = QStringLiteral("B");
        seen[1].name.text = QStringLiteral("B/x");
        QCOMPARE(serverNameOf(QStringLiteral("B/new"), u'/', seen, own), QStringLiteral("A/new"));
        QCOMPARE(serverNameOf(QStringLiteral("B/x/deep/er"), u'/', seen, own), QStringLiteral("A/x/deep/er"));
        QCOMPARE(serverNameOf(QStringLiteral("C/new"), u'/', seen, own), QStringLiteral("C/new"));
        QCOMPARE(serverNameOf(QStringLiteral("new"), u'/', seen, own), QStringLiteral("new"));
    }

    void whatWaitsFollowsARename()
    {
        const QTemporaryDir profile;
        auto pending = store::PendingStore::open(profile.path(), Secret());
        QVERIFY(pending);
        const std::vector<FolderOperation> noted{
            operation(Kind::Create, u"A"),           operation(Kind::Create, u"A/new"),
            operation(Kind::Rename, u"A/x", u"A/y"), operation(Kind::Rename, u"C", u"A"),
            operation(Kind::Delete, u"A"),           operation(Kind::Rename, u"A", u"B"),
            operation(Kind::Subscribe, u"AB")};
        for (const FolderOperation &one : noted) {
            store::PendingOperation record;
            record.account = AccountId(1);
            record.kind = FolderOperation::kindName(one.kind);
            record.payload = one.toBytes();
            QVERIFY((*pending)->add(record));
        }
        const MailboxRename rename{{QStringLiteral("A"), {}}, {QStringLiteral("B"), {}}};
        QVERIFY(renameOperations(**pending, AccountId(1), std::span(&rename, 1)));
        QStringList names;
        const auto records = (*pending)->list();
        QVERIFY(records);
        for (const store::PendingOperation &record : *records) {
            const auto one = FolderOperation::fromBytes(record.kind, record.payload);
            QVERIFY(one);
            names.append(one->mailbox.text + (one->to.text.isEmpty() ? QString() : u'>' + one->to.text));
        }
        // New ones of that name are other folders; the renaming itself stays what it is.
        QCOMPARE(
            names,
            QStringList({QStringLiteral("A"), QStringLiteral("B/new"), QStringLiteral("B/x>B/y"), QStringLiteral("C>A"),
                         QStringLiteral("B"), QStringLiteral("A>B"), QStringLiteral("AB")}));
    }

    void isTakenBackByItsOpposite()
    {
        QCOMPARE(operation(Kind::Rename, u"A", u"B").reversed(), std::optional(operation(Kind::Rename, u"B", u"A")));
        QCOMPARE(operation(Kind::Subscribe, u"A").reversed(), std::optional(operation(Kind::Unsubscribe, u"A")));
        QVERIFY(operation(Kind::Create, u"A").reversed()->onlyEmpty);
        QVERIFY(!operation(Kind::Delete, u"A").reversed());
        QVERIFY(operation(Kind::Delete, u"A/b").touches(QStringLiteral("A")));
        QVERIFY(operation(Kind::Delete, u"A").touches(QStringLiteral("A/b")));
        QVERIFY(!operation(Kind::Delete, u"A").touches(QStringLiteral("AB")));
    }
};

QTEST_GUILESS_MAIN(TestFolderOperation)
#include "test_folderoperation.moc"
