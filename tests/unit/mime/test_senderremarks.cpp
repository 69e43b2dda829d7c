// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/senderremarks.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

using Kind = SenderRemark::Kind;

mail::MessageHeader from(const QString &address, const QString &name = {})
{
    mail::MessageHeader header;
    header.from = {{name, address}};
    return header;
}

std::vector<Kind> kinds(const mail::MessageHeader &header)
{
    std::vector<Kind> result;
    for (const SenderRemark &remark : remarksOnSender(header, {QStringLiteral("kittiwake.example")}))
        result.push_back(remark.kind);
    return result;
}

} // namespace

class TestSenderRemarks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordinarySendersAreLeftInPeace_data()
    {
        QTest::addColumn<QString>("address");
        for (const char *address :
             {"anna@example.org", "Anna@Mail.Example.CO.UK", "a@kittiwake.example", "a@mail.kittiwake.example",
              "büro@müller.example", "info@xn--mller-kva.example", "почта@пример.рф", "a@例え.jp", "a@東京タワー.jp",
              "a@ελλάδα.example", "a@한국abc.kr", "a@modern.example", "a@1and1.example", "a@[192.0.2.1]",
              "a@søren.example", "a@мама.рф"})
            QTest::newRow(address) << QString::fromUtf8(address);
    }
    void ordinarySendersAreLeftInPeace()
    {
        QFETCH(QString, address);
        QCOMPARE(kinds(from(address)), std::vector<Kind>());
    }

    void imitationsAreNamed_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("other");
        const auto row = [](const char *address, Kind kind, const char *other) {
            QTest::newRow(address) << QString::fromUtf8(address) << static_cast<int>(kind) << QString::fromUtf8(other);
        };
        row("a@аррӏе.com", Kind::LooksLike, "apple.com");
        row("a@xn--80ak6aa92e.com", Kind::LooksLike, "apple.com");
        row("a@kitt\u0456wake.example", Kind::MixedScripts, "xn--kittwake-whh.example");
        row("a@kittivvake.example", Kind::LooksLike, "kittiwake.example");
        row("a@billing.kittivvake.example", Kind::LooksLike, "kittiwake.example");
        row("a@kíttiwake.example", Kind::LooksLike, "kittiwake.example");
        row("nobody", Kind::NoAddress, "");
    }
    void imitationsAreNamed()
    {
        QFETCH(QString, address);
        QFETCH(int, kind);
        QFETCH(QString, other);
        const auto remarks = remarksOnSender(from(address), {QStringLiteral("kittiwake.example")});
        QVERIFY(!remarks.empty());
        QCOMPARE(static_cast<int>(remarks.front().kind), kind);
        QCOMPARE(remarks.front().other, other);
    }

    void aNameThatIsAnAddress()
    {
        QCOMPARE(kinds(from(QStringLiteral("x@evil.example"), QStringLiteral("ceo@bank.example"))),
                 std::vector<Kind>{Kind::NameImitatesAddress});
        QCOMPARE(kinds(from(QStringLiteral("ceo@bank.example"), QStringLiteral("ceo@bank.example"))),
                 std::vector<Kind>());
        QCOMPARE(kinds(from(QStringLiteral("bot@forge.example"), QStringLiteral("anna @ work"))), std::vector<Kind>());
    }

    void severalSendersAndNone()
    {
        mail::MessageHeader header = from(QStringLiteral("a@example.org"));
        header.from.push_back({{}, QStringLiteral("b@example.org")});
        QCOMPARE(kinds(header), std::vector<Kind>{Kind::SeveralSenders});
        header.from.clear();
        QCOMPARE(kinds(header), std::vector<Kind>{Kind::NoAddress});
    }

    void answersThatGoElsewhere()
    {
        mail::MessageHeader header = from(QStringLiteral("a@mail.example.org"));
        header.replyTo = {{{}, QStringLiteral("b@example.org")}};
        QCOMPARE(kinds(header), std::vector<Kind>());
        header.replyTo = {{{}, QStringLiteral("b@other.example")}};
        QCOMPARE(remarksOnSender(header, {}),
                 (std::vector<SenderRemark>{{Kind::RepliesElsewhere, QStringLiteral("b@other.example"), {}}}));
        header.to = {{{}, QStringLiteral("B@other.example")}}; // a list
        QCOMPARE(kinds(header), std::vector<Kind>());
    }

    void hostileLengthsAreBounded()
    {
        const QString domain = QStringLiteral("xn--").repeated(200000) + QStringLiteral(".example");
        QVERIFY(kinds(from(QStringLiteral("a@") + domain)).size() <= 1);
        QVERIFY(misreadDomain(QString(5000000, QChar(0x430))).size() <= 253);
    }
};

QTEST_GUILESS_MAIN(TestSenderRemarks)
#include "test_senderremarks.moc"
