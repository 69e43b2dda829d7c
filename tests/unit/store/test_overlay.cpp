// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/store/cachefixture.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::store;
using namespace kittiwake::store::test;

namespace
{

OverlayChange change(std::initializer_list<const char *> add, std::initializer_list<const char *> remove,
                     bool hide = false)
{
    return {{flags(add), flags(remove)}, hide, {}};
}

Result<void> lay(CacheFixture &cache, UidRange range, const OverlayChange &what,
                 UidValidity validity = CacheFixture::validity)
{
    return cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
        const auto done = transaction.overlay(cache.inbox, validity, std::span(&range, 1), what);
        return done ? Result<void>() : Result<void>(failure(done.error()));
    });
}

Result<void> clear(CacheFixture &cache)
{
    return cache.store->write(
        [](CacheTransaction &transaction) { return transaction.clearOverlay(CacheFixture::account); });
}

} // namespace

class TestOverlay final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<CacheFixture> m_cache;

    [[nodiscard]] QByteArrayList shown(std::uint32_t uid) const
    {
        const auto reader = m_cache->reader();
        const auto row = (*reader)->findUid(m_cache->inbox, Uid(uid));
        return row && *row ? (*row)->header.flags.names() : QByteArrayList{"?"};
    }
    [[nodiscard]] MailboxRow box() const
    {
        const auto reader = m_cache->reader();
        const auto row = (*reader)->mailbox(m_cache->inbox);
        return row && *row ? **row : MailboxRow();
    }
    [[nodiscard]] std::size_t listed() const
    {
        const auto reader = m_cache->reader();
        const auto order = (*reader)->order(m_cache->inbox, SortKey::Date);
        return order ? order->size() : 4711;
    }

private Q_SLOTS:
    void init()
    {
        m_cache = std::make_unique<CacheFixture>();
        VERIFY_OK(m_cache->setUp());
        std::vector<mail::MessageHeader> headers;
        for (std::uint32_t uid = 1; uid <= 5; ++uid)
            headers.push_back(header(uid));
        headers[0].flags = flags({"\\Seen", "work"});
        VERIFY_OK(m_cache->insert(m_cache->inbox, headers));
        VERIFY_OK(m_cache->store->write(
            [&](CacheTransaction &transaction) { return transaction.setServerCounts(m_cache->inbox, 5, 4); }));
        m_cache->changes.clear();
    }

    void readersSeeItAndTheRowsBelowStay()
    {
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(2)}, change({"\\Flagged", "later"}, {"\\Seen", "work"})));
        QCOMPARE(shown(1), QByteArrayList({"\\Flagged", "later"}));
        QCOMPARE(shown(2), QByteArrayList({"\\Flagged", "later"}));
        QCOMPARE(shown(3), QByteArrayList());
        QCOMPARE(box().unseen, 5);
        QCOMPARE(m_cache->changes.size(), 1U);
        QCOMPARE(m_cache->changes[0].messages.at(0).changed.size(), 2U);
        // What the server says is stored below, and shows through where nothing lies over it.
        const auto updated = m_cache->setFlags({{Uid(1), flags({"\\Seen", "\\Answered"}), {}}});
        VERIFY_OK(updated);
        QCOMPARE(shown(1), QByteArrayList({"\\Answered", "\\Flagged", "later"}));
        VERIFY_OK(clear(*m_cache));
        QCOMPARE(shown(1), QByteArrayList({"\\Seen", "\\Answered"}));
        QCOMPARE(box().unseen, 4);
        QCOMPARE(m_cache->counterMismatch(), QString());
    }

    void changesAddUp()
    {
        VERIFY_OK(lay(*m_cache, {Uid(2), Uid(2)}, change({"\\Seen", "a"}, {})));
        VERIFY_OK(lay(*m_cache, {Uid(2), Uid(2)}, change({"b"}, {"\\Seen", "a"})));
        QCOMPARE(shown(2), QByteArrayList({"b"}));
        VERIFY_OK(m_cache->setFlags({{Uid(2), flags({"\\Seen", "a", "c"}), {}}}));
        QCOMPARE(shown(2), QByteArrayList({"b", "c"}));
    }

    void whatIsLaidAgainAsItWasIsNoNews()
    {
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(3)}, change({"later"}, {})));
        VERIFY_OK(lay(*m_cache, {Uid(4), Uid(4)}, change({}, {}, true)));
        m_cache->changes.clear();
        const auto again = [&](const QByteArray &keyword, bool hides) {
            return m_cache->store->write([&](CacheTransaction &transaction) -> Result<void> {
                const auto put = [&](UidRange range, const OverlayChange &what) {
                    const auto done
                        = transaction.overlay(m_cache->inbox, CacheFixture::validity, std::span(&range, 1), what);
                    return done ? Result<void>() : failure(done.error());
                };
                auto done = transaction.clearOverlay(CacheFixture::account);
                if (done)
                    done = put({Uid(1), Uid(3)}, change({"later"}, {}));
                if (done)
                    done = put({Uid(2), Uid(2)}, change({keyword}, {}));
                return done && hides ? put({Uid(4), Uid(4)}, change({}, {}, true)) : done;
            });
        };
        VERIFY_OK(again("later", true));
        QVERIFY(m_cache->changes.empty());
        QCOMPARE(shown(2), QByteArrayList({"later"}));
        QCOMPARE(listed(), 4U);
        // Only what has become different is told, and what is not laid again shows as the server has it.
        VERIFY_OK(again("work", false));
        QCOMPARE(m_cache->changes.size(), 1U);
        QCOMPARE(m_cache->changes[0].messages.size(), 1U);
        QCOMPARE(m_cache->changes[0].messages.at(0).changed.size(), 1U);
        QCOMPARE(m_cache->changes[0].messages.at(0).added.size(), 1U);
        QCOMPARE(shown(1), QByteArrayList({"\\Seen", "later", "work"}));
        QCOMPARE(shown(2), QByteArrayList({"later", "work"}));
        QCOMPARE(shown(3), QByteArrayList({"later"}));
        QCOMPARE(listed(), 5U);
        QCOMPARE(m_cache->counterMismatch(), QString());
    }

    void whatIsGivenUpIsNotLaidLater()
    {
        VERIFY_OK(lay(*m_cache, {Uid(2), Uid(2)}, change({"later"}, {})));
        {
            auto transaction = m_cache->store->begin();
            VERIFY_OK(transaction);
            VERIFY_OK(transaction->clearOverlay(CacheFixture::account));
            transaction->rollback();
        }
        QCOMPARE(shown(2), QByteArrayList({"later"}));
        VERIFY_OK(lay(*m_cache, {Uid(3), Uid(3)}, change({"a"}, {})));
        QCOMPARE(shown(2), QByteArrayList({"later"}));
        QCOMPARE(shown(3), QByteArrayList({"a"}));
    }

    void whatIsHiddenIsNeitherListedNorCounted()
    {
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(2)}, change({}, {}, true)));
        QCOMPARE(listed(), 3U);
        QCOMPARE(box().messages, 3);
        QCOMPARE(box().unseen, 3);
        QCOMPARE(m_cache->changes.back().messages.at(0).removed.size(), 2U);
        VERIFY_OK(clear(*m_cache));
        QCOMPARE(listed(), 5U);
        QCOMPARE(m_cache->changes.back().messages.at(0).added.size(), 2U);
        QCOMPARE(box().messages, 5);
    }

    void anotherMailboxShowsWhatIsMovedThere()
    {
        MailboxId other;
        VERIFY_OK(m_cache->store->write([&](CacheTransaction &transaction) -> Result<void> {
            MailboxListing listing;
            listing.name.text = QStringLiteral("Other");
            const auto made = transaction.putMailbox(CacheFixture::account, listing);
            if (made)
                other = *made;
            return made ? Result<void>() : failure(made.error());
        }));
        const auto boxNow = [&](MailboxId id) {
            const auto reader = m_cache->reader();
            return (*reader)->mailbox(id).value_or(std::nullopt).value_or(MailboxRow());
        };
        const auto listedIn = [&](MailboxId id) {
            const auto reader = m_cache->reader();
            std::vector<MessageId> ids;
            for (const OrderEntry &entry : (*reader)->order(id, SortKey::Date).value_or(std::vector<OrderEntry>()))
                ids.push_back(entry.id);
            return ids;
        };
        m_cache->changes.clear();
        OverlayChange moved = change({"\\Flagged"}, {}, true);
        moved.target = other;
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(2)}, moved));
        QCOMPARE(listed(), 3U);
        QCOMPARE(listedIn(other).size(), 2U);
        QCOMPARE(boxNow(other).messages, 2);
        QCOMPARE(boxNow(other).unseen, 1); // UID 1 is read
        QCOMPARE(box().messages, 3);
        QCOMPARE(box().unseen, 3);
        const auto rows = (*m_cache->reader())->rows(listedIn(other));
        VERIFY_OK(rows);
        for (const MessageRow &row : *rows) {
            QCOMPARE(row.mailbox, other);
            QVERIFY(!row.header.uid.isValid());
            QVERIFY(row.header.flags.has(mail::SystemFlag::Flagged));
        }
        std::map<MailboxId, MailboxChanges> told;
        for (const MailboxChanges &changes : m_cache->changes.back().messages)
            told[changes.mailbox] = changes;
        QCOMPARE(told[m_cache->inbox].removed.size(), 2U);
        QCOMPARE(told[other].added, told[m_cache->inbox].removed);

        const UidRange all{Uid(1), Uid(5)};
        const auto shown = m_cache->store->shownMessages(m_cache->inbox, std::span(&all, 1));
        VERIFY_OK(shown);
        QCOMPARE(shown->size(), 5U);
        QCOMPARE(shown->at(1).shownIn, other);
        QCOMPARE(shown->at(2).shownIn, m_cache->inbox);
        // On again, and back: the last word counts.
        moved.target = m_cache->inbox;
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(1)}, moved));
        QCOMPARE(listed(), 4U);
        QCOMPARE(listedIn(other).size(), 1U);
        // The server has moved it: the guest leaves, and everybody hears of it.
        m_cache->changes.clear();
        VERIFY_OK(m_cache->store->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto gone = transaction.unlink(m_cache->inbox, CacheFixture::validity, std::span(&all, 1));
            return gone ? Result<void>() : failure(gone.error());
        }));
        QVERIFY(listedIn(other).empty());
        QCOMPARE(boxNow(other).messages, 0);
        told.clear();
        for (const MailboxChanges &changes : m_cache->changes.back().messages)
            told[changes.mailbox] = changes;
        QCOMPARE(told[other].removed.size(), 1U);
        QCOMPARE(m_cache->counterMismatch(), QString());
    }

    void aMessageThatGoesTakesItAlong()
    {
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(5)}, change({"\\Flagged"}, {})));
        VERIFY_OK(m_cache->remove({{Uid(1), Uid(5)}}));
        VERIFY_OK(m_cache->insert(m_cache->inbox, {header(1)}));
        QCOMPARE(shown(1), QByteArrayList());
    }

    void whoShowsGuestsHearsThatTheyWereRenumbered()
    {
        MailboxId other;
        VERIFY_OK(m_cache->store->write([&](CacheTransaction &transaction) -> Result<void> {
            MailboxListing listing;
            listing.name.text = QStringLiteral("Other");
            const auto made = transaction.putMailbox(CacheFixture::account, listing);
            if (made)
                other = *made;
            return made ? Result<void>() : failure(made.error());
        }));
        OverlayChange moved = change({}, {}, true);
        moved.target = other;
        VERIFY_OK(lay(*m_cache, {Uid(1), Uid(2)}, moved));
        m_cache->changes.clear();
        // None of them was found again under the new numbers: they are gone from where they were shown, too.
        VERIFY_OK(m_cache->store->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto done = transaction.renumberMailbox(m_cache->inbox, UidValidity(8), {});
            return done ? Result<void>() : failure(done.error());
        }));
        const auto &told = m_cache->changes.back().messages;
        QVERIFY(std::any_of(told.begin(), told.end(), [other](const MailboxChanges &changes) {
            return changes.mailbox == other && changes.reset;
        }));
    }

    void anotherUidValidityIsRefused()
    {
        const auto done = lay(*m_cache, {Uid(1), Uid(5)}, change({"\\Flagged"}, {}), UidValidity(8));
        QVERIFY(!done);
        QCOMPARE(shown(1), QByteArrayList({"\\Seen", "work"}));
    }

    void shownFlagsAndThoseOfTheServer()
    {
        const UidRange all{Uid(1), Uid(UINT32_MAX)};
        VERIFY_OK(lay(*m_cache, {Uid(2), Uid(2)}, change({"\\Seen"}, {})));
        VERIFY_OK(lay(*m_cache, {Uid(3), Uid(3)}, change({}, {}, true)));
        const auto flagsNow = m_cache->store->shownFlags(m_cache->inbox, std::span(&all, 1));
        VERIFY_OK(flagsNow);
        QCOMPARE(flagsNow->size(), 4U); // without the hidden one
        QVERIFY((*flagsNow)[1].flags.has(mail::SystemFlag::Seen));
        // What the server has said has no change in it that waits.
        const auto told = m_cache->store->serverFlags(m_cache->inbox, std::span(&all, 1));
        VERIFY_OK(told);
        std::vector<Uid> unread;
        for (const FlagUpdate &message : *told) {
            if (!message.flags.has(mail::SystemFlag::Seen))
                unread.push_back(message.uid);
        }
        QCOMPARE(told->size(), 5U);
        QCOMPARE(unread, (std::vector<Uid>{Uid(2), Uid(3), Uid(4), Uid(5)}));
    }
};

QTEST_GUILESS_MAIN(TestOverlay)
#include "test_overlay.moc"
