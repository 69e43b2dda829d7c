// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window on generated mail in one of its states: for working on its looks, and for pictures.
//   ui_gallery [--state NAME] [--scheme light|dark] [--size WxH] [--shot FILE.png [--wait MS]]
#include "tests/ui/composer/composergallery.h"
#include "tests/ui/samplemail.h"
#include "ui/accounts/accountdialog.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/attachmentbar.h"
#include "ui/reader/htmlprofile.h"
#include "ui/reader/readerpane.h"

#include <QApplication>
#include <QBuffer>
#include <QCommandLineParser>
#include <QLineEdit>
#include <QPainter>
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

/** A message with files of all kinds, an event among them. */
void showFiles(const QString &state, MainWindow &window, FakeSource &source, const Sample &sample)
{
    mime::MessageContent content;
    content.plainText
        = QStringLiteral("Dear all,\n\nthe walk along the harbour is on Thursday. The plan and some pictures "
                         "of last year are attached.\n\nBest wishes\nTomás\n");
    const auto attach = [&](const char *name, const char *type, const QByteArray &data) {
        mime::Attachment file;
        file.section = QByteArray::number(static_cast<qulonglong>(content.attachments.size() + 2));
        file.fileName = QString::fromUtf8(name);
        file.mimeType = type;
        file.size = static_cast<std::uint64_t>(qMax<qsizetype>(data.size(), 48213));
        content.attachments.push_back(file);
        source.setPart(sample.attachments, file.section, data);
    };
    QImage picture(1800, 1200, QImage::Format_RGB32);
    QPainter painter(&picture);
    QLinearGradient sky(0, 0, 0, 1200);
    sky.setColorAt(0, QColor(0x7db9e8));
    sky.setColorAt(1, QColor(0x2f7fb5));
    painter.fillRect(picture.rect(), sky);
    painter.setBrush(QColor(0x3d4f45));
    painter.drawEllipse(QPoint(1300, 1250), 900, 500);
    painter.end();
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "PNG");
    attach("Harbour in the morning.png", "image/png", png);
    attach("Plan of the walk.pdf", "application/pdf", "%PDF-");
    attach("Forwarded message.eml", "message/rfc822", "Subject: x");
    attach("winmail.dat", "application/ms-tnef", "x");
    attach("invoice.pdf.exe", "application/octet-stream", "MZ");
    if (state == QLatin1String("invite")) {
        attach("invite.ics", "text/calendar",
               "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART:20261001T120000Z\r\n"
               "DTEND:20261001T133000Z\r\nSUMMARY:Walk along the harbour\r\nLOCATION:Pier 4\\, Bergen\r\n"
               "ORGANIZER;CN=Tomás Herrera:mailto:tomas@herrera-legal.example\r\n"
               "ATTENDEE;CN=Marit Aune;PARTSTAT=ACCEPTED:mailto:marit@aune.example\r\n"
               "ATTENDEE;CN=Ingrid Solberg:mailto:ingrid@fjordline.example\r\n"
               "ATTENDEE;CN=Claire Dubois;PARTSTAT=TENTATIVE:mailto:claire@dubois.example\r\n"
               "ATTENDEE;CN=Sam Okafor:mailto:sam@northwind.example\r\n"
               "RRULE:FREQ=MONTHLY;BYDAY=1TH;COUNT=6\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    }
    content.unsubscribe.web = QUrl(QStringLiteral("https://lists.example.org/leave"));
    content.unsubscribe.oneClick = true;
    source.setContent(sample.attachments, content);
    window.reader().attachments().opener().helper().setProgram(
        QStringLiteral(KITTIWAKE_BINARY_DIR "/bin/kittiwake-helper"));
    window.openMessage(sample.attachments);
    if (state == QLatin1String("preview"))
        QTimer::singleShot(800, &window, [&window] { window.reader().attachments().chips().front()->click(); });
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
    } else if (state == QLatin1String("invite") || state == QLatin1String("preview")
               || state == QLatin1String("files")) {
        showFiles(state, window, source, sample);
    } else if (state == QLatin1String("window") || state == QLatin1String("print") || state == QLatin1String("find")) {
        open(state == QLatin1String("find") ? sample.plain : sample.newsletter);
        QTimer::singleShot(1200, &window, [&window, state] {
            const WindowActions &actions = window.actions();
            QAction *action = state == QLatin1String("window") ? actions.openInWindow
                : state == QLatin1String("print")              ? actions.print
                                                               : actions.find;
            action->trigger();
            if (state == QLatin1String("find"))
                window.reader().findChild<QLineEdit *>(QStringLiteral("findField"))->setText(QStringLiteral("ferry"));
        });
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
                       {QStringLiteral("wait"), QStringLiteral("Before the picture."), QStringLiteral("ms")},
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
    const int width = size.size() == 2 ? size[0].toInt() : 1280;
    const int height = size.size() == 2 ? size[1].toInt() : 800;
    window.setGeometry(0, 0, width, height);
    const bool isComposer = state.startsWith(QLatin1String("composer"));
    if (isComposer)
        QTimer::singleShot(300, &window, [&] { showComposer(state, window.settings(), width - 40, height - 40); });
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
        QTimer::singleShot(
            parser.isSet(QStringLiteral("wait")) ? parser.value(QStringLiteral("wait")).toInt() : 3500, &window, [&] {
                QGuiApplication::primaryScreen()->grabWindow(0).save(parser.value(QStringLiteral("shot")));
                QCoreApplication::exit();
            });
    }
    return QApplication::exec();
}
