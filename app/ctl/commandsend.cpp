// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonObject>

namespace kittiwake::ctl
{

namespace
{

constexpr qint64 largestInput = 64 * 1024 * 1024;

/** The account that sends as from (a plain address); with an empty one the only account there is. */
std::optional<accounts::Account> pickSender(Context &context, const QString &from, const QString &named)
{
    if (!named.isEmpty() || from.isEmpty())
        return context.pickAccount(named);
    const auto accounts = context.readAccounts();
    if (!accounts)
        return std::nullopt;
    for (const accounts::Account &account : *accounts) {
        if (account.email.compare(from, Qt::CaseInsensitive) == 0)
            return account;
    }
    if (accounts->size() == 1)
        return accounts->front(); // another address of the same person; the server says whether it may be
    context.usage(QObject::tr("no account has the address %1: name the account that sends with --account.").arg(from));
    return std::nullopt;
}

void finishSend(Context &context, const Result<engine::SendReport> &report)
{
    context.clearProgress();
    if (!report)
        return context.fail(report.error());
    const bool isRefused = report->state == QLatin1String("failed") || report->state == QLatin1String("unknown");
    if (context.json()) {
        QJsonObject json{{QStringLiteral("operation"), static_cast<qint64>(report->operation.value())},
                         {QStringLiteral("state"), report->state},
                         {QStringLiteral("message_id"), report->messageId}};
        if (!report->error.isEmpty())
            json.insert(QStringLiteral("error"), report->error);
        context.printJson(json);
    } else if (report->state == QLatin1String("sent")) {
        context.printText(QObject::tr("Sent.\n"));
    } else if (!isRefused) {
        const QString kept = QObject::tr("The message is in the outbox and is sent later.");
        context.printText(QStringLiteral("%1 %2\n").arg(kept, report->error));
    }
    if (isRefused)
        return context.fail(ExitCode::Failed, report->error);
    context.finish();
}

} // namespace

void runSend(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    for (const char *name : {"from", "account", "not-before"})
        parser.addOption({QString::fromLatin1(name), {}, QStringLiteral("value")});
    parser.addOption({QStringLiteral("offline"), {}});
    parser.addOption({QStringLiteral("no-copy"), {}});
    parser.addOption({QStringLiteral("delivery-report"), {}});
    if (!context.parse(parser, arguments, 0, 0,
                       QStringLiteral("send [--from A] [--account ID|EMAIL] [--not-before TIME] [--no-copy] "
                                      "[--delivery-report] [--offline] < MESSAGE")))
        return;
    engine::SendRequest request;
    request.from = parser.value(QStringLiteral("from"));
    const auto account = pickSender(context, request.from, parser.value(QStringLiteral("account")));
    if (!account)
        return;
    request.account = account->id;
    if (parser.isSet(QStringLiteral("not-before"))) {
        const QDateTime time = QDateTime::fromString(parser.value(QStringLiteral("not-before")), Qt::ISODate);
        if (!time.isValid())
            return context.usage(QObject::tr("--not-before wants a time such as 2026-12-24T18:00:00Z"));
        request.notBefore = time.toMSecsSinceEpoch();
    }
    request.wantsDeliveryReport = parser.isSet(QStringLiteral("delivery-report"));
    request.wantsCopy = !parser.isSet(QStringLiteral("no-copy"));
    request.message = readStandardInput(largestInput + 1);
    request.wait = request.notBefore <= QDateTime::currentMSecsSinceEpoch();
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    QObject::connect(engine, &engine::Engine::sendProgressed, &context,
                     [&context](const engine::SendProgress &progress) {
                         context.showProgress(static_cast<std::int64_t>(progress.octets),
                                              static_cast<std::int64_t>(progress.total), QObject::tr("octets sent"));
                     });
    auto sent = engine->send(request);
    request.message = QByteArray();
    sent.then(&context, [&context](const Result<engine::SendReport> &report) { finishSend(context, report); });
}

} // namespace kittiwake::ctl
