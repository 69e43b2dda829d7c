// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/context.h"
#include "app/ctl/draftwriter.h"
#include "app/ctl/terminal.h"
#include "core/mime/compositionreader.h"

#include <QCommandLineParser>
#include <QDateTime>
#include <QJsonObject>

#include <algorithm>

namespace kittiwake::ctl
{

namespace
{

constexpr qint64 largestInput = 64 * 1024 * 1024;

/** A draft by the id that all devices know it by: on this computer, or in a mailbox of drafts. */
struct FoundDraft {
    mail::DraftId local;
    MessageId message; ///< where local is none
};

/** All drafts that the cache knows on the server, newest first. */
Result<std::vector<store::MessageRow>> serverDrafts(const store::CacheReader &reader, AccountId account)
{
    const auto tree = reader.mailboxes(account);
    if (!tree)
        return failure(tree.error());
    std::vector<store::MessageRow> result;
    for (const store::MailboxRow &mailbox : *tree) {
        if (mailbox.role != mail::MailboxRole::Drafts)
            continue;
        const auto order = reader.order(mailbox.id, store::SortKey::Date);
        if (!order)
            return failure(order.error());
        constexpr std::size_t page = 500;
        for (std::size_t at = 0; at < order->size(); at += page) {
            std::vector<MessageId> ids;
            for (std::size_t i = at; i < std::min(order->size(), at + page); ++i)
                ids.push_back((*order)[i].id);
            auto rows = reader.rows(ids);
            if (!rows)
                return failure(rows.error());
            // Older versions may still be there, marked, where the server cannot expunge them alone.
            for (store::MessageRow &row : *rows) {
                if (!row.header.flags.has(mail::SystemFlag::Deleted))
                    result.push_back(std::move(row));
            }
        }
    }
    return result;
}

QJsonObject jsonOf(const engine::DraftState &state)
{
    using Place = engine::DraftState::Place;
    const QString place = state.place == Place::Server ? QStringLiteral("server")
        : state.place == Place::Here                   ? QStringLiteral("here")
        : state.place == Place::Outbox                 ? QStringLiteral("outbox")
                                                       : QStringLiteral("gone");
    QJsonObject json{{QStringLiteral("id"), QString::fromLatin1(state.identity.text())},
                     {QStringLiteral("state"), place},
                     {QStringLiteral("uid"), static_cast<qint64>(state.uid.value())},
                     {QStringLiteral("saved_at"), static_cast<qint64>(state.savedAt)},
                     {QStringLiteral("conflict"), state.isConflict}};
    if (!state.notice.isEmpty())
        json.insert(QStringLiteral("notice"), state.notice);
    if (state.operation.isValid())
        json.insert(QStringLiteral("operation"), static_cast<qint64>(state.operation.value()));
    return json;
}

void finishState(Context &context, const Result<engine::DraftState> &state)
{
    if (!state)
        return context.fail(state.error());
    if (context.json()) {
        context.printJson(jsonOf(*state));
    } else {
        const bool isThere = state->place == engine::DraftState::Place::Server;
        const QString text = isThere ? QObject::tr("Saved to the server.") : QObject::tr("Saved on this computer.");
        context.printText(QStringLiteral("%1 %2\n").arg(text, state->notice));
    }
    context.finish();
}

/** What the words of the command name. Ends the program and returns nothing where there is no such draft. */
std::optional<FoundDraft> pickDraft(Context &context, AccountId account, const QString &text)
{
    const mail::DraftId id = mail::DraftId::fromText(text.toLatin1());
    const auto local = engine::Engine::readDrafts(context.profile());
    if (!local) {
        context.fail(local.error());
        return std::nullopt;
    }
    for (const engine::DraftInfo &info : *local) {
        if (id.isValid() && info.state.account == account && (info.state.identity == id || info.state.id == id))
            return FoundDraft{info.state.id, {}};
    }
    const auto reader = context.openReader();
    if (!reader)
        return std::nullopt;
    const auto rows = serverDrafts(*reader, account);
    if (!rows) {
        context.fail(rows.error());
        return std::nullopt;
    }
    for (const store::MessageRow &row : *rows) {
        if (id.isValid() && engine::Engine::draftIdentity(row.header.messageId) == id)
            return FoundDraft{{}, row.id};
    }
    context.fail(ExitCode::Failed, QObject::tr("there is no draft %1; see “draft list”.").arg(text));
    return std::nullopt;
}

QFuture<Result<engine::OpenedDraft>> open(engine::Engine &engine, const FoundDraft &draft)
{
    return draft.local.isValid() ? engine.openDraft(draft.local) : engine.openDraft(draft.message);
}

void saveAndClose(Context &context, engine::Engine *engine, const engine::DraftContent &content, bool wait)
{
    engine->saveDraft(content).then(
        &context, [&context, engine, id = content.id, wait](const Result<engine::DraftState> &saved) {
            if (!saved)
                return context.fail(saved.error());
            engine->closeDraft(id, wait).then(
                &context, [&context](const Result<engine::DraftState> &closed) { finishState(context, closed); });
        });
}

struct Place {
    accounts::Account account;
    std::optional<FoundDraft> draft; ///< to go on with; none: a new one
};

/** "--account" and "--id". Ends the program and returns nothing where there is no such account or draft. */
std::optional<Place> pickPlace(Context &context, const QCommandLineParser &parser)
{
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return std::nullopt;
    Place place{*account, std::nullopt};
    if (parser.isSet(QStringLiteral("id"))) {
        place.draft = pickDraft(context, account->id, parser.value(QStringLiteral("id")));
        if (!place.draft)
            return std::nullopt;
    }
    return place;
}

void runDraftSave(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{QStringLiteral("account"), {}, QStringLiteral("id")},
                       {QStringLiteral("id"), {}, QStringLiteral("id")},
                       {QStringLiteral("offline"), {}}});
    if (!context.parse(parser, arguments, 0, 0,
                       QStringLiteral("draft save [--id ID] [--account ID|EMAIL] [--offline] < MESSAGE")))
        return;
    const auto chosen = pickPlace(context, parser);
    if (!chosen)
        return;
    const auto &[account, found] = *chosen;
    const mime::ReadComposition read = mime::readComposition(readStandardInput(largestInput), mime::ReadAs::Draft);
    engine::Engine *engine = context.openEngine(false, parser.isSet(QStringLiteral("offline")));
    if (engine == nullptr)
        return;
    engine::DraftContent content;
    content.composition = read.composition;
    if (content.composition.from.address.isEmpty())
        content.composition.from = accounts::identitiesOf(account).front().from();
    content.context.account = account.id;
    content.context.isRich = !content.composition.html.isEmpty();
    for (const QByteArray &id : read.forwards)
        content.context.origins.push_back({engine::DraftOrigin::How::Forwards, account.id, {}, id});
    for (const QByteArray &id : read.composition.inReplyTo)
        content.context.origins.push_back({engine::DraftOrigin::How::Answers, account.id, {}, id});
    const bool wait = !parser.isSet(QStringLiteral("offline"));
    if (!found) {
        content.id = engine->newDraft();
        return saveAndClose(context, engine, content, wait);
    }
    open(*engine, *found).then(&context, [&context, engine, content, wait](const Result<engine::OpenedDraft> &opened) {
        if (!opened)
            return context.fail(opened.error());
        engine::DraftContent changed = content;
        changed.id = opened->content.id;
        saveAndClose(context, engine, changed, wait);
    });
}

void runDraftWrite(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{QStringLiteral("account"), {}, QStringLiteral("id")},
                       {QStringLiteral("id"), {}, QStringLiteral("id")},
                       {QStringLiteral("pause"), {}, QStringLiteral("ms"), QStringLiteral("15000")},
                       {QStringLiteral("send"), {}}});
    if (!context.parse(parser, arguments, 0, 0,
                       QStringLiteral("draft write [--id ID] [--account ID|EMAIL] [--pause MS] [--send] < LINES")))
        return;
    const auto chosen = pickPlace(context, parser);
    if (!chosen)
        return;
    const auto &[account, found] = *chosen;
    const int pause = parser.value(QStringLiteral("pause")).toInt();
    if (pause < 1)
        return context.usage(QObject::tr("--pause wants a number of milliseconds"));
    engine::Engine *engine = context.openEngine(true, false, pause);
    if (engine == nullptr)
        return;
    auto *writer = new DraftWriter(context, *engine, parser.isSet(QStringLiteral("send")), &jsonOf);
    writer->setParent(&context);
    if (!found) {
        engine::DraftContent content;
        content.id = engine->newDraft();
        content.context.account = account.id;
        content.composition.from = accounts::identitiesOf(account).front().from();
        return writer->start(content);
    }
    open(*engine, *found).then(&context, [&context, writer](const Result<engine::OpenedDraft> &opened) {
        if (!opened)
            return context.fail(opened.error());
        writer->start(opened->content);
    });
}

void runDraftList(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    if (!context.parse(parser, arguments, 0, 0, QStringLiteral("draft list [--account ID|EMAIL]")))
        return;
    const auto account = context.pickAccounts(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    const auto local = engine::Engine::readDrafts(context.profile());
    const auto reader = local ? context.openReader() : nullptr;
    if (!local)
        return context.fail(local.error());
    if (!reader)
        return;
    const auto rows = serverDrafts(*reader, *account);
    if (!rows)
        return context.fail(rows.error());
    QJsonArray list;
    std::vector<mail::DraftId> listed;
    for (const engine::DraftInfo &info : *local) {
        if (account->isValid() && info.state.account != *account)
            continue;
        QJsonObject json = jsonOf(info.state);
        json.insert(QStringLiteral("subject"), info.subject);
        json.insert(QStringLiteral("to"), info.recipients);
        list.append(json);
        listed.push_back(info.state.identity);
    }
    for (const store::MessageRow &row : *rows) {
        const mail::DraftId id = engine::Engine::draftIdentity(row.header.messageId);
        // What is here as well is that one's older version.
        if (id.isValid() && std::find(listed.begin(), listed.end(), id) != listed.end())
            continue;
        QStringList names;
        for (const mail::Address &one : row.header.to)
            names.append(one.shortText());
        list.append(QJsonObject{{QStringLiteral("id"), QString::fromLatin1(id.text())},
                                {QStringLiteral("state"), QStringLiteral("server")},
                                {QStringLiteral("uid"), static_cast<qint64>(row.header.uid.value())},
                                {QStringLiteral("conflict"), false},
                                {QStringLiteral("subject"), row.header.subject},
                                {QStringLiteral("to"), names.join(QStringLiteral(", "))}});
    }
    if (context.json()) {
        context.printJson(list);
    } else {
        for (const QJsonValueConstRef &value : list) {
            const QJsonObject one = value.toObject();
            context.printText(QStringLiteral("%1  %2  %3  %4\n")
                                  .arg(one[u"id"].toString(), one[u"state"].toString(), one[u"to"].toString(),
                                       one[u"subject"].toString()));
        }
    }
    context.finish();
}

void runDraftDelete(Context &context, const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("account"), {}, QStringLiteral("id")});
    if (!context.parse(parser, arguments, 1, 1, QStringLiteral("draft delete ID [--account ID|EMAIL]")))
        return;
    const auto account = context.pickAccount(parser.value(QStringLiteral("account")));
    if (!account)
        return;
    const auto found = pickDraft(context, account->id, parser.positionalArguments().first());
    if (!found)
        return;
    engine::Engine *engine = context.openEngine();
    if (engine == nullptr)
        return;
    open(*engine, *found).then(&context, [&context, engine](const Result<engine::OpenedDraft> &opened) {
        if (!opened)
            return context.fail(opened.error());
        engine::DraftState state = opened->state;
        engine->discardDraft(opened->content.id, true).then(&context, [&context, state](const Result<void> &gone) {
            if (!gone)
                return context.fail(gone.error());
            engine::DraftState now = state;
            now.place = engine::DraftState::Place::Nowhere;
            if (context.json())
                context.printJson(jsonOf(now));
            context.finish();
        });
    });
}

} // namespace

void runDraft(Context &context, const QStringList &arguments)
{
    const QString what = arguments.value(0);
    const QStringList rest = arguments.mid(1);
    if (what == QLatin1String("save"))
        return runDraftSave(context, rest);
    if (what == QLatin1String("write"))
        return runDraftWrite(context, rest);
    if (what == QLatin1String("list"))
        return runDraftList(context, rest);
    if (what == QLatin1String("delete"))
        return runDraftDelete(context, rest);
    context.usage(QObject::tr("draft save [--id ID] | draft write [--id ID] | draft list | draft delete ID"));
}

} // namespace kittiwake::ctl
