// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actionreport.h"
#include "app/ctl/commands.h"

#include <QCommandLineParser>

namespace kittiwake::ctl
{

namespace
{

/** MAILBOX UIDS, and TARGET where the kind needs one. */
void runMoveKind(Context &context, const QStringList &arguments, mail::MoveKind kind, const QString &synopsis)
{
    const bool needsTarget = kind == mail::MoveKind::Move || kind == mail::MoveKind::Copy;
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    parser.addOption({QStringLiteral("offline"), {}});
    if (kind == mail::MoveKind::Delete)
        parser.addOptions({{QStringLiteral("expunge"), {}}, {QStringLiteral("for-ever"), {}}});
    const int words = needsTarget ? 3 : 2;
    if (!context.parse(parser, arguments, words, words, synopsis + QLatin1String(" [--account ID|EMAIL] [--offline]")))
        return;
    const QStringList names = parser.positionalArguments();
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    engine::MoveRequest request;
    {
        const auto reader = context.openReader();
        if (!reader)
            return;
        const auto mailbox = context.pickMailbox(*reader, account->id, names[0]);
        if (!mailbox)
            return;
        request.mailbox = mailbox->id;
        if (needsTarget) {
            const auto target = context.pickMailbox(*reader, account->id, names[2]);
            if (!target)
                return;
            request.target = target->id;
        }
    }
    request.uids = names[1].toLatin1();
    const bool forGood = kind == mail::MoveKind::Delete
        && (parser.isSet(QStringLiteral("expunge")) || parser.isSet(QStringLiteral("for-ever")));
    request.kind = forGood ? mail::MoveKind::Expunge : kind;
    request.wait = true;
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    engine->move(request).then(
        &context, [&context](const Result<engine::ActionReport> &report) { finishAction(context, report); });
}

} // namespace

void runMove(Context &context, const QStringList &arguments)
{
    runMoveKind(context, arguments, mail::MoveKind::Move, QStringLiteral("move MAILBOX UIDS TARGET"));
}

void runCopy(Context &context, const QStringList &arguments)
{
    runMoveKind(context, arguments, mail::MoveKind::Copy, QStringLiteral("copy MAILBOX UIDS TARGET"));
}

void runDelete(Context &context, const QStringList &arguments)
{
    runMoveKind(context, arguments, mail::MoveKind::Delete, QStringLiteral("delete MAILBOX UIDS [--expunge]"));
}

void runArchive(Context &context, const QStringList &arguments)
{
    runMoveKind(context, arguments, mail::MoveKind::Archive, QStringLiteral("archive MAILBOX UIDS"));
}

void runJunk(Context &context, const QStringList &arguments)
{
    runMoveKind(context, arguments, mail::MoveKind::Junk, QStringLiteral("junk MAILBOX UIDS"));
}

void runNotJunk(Context &context, const QStringList &arguments)
{
    runMoveKind(context, arguments, mail::MoveKind::NotJunk, QStringLiteral("not-junk MAILBOX UIDS"));
}

} // namespace kittiwake::ctl
