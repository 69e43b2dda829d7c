// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"

#include "core/engine/diagnostics.h"

#include <QCommandLineParser>

namespace kittiwake::ctl
{

namespace
{

/** What "debug" reads at the most: more than any message a server accepts. */
constexpr qint64 inputLimit = 256LL * 1024 * 1024;

QString indented(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented));
}

} // namespace

void runAudit(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    if (!context.parse(parser, arguments, 0, 0, QStringLiteral("audit")))
        return;
    const auto report = engine::auditProfile(context.profile());
    if (!report)
        return context.fail(report.error());
    if (context.json()) {
        QJsonArray files;
        for (const engine::AuditedFile &file : report->files) {
            files.append(QJsonObject{{QStringLiteral("path"), file.path},
                                     {QStringLiteral("kind"), file.kind},
                                     {QStringLiteral("encrypted"), file.encrypted},
                                     {QStringLiteral("bytes"), static_cast<qint64>(file.bytes)}});
        }
        context.printJson(QJsonObject{{QStringLiteral("files"), files},
                                      {QStringLiteral("body_bytes_on_disk"), static_cast<qint64>(report->bodyBytes)}});
    } else {
        for (const engine::AuditedFile &file : report->files) {
            context.printText(QStringLiteral("%1  %2  %3%4\n")
                                  .arg(QString::number(file.bytes).rightJustified(12), file.kind.leftJustified(14),
                                       file.path, file.encrypted ? QObject::tr("  (encrypted)") : QString()));
        }
        context.printText(QObject::tr("Bytes of message bodies on disk: %1\n").arg(report->bodyBytes));
    }
    context.finish();
}

void runCache(Context &context, const QStringList &arguments)
{
    if (arguments != QStringList{QStringLiteral("drop")})
        return context.usage(QObject::tr("usage: kittiwakectl cache drop"));
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    engine->dropCache().then(&context, [&context](const Result<void> &dropped) {
        if (!dropped)
            return context.fail(dropped.error());
        if (context.json())
            context.printJson(QJsonObject{{QStringLiteral("dropped"), true}});
        else
            context.printText(QObject::tr("The header cache is gone; \"sync\" fetches it again.\n"));
        context.finish();
    });
}

void runDebug(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("partial"), {}});
    parser.addOption({QStringLiteral("split"), {}, QStringLiteral("bytes")});
    const QString synopsis = QStringLiteral("debug parse-imap [--partial] [--split N] | parse-mime | render < BYTES");
    if (!context.parse(parser, arguments, 1, 1, synopsis))
        return;
    int split = 0;
    if (parser.isSet(QStringLiteral("split"))) {
        bool ok = false;
        split = parser.value(QStringLiteral("split")).toInt(&ok);
        if (!ok || split <= 0)
            return context.usage(QObject::tr("--split wants a number from 1"));
    }
    const QString what = parser.positionalArguments().front();
    if (what == QLatin1String("parse-imap")) {
        const QJsonObject parsed = engine::parseImapForDisplay(readStandardInput(inputLimit), split);
        if (context.json())
            context.printJson(parsed);
        else
            context.printText(indented(parsed));
        const bool clean = parsed.value(QLatin1String("rejected")).toArray().isEmpty()
            && (parser.isSet(QStringLiteral("partial")) || !parsed.value(QLatin1String("incomplete")).toBool());
        return context.finish(clean ? ExitCode::Done : ExitCode::Failed);
    }
    if (what == QLatin1String("parse-mime") || what == QLatin1String("render")) {
        const QByteArray message = readStandardInput(inputLimit);
        const QJsonObject parsed = what == QLatin1String("render") ? engine::renderForDisplay(message)
                                                                   : engine::parseMimeForDisplay(message);
        if (context.json())
            context.printJson(parsed);
        else
            context.printText(indented(parsed));
        return context.finish();
    }
    context.usage(synopsis);
}

} // namespace kittiwake::ctl
