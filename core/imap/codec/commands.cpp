// SPDX-License-Identifier: GPL-3.0-or-later
// The commands, one factory each; those about mailboxes are in mailboxcommands.cpp.
#include "core/imap/codec/commandbuilder.h"
#include "core/imap/codec/fetchdecoder.h"
#include "core/imap/codec/wordlist.h"

namespace kittiwake::imap
{

namespace
{

using Builder = CommandBuilder;

Command plain(CommandKind kind, const char *verb)
{
    return Builder(kind, verb).build();
}

/** partial-range (RFC 9394 section 3.1): both ends count from the same side. */
void positions(Builder &builder, const std::pair<std::int64_t, std::int64_t> &range)
{
    if (range.first == 0 || range.second == 0 || (range.first < 0) != (range.second < 0))
        builder.refuse("PARTIAL from both ends");
    builder.text("PARTIAL ").position(range.first).text(":").position(range.second);
}

} // namespace

Command Command::capability()
{
    return plain(CommandKind::Capability, "CAPABILITY");
}

Command Command::noop()
{
    return plain(CommandKind::Noop, "NOOP");
}

Command Command::check()
{
    return plain(CommandKind::Check, "CHECK");
}

Command Command::logout()
{
    return plain(CommandKind::Logout, "LOGOUT");
}

Command Command::startTls()
{
    return plain(CommandKind::StartTls, "STARTTLS");
}

Command Command::authenticate(const QByteArray &mechanism)
{
    return Builder(CommandKind::Authenticate, "AUTHENTICATE ").atom(mechanism).build();
}

Command Command::authenticate(const QByteArray &mechanism, const Secret &initialResponse)
{
    return Builder(CommandKind::Authenticate, "AUTHENTICATE ")
        .atom(mechanism)
        .text(" ")
        .secretBase64(initialResponse)
        .build();
}

Command Command::login(const QByteArray &userUtf8, const Secret &password)
{
    return Builder(CommandKind::Login, "LOGIN ")
        .string(userUtf8, false)
        .text(" ")
        .secretString(password.reveal())
        .build();
}

Command Command::id(const std::vector<std::pair<QByteArray, QByteArray>> &fields)
{
    Builder builder(CommandKind::Id, "ID ");
    if (fields.size() > 30)
        builder.refuse("too many fields for ID");
    WordList list(builder);
    for (const auto &[name, value] : fields) {
        if (name.size() > 30 || value.size() > 1024)
            builder.refuse("a field of ID is too long");
        list.next().string(name, false).text(" ").string(value, false);
    }
    if (!list.close())
        builder.text("NIL");
    return builder.build();
}

Command Command::enable(const QByteArrayList &extensions)
{
    Builder builder(CommandKind::Enable, "ENABLE");
    if (extensions.isEmpty())
        builder.refuse("nothing is enabled");
    for (const QByteArray &extension : extensions)
        builder.text(" ").atom(extension);
    return builder.build();
}

Command Command::namespaces()
{
    return plain(CommandKind::Namespace, "NAMESPACE");
}

Command Command::close()
{
    return plain(CommandKind::Close, "CLOSE");
}

Command Command::unselect()
{
    return plain(CommandKind::Unselect, "UNSELECT");
}

Command Command::uidFetch(const UidSet &uids, const FetchItems &items, const FetchModifiers &modifiers)
{
    Builder builder(CommandKind::Fetch, "UID FETCH ");
    builder.set(uids).text(" ").fetchItems(items, true);
    if (modifiers.vanished && !modifiers.changedSince.isValid())
        builder.refuse("VANISHED without CHANGEDSINCE");
    if (!modifiers.changedSince.isValid() && !modifiers.partial)
        return builder.build();
    builder.text(" ");
    WordList list(builder);
    if (modifiers.changedSince.isValid())
        list.next().text("CHANGEDSINCE ").number(modifiers.changedSince.value());
    list.word(modifiers.vanished, "VANISHED");
    if (modifiers.partial)
        positions(list.next(), *modifiers.partial);
    list.close();
    return builder.build();
}

Command Command::fetch(const SequenceSet &numbers, const FetchItems &items)
{
    return Builder(CommandKind::Fetch, "FETCH ").set(numbers).text(" ").fetchItems(items, true).build();
}

Command Command::uidStore(const UidSet &uids, const StoreChange &change)
{
    Builder builder(CommandKind::Store, "UID STORE ");
    builder.set(uids);
    if (change.unchangedSince)
        builder.text(" (UNCHANGEDSINCE ").number(*change.unchangedSince).text(")");
    switch (change.kind) {
    case StoreChange::Kind::Replace:
        builder.text(" FLAGS");
        break;
    case StoreChange::Kind::Add:
        builder.text(" +FLAGS");
        break;
    case StoreChange::Kind::Remove:
        builder.text(" -FLAGS");
        break;
    }
    if (change.kind != StoreChange::Kind::Replace && change.flags.names().isEmpty())
        builder.refuse("no flag is changed");
    return builder.text(change.echo ? " " : ".SILENT ").flagList(change.flags).build();
}

Command Command::uidCopy(const UidSet &uids, const mail::MailboxName &target)
{
    return Builder(CommandKind::Copy, "UID COPY ").set(uids).text(" ").mailbox(target).build();
}

Command Command::uidMove(const UidSet &uids, const mail::MailboxName &target)
{
    return Builder(CommandKind::Move, "UID MOVE ").set(uids).text(" ").mailbox(target).build();
}

Command Command::uidExpunge(const UidSet &uids)
{
    return Builder(CommandKind::Expunge, "UID EXPUNGE ").set(uids).build();
}

Command Command::expunge()
{
    return plain(CommandKind::Expunge, "EXPUNGE");
}

Command Command::uidSearch(const std::vector<SearchKey> &keys, const SearchReturn &what)
{
    Builder builder(CommandKind::Search, "UID SEARCH ");
    if (what.minimum || what.maximum || what.count || what.all || what.save || what.partial) {
        builder.text("RETURN ");
        WordList list(builder);
        list.word(what.minimum, "MIN");
        list.word(what.maximum, "MAX");
        list.word(what.count, "COUNT");
        list.word(what.all, "ALL");
        list.word(what.save, "SAVE");
        if (what.partial)
            positions(list.next(), *what.partial);
        list.close();
        builder.text(" ");
    }
    builder.charsetIfNeeded();
    if (keys.empty())
        builder.text("ALL");
    bool first = true;
    for (const SearchKey &key : keys) {
        if (!first)
            builder.text(" ");
        first = false;
        builder.searchKey(key);
    }
    return builder.build();
}

namespace
{

/** What follows APPEND, and REPLACE with its number. */
Command withMessage(Builder builder, const mail::MailboxName &mailbox, MessagePart message,
                    const AppendOptions &options)
{
    builder.mailbox(mailbox).text(" ");
    if (!options.flags.names().isEmpty())
        builder.flagList(options.flags).text(" ");
    if (options.internalDate) {
        const QByteArray date = formatDateTime(*options.internalDate);
        if (date.isEmpty())
            builder.refuse("a date has no four-digit year");
        builder.string(date, false).text(" ");
    }
    message.utf8 = options.utf8;
    return builder.message(std::move(message)).build();
}

} // namespace

Command Command::append(const mail::MailboxName &mailbox, const QByteArray &message, const AppendOptions &options)
{
    return withMessage(Builder(CommandKind::Append, "APPEND "), mailbox, {message}, options);
}

Command Command::append(const mail::MailboxName &mailbox, std::shared_ptr<const LiteralSource> message,
                        const AppendOptions &options)
{
    return withMessage(Builder(CommandKind::Append, "APPEND "), mailbox, {{}, false, std::move(message)}, options);
}

Command Command::uidReplace(Uid uid, const mail::MailboxName &mailbox, const QByteArray &message,
                            const AppendOptions &options)
{
    Builder builder(CommandKind::Replace, "UID REPLACE ");
    if (!uid.isValid())
        builder.refuse("no UID");
    builder.text(QByteArray::number(uid.value())).text(" ");
    return withMessage(std::move(builder), mailbox, {message}, options);
}

Command Command::idle()
{
    return plain(CommandKind::Idle, "IDLE");
}

Command Command::compressDeflate()
{
    return plain(CommandKind::Compress, "COMPRESS DEFLATE");
}

Command Command::notifySet(const std::vector<NotifyGroup> &groups, bool status)
{
    Builder builder(CommandKind::Notify, status ? "NOTIFY SET STATUS" : "NOTIFY SET");
    if (groups.empty())
        builder.refuse("nothing is to be told");
    for (const NotifyGroup &group : groups)
        builder.text(" ").notifyGroup(group);
    return builder.build();
}

Command Command::notifyNone()
{
    return plain(CommandKind::Notify, "NOTIFY NONE");
}

} // namespace kittiwake::imap
