// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actionreport.h"
#include "app/ctl/commands.h"
#include "app/ctl/context.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace kittiwake::ctl
{

namespace
{

QJsonObject actionJson(const engine::PendingAction &action)
{
    QJsonObject json{{QStringLiteral("id"), static_cast<qint64>(action.id.value())},
                     {QStringLiteral("kind"), action.kind},
                     {QStringLiteral("state"), action.state},
                     {QStringLiteral("mailbox"), action.mailbox},
                     {QStringLiteral("target"), action.target.isEmpty() ? QJsonValue() : QJsonValue(action.target)},
                     {QStringLiteral("messages"), static_cast<qint64>(action.messages)},
                     {QStringLiteral("attempts"), action.attempts},
                     {QStringLiteral("error"), action.error.isEmpty() ? QJsonValue() : action.error},
                     {QStringLiteral("created_at"),
                      QDateTime::fromMSecsSinceEpoch(action.createdAt, Qt::UTC).toString(Qt::ISODateWithMs)}};
    if (action.recipients.empty())
        return json;
    QJsonArray recipients;
    for (const engine::PendingRecipient &recipient : action.recipients)
        recipients.append(QJsonObject{
            {QStringLiteral("address"), recipient.address},
            {QStringLiteral("state"), recipient.state},
            {QStringLiteral("error"), recipient.error.isEmpty() ? QJsonValue() : QJsonValue(recipient.error)}});
    json.insert(QStringLiteral("recipients"), recipients);
    json.insert(QStringLiteral("subject"), action.subject);
    json.insert(
        QStringLiteral("not_before"),
        action.notBefore == 0
            ? QJsonValue()
            : QJsonValue(QDateTime::fromMSecsSinceEpoch(action.notBefore, Qt::UTC).toString(Qt::ISODateWithMs)));
    return json;
}

void listPending(Context &context)
{
    const auto actions = engine::Engine::readPending(context.profile());
    if (!actions)
        return context.fail(actions.error());
    if (context.json()) {
        QJsonArray list;
        for (const engine::PendingAction &action : *actions)
            list.append(actionJson(action));
        context.printJson(list);
        return context.finish();
    }
    for (const engine::PendingAction &action : *actions) {
        const QString where
            = action.target.isEmpty() ? action.mailbox : QStringLiteral("%1 -> %2").arg(action.mailbox, action.target);
        context.printText(QStringLiteral("%1  %2  %3  %4  %5  %6\n")
                              .arg(QString::number(action.id.value()), action.kind, action.state, where,
                                   QString::number(action.messages), action.error));
    }
    context.finish();
}

/** What was refused goes to another folder of its account. */
void retarget(Context &context, OperationId operation, const QString &name)
{
    const auto actions = engine::Engine::readPending(context.profile());
    if (!actions)
        return context.fail(actions.error());
    AccountId account;
    for (const engine::PendingAction &action : *actions) {
        if (action.id == operation)
            account = action.account;
    }
    MailboxId target;
    {
        const auto reader = context.openReader();
        if (!reader)
            return;
        const auto mailbox = context.pickMailbox(*reader, account, name);
        if (!mailbox)
            return;
        target = mailbox->id;
    }
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    engine->retargetAction(operation, target).then(&context, [&context](const Result<engine::ActionReport> &report) {
        finishAction(context, report);
    });
}

/** "+\Seen", "-$Forwarded", "+seen": one or more. */
std::optional<mail::FlagChange> parseChange(const QStringList &words)
{
    mail::FlagChange change;
    for (const QString &word : words) {
        QByteArray name = word.mid(1).toLatin1();
        if (word.size() < 2 || (word[0] != u'+' && word[0] != u'-') || QString::fromLatin1(name) != word.mid(1))
            return std::nullopt;
        // A shell eats backslashes: the names of the system flags do without.
        if (mail::Flags::systemFlag(QByteArray('\\' + name)))
            name.prepend('\\');
        mail::Flags &flags = word[0] == u'+' ? change.add : change.remove;
        const mail::Flags before = flags;
        flags.addByName(name);
        if (flags == before)
            return std::nullopt;
    }
    return change;
}

} // namespace

void runFlag(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    parser.addOption({QStringLiteral("offline"), {}});
    // "-\Seen" is no option: the parser gets the options, and the words are kept apart.
    QStringList options{arguments.value(0)};
    QStringList marks;
    for (int index = 1; index < arguments.size(); ++index) {
        const QString &word = arguments[index];
        const bool isMark = word.startsWith(u'+') || (word.startsWith(u'-') && !word.startsWith(QLatin1String("--")));
        (isMark ? marks : options).append(word);
    }
    if (!context.parse(parser, options, 2, 2,
                       QStringLiteral("flag MAILBOX UIDS +FLAG|-FLAG... [--account ID|EMAIL] [--offline]")))
        return;
    const auto change = parseChange(marks);
    if (!change || change->isEmpty())
        return context.usage(QObject::tr("flags are given as +Seen, -Flagged, +Keyword"));
    const QStringList words = parser.positionalArguments();
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    engine::FlagRequest request;
    {
        const auto reader = context.openReader();
        if (!reader)
            return;
        const auto mailbox = context.pickMailbox(*reader, account->id, words[0]);
        if (!mailbox)
            return;
        request.mailbox = mailbox->id;
    }
    request.uids = words[1].toLatin1();
    request.change = *change;
    request.wait = true;
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    engine->changeFlags(request).then(
        &context, [&context](const Result<engine::ActionReport> &report) { finishAction(context, report); });
}

void runUndo(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("offline"), {}});
    if (!context.parse(parser, arguments, 0, 0, QStringLiteral("undo [--offline]")))
        return;
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    engine->undo(true).then(&context,
                            [&context](const Result<engine::ActionReport> &report) { finishAction(context, report); });
}

void runPending(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    if (!context.parse(parser, arguments, 0, 3, QStringLiteral("pending [list|retry ID|drop ID|retarget ID MAILBOX]")))
        return;
    const QStringList words = parser.positionalArguments();
    const QString verb = words.value(0, QStringLiteral("list"));
    if (verb == QLatin1String("list") && words.size() <= 1)
        return listPending(context);
    bool ok = false;
    const OperationId operation(words.value(1).toLongLong(&ok));
    if (ok && verb == QLatin1String("retarget") && words.size() == 3)
        return retarget(context, operation, words[2]);
    if (!ok || words.size() != 2 || (verb != QLatin1String("retry") && verb != QLatin1String("drop")))
        return context.usage(
            QObject::tr("pending list, pending retry ID, pending drop ID, or pending retarget ID MAILBOX"));
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    if (verb == QLatin1String("retry")) {
        engine->retryAction(operation).then(
            &context, [&context](const Result<engine::ActionReport> &report) { finishAction(context, report); });
        return;
    }
    engine->dropAction(operation).then(&context, [&context](const Result<void> &dropped) {
        if (!dropped)
            return context.fail(dropped.error());
        finishAction(context, engine::ActionReport{});
    });
}

} // namespace kittiwake::ctl
