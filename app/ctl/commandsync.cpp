// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"

#include <QCommandLineParser>
#include <QTimer>

namespace kittiwake::ctl
{

namespace
{

QJsonObject reportJson(const engine::SyncReport &report)
{
    QJsonObject path;
    for (const auto &[mailbox, way] : report.path)
        path.insert(mailbox, way);
    return {{QStringLiteral("mailboxes"), static_cast<qint64>(report.mailboxes)},
            {QStringLiteral("messages"), static_cast<qint64>(report.messages)},
            {QStringLiteral("added"), static_cast<qint64>(report.added)},
            {QStringLiteral("removed"), static_cast<qint64>(report.removed)},
            {QStringLiteral("changed"), static_cast<qint64>(report.changed)},
            {QStringLiteral("elapsed_ms"), static_cast<qint64>(report.elapsedMs)},
            {QStringLiteral("first_page_ms"), static_cast<qint64>(report.firstPageMs)},
            {QStringLiteral("bytes_received"), static_cast<qint64>(report.bytesReceived)},
            {QStringLiteral("bytes_sent"), static_cast<qint64>(report.bytesSent)},
            {QStringLiteral("round_trips"), static_cast<qint64>(report.roundTrips)},
            {QStringLiteral("connections"), static_cast<qint64>(report.connections)},
            {QStringLiteral("path"), path}};
}

QString eventName(engine::WatchEvent::Kind kind)
{
    using Kind = engine::WatchEvent::Kind;
    switch (kind) {
    case Kind::Connected:
        return QStringLiteral("connected");
    case Kind::Added:
        return QStringLiteral("added");
    case Kind::Removed:
        return QStringLiteral("removed");
    case Kind::Changed:
        return QStringLiteral("changed");
    case Kind::Mailbox:
        return QStringLiteral("mailbox");
    case Kind::Disconnected:
        return QStringLiteral("disconnected");
    case Kind::Error:
        return QStringLiteral("error");
    }
    return QStringLiteral("error");
}

void printEvent(const Context &context, const engine::WatchEvent &event)
{
    const QString at = QDateTime::fromMSecsSinceEpoch(event.at, Qt::UTC).toString(Qt::ISODateWithMs);
    if (context.json()) {
        QJsonArray uids;
        for (const Uid uid : event.uids)
            uids.append(static_cast<qint64>(uid.value()));
        QJsonObject object{{QStringLiteral("event"), eventName(event.kind)},
                           {QStringLiteral("mailbox"), event.mailbox.isEmpty() ? QJsonValue() : event.mailbox},
                           {QStringLiteral("uids"), uids},
                           {QStringLiteral("at"), at}};
        if (!event.text.isEmpty())
            object.insert(QStringLiteral("text"), event.text);
        context.printJson(object);
        return;
    }
    QStringList uids;
    for (const Uid uid : event.uids)
        uids.append(QString::number(uid.value()));
    context.printText(QStringLiteral("%1  %2  %3  %4%5\n")
                          .arg(at, eventName(event.kind), event.mailbox, uids.join(QLatin1Char(',')), event.text));
}

} // namespace

void runSync(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("mailbox"), {}, QStringLiteral("name")});
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    parser.addOption({QStringLiteral("full"), {}});
    if (!context.parse(parser, arguments, 0, 0, QStringLiteral("sync [--mailbox M]... [--account ID|EMAIL] [--full]")))
        return;
    engine::SyncRequest request;
    request.mailboxes = parser.values(QStringLiteral("mailbox"));
    request.full = parser.isSet(QStringLiteral("full"));
    const auto account = context.pickAccounts(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    request.account = *account;
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    if (isTerminal(stderr)) {
        request.progress = [&context](std::int64_t done, std::int64_t total, const QString &mailbox) {
            QMetaObject::invokeMethod(&context, [&context, done, total, mailbox] {
                if (!context.isFinished())
                    context.showProgress(done, total, mailbox);
            });
        };
    }
    engine->sync(request).then(&context, [&context](const Result<engine::SyncReport> &report) {
        context.clearProgress();
        if (!report)
            return context.fail(report.error());
        if (context.json()) {
            context.printJson(reportJson(*report));
        } else {
            context.printText(
                QObject::tr("Synced in %1 s. Folders: %2. Messages: %3 (%4 added, %5 removed, %6 changed).\n")
                    .arg(QString::number(static_cast<double>(report->elapsedMs) / 1000.0, 'f', 2),
                         QString::number(report->mailboxes), QString::number(report->messages),
                         QString::number(report->added), QString::number(report->removed),
                         QString::number(report->changed)));
        }
        context.finish();
    });
}

void runWatch(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    for (const char *name : {"seconds", "mailbox", "account"})
        parser.addOption({QString::fromLatin1(name), {}, QStringLiteral("value")});
    if (!context.parse(parser, arguments, 0, 0,
                       QStringLiteral("watch [--seconds N] [--mailbox M]... [--account ID|EMAIL]")))
        return;
    std::int64_t seconds = 0;
    if (parser.isSet(QStringLiteral("seconds"))) {
        bool ok = false;
        seconds = parser.value(QStringLiteral("seconds")).toLongLong(&ok);
        if (!ok || seconds <= 0 || seconds > 1'000'000)
            return context.usage(QObject::tr("--seconds wants a number from 1 to 1000000"));
    }
    const QStringList wanted = parser.values(QStringLiteral("mailbox"));
    const auto picked = context.pickAccounts(parser.value(QStringLiteral("account")));
    if (!picked)
        return;
    const AccountId only = *picked;
    engine::Engine *engine = context.openEngine(true);
    if (engine == nullptr)
        return;
    QObject::connect(engine, &engine::Engine::watchEvent, &context,
                     [&context, wanted, only](const engine::WatchEvent &event) {
                         if (context.isFinished() || (only.isValid() && event.account != only))
                             return;
                         if (!event.mailbox.isEmpty() && !wanted.isEmpty() && !wanted.contains(event.mailbox))
                             return;
                         printEvent(context, event);
                     });
    // What no retry can mend ends the program: nobody looks at a watch that only repeats it.
    QObject::connect(engine, &engine::Engine::accountStatusChanged, &context,
                     [&context, only](const engine::AccountStatus &status) {
                         if (status.state == engine::AccountStatus::State::NeedsUser && status.error
                             && (!only.isValid() || status.account == only))
                             context.fail(*status.error);
                     });
    // One more mailbox is watched beside INBOX.
    if (!wanted.isEmpty() && wanted.front() != QLatin1String("INBOX"))
        engine->setOpenMailboxByName(only, wanted.front());
    if (seconds > 0)
        QTimer::singleShot(std::chrono::seconds(seconds), &context, [&context] { context.finish(); });
}

} // namespace kittiwake::ctl
