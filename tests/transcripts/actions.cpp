// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/transcripts/actions.h"

#include "tests/transcripts/reports.h"
#include "tests/transcripts/transcriptrunner.h"

namespace kittiwake
{

namespace
{

using namespace imap;

mail::MailboxName nameOf(const QByteArray &word)
{
    return {QString::fromUtf8(word), {}};
}

UidSet uidsOf(const QByteArray &word)
{
    return UidSet::parse(word).value_or(UidSet());
}

QByteArray valueOf(const QByteArrayList &words, const QByteArray &key)
{
    for (const QByteArray &word : words) {
        if (word.startsWith(QByteArray(key + '=')))
            return word.mid(key.size() + 1);
    }
    return {};
}

ConnectOptions optionsOf(const QByteArrayList &words)
{
    ConnectOptions options;
    options.endpoint = {QStringLiteral("imap.example.org"), 993};
    options.tls = words.contains("starttls") ? net::TlsMode::StartTls : net::TlsMode::Implicit;
    options.userName = words.contains("user=") ? QString() : QString::fromUtf8(valueOf(words, "user"));
    if (options.userName.isEmpty())
        options.userName = QStringLiteral("alice");
    const QByteArray password = valueOf(words, "password");
    options.password = Secret(password.isEmpty() ? QByteArray("secret") : password);
    options.mechanism = QString::fromUtf8(valueOf(words, "mechanism"));
    options.productVersion = QByteArray("1");
    options.compress = words.contains("compress");
    options.qresync = words.contains("qresync");
    options.utf8 = words.contains("utf8");
    return options;
}

FetchItems itemsOf(const QByteArrayList &words)
{
    FetchItems items;
    items.flags = words.contains("flags");
    items.size = words.contains("size");
    items.envelope = words.contains("envelope");
    items.internalDate = words.contains("date");
    items.bodyStructure = words.contains("structure");
    items.modseq = words.contains("modseq");
    if (words.contains("headers"))
        items.bodies.push_back({Section::headerFields({"SUBJECT", "FROM"}), true, false, {}});
    if (words.contains("text"))
        items.bodies.push_back({Section::ofPart({}), true, false, {}});
    return items;
}

template <typename T>
QByteArray textOf(const Result<T> &result)
{
    if (!result)
        return reports::of(result.error());
    if constexpr (std::is_void_v<T>)
        return "ok";
    else
        return reports::of(*result);
}

async::Task<QByteArray> connect(TranscriptRunner *runner, QByteArrayList words)
{
    const auto connected = co_await runner->client().connect(optionsOf(words));
    if (!connected)
        co_return reports::of(connected.error());
    co_return "ok " + runner->client().signInMechanism();
}

async::Task<QByteArray> list(TranscriptRunner *runner, QByteArrayList words, QByteArray label)
{
    StatusItems items;
    if (words.contains("status"))
        items = {StatusItem::Messages, StatusItem::Unseen, StatusItem::UidNext, StatusItem::UidValidity,
                 StatusItem::HighestModSeq};
    const auto listed = co_await runner->client().list(items);
    if (!listed)
        co_return reports::of(listed.error());
    for (const ListedMailbox &mailbox : *listed)
        runner->report(label + ": " + reports::of(mailbox));
    co_return "ok " + QByteArray::number(static_cast<qulonglong>(listed->size()));
}

async::Task<QByteArray> statuses(TranscriptRunner *runner, QByteArrayList words, QByteArray label)
{
    std::vector<mail::MailboxName> names;
    for (const QByteArray &name : words.mid(1))
        names.push_back(nameOf(name));
    const auto told = co_await runner->client().statuses(names, {StatusItem::Messages, StatusItem::UidNext});
    if (!told)
        co_return reports::of(told.error());
    for (const MailboxStatusData &status : *told)
        runner->report(label + ": " + status.mailbox.text.toUtf8() + ' ' + reports::of(status));
    co_return "ok " + QByteArray::number(static_cast<qulonglong>(told->size()));
}

async::Task<QByteArray> select(TranscriptRunner *runner, QByteArrayList words)
{
    SelectMode mode;
    mode.readOnly = words.contains("readonly");
    const QByteArrayList state = valueOf(words, "qresync").split(',');
    if (state.size() == 2) {
        QResyncParameters parameters;
        parameters.uidValidity = UidValidity(state[0].toUInt());
        parameters.modseq = ModSeq(state[1].toULongLong());
        mode.qresync = parameters;
    }
    const auto selected = co_await runner->client().select(nameOf(words.value(1)), mode);
    co_return textOf(selected);
}

async::Task<QByteArray> fetch(TranscriptRunner *runner, QByteArrayList words, QByteArray label)
{
    const FetchSink sink
        = [runner, label](FetchedMessage &&message) { runner->report(label + ": " + reports::of(message)); };
    FetchModifiers modifiers;
    modifiers.changedSince = ModSeq(valueOf(words, "changedsince").toULongLong());
    modifiers.vanished = words.contains("vanished");
    const auto fetched = co_await runner->client().fetch(uidsOf(words.value(1)), itemsOf(words), sink, modifiers);
    if (!fetched)
        co_return reports::of(fetched.error());
    QByteArray text = "ok " + QByteArray::number(static_cast<qulonglong>(fetched->messages));
    if (!fetched->vanished.isEmpty())
        text += " vanished=" + fetched->vanished.toBytes();
    co_return text;
}

async::Task<QByteArray> section(TranscriptRunner *runner, QByteArrayList words)
{
    const QByteArray limit = valueOf(words, "limit");
    std::optional<FetchPartial> partial;
    const QByteArrayList piece = valueOf(words, "partial").split(',');
    if (piece.size() == 2)
        partial = FetchPartial{piece[0].toULongLong(), piece[1].toULongLong()};
    const QByteArray name = words.value(2) == "whole" ? QByteArray() : words.value(2);
    const auto bytes = co_await runner->client().fetchSection(
        Uid(words.value(1).toUInt()), name, partial, limit.isEmpty() ? 64ull * 1024 * 1024 : limit.toULongLong());
    if (!bytes)
        co_return reports::of(bytes.error());
    co_return "ok " + bytes->toPercentEncoding(" :<>@()[]/,;=");
}

async::Task<QByteArray> search(TranscriptRunner *runner, QByteArrayList words)
{
    std::vector<SearchKey> keys;
    if (words.value(1) == "all")
        keys.push_back(SearchKey::all());
    else if (words.value(1) == "unseen")
        keys.push_back(SearchKey::flag("\\Seen", false));
    else
        keys.push_back(SearchKey::text(SearchKey::Kind::Subject, words.value(1)));
    const SearchEnd end = words.contains("told") ? SearchEnd::Told : SearchEnd::Tagged;
    const auto found = co_await runner->client().search(std::move(keys), end);
    if (!found)
        co_return reports::of(found.error());
    co_return "ok " + (found->isEmpty() ? QByteArray("none") : found->toBytes());
}

async::Task<QByteArray> store(TranscriptRunner *runner, QByteArrayList words)
{
    StoreChange change;
    change.kind = words.value(2).startsWith('-') ? StoreChange::Kind::Remove : StoreChange::Kind::Add;
    change.flags.addByName(words.value(2).mid(1));
    const QByteArray since = valueOf(words, "unchangedsince");
    if (!since.isEmpty())
        change.unchangedSince = since.toULongLong();
    const auto stored = co_await runner->client().store(uidsOf(words.value(1)), change);
    co_return textOf(stored);
}

async::Task<QByteArray> change(TranscriptRunner *runner, QByteArrayList words)
{
    const QByteArray verb = words.value(0);
    Client &client = runner->client();
    Result<CommandReply> reply = failure(ErrorKind::Input, {}, QStringLiteral("unknown action"));
    if (verb == "copy")
        reply = co_await client.copy(uidsOf(words.value(1)), nameOf(words.value(2)));
    else if (verb == "move")
        reply = co_await client.move(uidsOf(words.value(1)), nameOf(words.value(2)));
    else if (verb == "expunge")
        reply = co_await client.expungeUids(uidsOf(words.value(1)));
    else if (verb == "append")
        reply = co_await client.append(nameOf(words.value(1)), words.mid(2).join(' ') + "\r\n");
    else if (verb == "create")
        reply = co_await client.create(nameOf(words.value(1)));
    else if (verb == "delete")
        reply = co_await client.remove(nameOf(words.value(1)));
    else if (verb == "rename")
        reply = co_await client.rename(nameOf(words.value(1)), nameOf(words.value(2)));
    else if (verb == "subscribe")
        reply = co_await client.subscribe(nameOf(words.value(1)));
    else if (verb == "noop")
        reply = co_await client.noop();
    co_return textOf(reply);
}

} // namespace

async::Task<void> runAction(TranscriptRunner *runner, QByteArrayList words, QByteArray label)
{
    const QByteArray verb = words.value(0);
    QByteArray text;
    if (verb == "connect") {
        text = co_await connect(runner, words);
    } else if (verb == "list") {
        text = co_await list(runner, words, label);
    } else if (verb == "status") {
        const auto told = co_await runner->client().status(
            nameOf(words.value(1)), {StatusItem::Messages, StatusItem::Unseen, StatusItem::UidNext});
        text = textOf(told);
    } else if (verb == "select") {
        text = co_await select(runner, words);
    } else if (verb == "unselect") {
        const auto done = co_await runner->client().unselect();
        text = textOf(done);
    } else if (verb == "fetch") {
        text = co_await fetch(runner, words, label);
    } else if (verb == "section") {
        text = co_await section(runner, words);
    } else if (verb == "search") {
        text = co_await search(runner, words);
    } else if (verb == "store") {
        text = co_await store(runner, words);
    } else if (verb == "idle") {
        IdleOptions options;
        options.notified = words.contains("notified");
        options.random = words.contains("random") ? &runner->random() : nullptr;
        const auto done = co_await runner->client().idle(options);
        text = textOf(done);
    } else if (verb == "notify") {
        NotifyOptions options;
        for (const QByteArray &name : words.mid(1))
            options.subtrees.push_back(nameOf(name));
        const auto events = co_await runner->client().notify(options);
        text = events ? "events " + QByteArray::number(*events) : reports::of(events.error());
    } else if (verb == "statuses") {
        text = co_await statuses(runner, words, label);
    } else if (verb == "logout") {
        const auto done = co_await runner->client().logout();
        text = textOf(done);
    } else {
        text = co_await change(runner, words);
    }
    runner->report(label + ": " + text);
    runner->finished(label);
}

} // namespace kittiwake
