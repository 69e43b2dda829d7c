// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actionreport.h"
#include "app/ctl/commands.h"

#include <QCommandLineParser>

#include <array>
#include <utility>

namespace kittiwake::ctl
{

namespace
{

using Kind = engine::FolderRequest::Kind;

constexpr std::array<std::pair<const char *, Kind>, 6> verbs{{
    {"create", Kind::Create},
    {"rename", Kind::Rename},
    {"delete", Kind::Delete},
    {"subscribe", Kind::Subscribe},
    {"unsubscribe", Kind::Unsubscribe},
    {"empty", Kind::Empty},
}};

} // namespace

void runMailbox(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    parser.addOption({QStringLiteral("offline"), {}});
    const QString synopsis = QStringLiteral("mailbox create|delete|subscribe|unsubscribe|empty MAILBOX, "
                                            "mailbox rename MAILBOX NAME [--account ID|EMAIL] [--offline]");
    if (!context.parse(parser, arguments, 2, 3, synopsis))
        return;
    const QStringList words = parser.positionalArguments();
    const auto *const verb = std::find_if(verbs.begin(), verbs.end(), [&words](const auto &entry) {
        return words.front() == QLatin1String(entry.first);
    });
    if (verb == verbs.end() || (words.size() == 3) != (verb->second == Kind::Rename))
        return context.usage(synopsis);
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    engine::FolderRequest request;
    request.kind = verb->second;
    request.account = account->id;
    request.name = words.value(request.kind == Kind::Create ? 1 : 2);
    request.wait = true;
    if (request.kind != Kind::Create) {
        const auto reader = context.openReader();
        if (!reader)
            return;
        const auto mailbox = context.pickMailbox(*reader, account->id, words[1]);
        if (!mailbox)
            return;
        request.mailbox = mailbox->id;
    }
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    engine->changeFolder(request).then(
        &context, [&context](const Result<engine::ActionReport> &report) { finishAction(context, report); });
}

} // namespace kittiwake::ctl
