// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mailboxmatch.h"
#include "tests/unit/store/cachefixture.h"

using namespace kittiwake;
using namespace kittiwake::store;
using test::CacheFixture;
using test::header;
using test::listing;
using test::message;

namespace
{

MailboxListing marked(const QString &name, const MailboxMark &mark)
{
    MailboxListing made = listing(name);
    made.mark = mark;
    return made;
}

MailboxMark counters(std::uint32_t validity, std::uint32_t next, std::int64_t messages)
{
    return {{}, UidValidity(validity), Uid(next), messages, {}};
}

MailboxMark objectId(const char *id)
{
    return {id, {}, {}, {}, {}};
}

struct Rig : CacheFixture {
    Result<std::vector<MailboxId>> list(const std::vector<MailboxListing> &listings)
    {
        std::vector<MailboxId> ids;
        auto done = store->write([&](CacheTransaction &transaction) -> Result<void> {
            auto made = transaction.replaceMailboxes(account, listings);
            if (!made)
                return failure(made.error());
            ids = *made;
            return {};
        });
        if (!done)
            return failure(done.error());
        return ids;
    }
    /** As after a sync. */
    Result<void> setCounters(MailboxId mailbox, std::uint32_t validity, std::uint32_t next, std::int64_t messages)
    {
        return store->write([&](CacheTransaction &transaction) -> Result<void> {
            if (auto done = transaction.resetMailbox(mailbox, UidValidity(validity)); !done)
                return done;
            MailboxState state;
            state.uidValidity = UidValidity(validity);
            state.uidNext = Uid(next);
            state.messages = messages;
            state.complete = true;
            return transaction.setState(mailbox, state);
        });
    }
    QString nameOf(MailboxId mailbox) const
    {
        const auto row = store->mailbox(mailbox).value();
        return row ? row->name.text : QString();
    }
};

const QString inboxName = QStringLiteral("INBOX");

} // namespace

class TestIdentity final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesStayUnderNewUids()
    {
        Rig rig;
        VERIFY_OK(rig.setUp());
        VERIFY_OK(rig.insert(rig.inbox, {message(1, "a", {}), message(2, "b", {"a"}), message(3, "c", {})}));
        const MessageId a = rig.store->findUid(rig.inbox, Uid(1)).value().value();
        const MessageId b = rig.store->findUid(rig.inbox, Uid(2)).value().value();
        const auto other = rig.addMailbox(QStringLiteral("Other"));
        VERIFY_OK(other);
        rig.changes.clear();
        std::int64_t stayed = 0;
        VERIFY_OK(rig.store->write([&](CacheTransaction &transaction) -> Result<void> {
            // Their UIDs change places; one id is not of this mailbox, one is unknown, one UID is none.
            const std::vector<Renumbered> kept{{a, Uid(2)}, {b, Uid(1)}, {MessageId(99), Uid(7)}, {a, Uid()}};
            const auto done = transaction.renumberMailbox(rig.inbox, UidValidity(8), kept);
            if (!done)
                return failure(done.error());
            stayed = *done;
            return {};
        }));
        QCOMPARE(stayed, 2);
        QCOMPARE(rig.store->findUid(rig.inbox, Uid(2)).value().value(), a);
        QCOMPARE(rig.store->findUid(rig.inbox, Uid(1)).value().value(), b);
        QCOMPARE(rig.store->uids(rig.inbox).value(), (std::vector<Uid>{Uid(1), Uid(2)}));
        QVERIFY2(rig.counterMismatch().isEmpty(), qPrintable(rig.counterMismatch()));
        const MailboxState state = rig.store->state(rig.inbox).value().value();
        QCOMPARE(state.uidValidity, UidValidity(8));
        QVERIFY(!state.complete && !state.uidNext.isValid() && !state.highestModSeq.isValid() && state.syncedAt == 0);
        QCOMPARE(rig.changes.size(), 1U);
        QVERIFY(rig.changes.front().messages.front().reset);
        // A late answer under the old numbers lands nowhere.
        QVERIFY(!rig.remove({{Uid(1), Uid(9)}}));
        QCOMPARE(rig.store->locate(a).value()->uid, Uid(2));

        VERIFY_OK(rig.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto done = transaction.renumberMailbox(rig.inbox, UidValidity(9), {});
            return done ? Result<void>() : Result<void>(failure(done.error()));
        }));
        QCOMPARE(rig.store->countMessages(rig.inbox).value(), 0);
        QVERIFY(!rig.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const std::vector<Renumbered> kept{{a, Uid(2)}};
            const auto done = transaction.renumberMailbox(MailboxId(99), UidValidity(9), kept);
            return done ? Result<void>() : Result<void>(failure(done.error()));
        }));
    }

    void whatMessagesAreKnownBy()
    {
        Rig rig;
        VERIFY_OK(rig.setUp());
        mail::MessageHeader object = message(5, "o", {});
        object.emailId = "M5";
        VERIFY_OK(rig.insert(rig.inbox, {object, message(2, "b", {"a"}), header(6)}));
        const auto all = rig.store->identities(rig.inbox).value();
        QCOMPARE(all.size(), 3U);
        QCOMPARE(all[0].uid, Uid(2));
        QCOMPARE(all[0].id, rig.store->findUid(rig.inbox, Uid(2)).value().value());
        QCOMPARE(all[0].messageId, identityHash("<b@example.org>"));
        QCOMPARE(all[0].emailId, 0U);
        QCOMPARE(all[1].size, object.size);
        QCOMPARE(all[0].internalDate, message(2, "b", {}).internalDate);
        QCOMPARE(all[1].emailId, identityHash("M5"));
        QCOMPARE(all[2].messageId, 0U);
        // It goes with a message that seems gone, and comes back with it.
        VERIFY_OK(rig.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const std::vector<UidRange> five{{Uid(5), Uid(5)}};
            const auto gone = transaction.unlink(rig.inbox, CacheFixture::validity, five);
            if (!gone)
                return failure(gone.error());
            const auto back = transaction.relink(rig.inbox, CacheFixture::validity, five);
            return back ? Result<void>() : Result<void>(failure(back.error()));
        }));
        QCOMPARE(rig.store->identities(rig.inbox).value()[1].emailId, identityHash("M5"));
    }

    void aRenamedMailboxKeepsItsMessages_data()
    {
        QTest::addColumn<bool>("byObjectId");
        QTest::newRow("MAILBOXID") << true;
        QTest::newRow("UIDVALIDITY, UIDNEXT and count") << false;
    }
    void aRenamedMailboxKeepsItsMessages()
    {
        QFETCH(bool, byObjectId);
        Rig rig;
        VERIFY_OK(rig.setUp());
        const MailboxMark mark = byObjectId ? objectId("F1") : counters(40, 6, 5);
        const auto before
            = rig.list({listing(inboxName), marked(QStringLiteral("Old"), mark),
                        marked(QStringLiteral("Old/Below"), byObjectId ? objectId("F2") : counters(41, 2, 1))});
        VERIFY_OK(before);
        if (!byObjectId) {
            VERIFY_OK(rig.setCounters((*before)[1], 40, 6, 5));
            VERIFY_OK(rig.setCounters((*before)[2], 41, 2, 1));
        }
        rig.changes.clear();
        const auto after
            = rig.list({listing(inboxName), marked(QStringLiteral("Neu"), mark),
                        marked(QStringLiteral("Neu/Below"), byObjectId ? objectId("F2") : counters(41, 2, 1)),
                        listing(QStringLiteral("Old"))});
        VERIFY_OK(after);
        if (byObjectId) {
            QCOMPARE((*after)[1], (*before)[1]);
            QCOMPARE(rig.nameOf((*before)[1]), QStringLiteral("Neu"));
        } else {
            // A mailbox of the old name is there: by name it is the old one, and no counter says otherwise.
            QCOMPARE((*after)[3], (*before)[1]);
        }
        QCOMPARE((*after)[2], (*before)[2]);
        QCOMPARE(rig.nameOf((*before)[2]), QStringLiteral("Neu/Below"));
        QCOMPARE(rig.changes.size(), 1U);
        QVERIFY(rig.changes.front().mailboxTree);
        QCOMPARE(rig.store->mailboxes(CacheFixture::account).value().size(), 4U);
    }

    void twoMailboxesExchangeTheirNames()
    {
        Rig rig;
        VERIFY_OK(rig.setUp());
        const auto before = rig.list({listing(inboxName), marked(QStringLiteral("A"), objectId("1")),
                                      marked(QStringLiteral("B"), objectId("2"))});
        VERIFY_OK(before);
        const auto after = rig.list({listing(inboxName), marked(QStringLiteral("A"), objectId("2")),
                                     marked(QStringLiteral("B"), objectId("1"))});
        VERIFY_OK(after);
        QCOMPARE((*after)[1], (*before)[2]);
        QCOMPARE((*after)[2], (*before)[1]);
        QCOMPARE(rig.nameOf((*before)[1]), QStringLiteral("B"));
        // And a listing that says nothing about ids takes nothing away.
        QCOMPARE(*rig.list({listing(inboxName), listing(QStringLiteral("A")), listing(QStringLiteral("B"))}), *after);
        QCOMPARE((*rig.list({listing(inboxName), marked(QStringLiteral("C"), objectId("2"))}))[1], (*after)[1]);
    }

    void whatIsNotCertainIsDoubtful()
    {
        Rig rig;
        VERIFY_OK(rig.setUp());
        const auto before = rig.list({listing(inboxName), listing(QStringLiteral("A")), listing(QStringLiteral("B"))});
        VERIFY_OK(before);
        const MailboxId a = (*before)[1];
        VERIFY_OK(rig.setCounters(a, 40, 6, 5));
        VERIFY_OK(rig.setCounters((*before)[2], 41, 6, 5));
        // One was renamed and has got a message since, the other one was renamed only.
        const auto after = rig.list({listing(inboxName), marked(QStringLiteral("C"), counters(40, 7, 6)),
                                     marked(QStringLiteral("D"), counters(41, 6, 5))});
        VERIFY_OK(after);
        QCOMPARE((*after)[1], a);
        QCOMPARE((*after)[2], (*before)[2]);
        const auto state = [&rig](MailboxId mailbox) { return rig.store->state(mailbox).value().value(); };
        QVERIFY(state(a).doubtful && !state(a).complete);
        QCOMPARE(state(a).uidValidity, UidValidity(40)); // what waits for its messages still speaks of this
        QVERIFY(!state((*before)[2]).doubtful && state((*before)[2]).complete);
        // It stays so until its messages were looked at.
        VERIFY_OK(rig.list(
            {listing(inboxName), marked(QStringLiteral("C"), counters(40, 7, 6)), listing(QStringLiteral("D"))}));
        QVERIFY(state(a).doubtful);
        VERIFY_OK(rig.store->write([&](CacheTransaction &transaction) -> Result<void> {
            const auto done = transaction.renumberMailbox(a, UidValidity(40), {});
            return done ? Result<void>() : Result<void>(failure(done.error()));
        }));
        QVERIFY(!state(a).doubtful);
    }

    void idsThatCannotBeAreNotKept()
    {
        Rig rig;
        VERIFY_OK(rig.setUp());
        // RFC 8474 section 4: 1 to 255 letters, digits, "_" and "-".
        const QByteArray longest(255, 'x');
        for (const QByteArray &id : {QByteArray(256, 'x'), QByteArray(10'000'000, 'x'), QByteArray("a b"),
                                     QByteArray("a\0b", 3), QByteArray("\xC3\xA9"), QByteArray()})
            QVERIFY(!isObjectId(id));
        QVERIFY(isObjectId(longest));
        mail::MessageHeader absurd = message(1, "a", {});
        absurd.emailId = QByteArray(10'000'000, 'x');
        mail::MessageHeader good = message(2, "b", {});
        good.emailId = longest;
        VERIFY_OK(rig.insert(rig.inbox, {absurd, good}));
        const auto all = rig.store->identities(rig.inbox).value();
        QCOMPARE(all[0].emailId, 0U);
        QCOMPARE(all[1].emailId, identityHash(longest));
        const auto row = rig.reader().value()->findUid(rig.inbox, Uid(1)).value().value();
        QVERIFY(row.header.emailId.isEmpty());
        // Nor as what a mailbox is known by.
        const auto before
            = rig.list({listing(inboxName), marked(QStringLiteral("A"), {QByteArray(256, 'm'), {}, {}, {}, {}})});
        VERIFY_OK(before);
        const auto after
            = rig.list({listing(inboxName), marked(QStringLiteral("B"), {QByteArray(256, 'm'), {}, {}, {}, {}})});
        VERIFY_OK(after);
        QVERIFY((*after)[1] != (*before)[1]);
    }

    void matches_data()
    {
        using Known = std::vector<KnownMailbox>;
        using Listed = std::vector<MailboxListing>;
        using Places = std::vector<int>;
        QTest::addColumn<Known>("known");
        QTest::addColumn<Listed>("listed");
        QTest::addColumn<Places>("expected");
        const auto known = [](const QString &name, const MailboxMark &mark) {
            return KnownMailbox{MailboxId(1), {name, {}}, mark};
        };
        const QString a = QStringLiteral("A");
        const QString b = QStringLiteral("B");
        const QString c = QStringLiteral("C");
        QTest::newRow("nothing") << Known{} << Listed{} << Places{};
        QTest::newRow("by name, whatever the counters")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(a, counters(2, 1, 0))} << Places{0};
        QTest::newRow("renamed by counters")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(b, counters(1, 5, 4))} << Places{0};
        QTest::newRow("one more has arrived since")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(b, counters(1, 6, 5))} << Places{100};
        QTest::newRow("a UIDNEXT that is lower is another mailbox's")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(b, counters(1, 4, 3))} << Places{-1};
        QTest::newRow("two of one second, one of them with other counters: still one candidate each")
            << Known{known(a, counters(1, 5, 4)), known(b, counters(1, 9, 9))}
            << Listed{marked(c, counters(1, 5, 4)), marked(b, counters(1, 9, 9))} << Places{100, 1};
        QTest::newRow("two of one second that look the same: neither")
            << Known{known(a, counters(1, 5, 4)), known(b, counters(1, 5, 4))}
            << Listed{marked(c, counters(1, 5, 4)), marked(QStringLiteral("D"), counters(1, 5, 4))} << Places{-1, -1};
        QTest::newRow("renamed, and another made under the old name")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(a, counters(2, 1, 0)), marked(b, counters(1, 5, 4))}
            << Places{-1, 0};
        QTest::newRow("a chain of renames")
            << Known{known(a, counters(1, 5, 4)), known(b, counters(2, 7, 6))}
            << Listed{marked(b, counters(1, 5, 4)), marked(c, counters(2, 7, 6))} << Places{0, 1};
        QTest::newRow("nothing changed where all have one UIDVALIDITY and look the same")
            << Known{known(a, counters(1, 5, 4)), known(b, counters(1, 5, 4))}
            << Listed{marked(b, counters(1, 5, 4)), marked(a, counters(1, 5, 4))} << Places{1, 0};
        QTest::newRow("another known one has that UIDVALIDITY")
            << Known{known(a, counters(1, 5, 4)), known(c, counters(1, 9, 9))}
            << Listed{marked(b, counters(1, 5, 4)), marked(c, counters(1, 9, 9))} << Places{100, 1};
        QTest::newRow("two new ones have that UIDVALIDITY")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(b, counters(1, 5, 4)), marked(c, counters(1, 5, 4))}
            << Places{-1, -1};
        QTest::newRow("no counters were told")
            << Known{known(a, counters(1, 5, 4))} << Listed{listing(b)} << Places{-1};
        QTest::newRow("never selected, so nothing is known")
            << Known{known(a, {})} << Listed{marked(b, counters(1, 5, 4))} << Places{-1};
        QTest::newRow("INBOX was renamed: its messages moved")
            << Known{known(inboxName, counters(1, 5, 4))}
            << Listed{marked(inboxName, counters(1, 5, 0)), marked(b, counters(7, 5, 4))} << Places{0, -1};
        QTest::newRow("the id of INBOX is nobody else's")
            << Known{known(inboxName, objectId("I"))} << Listed{marked(b, objectId("I")), listing(inboxName)}
            << Places{-1, 0};
        QTest::newRow("an id against equal counters")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}})}
            << Listed{marked(b, {"Y", UidValidity(1), Uid(5), 4, {}})} << Places{-1};
        QTest::newRow("an id that two claim proves nothing")
            << Known{known(a, objectId("X"))} << Listed{marked(b, objectId("X")), marked(c, objectId("X"))}
            << Places{-1, -1};
        QTest::newRow("made anew under the old name, the old one renamed")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}})}
            << Listed{marked(a, {"Y", UidValidity(2), Uid(1), 0, {}}), marked(b, {"X", UidValidity(1), Uid(5), 4, {}})}
            << Places{-1, 0};
        QTest::newRow("an id without a UIDVALIDITY that agrees is not certain")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}})}
            << Listed{marked(b, {"X", UidValidity(2), Uid(5), 4, {}})} << Places{100};
        QTest::newRow("names exchanged, told by id")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}}), known(b, {"Y", UidValidity(2), Uid(5), 4, {}})}
            << Listed{marked(a, {"Y", UidValidity(2), Uid(5), 4, {}}), marked(b, {"X", UidValidity(1), Uid(5), 4, {}})}
            << Places{1, 0};
        QTest::newRow("an id that jumps from one mailbox to another")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}}), known(b, {"Y", UidValidity(2), Uid(9), 8, {}})}
            << Listed{marked(a, {"Y", UidValidity(1), Uid(5), 4, {}}), marked(b, {"X", UidValidity(2), Uid(9), 8, {}})}
            << Places{0, 1};
        QTest::newRow("an id that jumps to a new mailbox, while the old one is there")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}})}
            << Listed{marked(a, {"Y", UidValidity(1), Uid(5), 4, {}}), marked(b, {"X", UidValidity(3), Uid(2), 1, {}})}
            << Places{0, -1};
        QTest::newRow("an id that jumps where all have one UIDVALIDITY: nothing is believed before it is looked at")
            << Known{known(a, {"X", UidValidity(1), Uid(5), 4, {}}), known(b, {"Y", UidValidity(1), Uid(9), 8, {}})}
            << Listed{marked(a, {"Y", UidValidity(1), Uid(5), 4, {}}), marked(b, {"X", UidValidity(1), Uid(9), 8, {}})}
            << Places{101, 100};
        const auto renamed = [](MailboxMark mark, const QString &from) {
            mark.oldName.text = from;
            return mark;
        };
        QTest::newRow("told by its old name, with more in it since")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(b, renamed(counters(1, 8, 7), a))} << Places{0};
        QTest::newRow("told by its old name, without counters")
            << Known{known(a, counters(1, 5, 4))} << Listed{marked(b, renamed({}, a))} << Places{100};
        QTest::newRow("told by an old name that is in use")
            << Known{known(a, counters(1, 5, 4))}
            << Listed{marked(a, counters(1, 5, 4)), marked(b, renamed(counters(2, 5, 4), a))} << Places{0, -1};
        QTest::newRow("told by the name of INBOX")
            << Known{known(inboxName, counters(1, 5, 4))}
            << Listed{listing(inboxName), marked(b, renamed(counters(1, 5, 4), inboxName))} << Places{0, -1};
    }
    void matches()
    {
        QFETCH(std::vector<KnownMailbox>, known);
        QFETCH(std::vector<MailboxListing>, listed);
        QFETCH(std::vector<int>, expected);
        std::vector<int> found;
        for (const auto &place : matchMailboxes(known, listed))
            found.push_back(!place ? -1 : static_cast<int>(place->known) + (place->isCertain ? 0 : 100));
        QCOMPARE(found, expected);
    }
};

QTEST_GUILESS_MAIN(TestIdentity)
#include "test_identity.moc"
