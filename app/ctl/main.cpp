// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/terminal.h"
#include "core/base/platform.h"

#include <QCoreApplication>
#include <QTimer>

#include <array>
#include <utility>

namespace
{

using namespace kittiwake;
using namespace kittiwake::ctl;

using Command = void (*)(Context &, const QStringList &);

constexpr std::array<std::pair<const char *, Command>, 23> commands{{
    {"account", runAccount},  {"sync", runSync},     {"mailboxes", runMailboxes}, {"list", runList},
    {"show", runShow},        {"watch", runWatch},   {"flag", runFlag},           {"move", runMove},
    {"copy", runCopy},        {"delete", runDelete}, {"archive", runArchive},     {"junk", runJunk},
    {"not-junk", runNotJunk}, {"undo", runUndo},     {"pending", runPending},     {"verify", runVerify},
    {"audit", runAudit},      {"cache", runCache},   {"debug", runDebug},         {"mailbox", runMailbox},
    {"send", runSend},        {"append", runAppend}, {"draft", runDraft},
}};

QString helpText()
{
    return QCoreApplication::translate(
        "kittiwakectl",
        "usage: kittiwakectl [--profile DIR] [--json] [--verbose] COMMAND ...\n"
        "\n"
        "  account add --email A ...    add an account after checking its sign-in\n"
        "  account list | remove ID     show or remove accounts\n"
        "  sync [--mailbox M]...        bring the header cache up to date\n"
        "  mailboxes                    list the mailboxes in the cache\n"
        "  list MAILBOX                 list messages in the cache, newest first\n"
        "  show MAILBOX UID             fetch a message and print it\n"
        "  watch                        stay connected and print events\n"
        "  flag MAILBOX UIDS +FLAG...   mark messages, or take marks off (-FLAG)\n"
        "  move | copy MAILBOX UIDS TARGET\n"
        "                               take messages to another mailbox\n"
        "  delete MAILBOX UIDS          take messages to the Trash (--expunge: for good)\n"
        "  archive | junk | not-junk MAILBOX UIDS\n"
        "                               take messages to where such mail belongs\n"
        "  mailbox create|delete|subscribe|unsubscribe|empty MAILBOX\n"
        "  mailbox rename MAILBOX NAME  change the folders of the account\n"
        "  send [--from A] < MESSAGE    send a message (RFC 5322); Bcc is taken out\n"
        "  append MAILBOX < MESSAGE     put a message into a mailbox\n"
        "  draft save|write [--id ID] < MESSAGE\n"
        "  draft list|delete ID         messages that are being written\n"
        "  undo                         bring back what the last action changed\n"
        "  pending [list|retry ID|drop ID]\n"
        "                               what the server has not confirmed yet\n"
        "  verify [--repair]            compare the cache with the server\n"
        "  verify --fingerprint | --compare FILE\n"
        "                               compare the cache with another machine's\n"
        "  audit                        list every file of the profile\n"
        "  cache drop                   delete the header cache\n"
        "  debug parse-imap|parse-mime  parse standard input\n");
}

/** The options before the command; what follows the command's name is the command's own. */
struct Line {
    Context::Options options;
    QStringList rest;
    QString error;
    bool help = false;
    bool version = false;
};

Line parseLine(const QStringList &words)
{
    Line line;
    qsizetype i = 1;
    for (; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == QLatin1String("--json")) {
            line.options.json = true;
        } else if (word == QLatin1String("--verbose")) {
            line.options.verbose = true;
        } else if (word == QLatin1String("--help") || word == QLatin1String("-h")) {
            line.help = true;
        } else if (word == QLatin1String("--version")) {
            line.version = true;
        } else if (word.startsWith(QLatin1String("--profile="))) {
            line.options.profile = word.mid(10);
        } else if (word == QLatin1String("--profile")) {
            if (++i >= words.size())
                line.error = QCoreApplication::translate("kittiwakectl", "--profile needs a folder");
            else
                line.options.profile = words[i];
        } else if (word.startsWith(QLatin1Char('-'))) {
            line.error = QCoreApplication::translate("kittiwakectl", "unknown option %1; see --help").arg(word);
        } else {
            break;
        }
    }
    line.rest = words.mid(i);
    // People write these two behind the command as well; no command has options of these names.
    for (const auto &[name, flag] : {std::pair(QLatin1String("--json"), &line.options.json),
                                     std::pair(QLatin1String("--verbose"), &line.options.verbose)}) {
        if (line.rest.removeAll(QString(name)) > 0)
            *flag = true;
    }
    return line;
}

int run(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("kittiwake"));
    QCoreApplication::setApplicationVersion(QStringLiteral(KITTIWAKE_VERSION));

    Line line = parseLine(QCoreApplication::arguments());
    if (line.version) {
        writeText(stdout, QStringLiteral("kittiwakectl %1\n").arg(QCoreApplication::applicationVersion()));
        return 0;
    }
    if (line.help) {
        writeText(stdout, helpText());
        return 0;
    }
    if (!line.error.isEmpty() || line.rest.isEmpty()) {
        writeText(stderr, line.error.isEmpty() ? helpText() : QStringLiteral("kittiwakectl: %1\n").arg(line.error));
        return static_cast<int>(ExitCode::Usage);
    }
    if (line.options.profile.isEmpty())
        line.options.profile = engine::Engine::defaultProfile();

    Context context(line.options);
    const QString name = line.rest.takeFirst();
    for (const auto &[known, run] : commands) {
        if (name == QLatin1String(known)) {
            // From within the event loop, so that a command that ends at once ends the loop and not nothing.
            QTimer::singleShot(0, &context, [&context, run = run, &line] { run(context, line.rest); });
            const int code = QCoreApplication::exec();
            return context.isFinished() ? context.exitCode() : code;
        }
    }
    writeText(stderr,
              QCoreApplication::translate("kittiwakectl", "kittiwakectl: unknown command %1; see --help\n").arg(name));
    return static_cast<int>(ExitCode::Usage);
}

} // namespace

int main(int argc, char **argv)
{
    return platform::leaveProcess(run(argc, argv));
}
