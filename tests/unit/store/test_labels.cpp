// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/labels.h"
#include "core/store/limits.h"
#include "tests/unit/store/cachefixture.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::store;
using namespace kittiwake::store::test;

namespace
{

using Uids = std::vector<Uid>;

Result<Uids> setLabels(CacheFixture &cache, const std::vector<LabelUpdate> &updates,
                       UidValidity validity = CacheFixture::validity)
{
    Result<Uids> result;
    const auto written = cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
        result = transaction.setLabels(cache.inbox, validity, updates);
        return result ? Result<void>() : Result<void>(failure(result.error()));
    });
    return written ? result : Result<Uids>(failure(written.error()));
}

QStringList labelsOf(const CacheFixture &cache, std::uint32_t uid)
{
    const auto reader = cache.reader();
    const auto row = reader ? (*reader)->findUid(cache.inbox, Uid(uid)) : Result<std::optional<MessageRow>>();
    if (!row || !*row)
        return {QStringLiteral("there is no such message")};
    const MessageId id = (*row)->id;
    const auto labels = (*reader)->labels(std::span(&id, 1));
    return labels ? labels->value(id) : QStringList{QStringLiteral("reading failed")};
}

MailboxRow rowOf(int account, mail::MailboxRole role, bool isLabel)
{
    MailboxRow row;
    row.account = AccountId(account);
    row.role = role;
    row.isLabel = isLabel;
    return row;
}

} // namespace

class TestLabels final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatChangesIsTold()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2), header(3)}));
        const QStringList two{QStringLiteral("Größe"), QStringLiteral("\\Important")};
        QCOMPARE(setLabels(cache, {{Uid(1), 17, two}, {Uid(2), 18, {}}, {Uid(9), 19, two}}).value_or(Uids{}),
                 (Uids{Uid(1), Uid(2)}));
        QCOMPARE(labelsOf(cache, 1), two);
        QCOMPARE(labelsOf(cache, 2), QStringList());
        QCOMPARE(labelsOf(cache, 3), QStringList());

        // The same again, in another order: nobody is told anything.
        cache.changes.clear();
        QCOMPARE(setLabels(cache, {{Uid(1), 17, {two[1], two[0], two[1]}}, {Uid(2), 18, {}}}).value_or(Uids{Uid(5)}),
                 Uids{});
        QVERIFY(cache.changes.empty());

        QCOMPARE(setLabels(cache, {{Uid(1), 17, {two[1]}}}).value_or(Uids{}), Uids{Uid(1)});
        QCOMPARE(labelsOf(cache, 1), QStringList{two[1]});
        QCOMPARE(cache.changes.size(), 1U);

        // They go with their message, and under another UIDVALIDITY nothing is written.
        QVERIFY(!setLabels(cache, {{Uid(1), 17, two}}, UidValidity(8)));
        VERIFY_OK(cache.remove({{Uid(1), Uid(1)}}));
        VERIFY_OK(cache.insert(cache.inbox, {header(1)}));
        QCOMPARE(labelsOf(cache, 1), QStringList());
    }

    void oneMessageHasTheSameFlagsUnderAllItsLabels()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto all = cache.addMailbox(QStringLiteral("All"));
        const auto elsewhere = cache.addMailbox(QStringLiteral("Elsewhere"));
        VERIFY_OK(all);
        VERIFY_OK(elsewhere);
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2), header(3)}));
        VERIFY_OK(cache.insert(*all, {header(11), header(12), header(13), header(14)}));
        VERIFY_OK(cache.insert(*elsewhere, {header(21)})); // a mailbox that is no label
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
            auto marked = transaction.setIsLabel(cache.inbox, true);
            return marked ? transaction.setIsLabel(*all, true) : marked;
        }));
        // Which message it is, of those that say so: the largest number that X-GM-MSGID can be, and another.
        constexpr std::uint64_t large = ~std::uint64_t{0};
        const std::vector<LabelUpdate> told{{Uid(1), large, {}},  {Uid(2), 18, {}},    {Uid(3), 0, {}},
                                            {Uid(11), large, {}}, {Uid(12), 18, {}},   {Uid(13), 0, {}},
                                            {Uid(14), large, {}}, {Uid(21), large, {}}};
        for (const MailboxId mailbox : {cache.inbox, *all, *elsewhere}) {
            VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
                const auto done = transaction.setLabels(mailbox, CacheFixture::validity, told);
                return done ? Result<void>() : Result<void>(failure(done.error()));
            }));
        }
        VERIFY_OK(cache.setFlags({{Uid(1), flags({"\\Seen", "work"}), {}}, {Uid(3), flags({"\\Seen"}), {}}}));
        cache.changes.clear();
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) {
            return transaction.shareFlags(cache.inbox, std::vector<Uid>{Uid(1), Uid(3), Uid(99)});
        }));
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto flagsOf = [&](MailboxId mailbox, std::uint32_t uid) -> mail::Flags {
            const auto row = (*reader)->findUid(mailbox, Uid(uid));
            return row && *row ? (*row)->header.flags : flags({"missing"});
        };
        QCOMPARE(flagsOf(*all, 11), flags({"\\Seen", "work"}));
        QCOMPARE(flagsOf(*all, 14), flags({"\\Seen", "work"}));
        QCOMPARE(flagsOf(*all, 12), header(2).flags);
        QCOMPARE(flagsOf(*all, 13), header(3).flags);
        QCOMPARE(flagsOf(*elsewhere, 21), header(1).flags);
        QCOMPARE(cache.counterMismatch(), QString());
        QCOMPARE(cache.changes.size(), 1U);
        // Nothing is left to be said.
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) {
            return transaction.shareFlags(cache.inbox, std::vector<Uid>{Uid(1)});
        }));
        QCOMPARE(cache.changes.size(), 1U);
    }

    /** Also before the server has confirmed it. */
    void aPendingMarkShowsUnderAllLabels()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        const auto all = cache.addMailbox(QStringLiteral("All"));
        const auto elsewhere = cache.addMailbox(QStringLiteral("Elsewhere"));
        VERIFY_OK(all);
        VERIFY_OK(elsewhere);
        VERIFY_OK(cache.insert(cache.inbox, {header(1), header(2), header(3)}));
        VERIFY_OK(cache.insert(*all, {header(11), header(12), header(13)}));
        VERIFY_OK(cache.insert(*elsewhere, {header(21)}));
        const std::vector<LabelUpdate> told{{Uid(1), 17, {}},  {Uid(2), 18, {}}, {Uid(3), 0, {}},  {Uid(11), 17, {}},
                                            {Uid(12), 18, {}}, {Uid(13), 0, {}}, {Uid(21), 17, {}}};
        VERIFY_OK(cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
            for (const MailboxId mailbox : {cache.inbox, *all, *elsewhere}) {
                if (auto labels = transaction.setLabels(mailbox, CacheFixture::validity, told); !labels)
                    return failure(labels.error());
                if (auto label = transaction.setIsLabel(mailbox, mailbox != *elsewhere); !label)
                    return label;
                if (auto counts = transaction.setServerCounts(mailbox, 3, 3); !counts)
                    return counts;
            }
            return {};
        }));
        const auto lay = [&](MailboxId mailbox, UidRange uids, const OverlayChange &change) {
            return cache.store->write([&](CacheTransaction &transaction) -> Result<void> {
                const auto done = transaction.overlay(mailbox, CacheFixture::validity, std::span(&uids, 1), change);
                return done ? Result<void>() : Result<void>(failure(done.error()));
            });
        };
        const auto reader = cache.reader();
        VERIFY_OK(reader);
        const auto flagsOf = [&](MailboxId mailbox, std::uint32_t uid) -> mail::Flags {
            const auto row = (*reader)->findUid(mailbox, Uid(uid));
            return row && *row ? (*row)->header.flags : flags({"missing"});
        };
        const auto unseenIn = [&](MailboxId mailbox) {
            const auto rows = (*reader)->mailboxes(CacheFixture::account);
            for (const MailboxRow &row : rows.value_or(std::vector<MailboxRow>())) {
                if (row.id == mailbox)
                    return row.unseen;
            }
            return std::int64_t{-1};
        };
        const std::int64_t unseen = unseenIn(*all);
        cache.changes.clear();
        VERIFY_OK(lay(cache.inbox, {Uid(1), Uid(3)}, {{flags({"\\Seen", "work"}), {}}, false, {}}));
        QCOMPARE(flagsOf(*all, 11), flags({"\\Seen", "work"}));
        QCOMPARE(flagsOf(*all, 12), flags({"\\Seen", "work"}));
        QCOMPARE(flagsOf(*all, 13), header(13).flags); // nobody knows whose it is
        QCOMPARE(flagsOf(*elsewhere, 21), header(21).flags); // no label
        QCOMPARE(unseenIn(*all), unseen - 2);
        QCOMPARE(cache.changes.size(), 1U);
        QCOMPARE(cache.changes.front().messages.size(), 2U);

        // One that is moved away takes its marks along, and stays where else it is.
        VERIFY_OK(lay(cache.inbox, {Uid(1), Uid(1)}, {{{}, flags({"\\Seen"})}, true, *elsewhere}));
        QCOMPARE(flagsOf(*all, 11), flags({"work"}));
        QVERIFY((*reader)->findUid(*all, Uid(11)).value().has_value());
        // What was marked under another label counts here too.
        VERIFY_OK(lay(*all, {Uid(12), Uid(12)}, {{flags({"\\Flagged"}), {}}, false, {}}));
        QCOMPARE(flagsOf(cache.inbox, 2), flags({"\\Seen", "\\Flagged", "work"}));

        // Confirmed, or taken back: all of it goes.
        VERIFY_OK(cache.store->write(
            [](CacheTransaction &transaction) { return transaction.clearOverlay(CacheFixture::account); }));
        QCOMPARE(flagsOf(*all, 11), header(11).flags);
        QCOMPARE(flagsOf(cache.inbox, 2), header(2).flags);
        QCOMPARE(unseenIn(*all), unseen);
    }

    void hostileLabelsAreCut()
    {
        QStringList many{QString(100'000, QLatin1Char('x')), QString(), QStringLiteral("a\u001Eb"), QString(QChar(0))};
        for (int i = 0; i < 100'000; ++i)
            many.append(QString::number(i));
        const QStringList stored = storedLabels(many);
        QCOMPARE(stored.size(), limits::labels);
        QVERIFY(std::is_sorted(stored.begin(), stored.end()));
        QCOMPARE(
            storedLabels(many.mid(0, 4)),
            (QStringList{QStringLiteral("a b"), QString(limits::label, QLatin1Char('x')), QString(QChar(0xFFFD))}));
    }

    void eachMessageCountsOnce()
    {
        using mail::MailboxRole;
        // Account 1 has labels and All Mail, 2 has labels and hides All Mail, 3 has neither.
        std::vector<MailboxRow> rows;
        for (const int account : {1, 2, 3}) {
            for (const MailboxRole role : {MailboxRole::Inbox, MailboxRole::None, MailboxRole::Junk, MailboxRole::Trash,
                                           MailboxRole::All, MailboxRole::Flagged, MailboxRole::Important}) {
                if (account != 2 || role != MailboxRole::All)
                    rows.push_back(rowOf(account, role, account != 3));
            }
        }
        const OnceCounted once(rows);
        QString text;
        for (const MailboxRow &row : rows)
            text += once.counts(row) ? QLatin1Char('1') : QLatin1Char('0');
        QCOMPARE(text,
                 QStringLiteral("0011100"
                                "111100"
                                "1111000"));
    }

    void aWindowIsRemembered()
    {
        CacheFixture cache;
        VERIFY_OK(cache.setUp());
        for (const std::int64_t limit : {std::int64_t{10'000}, std::int64_t{0}}) {
            cache.changes.clear();
            for (int again = 0; again < 2; ++again) {
                VERIFY_OK(cache.store->write(
                    [&](CacheTransaction &transaction) { return transaction.setNewestOnly(cache.inbox, limit); }));
            }
            QCOMPARE(cache.changes.size(), 1U);
            const auto row = cache.store->mailbox(cache.inbox);
            VERIFY_OK(row);
            QCOMPARE((*row)->newestOnly, limit);
        }
    }
};

QTEST_GUILESS_MAIN(TestLabels)
#include "test_labels.moc"
