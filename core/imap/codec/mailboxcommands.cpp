// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that list, open, make and remove mailboxes.
#include "core/imap/codec/commandbuilder.h"
#include "core/imap/codec/wordlist.h"

namespace kittiwake::imap
{

namespace
{

using Builder = CommandBuilder;

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

} // namespace kittiwake::imap
