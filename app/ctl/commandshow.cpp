// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"
#include "core/mime/sendersentences.h"

#include <QCommandLineParser>
#include <QSaveFile>

namespace kittiwake::ctl
{

namespace
{

/** Where the text or bytes go: standard output, or a file that is complete or not there. */
void deliver(Context &context, const QString &file, const QByteArray &bytes, bool isText)
{
    if (file.isEmpty()) {
        if (isText)
            writeText(stdout, QString::fromUtf8(bytes));
        else
            writeBytes(stdout, bytes);
        return context.finish();
    }
    QSaveFile output(file);
    if (!output.open(QIODevice::WriteOnly) || output.write(bytes) != bytes.size() || !output.commit())
        return context.fail(ExitCode::Failed,
                            QObject::tr("%1 could not be written: %2").arg(file, output.errorString()));
    context.finish();
}

/** A part, or the whole message, into a file while it arrives. */
void saveTo(Context &context, engine::Engine &engine, const engine::MessageRef &message, const QString &file,
            const QByteArray &section)
{
    engine::PartRequest request;
    request.section = section;
    request.path = file;
    request.progress = [&context, file](const engine::PartProgress &progress) {
        QMetaObject::invokeMethod(&context, [&context, file, progress] {
            if (!context.isFinished())
                context.showProgress(static_cast<std::int64_t>(progress.octets),
                                     static_cast<std::int64_t>(progress.total), file);
        });
    };
    engine.savePart(message, request).then(&context, [&context](const Result<engine::SavedPart> &saved) {
        context.clearProgress();
        // That the file cannot be written is no trouble with the stores (ExitCode::StoreUnavailable).
        if (!saved && saved.error().kind == ErrorKind::Storage)
            return context.fail(ExitCode::Failed, saved.error().userText);
        if (!saved)
            return context.fail(saved.error());
        if (!saved->doubt.isEmpty())
            writeText(stderr, saved->doubt + QLatin1Char('\n'));
        context.finish();
    });
}

QJsonObject detailsJson(const engine::MessageDetails &details, bool html)
{
    QJsonArray headers;
    for (const auto &[name, value] : details.headers)
        headers.append(QJsonObject{{QStringLiteral("name"), name}, {QStringLiteral("value"), value}});
    QJsonArray parts;
    for (const engine::PartInfo &part : details.parts) {
        parts.append(QJsonObject{{QStringLiteral("id"), QString::fromLatin1(part.id)},
                                 {QStringLiteral("type"), QString::fromUtf8(part.type)},
                                 {QStringLiteral("name"), part.name},
                                 {QStringLiteral("size"), static_cast<qint64>(part.size)},
                                 {QStringLiteral("encoding"), QString::fromUtf8(part.encoding)},
                                 {QStringLiteral("disposition"), QString::fromUtf8(part.disposition)}});
    }
    QJsonObject object{{QStringLiteral("headers"), headers},
                       {QStringLiteral("parts"), parts},
                       {QStringLiteral("text"), details.content.plainText}};
    if (html)
        object.insert(QStringLiteral("html"), details.content.html);
    if (!details.content.notice.isEmpty())
        object.insert(QStringLiteral("notice"), details.content.notice);
    if (!details.content.defects.isEmpty())
        object.insert(QStringLiteral("defects"), QJsonArray::fromStringList(details.content.defects));
    return object;
}

QJsonObject senderJson(const engine::SenderReport &report)
{
    QStringList warnings = mime::sentencesOf(report.remarks);
    const QString service = mime::sentenceOf(report.authenticity, report.domain);
    const bool proves = report.authenticity == mime::Authenticity::Verified;
    if (!service.isEmpty() && !proves)
        warnings.prepend(service);
    return {{QStringLiteral("name"), report.sender.name},
            {QStringLiteral("address"), report.sender.address},
            {QStringLiteral("verified"), proves},
            {QStringLiteral("warnings"), QJsonArray::fromStringList(warnings)}};
}

/// Who sent it is asked for last: what is shown of the message does not depend on it.
void showJson(Context &context, engine::Engine &engine, const engine::MessageRef &message, const QString &file,
              const QJsonObject &details)
{
    engine.inspectSender(message).then(&context, [&context, file, details](const Result<engine::SenderReport> &report) {
        if (!report)
            return context.fail(report.error());
        QJsonObject object = details;
        object.insert(QStringLiteral("sender"), senderJson(*report));
        deliver(context, file, QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n', false);
    });
}

QString headersText(const engine::MessageDetails &details)
{
    QString text;
    for (const auto &[name, value] : details.headers)
        text += QStringLiteral("%1: %2\n").arg(name, value);
    return text;
}

QString messageText(const engine::MessageDetails &details)
{
    static const QStringList shown{QStringLiteral("from"), QStringLiteral("to"), QStringLiteral("cc"),
                                   QStringLiteral("date"), QStringLiteral("subject")};
    QString text;
    for (const auto &[name, value] : details.headers) {
        if (shown.contains(name, Qt::CaseInsensitive))
            text += QStringLiteral("%1: %2\n").arg(name, value);
    }
    text += QLatin1Char('\n')
        + (details.content.notice.isEmpty() ? details.content.plainText
                                            : QString(u'[' + details.content.notice + u']'));
    if (!text.endsWith(QLatin1Char('\n')))
        text += QLatin1Char('\n');
    for (const mime::Attachment &attachment : details.content.attachments) {
        text += QStringLiteral("[%1  %2  %3  %4]\n")
                    .arg(QString::fromLatin1(attachment.section), attachment.fileName,
                         QString::fromUtf8(attachment.mimeType), QString::number(attachment.size));
    }
    return text;
}

} // namespace

void runShow(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    for (const char *name : {"account", "part", "output"})
        parser.addOption({QString::fromLatin1(name), {}, QStringLiteral("value")});
    for (const char *name : {"headers", "raw", "html"})
        parser.addOption({QString::fromLatin1(name), {}});
    if (!context.parse(parser, arguments, 2, 2,
                       QStringLiteral("show MAILBOX UID [--account ID|EMAIL] [--part N] [--headers] [--raw] [--html] "
                                      "[--output FILE]")))
        return;
    const QStringList words = parser.positionalArguments();
    bool ok = false;
    const std::uint32_t uid = words[1].toUInt(&ok);
    if (!ok || uid == 0)
        return context.usage(QObject::tr("UID is a number from 1 to 4294967295"));
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    std::optional<store::MailboxRow> mailbox;
    {
        const auto reader = context.openReader();
        if (!reader)
            return;
        mailbox = context.pickMailbox(*reader, account->id, words[0]);
        if (!mailbox)
            return;
    }
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    const engine::MessageRef message{mailbox->id, Uid(uid)};
    const QString file = parser.value(QStringLiteral("output"));
    const bool isRawHeader = parser.isSet(QStringLiteral("raw")) && parser.isSet(QStringLiteral("headers"));
    if (!file.isEmpty() && !isRawHeader
        && (parser.isSet(QStringLiteral("raw")) || parser.isSet(QStringLiteral("part"))))
        return saveTo(context, *engine, message, file, parser.value(QStringLiteral("part")).toLatin1());
    if (parser.isSet(QStringLiteral("raw")) || parser.isSet(QStringLiteral("part"))) {
        const bool raw = parser.isSet(QStringLiteral("raw"));
        auto future = raw ? engine->fetchRaw(message, parser.isSet(QStringLiteral("headers")))
                          : engine->fetchPart(message, parser.value(QStringLiteral("part")).toLatin1());
        future.then(&context, [&context, file](const Result<QByteArray> &bytes) {
            if (!bytes)
                return context.fail(bytes.error());
            deliver(context, file, *bytes, false);
        });
        return;
    }
    const bool headersOnly = parser.isSet(QStringLiteral("headers"));
    const bool html = parser.isSet(QStringLiteral("html"));
    engine->fetchDetails(message).then(
        &context, [&context, engine, message, file, headersOnly, html](const Result<engine::MessageDetails> &details) {
            if (!details)
                return context.fail(details.error());
            if (context.json())
                return showJson(context, *engine, message, file, detailsJson(*details, html));
            const QString text = headersOnly ? headersText(*details)
                : html                       ? details->content.html
                                             : messageText(*details);
            deliver(context, file, text.toUtf8(), true);
        });
}

} // namespace kittiwake::ctl
