// SPDX-License-Identifier: GPL-3.0-or-later
// Who is offered as a recipient.
#include "core/engine/people.h"

#include <QTest>

using namespace kittiwake;
using engine::People;

namespace
{

constexpr std::int64_t today = 1'790'000'000;
constexpr std::int64_t day = 86'400;

store::CorrespondenceRow from(const char *name, const char *address, std::int64_t date = today)
{
    store::CorrespondenceRow row;
    row.author = QString::fromUtf8(address);
    row.authorName = QString::fromUtf8(name);
    row.date = date;
    return row;
}

store::CorrespondenceRow to(const char *name, const char *address, std::int64_t date = today)
{
    store::CorrespondenceRow row;
    row.isSent = true;
    row.recipients = {{QString::fromUtf8(name), QString::fromUtf8(address)}};
    row.date = date;
    return row;
}

QStringList found(const People &people, const char *typed)
{
    QStringList result;
    for (const mail::Address &one : people.find(QString::fromUtf8(typed), 8))
        result.push_back(one.address);
    return result;
}

} // namespace

class TestPeople final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAndAddressesAreFoundByTheirBeginnings()
    {
        People people;
        people.note(from("Åse Berg-Olsen", "aase@fjord.example"));
        const QStringList her{QStringLiteral("aase@fjord.example")};
        for (const char *typed : {"Åse", "ase", "berg", "ols", "aase", "fjord", "ase ols", "OLSEN å"})
            QCOMPARE(found(people, typed), her);
        for (const char *typed : {"se", "jord", "ase x", "", "  "})
            QVERIFY2(found(people, typed).isEmpty(), typed);
    }

    void whoeverIsWrittenToComesFirst()
    {
        People people;
        for (int i = 0; i < 15; ++i)
            people.note(from("Anna News", "anna@news.example"));
        people.note(to("Anna Berg", "anna@x.example"));
        QCOMPARE(found(people, "anna"),
                 (QStringList{QStringLiteral("anna@x.example"), QStringLiteral("anna@news.example")}));
    }

    void lateLettersCountMore()
    {
        People people;
        people.note(to("Anna Old", "anna@old.example", today - 900 * day));
        people.note(to("Anna Old", "anna@old.example", today - 900 * day));
        people.note(to("Anna New", "anna@new.example", today - day));
        QCOMPARE(found(people, "anna").front(), QStringLiteral("anna@new.example"));
    }

    void oneAddressIsOnePersonWithTheirLatestName()
    {
        People people;
        people.note(from("Anna Berg", "Anna@x.example", today - 100 * day));
        people.note(from("Anna Dahl", "anna@X.example", today));
        people.note(from("", "anna@x.example", today));
        QCOMPARE(people.size(), 1);
        QCOMPARE(people.find(QStringLiteral("dahl"), 8).front().name, QStringLiteral("Anna Dahl"));
        QVERIFY(found(people, "berg").isEmpty());
    }

    void machinesAndWhatIsNoAddressAreNobody()
    {
        People people;
        people.note(from("Shop", "no-reply@shop.example"));
        people.note(from("Shop", "NoReply+1@shop.example"));
        people.note(from("Nobody", "undisclosed"));
        QCOMPARE(people.size(), 0);
        people.note(to("Shop", "noreply@shop.example")); // who was written to is somebody
        QCOMPARE(people.size(), 1);
    }

    void noMoreThanAskedFor()
    {
        People people;
        for (int i = 0; i < 100; ++i)
            people.note(to("Anna", qPrintable(QStringLiteral("anna%1@x.example").arg(i))));
        QCOMPARE(people.find(QStringLiteral("anna"), 8).size(), std::size_t(8));
    }
};

QTEST_GUILESS_MAIN(TestPeople)
#include "test_people.moc"
