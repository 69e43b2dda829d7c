// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/address.h"
#include "core/mail/bodystructure.h"
#include "core/mail/flags.h"
#include "core/mail/mailboxname.h"

#include <QtTest>

using namespace kittiwake::mail;

namespace
{

BodyPart part(const char *type, const char *subtype, std::vector<BodyPart> children = {})
{
    BodyPart result;
    result.type = type;
    result.subtype = subtype;
    result.children = std::move(children);
    return result;
}

BodyPart attached(BodyPart result)
{
    result.disposition = "attachment";
    return result;
}

} // namespace

class TestMail final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flags()
    {
        Flags flags;
        flags.addByName("\\seen");
        flags.addByName("\\Recent");
        flags.addByName("\\Unheard-of");
        flags.addByName("$Forwarded");
        flags.addByName("$forwarded");
        flags.addByName("");
        QVERIFY(flags.has(SystemFlag::Seen));
        QVERIFY(flags.has(SystemFlag::Recent));
        QVERIFY(!flags.has(SystemFlag::Draft));
        QCOMPARE(flags.names(), (QByteArrayList{"\\Seen", "$Forwarded"}));
        QVERIFY(flags.hasKeyword("$FORWARDED"));
        QCOMPARE(flags.systemBits(), 1u); // \Recent is of the session and is neither stored nor compared
        Flags same;
        same.set(SystemFlag::Seen);
        same.addKeyword("$Forwarded");
        QCOMPARE(flags, same);
        flags.removeKeyword("$FORWARDED");
        flags.set(SystemFlag::Seen, false);
        QVERIFY(flags.names().isEmpty());
    }

    void keywordsInOneGo()
    {
        Flags flags;
        flags.addKeyword("b");
        flags.addKeywords({"Z", "B", "a", "z", "", "A"});
        QCOMPARE(flags.keywords(), (QByteArrayList{"Z", "a", "b"})); // the spelling that was there first stays
        Flags single;
        for (const char *keyword : {"b", "Z", "B", "a", "z", "", "A"})
            single.addKeyword(keyword);
        QCOMPARE(single, flags);
    }

    void mailboxNames()
    {
        const MailboxName name{QStringLiteral("Projekte/2026/Größe"), {}};
        QCOMPARE(name.leaf(u'/'), QStringLiteral("Größe"));
        QCOMPARE(name.parent(u'/'), QStringLiteral("Projekte/2026"));
        QCOMPARE(name.leaf(QChar()), name.text);
        QVERIFY(name.parent(QChar()).isEmpty());
        QVERIFY((MailboxName{QStringLiteral("top"), {}}).parent(u'/').isEmpty());
        QVERIFY(MailboxName::inbox().isInbox());
        QVERIFY((MailboxName{QStringLiteral("a"), "b"}) != (MailboxName{QStringLiteral("a"), {}}));
    }

    void roleNames()
    {
        QCOMPARE(mailboxRoleName(MailboxRole::Inbox), QStringLiteral("inbox"));
        QCOMPARE(mailboxRoleName(MailboxRole::Important), QStringLiteral("important"));
        QVERIFY(mailboxRoleName(MailboxRole::None).isEmpty());
    }

    void addresses_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("valid");
        QTest::newRow("plain") << QStringLiteral("jane@example.org") << true;
        QTest::newRow("international") << QStringLiteral("jäne@größe.example") << true;
        QTest::newRow("beyond the BMP") << QString::fromUtf8("\xF0\x9F\x98\x80@example.org") << true;
        QTest::newRow("no domain") << QStringLiteral("jane@") << false;
        QTest::newRow("no local part") << QStringLiteral("@example.org") << false;
        QTest::newRow("no at") << QStringLiteral("jane") << false;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("two in one") << QStringLiteral("a@b.org, c@d.org") << false;
        QTest::newRow("brackets") << QStringLiteral("<jane@example.org>") << false;
        QTest::newRow("line end") << QStringLiteral("jane@example.org\r\nRCPT TO:<x@y>") << false;
        QTest::newRow("CVE-2020-12397, Unicode space") << QStringLiteral("jane@example.org\u2003\u2003") << false;
        QTest::newRow("CVE-2022-1834, Braille blank") << QStringLiteral("jane@example.org\u2800") << false;
        QTest::newRow("Hangul filler") << QStringLiteral("jane\u3164@example.org") << false;
        QTest::newRow("bidi override") << QStringLiteral("jane\u202E@example.org") << false;
        QTest::newRow("too long") << QString(QString(400, u'a') + u"@example.org") << false;
    }
    void addresses()
    {
        QFETCH(QString, address);
        QTEST((Address{{}, address}.isValid()), "valid");
    }

    void leavesAndSections()
    {
        const BodyPart root = part("multipart", "mixed",
                                   {part("multipart", "alternative", {part("text", "plain"), part("text", "html")}),
                                    part("multipart", "mixed"), part("message", "rfc822", {part("text", "plain")}),
                                    part("image", "png")});
        QByteArrayList sections;
        for (const NumberedPart &leaf : leafParts(root))
            sections.append(leaf.section + ' ' + leaf.part->subtype);
        QCOMPARE(sections, (QByteArrayList{"1.1 plain", "1.2 html", "3 rfc822", "4 png"}));
        QCOMPARE(leafParts(part("text", "plain")).front().section, QByteArray("1"));
    }

    void attachments_data()
    {
        QTest::addColumn<BodyPart>("root");
        QTest::addColumn<bool>("expected");
        BodyPart named = part("text", "plain");
        named.parameters.emplace_back("NAME", "notes.txt");
        BodyPart picture = part("image", "png");
        picture.id = "<a@b>";
        QTest::newRow("text") << part("text", "plain") << false;
        QTest::newRow("alternative") << part("multipart", "alternative", {part("text", "plain"), part("text", "html")})
                                     << false;
        QTest::newRow("text with a name") << part("multipart", "mixed", {part("text", "plain"), named}) << true;
        QTest::newRow("text marked as attachment") << attached(part("text", "plain")) << true;
        QTest::newRow("picture of the HTML") << part("multipart", "related", {part("text", "html"), picture}) << false;
        QTest::newRow("picture attached")
            << part("multipart", "mixed", {part("text", "html"), attached(picture)}) << true;
        QTest::newRow("picture without id") << part("multipart", "mixed", {part("image", "jpeg")}) << true;
        QTest::newRow("pdf") << part("multipart", "mixed", {part("text", "plain"), part("application", "pdf")}) << true;
        QTest::newRow("forwarded mail") << part("multipart", "mixed", {part("message", "rfc822")}) << true;
        QTest::newRow("signature, marked as attachment")
            << part("multipart", "signed", {part("text", "plain"), attached(part("application", "pkcs7-signature"))})
            << false;
        QTest::newRow("encrypted") << part(
            "multipart", "encrypted",
            {part("application", "pgp-encrypted"), attached(part("application", "octet-stream"))})
                                   << false;
        QTest::newRow("nothing in it") << part("multipart", "mixed") << false;
    }
    void attachments()
    {
        QFETCH(BodyPart, root);
        QTEST(hasAttachment(root), "expected");
    }

    void bodyPartsCompareDeeply()
    {
        BodyPart a = part("message", "rfc822", {part("text", "plain")});
        BodyPart b = a;
        QCOMPARE(a, b);
        a.envelope = std::make_shared<Envelope>(Envelope{"date", "subject", {}, {}, {}, {}, {}, {}, {}, {}});
        QVERIFY(!(a == b));
        b.envelope = std::make_shared<Envelope>(*a.envelope);
        QCOMPARE(a, b);
        b.children[0].lines = 1;
        QVERIFY(!(a == b));
    }
};

QTEST_GUILESS_MAIN(TestMail)
#include "test_mail.moc"
