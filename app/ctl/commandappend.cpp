// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actionreport.h"
#include "app/ctl/commands.h"
#include "core/mime/headers.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QFile>

namespace kittiwake::ctl
{

namespace
{

/** "\\Seen,$Later", "seen flagged". */
std::optional<mail::Flags> parseFlags(const QString &text)
{
    mail::Flags flags;
    const QStringList words = QString(text).replace(u',', u' ').split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        QByteArray name = word.toLatin1();
        // A shell eats backslashes: the names of the system flags do without.
        if (mail::Flags::systemFlag(QByteArray('\\' + name)))
            name.prepend('\\');
        const mail::Flags before = flags;
        flags.addByName(name);
        if (flags == before && !before.names().contains(name))
            return std::nullopt;
    }
    return flags;
}

/** ISO 8601, or as in a Date field. */
std::optional<std::int64_t> parseDate(const QString &text)
{
    const QDateTime date = QDateTime::fromString(text, Qt::ISODate);
    if (date.isValid())
        return date.toSecsSinceEpoch();
    return mime::parseDate(text.toLatin1());
}

} // namespace

void runAppend(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{QStringLiteral("account"), {}, QStringLiteral("id")},
                       {QStringLiteral("flags"), {}, QStringLiteral("flags")},
                       {QStringLiteral("date"), {}, QStringLiteral("date")},
                       {QStringLiteral("offline"), {}}});
    if (!context.parse(parser, arguments, 1, 1,
                       QStringLiteral("append MAILBOX [--flags F] [--date D] [--account ID|EMAIL] [--offline] "
                                      "< MESSAGE")))
        return;
    const auto flags = parseFlags(parser.value(QStringLiteral("flags")));
    if (!flags)
        return context.usage(QObject::tr("flags are given as Seen,Flagged,$Keyword"));
    engine::AppendRequest request;
    request.flags = *flags;
    if (parser.isSet(QStringLiteral("date"))) {
        request.date = parseDate(parser.value(QStringLiteral("date")));
        if (!request.date)
            return context.usage(QObject::tr("a date is given as 2026-11-22T14:03:00Z"));
    }
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    {
        const auto reader = context.openReader();
        if (!reader)
            return;
        const auto mailbox = context.pickMailbox(*reader, account->id, parser.positionalArguments().first());
        if (!mailbox)
            return;
        request.mailbox = mailbox->id;
    }
    // One octet more than is taken, so that what is too long is refused and not cut.
    constexpr qint64 limit = 64LL * 1024 * 1024 + 1;
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return context.fail(ExitCode::Failed, QObject::tr("standard input cannot be read"));
    while (request.message.size() < limit) {
        const QByteArray piece = input.read(limit - request.message.size());
        if (piece.isEmpty())
            break;
        request.message += piece;
    }
    request.wait = true;
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    engine->append(request).then(
        &context, [&context](const Result<engine::ActionReport> &report) { finishAction(context, report, true); });
}

} // namespace kittiwake::ctl
