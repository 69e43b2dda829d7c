// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/database.h"
#include "core/store/limits.h"
#include "core/store/profilefiles.h"
#include "core/store/storageerror.h"
#include "tests/unit/store/cachefixture.h"

using namespace kittiwake;
using namespace kittiwake::store;
using test::CacheFixture;
using test::header;
using test::listing;

namespace
{

Result<std::vector<MailboxId>> replaceAll(CacheStore &store, AccountId account, const std::vector<MailboxListing> &list)
{
    auto transaction = store.begin();
    if (!transaction)
        return failure(transaction.error());
    auto ids = transaction->replaceMailboxes(account, list);
    if (!ids)
        return ids;
    const auto committed = transaction->commit();
    if (!committed)
        return failure(committed.error());
    return ids;
}

} // namespace

class TestMailboxes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** A folder is to be made under a name that another one is given meanwhile: that one keeps what it holds. */
    void whatGetsANameThatIsStillToBeMadeIsWhatItWas()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto inbox = listing(QStringLiteral("INBOX"), mail::MailboxRole::Inbox);
        const auto ids = replaceAll(*cache.store, cache.account, {inbox, listing(QStringLiteral("Old"))});
        VERIFY_OK(ids);
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) {
            return transaction.resetMailbox(ids->back(), CacheFixture::validity);
        }));
        VERIFY_OK(cache.insert(ids->back(), {header(1)}));
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) {
            return transaction.setProvisional(cache.account, std::vector{listing(QStringLiteral("Trash"))});
        }));
        auto renamed = listing(QStringLiteral("Trash"));
        renamed.mark.oldName = {QStringLiteral("Old"), {}};
        const auto now = replaceAll(*cache.store, cache.account, {inbox, renamed});
        VERIFY_OK(now);
        QCOMPARE(now->back(), ids->back());
        QCOMPARE(cache.store->countMessages(ids->back()).value_or(-1), 1);
        QCOMPARE(cache.store->rowsWithProvisional(cache.account).value().size(), 2U);
    }

    void treeIsMadeEqualToTheList()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1)}));
        auto sent = listing(QStringLiteral("Gesendet"), mail::MailboxRole::Sent);
        sent.attributes = {QByteArrayLiteral("\\HasNoChildren"), QByteArrayLiteral("\\Sent")};
        const auto ids = replaceAll(
            *cache.store, cache.account,
            {listing(QStringLiteral("INBOX"), mail::MailboxRole::Inbox), sent, listing(QStringLiteral("Zoo"))});
        VERIFY_OK(ids);
        QCOMPARE(ids->front(), cache.inbox); // known by its name: keeps its id and its messages
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 1);
        QVERIFY(cache.changes.back().mailboxTree);

        const auto rows = cache.store->mailboxes(cache.account);
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), 3U);
        QCOMPARE(rows->at(0).role, mail::MailboxRole::Inbox);
        QCOMPARE(rows->at(1).name.text, QStringLiteral("Gesendet"));
        QCOMPARE(rows->at(2).name.text, QStringLiteral("Zoo")); // without a role: last
        QCOMPARE(rows->at(2).delimiter, QChar(u'/'));

        const std::size_t announced = cache.changes.size();
        VERIFY_OK(replaceAll(
            *cache.store, cache.account,
            {listing(QStringLiteral("INBOX"), mail::MailboxRole::Inbox), sent, listing(QStringLiteral("Zoo"))}));
        QCOMPARE(cache.changes.size(), announced); // nothing changed, nothing to say

        VERIFY_OK(replaceAll(*cache.store, cache.account, {sent}));
        QVERIFY(cache.changes.back().mailboxTree);
        QVERIFY(!cache.store->mailbox(cache.inbox).value_or(MailboxRow()).has_value());
        const auto gone = cache.store->findUid(cache.inbox, Uid(1));
        VERIFY_OK(gone);
        QVERIFY(!gone->has_value());
        QCOMPARE(cache.counterMismatch(), QString());
    }

    void attributesChange()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        auto inbox = listing(QStringLiteral("INBOX"));
        inbox.selectable = false;
        inbox.subscribed = true;
        inbox.delimiter = QChar();
        inbox.role = mail::MailboxRole::Inbox;
        VERIFY_OK(replaceAll(*cache.store, cache.account, {inbox}));
        const auto row = cache.store->mailbox(cache.inbox);
        VERIFY_OK(row);
        QVERIFY(row->has_value());
        QVERIFY(!(*row)->selectable);
        QVERIFY((*row)->subscribed);
        QVERIFY((*row)->delimiter.isNull());
        QCOMPARE((*row)->role, mail::MailboxRole::Inbox);
        QCOMPARE(cache.changes.size(), 1U);
    }

    void aNameTwiceIsOneMailbox()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto ids = replaceAll(*cache.store, cache.account,
                                    {listing(QStringLiteral("INBOX")), listing(QStringLiteral("A")),
                                     listing(QStringLiteral("A"), mail::MailboxRole::Junk)});
        VERIFY_OK(ids);
        QCOMPARE(ids->size(), 3U);
        QCOMPARE(ids->at(1), ids->at(2));
        QCOMPARE(cache.store->mailboxes(cache.account).value_or(std::vector<MailboxRow>()).size(), 2U);
    }

    void wireTellsUndecodableNamesApart()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        MailboxListing one = listing(QStringLiteral("\uFFFD"));
        one.name.wire = QByteArrayLiteral("\xFE");
        MailboxListing two = one;
        two.name.wire = QByteArrayLiteral("\xFF");
        const auto ids = replaceAll(*cache.store, cache.account, {one, two});
        VERIFY_OK(ids);
        QVERIFY(ids->at(0) != ids->at(1));
        QCOMPARE(cache.store->findMailbox(cache.account, two.name).value_or(std::nullopt), std::optional(ids->at(1)));
        // By text alone one of them is found, rather than none.
        QVERIFY(cache.store->findMailbox(cache.account, {two.name.text, {}}).value_or(std::nullopt).has_value());
    }

    void hostileNames()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto nul = listing(QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b"));
        const auto half = listing(QString(QChar(0xDC00)));
        const auto sql = listing(QStringLiteral("'; DROP TABLE message; --"));
        const auto dots = listing(QStringLiteral("../../etc/passwd"));
        const auto huge = listing(QString(limits::mailboxName + 1, QChar(u'n')));
        const std::vector<MailboxListing> all{nul, half, sql, dots, huge};
        const auto ids = replaceAll(*cache.store, cache.account, all);
        VERIFY_OK(ids);
        QVERIFY(!ids->back().isValid()); // too long: left out, and said so by its id
        const auto again = replaceAll(*cache.store, cache.account, all);
        VERIFY_OK(again);
        QCOMPARE(*again, *ids);
        QCOMPARE(cache.store->findMailbox(cache.account, sql.name).value_or(std::nullopt), std::optional(ids->at(2)));
        QCOMPARE(cache.store->findMailbox(cache.account, nul.name).value_or(std::nullopt), std::optional(ids->at(0)));

        const std::vector<MailboxListing> tooMany(std::size_t(limits::mailboxes) + 1, dots);
        const auto refused = replaceAll(*cache.store, cache.account, tooMany);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Protocol);
        QCOMPARE(cache.store->mailboxes(cache.account).value_or(std::vector<MailboxRow>()).size(), 4U);
    }

    void stateIsKept()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        MailboxState state;
        state.uidValidity = cache.validity;
        state.uidNext = Uid(UINT32_MAX);
        state.highestModSeq = ModSeq((std::uint64_t(1) << 63) - 1);
        state.lowestFetched = Uid(3);
        state.complete = true;
        state.messages = 10;
        state.unseen = 4;
        state.syncedAt = 1'700'000'000;
        const auto set = [&](const MailboxState &value) {
            return cache.store->write(
                [&](CacheTransaction &transaction) { return transaction.setState(cache.inbox, value); });
        };
        VERIFY_OK(set(state));
        QCOMPARE(cache.store->state(cache.inbox).value_or(std::nullopt), std::optional(state));
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(cache.changes.back().mailboxRows, std::vector<MailboxId>{cache.inbox});
        VERIFY_OK(set(state));
        QCOMPARE(cache.changes.size(), 1U);
        const auto row = cache.store->mailbox(cache.inbox);
        VERIFY_OK(row);
        QCOMPARE((*row)->messages, 10);
        QCOMPARE((*row)->unseen, 0); // complete: counted in the cache, which has none
        QCOMPARE((*row)->syncedAt, state.syncedAt);
        QVERIFY((*row)->complete);

        MailboxState other = state;
        other.uidValidity = UidValidity(8);
        const auto refused = set(other);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Protocol);
        QCOMPARE(cache.store->state(cache.inbox).value_or(std::nullopt), std::optional(state));
        QCOMPARE(cache.store->state(MailboxId(4711)).value_or(MailboxState()), std::optional<MailboxState>());
    }

    void serverCountsAreAnnouncedWhenTheyChange()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto set = [&](std::int64_t messages, std::int64_t unseen) {
            return cache.store->write([&](CacheTransaction &transaction) {
                return transaction.setServerCounts(cache.inbox, messages, unseen);
            });
        };
        VERIFY_OK(set(7, 2));
        VERIFY_OK(set(7, 2));
        QCOMPARE(cache.changes.size(), 1U);
        const auto row = cache.store->mailbox(cache.inbox);
        VERIFY_OK(row);
        QCOMPARE((*row)->messages, 7);
        QCOMPARE((*row)->unseen, 2); // not complete: what the server said
    }

    void resetForgetsMessagesAndProgress()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2)}));
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) {
            MailboxState state;
            state.uidValidity = cache.validity;
            state.uidNext = Uid(3);
            state.complete = true;
            state.messages = 2;
            return transaction.setState(cache.inbox, state);
        }));
        VERIFY_OK(cache.store->write(
            [&](CacheTransaction &transaction) { return transaction.resetMailbox(cache.inbox, UidValidity(99)); }));
        const auto state = cache.store->state(cache.inbox);
        VERIFY_OK(state);
        MailboxState expected;
        expected.uidValidity = UidValidity(99);
        expected.messages = 2; // what the server said of itself stays
        QCOMPARE(*state, std::optional(expected));
        QCOMPARE(cache.store->countMessages(cache.inbox).value_or(-1), 0);
        QCOMPARE(cache.changes.back().messages.size(), 1U);
        QVERIFY(cache.changes.back().messages.front().reset);
        QCOMPARE(cache.counterMismatch(), QString());
        const auto unknown = cache.store->write(
            [&](CacheTransaction &transaction) { return transaction.resetMailbox(MailboxId(4711), UidValidity(1)); });
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, ErrorKind::Protocol);
    }

    void droppingAnAccountLeavesTheOthers()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto other = replaceAll(*cache.store, AccountId(2), {listing(QStringLiteral("INBOX"))});
        VERIFY_OK(other);
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto report
                = transaction.insertHeaders(other->front(), UidValidity(), std::vector{test::message(1, "a", {})});
            return report ? Result<void>() : Result<void>(failure(report.error()));
        }));
        VERIFY_OK(cache.insert(cache.inbox, {test::message(1, "a", {})}));
        VERIFY_OK(
            cache.store->write([&](CacheTransaction &transaction) { return transaction.dropAccount(cache.account); }));
        QVERIFY(cache.changes.back().mailboxTree);
        const auto rows = cache.store->mailboxes(AccountId());
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), 1U);
        QCOMPARE(rows->front().id, other->front());
        QCOMPARE(rows->front().cached, 1);
        VERIFY_OK(
            cache.store->write([&](CacheTransaction &transaction) { return transaction.dropAccount(cache.account); }));
    }

    void clearForgetsEverythingButNotTheIds()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {test::message(1, "a", {})}));
        const auto before = cache.store->findUid(cache.inbox, Uid(1));
        VERIFY_OK(before);
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        VERIFY_OK(cache.store->clear());
        QVERIFY(cache.changes.back().mailboxTree);
        QVERIFY(cache.changes.back().messages.front().reset);
        QVERIFY((*reader)->mailboxes(AccountId()).value_or(std::vector<MailboxRow>(1)).empty());
        const auto made = cache.addMailbox(QStringLiteral("INBOX"));
        VERIFY_OK(made);
        QVERIFY(*made != cache.inbox);
        VERIFY_OK(cache.insert(*made, {test::message(1, "a", {})}));
        const auto after = cache.store->findUid(*made, Uid(1));
        VERIFY_OK(after);
        QVERIFY(**after > **before);
    }

    void removeOneMailbox()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1)}));
        VERIFY_OK(
            cache.store->write([&](CacheTransaction &transaction) { return transaction.removeMailbox(cache.inbox); }));
        QVERIFY(cache.store->mailboxes(cache.account).value_or(std::vector<MailboxRow>(1)).empty());
        const auto late = cache.insert(cache.inbox, {header(2)});
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Protocol);
    }

    void distrustCountsAgainAndForgetsHowFar()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2), header(3)}));
        MailboxState state;
        state.uidValidity = CacheFixture::validity;
        state.uidNext = Uid(4);
        state.highestModSeq = ModSeq(9);
        state.complete = true;
        state.messages = 3;
        state.syncedAt = 1'700'000'000;
        VERIFY_OK(cache.store->write(
            [&](CacheTransaction &transaction) { return transaction.setState(cache.inbox, state); }));
        {
            const auto database = Database::open(cachePath(cache.profile()), Secret(), {});
            VERIFY_OK(database);
            VERIFY_OK((*database)->execute("UPDATE mailbox SET cached = 77, cached_unseen = 0"));
        }
        QCOMPARE(cache.store->recount(cache.inbox).value(), (CachedCounts{3, 3}));
        cache.changes.clear();
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) { return transaction.distrust(cache.inbox); }));
        QVERIFY2(cache.counterMismatch().isEmpty(), qPrintable(cache.counterMismatch()));
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(cache.changes.front().mailboxRows, std::vector<MailboxId>{cache.inbox});
        MailboxState expected;
        expected.uidValidity = CacheFixture::validity;
        expected.messages = 3;
        QCOMPARE(cache.store->state(cache.inbox).value(), expected);
        QVERIFY(
            !cache.store->write([&](CacheTransaction &transaction) { return transaction.distrust(MailboxId(99)); }));
    }

    /** U+FFFD in the database, "?" as QString::toUtf8 has it: the second listing did not know the first one's name. */
    void aNameWithHalfASurrogatePairIsKnownAgain()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const QString odd = QStringLiteral("odd ") + QChar(0xDC00) + QChar(u'\0');
        const std::vector<MailboxListing> list{listing(QStringLiteral("INBOX")), listing(odd)};
        const auto first = replaceAll(*cache.store, CacheFixture::account, list);
        VERIFY_OK(first);
        const auto second = replaceAll(*cache.store, CacheFixture::account, list);
        VERIFY_OK(second);
        QCOMPARE(*second, *first);
    }
};

QTEST_GUILESS_MAIN(TestMailboxes)
#include "test_mailboxes.moc"
