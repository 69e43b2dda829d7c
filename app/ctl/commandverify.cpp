// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"
#include "app/ctl/verifyjson.h"

#include <QCommandLineParser>
#include <QFile>

#include <algorithm>

namespace kittiwake::ctl
{

namespace
{

/** A file of fingerprints: 50,000 folders with long names, and room. */
constexpr qint64 mostFileBytes = 64 * 1024 * 1024;

void printReport(Context &context, const engine::VerifyReport &report)
{
    const auto accounts = context.readAccounts();
    if (!accounts)
        return;
    const auto emailOf = [&accounts](AccountId id) {
        const auto found = std::find_if(accounts->begin(), accounts->end(),
                                        [id](const accounts::Account &account) { return account.id == id; });
        return found == accounts->end() ? QString() : found->email;
    };
    if (context.json()) {
        QJsonArray mailboxes;
        for (const engine::MailboxVerdict &verdict : report.mailboxes) {
            QJsonObject one = verdictJson(verdict);
            one.insert(QStringLiteral("account"), emailOf(verdict.account));
            mailboxes.append(one);
        }
        context.printJson(QJsonObject{{QStringLiteral("mailboxes"), mailboxes},
                                      {QStringLiteral("ok"), report.isOk()},
                                      {QStringLiteral("messages"), static_cast<qint64>(report.messages)},
                                      {QStringLiteral("elapsed_ms"), static_cast<qint64>(report.elapsedMs)},
                                      {QStringLiteral("bytes_received"), static_cast<qint64>(report.bytesReceived)},
                                      {QStringLiteral("bytes_sent"), static_cast<qint64>(report.bytesSent)}});
        return;
    }
    for (const engine::MailboxVerdict &verdict : report.mailboxes)
        context.printText(verdictText(verdict));
}

/** Of the cache alone: no server is asked, and another program may own the profile. Ends the program on failure. */
std::optional<std::vector<FolderFingerprint>> ownFingerprints(Context &context, AccountId only,
                                                              const QStringList &mailboxes)
{
    const auto accounts = context.readAccounts();
    const auto reader = accounts ? context.openReader() : nullptr;
    if (!reader)
        return std::nullopt;
    std::vector<FolderFingerprint> result;
    for (const accounts::Account &account : *accounts) {
        if (only.isValid() && account.id != only)
            continue;
        const auto rows = reader->mailboxes(account.id);
        if (!rows) {
            context.fail(rows.error());
            return std::nullopt;
        }
        for (const store::MailboxRow &row : *rows) {
            if (!row.selectable || (!mailboxes.isEmpty() && !mailboxes.contains(row.name.text)))
                continue;
            const auto fingerprint = reader->fingerprint(row.id);
            if (!fingerprint) {
                context.fail(fingerprint.error());
                return std::nullopt;
            }
            result.push_back({account.email, row.name.text, *fingerprint});
        }
    }
    for (const QString &name : mailboxes) {
        if (std::none_of(result.begin(), result.end(),
                         [&name](const FolderFingerprint &one) { return one.name == name; })) {
            context.fail(
                ExitCode::Failed,
                QObject::tr("There is no mailbox \"%1\" in the cache; \"sync\" brings it up to date.").arg(name));
            return std::nullopt;
        }
    }
    return result;
}

void exportFingerprints(Context &context, const std::vector<FolderFingerprint> &folders)
{
    QJsonArray mailboxes;
    for (const FolderFingerprint &folder : folders) {
        mailboxes.append(QJsonObject{{QStringLiteral("account"), folder.account},
                                     {QStringLiteral("name"), folder.name},
                                     {QStringLiteral("fingerprint"), fingerprintJson(folder.fingerprint)}});
    }
    // Always JSON: it is for a file, and for --compare on another machine.
    context.printJson(QJsonObject{{QStringLiteral("mailboxes"), mailboxes}});
    context.finish();
}

/** Says in which folders the two differ, and in what. */
void compareFingerprints(Context &context, const std::vector<FolderFingerprint> &here,
                         std::vector<FolderFingerprint> there, bool isPart)
{
    QJsonArray mailboxes;
    bool ok = true;
    const auto tell = [&](const FolderFingerprint &folder, const QStringList &differs) {
        ok = ok && differs.isEmpty();
        QJsonArray fields;
        for (const QString &field : differs)
            fields.append(field);
        mailboxes.append(QJsonObject{{QStringLiteral("account"), folder.account},
                                     {QStringLiteral("name"), folder.name},
                                     {QStringLiteral("ok"), differs.isEmpty()},
                                     {QStringLiteral("differs"), fields}});
        if (!context.json()) {
            context.printText(QStringLiteral("%1: %2\n")
                                  .arg(folder.name,
                                       differs.isEmpty()
                                           ? QObject::tr("the same")
                                           : QObject::tr("NOT the same (%1)").arg(differs.join(QStringLiteral(", ")))));
        }
    };
    for (const FolderFingerprint &folder : here) {
        const auto other = std::find_if(there.begin(), there.end(), [&folder](const FolderFingerprint &one) {
            return one.name == folder.name
                && (one.account.isEmpty() || one.account.compare(folder.account, Qt::CaseInsensitive) == 0);
        });
        if (other == there.end()) {
            tell(folder, {QStringLiteral("only_here")});
            continue;
        }
        tell(folder, differingFields(folder.fingerprint, other->fingerprint));
        there.erase(other);
    }
    // Where only some folders were asked for, the file may well have others.
    if (!isPart) {
        for (const FolderFingerprint &folder : there)
            tell(folder, {QStringLiteral("only_there")});
    }
    if (context.json())
        context.printJson(QJsonObject{{QStringLiteral("mailboxes"), mailboxes}, {QStringLiteral("ok"), ok}});
    context.finish(ok ? ExitCode::Done : ExitCode::Failed);
}

std::optional<std::vector<FolderFingerprint>> readFingerprints(Context &context, const QString &path)
{
    QByteArray json;
    if (path == QLatin1String("-")) {
        json = readStandardInput(mostFileBytes);
    } else {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            context.fail(ExitCode::Failed, QObject::tr("%1 could not be read: %2.").arg(path, file.errorString()));
            return std::nullopt;
        }
        json = file.read(mostFileBytes);
    }
    auto folders = parseFingerprints(json);
    if (!folders) {
        context.fail(ExitCode::Failed,
                     QObject::tr("%1 holds no fingerprints; \"verify --fingerprint\" on the other machine prints them.")
                         .arg(path));
    }
    return folders;
}

} // namespace

void runVerify(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    for (const char *name : {"mailbox", "account", "compare"})
        parser.addOption({QString::fromLatin1(name), {}, QStringLiteral("value")});
    parser.addOption({QStringLiteral("repair"), {}});
    parser.addOption({QStringLiteral("fingerprint"), {}});
    if (!context.parse(parser, arguments, 0, 0,
                       QStringLiteral("verify [--mailbox M]... [--account ID|EMAIL] [--repair | --fingerprint | "
                                      "--compare FILE]")))
        return;
    const bool exports = parser.isSet(QStringLiteral("fingerprint"));
    const bool compares = parser.isSet(QStringLiteral("compare"));
    const bool repairs = parser.isSet(QStringLiteral("repair"));
    if (int(exports) + int(compares) + int(repairs) > 1)
        return context.usage(QObject::tr("--repair, --fingerprint and --compare exclude each other"));
    const auto account = context.pickAccounts(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    const QStringList mailboxes = parser.values(QStringLiteral("mailbox"));
    if (exports || compares) {
        std::optional<std::vector<FolderFingerprint>> there;
        if (compares) {
            there = readFingerprints(context, parser.value(QStringLiteral("compare")));
            if (!there)
                return;
        }
        const auto here = ownFingerprints(context, *account, mailboxes);
        if (!here)
            return;
        if (exports)
            exportFingerprints(context, *here);
        else
            compareFingerprints(context, *here, std::move(*there), account->isValid() || !mailboxes.isEmpty());
        return;
    }
    engine::VerifyRequest request;
    request.account = *account;
    request.mailboxes = mailboxes;
    request.repair = repairs;
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
    engine->verify(request).then(&context, [&context](const Result<engine::VerifyReport> &report) {
        context.clearProgress();
        if (!report)
            return context.fail(report.error());
        printReport(context, *report);
        // One line on standard error says that it failed (the contract of the command line), the report says why.
        if (report->isOk())
            context.finish();
        else
            context.fail(ExitCode::Failed,
                         QObject::tr("The cache is not as the server; \"verify --repair\" makes it so."));
    });
}

} // namespace kittiwake::ctl
