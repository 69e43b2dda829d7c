// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/listorder.h"

#include <QTest>

#include <random>

using namespace kittiwake;
using namespace kittiwake::ui;

namespace
{

using Order = std::vector<store::OrderEntry>;

/** What a view that follows the patch holds afterwards. */
std::vector<ListRow> applied(std::vector<ListRow> rows, const ListPatch &patch)
{
    if (patch.replacement)
        return *patch.replacement;
    for (const ListStep &step : patch.steps) {
        const auto at = rows.begin() + step.first;
        switch (step.kind) {
        case ListStep::Kind::Remove:
            rows.erase(at, at + step.count);
            break;
        case ListStep::Kind::Insert:
            rows.insert(at, step.rows.begin(), step.rows.end());
            break;
        case ListStep::Kind::Move: {
            const ListRow row = *at;
            rows.erase(at);
            rows.insert(rows.begin() + step.target, row);
            break;
        }
        case ListStep::Kind::Update:
            std::copy(step.rows.begin(), step.rows.end(), at);
            break;
        }
    }
    return rows;
}

Order orderOf(std::initializer_list<std::pair<int, int>> entries)
{
    Order order;
    for (const auto &[id, thread] : entries)
        order.push_back({MessageId(id), ThreadId(thread)});
    return order;
}

QString text(const std::vector<ListRow> &rows)
{
    QStringList parts;
    for (const ListRow &row : rows) {
        QString part = QString::number(row.id.value());
        if (row.kind == ListRow::Kind::Folded)
            part += QStringLiteral("(%1)").arg(row.count);
        if (row.kind == ListRow::Kind::Expanded)
            part += QStringLiteral("[%1]").arg(row.count);
        if (row.kind == ListRow::Kind::Child)
            part.prepend(QLatin1Char('-'));
        parts.append(part);
    }
    return parts.join(QLatin1Char(' '));
}

} // namespace

class TestListOrder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void groupsByThread()
    {
        const Order order = orderOf({{9, 1}, {8, 2}, {7, 1}, {6, 0}, {5, 3}, {4, 2}, {3, 1}});
        QCOMPARE(text(buildRows(order, {.threaded = false}).rows), QStringLiteral("9 8 7 6 5 4 3"));
        QCOMPARE(text(buildRows(order, {.threaded = true}).rows), QStringLiteral("9(3) 8(2) 6 5"));
        const ListRows open = buildRows(order, {.threaded = true, .expanded = {ThreadId(1)}});
        QCOMPARE(text(open.rows), QStringLiteral("9[3] -7 -3 8(2) 6 5"));
        QCOMPARE(open.conversations.members(ThreadId(2)).size(), 2U);
        QCOMPARE(open.conversations.members(ThreadId(2)).front(), MessageId(8));
        QVERIFY(open.conversations.members(ThreadId(3)).empty());
        QVERIFY(open.conversations.members(ThreadId()).empty());
    }

    void ascendingPlacesConversationsByTheirNewest()
    {
        const Order order = orderOf({{3, 1}, {4, 2}, {5, 3}, {7, 1}, {8, 2}, {9, 1}});
        const ListOptions options{.threaded = true, .ascending = true, .expanded = {ThreadId(1)}};
        QCOMPARE(text(buildRows(order, options).rows), QStringLiteral("5 8(2) 9[3] -7 -3"));
    }

    void aReplyMovesTheConversationAsOneRow()
    {
        const auto before = buildRows(orderOf({{5, 1}, {4, 2}, {3, 3}}), {}).rows;
        const auto after = buildRows(orderOf({{6, 3}, {5, 1}, {4, 2}, {3, 3}}), {}).rows;
        const ListPatch patch = diffRows(before, after);
        QCOMPARE(patch.steps.size(), 2U);
        QCOMPARE(patch.steps[0].kind, ListStep::Kind::Move);
        QCOMPARE(patch.steps[1].kind, ListStep::Kind::Update);
        QCOMPARE(text(applied(before, patch)), QStringLiteral("6(2) 5 4"));
    }

    void anArrivalIsOneInsertion()
    {
        Order order;
        for (int i = 100000; i > 0; --i)
            order.push_back({MessageId(i), ThreadId(i)});
        const auto before = buildRows(order, {}).rows;
        order.insert(order.begin(), {MessageId(100001), ThreadId(100001)});
        const ListPatch patch = diffRows(before, buildRows(order, {}).rows);
        QCOMPARE(patch.steps.size(), 1U);
        QCOMPARE(patch.steps[0].kind, ListStep::Kind::Insert);
        QCOMPARE(patch.steps[0].first, 0);
        QCOMPARE(patch.steps[0].count, 1);
    }

    void theRestOfALargeMailboxIsAppendedInOneStep()
    {
        Order order;
        for (int i = 300000; i > 0; --i)
            order.push_back({MessageId(i), ThreadId()});
        const auto before = buildRows(std::span(order).first(200), {}).rows;
        const ListPatch patch = diffRows(before, buildRows(order, {}).rows);
        QCOMPARE(patch.steps.size(), 1U);
        QCOMPARE(patch.steps[0].count, 299800);
    }

    void manyChangesReplaceTheList()
    {
        Order order;
        for (int i = 0; i < 2000; ++i)
            order.push_back({MessageId(i + 1), ThreadId()});
        const auto before = buildRows(order, {}).rows;
        std::reverse(order.begin(), order.end());
        const auto after = buildRows(order, {}).rows;
        const ListPatch patch = diffRows(before, after);
        QVERIFY(patch.replacement.has_value());
        QCOMPARE(applied(before, patch), after);
    }

    void randomChangesArriveWhereTheyShould()
    {
        std::mt19937 random(20260924);
        const auto below = [&random](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
        for (int round = 0; round < 400; ++round) {
            Order order;
            int lastId = 0;
            for (int i = below(60); i > 0; --i)
                order.insert(order.begin() + below(int(order.size()) + 1),
                             {MessageId(++lastId), ThreadId(below(3) ? below(20) : 0)});
            ListOptions options{.threaded = below(4) != 0, .ascending = below(2) != 0};
            std::vector<ListRow> rows = buildRows(order, options).rows;
            for (int step = 0; step < 8; ++step) {
                for (int i = below(4); i > 0; --i)
                    order.insert(order.begin() + below(int(order.size()) + 1),
                                 {MessageId(++lastId), ThreadId(below(3) ? below(20) : 0)});
                for (int i = below(4); i > 0 && !order.empty(); --i)
                    order.erase(order.begin() + below(int(order.size())));
                if (below(3) == 0 && !order.empty())
                    order[static_cast<std::size_t>(below(int(order.size())))].thread = ThreadId(below(20));
                if (below(3) == 0) {
                    const ThreadId thread(below(20));
                    if (!options.expanded.remove(thread))
                        options.expanded.insert(thread);
                }
                const auto after = buildRows(order, options).rows;
                rows = applied(rows, diffRows(rows, after));
                QCOMPARE(text(rows), text(after));
                QCOMPARE(rows, after);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestListOrder)
#include "test_listorder.moc"
