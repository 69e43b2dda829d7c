// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window on generated mail in one of its states: for working on its looks, and for pictures.
//   ui_gallery [--state NAME] [--scheme light|dark] [--size WxH] [--shot FILE.png]
#include "tests/ui/samplemail.h"
#include "ui/accounts/accountdialog.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/htmlprofile.h"
#include "ui/reader/readerpane.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QTimer>
#include <QTranslator>

using namespace kittiwake;
using namespace kittiwake::ui;
using namespace kittiwake::ui::testing;

namespace
{

engine::AccountStatus syncing(AccountId account)
{
    engine::AccountStatus status;
    status.account = account;
    status.state = engine::AccountStatus::State::Syncing;
    status.progressDone = 41200;
    status.progressTotal = 118000;
    status.mailbox = QStringLiteral("INBOX");
    return status;
}

engine::AccountStatus refused(AccountId account)
{
    engine::AccountStatus status;
    status.account = account;
    status.state = engine::AccountStatus::State::NeedsUser;
    status.error = Error{ErrorKind::Auth,
                         QStringLiteral("imap.aune.example:993"),
                         QStringLiteral("imap.aune.example did not accept the password of marit@aune.example. "
                                        "What was fetched before can still be read."),
                         {}};
    return status;
}

void typeInto(QWidget *dialog, const char *field, const QString &text)
{
    dialog->findChild<QLineEdit *>(QLatin1String(field))->setText(text);
}

std::vector<engine::PendingAction> pendingSamples(AccountId account)
{
    engine::PendingAction marks;
    marks.id = OperationId(1);
    marks.account = account;
    marks.kind = QStringLiteral("flag");
    marks.state = QStringLiteral("queued");
    marks.mailbox = QStringLiteral("INBOX");
    marks.messages = 12;
    marks.createdAt = QDateTime::currentMSecsSinceEpoch();
    engine::PendingAction move = marks;
    move.id = OperationId(2);
    move.kind = QStringLiteral("move");
    move.state = QStringLiteral("failed");
    move.target = QStringLiteral("Projects/Lighthouse");
    move.messages = 3;
    move.error = QStringLiteral("The mailbox is full. Delete something, or ask the provider for more room.");
    return {marks, move};
}

void showState(const QString &state, MainWindow &window, FakeSource &source, const Sample &sample)
{
    const auto open = [&](MessageId id) { window.openMessage(id); };
    if (state == QLatin1String("plain") || state == QLatin1String("compact"))
        open(sample.plain);
    else if (state == QLatin1String("html") || state == QLatin1String("classic"))
        open(sample.newsletter);
    else if (state == QLatin1String("attachments"))
        open(sample.attachments);
    else if (state == QLatin1String("rtl"))
        open(sample.rightToLeft);
    else if (state == QLatin1String("failing"))
        open(sample.failing);
    else if (state == QLatin1String("syncing"))
        source.setStatus(syncing(sample.account));
    else if (state == QLatin1String("refused"))
        source.setStatus(refused(sample.account));
    else if (state == QLatin1String("empty"))
        window.openMailbox(sample.archive);
    else if (state == QLatin1String("switcher"))
        window.actions().switcher->trigger();
    else if (state == QLatin1String("shortcuts"))
        window.actions().shortcuts->trigger();
    else if (state == QLatin1String("settings"))
        window.actions().settings->trigger();
    else if (state == QLatin1String("about"))
        window.actions().about->trigger();
    else if (state == QLatin1String("activity")) {
        source.setStatus(refused(sample.account));
        source.setPending(pendingSamples(sample.account));
        window.findChild<QAbstractButton *>(QStringLiteral("activityLine"))->click();
    } else if (state == QLatin1String("menu")) {
        window.findChild<QAbstractButton *>(QStringLiteral("menuButton"))->click();
    } else if (state.startsWith(QLatin1String("account"))) {
        window.actions().addAccount->trigger();
        auto *dialog = window.findChild<AccountDialog *>();
        typeInto(dialog, "name", QStringLiteral("Marit Aune"));
        typeInto(dialog, "email", QStringLiteral("marit@aune.example"));
        typeInto(dialog, "password", QStringLiteral("wrong"));
        typeInto(dialog, "imapHost", QStringLiteral("imap.example.org"));
        if (state == QLatin1String("account-refused"))
            dialog->findChild<QPushButton *>(QStringLiteral("proceed"))->click();
    } else if (state == QLatin1String("source")) {
        open(sample.plain);
        QTimer::singleShot(300, &window, [&window] { window.actions().viewSource->trigger(); });
    }
}

} // namespace

int main(int argc, char **argv)
{
    prepareWebEngine();
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{QStringLiteral("state"), QStringLiteral("What to show."), QStringLiteral("name")},
                       {QStringLiteral("scheme"), QStringLiteral("light or dark."), QStringLiteral("name")},
                       {QStringLiteral("size"), QStringLiteral("Of the window."), QStringLiteral("WxH")},
                       {QStringLiteral("shot"), QStringLiteral("Saves the screen and ends."), QStringLiteral("file")},
                       {QStringLiteral("live"), QStringLiteral("Mail arrives every two seconds.")}});
    parser.process(application);
    QTranslator plurals;
    if (plurals.load(QStringLiteral(":/i18n/kittiwake_en.qm")))
        QCoreApplication::installTranslator(&plurals);
    const bool dark = parser.value(QStringLiteral("scheme")) == QLatin1String("dark");
    theme::apply(application, dark ? theme::Scheme::Dark : theme::Scheme::Light, dark);

    QDateTime now(QDate(2026, 9, 24), QTime(14, 3, 22));
    const QString state = parser.value(QStringLiteral("state"));
    FakeSource source;
    Sample sample;
    if (state != QLatin1String("welcome"))
        sample = fillWithSample(source, now);
    MainWindow window(source, {});
    window.setNow([&now] { return now; });
    const QStringList size = parser.value(QStringLiteral("size")).split(QLatin1Char('x'));
    window.setGeometry(0, 0, size.size() == 2 ? size[0].toInt() : 1280, size.size() == 2 ? size[1].toInt() : 800);
    window.show();
    window.activateWindow();

    QTimer::singleShot(700, &window, [&] { showState(state, window, source, sample); });
    QTimer arrivals;
    if (parser.isSet(QStringLiteral("live"))) {
        QObject::connect(&arrivals, &QTimer::timeout, &window, [&] {
            mail::MessageHeader header;
            header.subject = QStringLiteral("News of the harbour");
            header.from = {{QStringLiteral("Harbour Office"), QStringLiteral("berths@harbour.example")}};
            header.date = QDateTime::currentSecsSinceEpoch();
            source.deliver(sample.inbox, header);
        });
        arrivals.start(2000);
    }
    if (parser.isSet(QStringLiteral("shot"))) {
        QTimer::singleShot(3500, &window, [&] {
            QGuiApplication::primaryScreen()->grabWindow(0).save(parser.value(QStringLiteral("shot")));
            QCoreApplication::exit();
        });
    }
    return QApplication::exec();
}
