// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/subject.h"

#include <QtTest>

using namespace kittiwake;

class TestSubject final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void baseSubject_data()
    {
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("base");
        QTest::newRow("plain") << QStringLiteral("Lunch") << QStringLiteral("Lunch");
        QTest::newRow("re") << QStringLiteral("Re: Lunch") << QStringLiteral("Lunch");
        QTest::newRow("nested") << QStringLiteral(" RE: Fwd:  AW : Lunch ") << QStringLiteral("Lunch");
        QTest::newRow("counted") << QStringLiteral("Re[2]: Lunch") << QStringLiteral("Lunch");
        QTest::newRow("list") << QStringLiteral("[team] Re: [team] Lunch") << QStringLiteral("Lunch");
        QTest::newRow("only a list") << QStringLiteral("[team]") << QStringLiteral("[team]");
        QTest::newRow("word with colon") << QStringLiteral("Recipe: soup") << QStringLiteral("Recipe: soup");
        QTest::newRow("colon first") << QStringLiteral(": x") << QStringLiteral(": x");
        QTest::newRow("empty") << QString() << QString();
        QTest::newRow("only re") << QStringLiteral("Re:") << QString();
    }
    void baseSubject()
    {
        QFETCH(QString, subject);
        QFETCH(QString, base);
        QCOMPARE(mail::baseSubject(subject).toString(), base);
    }

    void baseSubjectIsLinear()
    {
        const QString deep = QStringLiteral("Re: ").repeated(250'000) + QStringLiteral("x");
        QCOMPARE(mail::baseSubject(deep).toString(), QStringLiteral("x"));
        const QString brackets = QString(1'000'000, QChar(u'['));
        QCOMPARE(mail::baseSubject(brackets).size(), brackets.size());
    }

    void replySubject_data()
    {
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("reply");
        QTest::addColumn<QString>("forward");
        const auto row = [](const char *subject, const char *reply, const char *forward) {
            QTest::newRow(subject) << QString::fromUtf8(subject) << QString::fromUtf8(reply)
                                   << QString::fromUtf8(forward);
        };
        row("Lunch", "Re: Lunch", "Fwd: Lunch");
        row("AW: RE[3]: Sv : Lunch", "Re: Lunch", "Fwd: AW: RE[3]: Sv : Lunch");
        row("Fwd: Lunch", "Re: Fwd: Lunch", "Fwd: Lunch");
        row("WG: Lunch", "Re: WG: Lunch", "Fwd: Lunch");
        row("[team] Re: Lunch", "Re: [team] Re: Lunch", "Fwd: [team] Re: Lunch");
        row("Recipe: soup", "Re: Recipe: soup", "Fwd: Recipe: soup");
        row("", "Re:", "Fwd:");
        row("Re: ", "Re:", "Fwd: Re:");
    }
    void replySubject()
    {
        QFETCH(const QString, subject);
        QTEST(mail::replySubject(subject), "reply");
        QTEST(mail::forwardSubject(subject), "forward");
    }
};

QTEST_GUILESS_MAIN(TestSubject)
#include "test_subject.moc"
