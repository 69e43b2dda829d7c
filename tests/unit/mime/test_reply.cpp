// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/mailto.h"
#include "core/mime/reply.h"

#include <QTest>

using namespace kittiwake;
using namespace kittiwake::mime;

namespace
{

mail::Address address(const char *text)
{
    return {{}, QString::fromUtf8(text)};
}

QString joined(const mail::AddressList &list)
{
    QStringList result;
    for (const mail::Address &one : list)
        result.push_back(one.address);
    return result.join(u' ');
}

/** Carla writes to Anna, Ben and a list; Dora reads it too. */
OriginalMessage letter()
{
    OriginalMessage result;
    result.from = {{QStringLiteral("Carla"), QStringLiteral("carla@kittiwake.example")}};
    result.to = {address("anna@kittiwake.example"), address("ben@kittiwake.example"), address("list@lists.example")};
    result.cc = {address("dora@kittiwake.example"), address("BEN@kittiwake.example")};
    result.listPost = address("list@lists.example");
    result.subject = QStringLiteral("AW: Lunch");
    result.messageId = "<3@kittiwake.example>";
    result.inReplyTo = {"<2@kittiwake.example>"};
    result.references = {"<1@kittiwake.example>", "<2@kittiwake.example>"};
    result.date = QStringLiteral("2 November 2026");
    result.text = QStringLiteral("At noon?\n\n> When?\n>> Soon.\n\n-- \nCarla\nBird watcher");
    return result;
}

const mail::AddressList own{address("anna@kittiwake.example"), address("anna@work.example")};

} // namespace

class TestReply final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersTheAuthor()
    {
        const Composition reply = replyComposition(letter(), ReplyTo::Sender, own);
        QCOMPARE(reply.from, own.front());
        QCOMPARE(joined(reply.to), QStringLiteral("carla@kittiwake.example"));
        QVERIFY(reply.cc.empty() && reply.bcc.empty());
        QCOMPARE(reply.subject, QStringLiteral("Re: Lunch"));
        QCOMPARE(reply.inReplyTo, QByteArrayList{"<3@kittiwake.example>"});
        QCOMPARE(reply.references,
                 (QByteArrayList{"<1@kittiwake.example>", "<2@kittiwake.example>", "<3@kittiwake.example>"}));
        QCOMPARE(reply.text,
                 QStringLiteral("\n\nCarla <carla@kittiwake.example> wrote on 2 November 2026:\n"
                                "> At noon?\n>\n>> When?\n>>> Soon.\n"));
    }

    void answersAllOthersOnce()
    {
        const Composition reply = replyComposition(letter(), ReplyTo::All, own);
        QCOMPARE(joined(reply.to), QStringLiteral("carla@kittiwake.example ben@kittiwake.example list@lists.example"));
        QCOMPARE(joined(reply.cc), QStringLiteral("dora@kittiwake.example"));
    }

    void answersTheList()
    {
        const Composition reply = replyComposition(letter(), ReplyTo::List, own);
        QCOMPARE(joined(reply.to), QStringLiteral("list@lists.example"));
        QVERIFY(reply.cc.empty());
    }

    void aListThatPutsItselfInReplyToGetsNoPrivateAnswer()
    {
        OriginalMessage original = letter();
        original.replyTo = {address("LIST@lists.example")};
        QCOMPARE(joined(replyComposition(original, ReplyTo::Sender, own).to),
                 QStringLiteral("carla@kittiwake.example"));
        original.replyTo = {address("office@kittiwake.example"), address("list@lists.example")};
        QCOMPARE(joined(replyComposition(original, ReplyTo::Sender, own).to),
                 QStringLiteral("office@kittiwake.example list@lists.example"));
    }

    void theAddressThatItCameToAnswers()
    {
        OriginalMessage original = letter();
        original.to = {address("ben@kittiwake.example")};
        original.cc = {address("Anna@Work.example")};
        QCOMPARE(replyComposition(original, ReplyTo::All, own).from, own.back());
        QVERIFY(replyComposition(original, ReplyTo::All, own).cc.empty());
    }

    void whatOneHasSentGoesOnToItsRecipients()
    {
        OriginalMessage original = letter();
        original.from = {own.back()};
        const Composition reply = replyComposition(original, ReplyTo::All, own);
        QCOMPARE(reply.from, own.front()); // it is in To
        QCOMPARE(joined(reply.to), QStringLiteral("anna@kittiwake.example ben@kittiwake.example list@lists.example"));
        QCOMPARE(joined(reply.cc), QStringLiteral("dora@kittiwake.example"));
        QCOMPARE(joined(replyComposition(original, ReplyTo::Sender, own).to), joined(reply.to));
    }

    void whatIsNoAddressIsNobody()
    {
        OriginalMessage original = letter();
        original.from = {address("undisclosed-recipients"), address("a@b.example, c@d.example")};
        original.messageId.clear();
        original.references.clear();
        const Composition reply = replyComposition(original, ReplyTo::Sender, own);
        QVERIFY(reply.to.empty());
        QVERIFY(reply.inReplyTo.isEmpty());
        QCOMPARE(reply.references, original.inReplyTo);
    }

    void signaturesAreNotQuoted()
    {
        QCOMPARE(quotedText(QStringLiteral("a\n-- \nb")), QStringLiteral("> a"));
        QCOMPARE(quotedText(QStringLiteral("a\n-- \nb\n-- \nc")), QStringLiteral("> a\n> -- \n> b"));
        QCOMPARE(quotedText(QStringLiteral("a\n--\nb")), QStringLiteral("> a\n> --\n> b"));
        QCOMPARE(quotedText(QStringLiteral("-- \nb")), QString());
        QCOMPARE(quotedText(QStringLiteral("\n a\n\n")), QStringLiteral(">\n>  a"));
    }

    void passesOn()
    {
        const Composition forward = forwardComposition(letter(), own);
        QVERIFY(forward.to.empty() && forward.inReplyTo.isEmpty());
        QCOMPARE(forward.subject, QStringLiteral("Fwd: AW: Lunch"));
        for (const char *line :
             {"From: Carla <carla@kittiwake.example>", "Date: 2 November 2026", "Subject: AW: Lunch",
              "To: anna@kittiwake.example, ben@kittiwake.example, list@lists.example", "At noon?", "-- \nCarla"})
            QVERIFY2(forward.text.contains(QLatin1String(line)), line);
    }

    void mailto()
    {
        const auto all
            = parseMailto("MAILTO:anna@kittiwake.example,b%2Cc%40@x.example,ben@kittiwake.example?cc=c@x.example"
                          "&subject=a%20plus+b%0D%0ABcc:%20x&body=one%0D%0Atwo&In-Reply-To=%3C1@x.example%3E"
                          "&to=d@x.example#frag");
        QVERIFY(all);
        QCOMPARE(joined(all->to), QStringLiteral("anna@kittiwake.example ben@kittiwake.example d@x.example"));
        QCOMPARE(joined(all->cc), QStringLiteral("c@x.example"));
        QCOMPARE(all->subject, QStringLiteral("a plus+b Bcc: x"));
        QCOMPARE(all->text, QStringLiteral("one\ntwo"));
        QCOMPARE(all->inReplyTo, QByteArrayList{"<1@x.example>"});
    }

    void mailtoAsksForNothingElse()
    {
        const auto odd
            = parseMailto("mailto:a@x.example?attach=/etc/passwd&attachment=x&bcc=spy@x.example&from=c@x.example"
                          "&in-reply-to=&=&&x");
        QVERIFY(odd);
        Composition plain;
        plain.to = {address("a@x.example")};
        QCOMPARE(*odd, plain);
        QVERIFY(!parseMailto("http://x.example"));
        QVERIFY(!parseMailto("mailto"));
        QVERIFY(!parseMailto("mailto:" + QByteArray(70'000, 'a')));
        QVERIFY(parseMailto("mailto:")->to.empty());
    }

    void listPost()
    {
        QCOMPARE(listPostAddress("<mailto:list@lists.example?subject=x> (Post)").address,
                 QStringLiteral("list@lists.example"));
        QCOMPARE(listPostAddress("<https://x.example>, <mailto:list@lists.example>").address,
                 QStringLiteral("list@lists.example"));
        for (const char *none : {"NO", "", "<", "<mailto:>", "<https://x.example>", "mailto:a@x.example"})
            QVERIFY2(!listPostAddress(none).isValid(), none);
    }
};

QTEST_GUILESS_MAIN(TestReply)
#include "test_reply.moc"
