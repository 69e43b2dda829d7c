// SPDX-License-Identifier: GPL-3.0-or-later
// The commands, one factory each.
#include "core/imap/codec/commandbuilder.h"
#include "core/imap/codec/fetchdecoder.h"

namespace kittiwake::imap
{

namespace
{

using Builder = CommandBuilder;

/** " (SUBSCRIBED REMOTE)" and the like. */
class WordList
{
public:
    explicit WordList(Builder &builder) : m_builder(builder) { }
    Builder &next()
    {
        m_builder.text(m_started ? " " : "(");
        m_started = true;
        return m_builder;
    }
    void word(bool wanted, const char *text)
    {
        if (wanted)
            next().text(text);
    }
    /** True if there was any word. */
    bool close()
    {
        if (m_started)
            m_builder.text(")");
        return m_started;
    }

private:
    Builder &m_builder;
    bool m_started = false;
};

Command plain(CommandKind kind, const char *verb)
{
    return Builder(kind, verb).build();
}

Command onMailbox(CommandKind kind, const char *verb, const mail::MailboxName &mailbox)
{
    return Builder(kind, verb).mailbox(mailbox).build();
}

Command openMailbox(CommandKind kind, const char *verb, const mail::MailboxName &mailbox, const SelectOptions &options)
{
    Builder builder(kind, verb);
    builder.mailbox(mailbox);
    if (!options.condstore && !options.qresync)
        return builder.build();
    builder.text(" ");
    WordList list(builder);
    list.word(options.condstore, "CONDSTORE");
    if (const auto &known = options.qresync) {
        if (!known->uidValidity.isValid() || !known->modseq.isValid() || known->knownUids.numbers().isOpen())
            builder.refuse("QRESYNC without what is known");
        list.next().text("QRESYNC (").number(known->uidValidity.value()).text(" ").number(known->modseq.value());
        if (!known->knownUids.isEmpty())
            builder.text(" ").set(known->knownUids);
        if (!known->knownSequences.isEmpty()) {
            if (known->knownSequences.isOpen() || known->knownSequences.count() != known->matchingUids.count())
                builder.refuse("QRESYNC with sets that do not match");
            builder.text(" (").set(known->knownSequences).text(" ").set(known->matchingUids).text(")");
        }
        builder.text(")");
    }
    list.close();
    return builder.build();
}

Command listPlainly(CommandKind kind, const char *verb, const QByteArray &pattern, const QByteArray &reference)
{
    return Builder(kind, verb).string(reference, false).text(" ").string(pattern, false).build();
}

/** use-attr of CREATE-SPECIAL-USE (RFC 6154 section 3). */
const char *useAttribute(mail::MailboxRole role)
{
    switch (role) {
    case mail::MailboxRole::Drafts:
        return "\\Drafts";
    case mail::MailboxRole::Sent:
        return "\\Sent";
    case mail::MailboxRole::Archive:
        return "\\Archive";
    case mail::MailboxRole::Junk:
        return "\\Junk";
    case mail::MailboxRole::Trash:
        return "\\Trash";
    case mail::MailboxRole::All:
        return "\\All";
    case mail::MailboxRole::Flagged:
        return "\\Flagged";
    case mail::MailboxRole::Important:
        return "\\Important";
    case mail::MailboxRole::None:
    case mail::MailboxRole::Inbox:
        break;
    }
    return nullptr;
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

Command Command::list(const QByteArray &pattern, const ListOptions &options, const QByteArray &reference)
{
    Builder builder(CommandKind::List, "LIST ");
    WordList selection(builder);
    selection.word(options.selectSubscribed, "SUBSCRIBED");
    selection.word(options.selectRemote, "REMOTE");
    selection.word(options.selectSpecialUse, "SPECIAL-USE");
    selection.word(options.selectRecursiveMatch, "RECURSIVEMATCH");
    if (options.selectRecursiveMatch && !options.selectSubscribed && !options.selectSpecialUse)
        builder.refuse("RECURSIVEMATCH alone");
    if (selection.close())
        builder.text(" ");
    builder.string(reference, false).text(" ").string(pattern, false);
    if (!options.returnSubscribed && !options.returnChildren && !options.returnSpecialUse
        && options.returnStatus.empty())
        return builder.build();
    builder.text(" RETURN ");
    WordList wanted(builder);
    wanted.word(options.returnSubscribed, "SUBSCRIBED");
    wanted.word(options.returnChildren, "CHILDREN");
    wanted.word(options.returnSpecialUse, "SPECIAL-USE");
    if (!options.returnStatus.empty())
        wanted.next().text("STATUS ").statusItems(options.returnStatus);
    wanted.close();
    return builder.build();
}

Command Command::lsub(const QByteArray &pattern, const QByteArray &reference)
{
    return listPlainly(CommandKind::Lsub, "LSUB ", pattern, reference);
}

Command Command::xlist(const QByteArray &pattern, const QByteArray &reference)
{
    return listPlainly(CommandKind::Xlist, "XLIST ", pattern, reference);
}

Command Command::status(const mail::MailboxName &mailbox, const StatusItems &items)
{
    return Builder(CommandKind::Status, "STATUS ").mailbox(mailbox).text(" ").statusItems(items).build();
}

Command Command::select(const mail::MailboxName &mailbox, const SelectOptions &options)
{
    return openMailbox(CommandKind::Select, "SELECT ", mailbox, options);
}

Command Command::examine(const mail::MailboxName &mailbox, const SelectOptions &options)
{
    return openMailbox(CommandKind::Examine, "EXAMINE ", mailbox, options);
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
    if (modifiers.changedSince.isValid()) {
        builder.text(" (CHANGEDSINCE ").number(modifiers.changedSince.value());
        builder.text(modifiers.vanished ? " VANISHED)" : ")");
    } else if (modifiers.vanished) {
        builder.refuse("VANISHED without CHANGEDSINCE");
    }
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
        if (what.partial) {
            if ((what.partial->first < 0) != (what.partial->second < 0))
                builder.refuse("PARTIAL from both ends");
            list.next().text("PARTIAL ").position(what.partial->first).text(":").position(what.partial->second);
        }
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

Command Command::append(const mail::MailboxName &mailbox, const QByteArray &message, const AppendOptions &options)
{
    Builder builder(CommandKind::Append, "APPEND ");
    builder.mailbox(mailbox).text(" ");
    if (!options.flags.names().isEmpty())
        builder.flagList(options.flags).text(" ");
    if (options.internalDate) {
        const QByteArray date = formatDateTime(*options.internalDate);
        if (date.isEmpty())
            builder.refuse("a date has no four-digit year");
        builder.string(date, false).text(" ");
    }
    return builder.message(message, options.utf8).build();
}

Command Command::create(const mail::MailboxName &mailbox, mail::MailboxRole use)
{
    Builder builder(CommandKind::Create, "CREATE ");
    builder.mailbox(mailbox);
    if (use != mail::MailboxRole::None) {
        const char *const attribute = useAttribute(use);
        if (!attribute)
            return builder.refuse("there is one INBOX").build();
        builder.text(" (USE (").text(attribute).text("))");
    }
    return builder.build();
}

Command Command::remove(const mail::MailboxName &mailbox)
{
    return onMailbox(CommandKind::Delete, "DELETE ", mailbox);
}

Command Command::rename(const mail::MailboxName &from, const mail::MailboxName &to)
{
    return Builder(CommandKind::Rename, "RENAME ").mailbox(from).text(" ").mailbox(to).build();
}

Command Command::subscribe(const mail::MailboxName &mailbox)
{
    return onMailbox(CommandKind::Subscribe, "SUBSCRIBE ", mailbox);
}

Command Command::unsubscribe(const mail::MailboxName &mailbox)
{
    return onMailbox(CommandKind::Unsubscribe, "UNSUBSCRIBE ", mailbox);
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
