// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/folders/folderview.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/verify/verifydialog.h"
#include "ui/verify/verifytext.h"

#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTreeWidget>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

using engine::MailboxVerdict;
using engine::MessageDifference;

MailboxVerdict inOrder(const QString &name)
{
    MailboxVerdict verdict;
    verdict.name = name;
    return verdict;
}

/** 3 deletions, 2 arrivals, 1 change of flags and a damaged row, as issue 3 counts them. */
MailboxVerdict damaged()
{
    MailboxVerdict verdict = inOrder(QStringLiteral("INBOX"));
    verdict.extra = {{{Uid(11), Uid(12)}, {Uid(40), Uid(40)}}, 3};
    verdict.missing = {{{Uid(90), Uid(91)}}, 2};
    verdict.flagsDiffer = {{{Uid(7), Uid(7)}}, 1};
    verdict.fieldsDiffer = {{{Uid(8), Uid(8)}}, 1};
    verdict.differences
        = {{Uid(7), MessageDifference::Kind::Flags, {{QStringLiteral("flags"), {}, QStringLiteral("\\Seen")}}},
           {Uid(8),
            MessageDifference::Kind::Fields,
            {{QStringLiteral("subject"), QStringLiteral("<b>x</b>"), QStringLiteral("hello")}}}};
    verdict.mailboxFields = {{QStringLiteral("messages"), QStringLiteral("5"), QStringLiteral("4")}};
    return verdict;
}

engine::VerifyReport reportOf(const std::vector<MailboxVerdict> &verdicts)
{
    engine::VerifyReport report;
    report.mailboxes = verdicts;
    report.messages = 1234;
    return report;
}

QStringList flat(const std::vector<VerifyLine> &lines, int depth = 0)
{
    QStringList result;
    for (const VerifyLine &line : lines) {
        // Values are isolated for bidirectional text (U+2068, U+2069); here only what is read counts.
        QString text = line.text;
        text.remove(QChar(0x2068)).remove(QChar(0x2069));
        result.append(QString(depth, QLatin1Char(' ')) + text);
        result += flat(line.details, depth + 1);
    }
    return result;
}

} // namespace

class TestVerifyDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatDiffersIsNamed()
    {
        const auto report = reportOf({inOrder(QStringLiteral("Archive")), damaged()});
        QVERIFY(!isInOrder(report));
        QCOMPARE(verifySummary(report),
                 QStringLiteral("Compared 1,234 messages with the server. 1 folder is not as on the server."));
        QCOMPARE(
            flat(verifyLines(report)),
            QStringList({QStringLiteral("INBOX"), QStringLiteral(" 2 messages of the server are not here"),
                         QStringLiteral("  UID 90\u201391"),
                         QStringLiteral(" 3 messages shown here are gone on the server"),
                         QStringLiteral("  UID 11\u201312, 40"),
                         QStringLiteral(" 1 message has other flags on the server"), QStringLiteral("  UID 7"),
                         QStringLiteral("  UID 7"), QStringLiteral("   flags: here \u2014, on the server \\Seen"),
                         QStringLiteral(" 1 message is damaged here"), QStringLiteral("  UID 8"),
                         QStringLiteral("  UID 8"), QStringLiteral("   subject: here <b>x</b>, on the server hello"),
                         QStringLiteral(" messages: here 5, on the server 4")}));
        const auto good = reportOf({inOrder(QStringLiteral("INBOX"))});
        QCOMPARE(verifySummary(good),
                 QStringLiteral("Compared 1,234 messages with the server. Everything is as on the server."));
        QVERIFY(verifyLines(good).empty());
    }

    void everyStateHasASentence()
    {
        using State = MailboxVerdict::State;
        for (const State state : {State::NotHere, State::NotThere, State::Renumbered, State::NotOpened}) {
            MailboxVerdict verdict = inOrder(QStringLiteral("Work"));
            verdict.state = state;
            const QStringList lines = flat(verifyLines(reportOf({verdict})));
            QCOMPARE(lines.size(), 2);
            QVERIFY2(lines[1].endsWith(QLatin1Char('.')), qPrintable(lines[1]));
        }
    }

    void aFolderIsVerifiedAndRepairedFromItsMenu()
    {
        FakeSource source;
        const QDateTime now(QDate(2026, 9, 24), QTime(14, 3));
        const Sample sample = fillWithSample(source, now);
        source.setVerifyReport(reportOf({damaged()}));
        MainWindow window(source, {});
        window.resize(1280, 800);
        window.show();
        QTRY_VERIFY(window.messageModel().isComplete());
        const MailboxId open = window.messageModel().mailbox();

        auto *folders = window.findChild<FolderView *>(QStringLiteral("folders"));
        const auto *model = static_cast<MailboxTreeModel *>(folders->model());
        const QModelIndex archive = model->find(sample.archive);
        QVERIFY(archive.isValid());
        const QPoint at = folders->visualRect(archive).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, folders->viewport()->mapToGlobal(at));
        QCoreApplication::sendEvent(folders->viewport(), &event);
        auto *menu = folders->findChild<QMenu *>(QStringLiteral("folderMenu"));
        QVERIFY(menu);
        menu->actions().last()->trigger();
        menu->close();
        QCOMPARE(window.messageModel().mailbox(), open); // the menu opens nothing
        auto *dialog = window.findChild<VerifyDialog *>();
        QVERIFY(dialog && dialog->isVisible() && !dialog->isModal());
        QCOMPARE(source.verifyRequest().account, sample.account);
        QCOMPARE(source.verifyRequest().mailboxes, QStringList(model->mailbox(sample.archive)->name.text));
        QVERIFY(!source.verifyRequest().repair);

        auto *repair = dialog->findChild<QPushButton *>(QStringLiteral("verifyRepair"));
        auto *text = dialog->findChild<QLabel *>(QStringLiteral("verifyText"));
        auto *tree = dialog->findChild<QTreeWidget *>(QStringLiteral("verifyDifferences"));
        QTRY_VERIFY(repair->isVisible() && repair->isEnabled());
        QCOMPARE(text->textFormat(), Qt::PlainText);
        QVERIFY(text->text().endsWith(QStringLiteral("is not as on the server.")));
        QCOMPARE(tree->topLevelItemCount(), 1);
        QCOMPARE(tree->topLevelItem(0)->childCount(), 5);

        repair->click();
        QTRY_VERIFY(text->text().contains(QStringLiteral("repaired")));
        QVERIFY(source.verifyRequest().repair);
        QVERIFY(!repair->isVisible());
        QVERIFY(text->text().endsWith(QStringLiteral("Everything is as on the server.")));
    }

    void closingAbandonsIt()
    {
        FakeSource source;
        source.addFakeAccount(QStringLiteral("me@example.org"));
        source.setHolding(true);
        auto *dialog = new VerifyDialog(source, {}, QStringLiteral("me@example.org"));
        dialog->show();
        const QPointer<VerifyDialog> alive(dialog);
        dialog->findChild<QPushButton *>(QStringLiteral("verifyClose"))->click();
        QTRY_VERIFY(!alive);
        source.releaseHeld(); // its progress and its answer find nobody
        QCoreApplication::processEvents();
    }
};

KITTIWAKE_UI_TEST_MAIN(TestVerifyDialog)
#include "test_verifydialog.moc"
