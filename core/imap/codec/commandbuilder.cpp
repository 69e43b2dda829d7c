// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/commandbuilder.h"

#include "core/imap/codec/wordlist.h"

#include <algorithm>
#include <array>

namespace kittiwake::imap
{

namespace
{

bool isAtomText(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '(' && c != ')' && c != '{' && c != '%' && c != '*' && c != '"' && c != '\\'
            && c != ']';
    });
}

const char *statusItemName(StatusItem item)
{
    switch (item) {
    case StatusItem::Messages:
        return "MESSAGES";
    case StatusItem::UidNext:
        return "UIDNEXT";
    case StatusItem::UidValidity:
        return "UIDVALIDITY";
    case StatusItem::Unseen:
        return "UNSEEN";
    case StatusItem::Recent:
        return "RECENT";
    case StatusItem::Deleted:
        return "DELETED";
    case StatusItem::Size:
        return "SIZE";
    case StatusItem::HighestModSeq:
        return "HIGHESTMODSEQ";
    case StatusItem::MailboxId:
        return "MAILBOXID";
    case StatusItem::AppendLimit:
        return "APPENDLIMIT";
    }
    return "MESSAGES";
}

const char *notifyMailboxes(NotifyGroup::Mailboxes mailboxes)
{
    switch (mailboxes) {
    case NotifyGroup::Mailboxes::Selected:
        return "selected";
    case NotifyGroup::Mailboxes::SelectedDelayed:
        return "selected-delayed";
    case NotifyGroup::Mailboxes::Inboxes:
        return "inboxes";
    case NotifyGroup::Mailboxes::Personal:
        return "personal";
    case NotifyGroup::Mailboxes::Subscribed:
        return "subscribed";
    case NotifyGroup::Mailboxes::Subtree:
        return "subtree";
    case NotifyGroup::Mailboxes::Named:
        return "mailboxes";
    }
    return "personal";
}

} // namespace

CommandBuilder::CommandBuilder(CommandKind kind, const char *verb) : m_content{kind, {}, nullptr}
{
    text(verb);
}

/** The text part at the end, so that neighbours become one. */
QByteArray &CommandBuilder::tail()
{
    auto &parts = m_content.parts;
    if (parts.empty() || !std::holds_alternative<TextPart>(parts.back()))
        parts.emplace_back(TextPart{});
    return std::get<TextPart>(parts.back()).bytes;
}

CommandBuilder &CommandBuilder::text(const char *words)
{
    tail() += words;
    return *this;
}

CommandBuilder &CommandBuilder::number(std::uint64_t value)
{
    tail() += QByteArray::number(static_cast<qulonglong>(value));
    return *this;
}

CommandBuilder &CommandBuilder::position(std::int64_t value)
{
    if (value == 0)
        return refuse("positions are counted from 1");
    tail() += QByteArray::number(static_cast<qlonglong>(value));
    return *this;
}

CommandBuilder &CommandBuilder::atom(const QByteArray &value)
{
    if (!isAtomText(value))
        return refuse("an argument is no atom");
    tail() += value;
    return *this;
}

CommandBuilder &CommandBuilder::string(const QByteArray &value, bool atomAllowed)
{
    m_content.parts.emplace_back(StringPart{value, atomAllowed, false});
    return *this;
}

CommandBuilder &CommandBuilder::secretString(const QByteArray &value)
{
    m_content.parts.emplace_back(StringPart{value, false, true});
    return *this;
}

CommandBuilder &CommandBuilder::secretBase64(const Secret &raw)
{
    // An empty initial response is "=", because nothing at all means that there is none (RFC 4959 section 3).
    m_content.parts.emplace_back(SecretTextPart{Secret(raw.isEmpty() ? QByteArray("=") : raw.reveal().toBase64())});
    return *this;
}

CommandBuilder &CommandBuilder::mailbox(const mail::MailboxName &name)
{
    if (name.text.isEmpty() && name.wire.isEmpty())
        return refuse("a mailbox has no name");
    m_content.parts.emplace_back(MailboxPart{name});
    return *this;
}

CommandBuilder &CommandBuilder::message(MessagePart part)
{
    if (part.size() == 0) // an APPEND of nothing means that the client has thought better of it (RFC 3502)
        return refuse("the message is empty");
    m_content.parts.emplace_back(std::move(part));
    return *this;
}

CommandBuilder &CommandBuilder::charsetIfNeeded()
{
    m_content.parts.emplace_back(CharsetPart{});
    return *this;
}

CommandBuilder &CommandBuilder::set(const SequenceSet &numbers)
{
    if (numbers.isEmpty())
        return refuse("a set of messages is empty");
    tail() += numbers.toBytes();
    return *this;
}

CommandBuilder &CommandBuilder::flagList(const mail::Flags &flags)
{
    text("(");
    Spaced list(*this);
    const QByteArrayList names = flags.names();
    for (const QByteArray &name : names) {
        const bool system = name.startsWith('\\');
        if (!isAtomText(QByteArrayView(name).sliced(system ? 1 : 0)))
            return refuse("a keyword is no atom");
        list.next();
        tail() += name;
    }
    return text(")");
}

CommandBuilder &CommandBuilder::section(const Section &section)
{
    if (!section.isValid())
        return refuse("a section makes no sense");
    text("[");
    tail() += section.toBytes();
    return text("]");
}

CommandBuilder &CommandBuilder::date(QDate date)
{
    constexpr std::array<const char *, 12> months{"-Jan-", "-Feb-", "-Mar-", "-Apr-", "-May-", "-Jun-",
                                                  "-Jul-", "-Aug-", "-Sep-", "-Oct-", "-Nov-", "-Dec-"};
    if (!date.isValid() || date.year() < 1000 || date.year() > 9999)
        return refuse("a date has no four-digit year");
    number(static_cast<std::uint64_t>(date.day()));
    text(months[static_cast<std::size_t>(date.month()) - 1]);
    return number(static_cast<std::uint64_t>(date.year()));
}

CommandBuilder &CommandBuilder::statusItems(const StatusItems &items)
{
    if (items.empty())
        return refuse("no STATUS item is asked for");
    text("(");
    Spaced list(*this);
    for (const StatusItem item : items)
        list.next().text(statusItemName(item));
    return text(")");
}

void CommandBuilder::fetchBody(const FetchItems::Body &body)
{
    if (body.binary && body.section.text != Section::Text::All)
        refuse("BINARY is for whole parts");
    text(body.binary ? "BINARY" : "BODY").text(body.peek ? ".PEEK" : "").section(body.section);
    if (body.partial) {
        if (body.partial->length == 0)
            refuse("a partial fetch of nothing");
        text("<").number(body.partial->offset).text(".").number(body.partial->length).text(">");
    }
}

CommandBuilder &CommandBuilder::fetchItems(const FetchItems &items, bool withUid)
{
    text("(");
    Spaced list(*this);
    list.word(withUid, "UID");
    list.word(items.flags, "FLAGS");
    list.word(items.modseq, "MODSEQ");
    list.word(items.internalDate, "INTERNALDATE");
    list.word(items.size, "RFC822.SIZE");
    list.word(items.envelope, "ENVELOPE");
    list.word(items.body, "BODY");
    list.word(items.bodyStructure, "BODYSTRUCTURE");
    list.word(items.emailId, "EMAILID");
    list.word(items.threadId, "THREADID");
    list.word(items.gmailMessageId, "X-GM-MSGID");
    list.word(items.gmailThreadId, "X-GM-THRID");
    list.word(items.gmailLabels, "X-GM-LABELS");
    for (const FetchItems::Body &body : items.bodies) {
        list.next();
        fetchBody(body);
    }
    for (const Section &size : items.binarySizes) {
        if (size.text != Section::Text::All)
            refuse("BINARY.SIZE is for whole parts");
        list.next().text("BINARY.SIZE").section(size);
    }
    if (!list.isStarted())
        refuse("nothing is fetched");
    return text(")");
}

CommandBuilder &CommandBuilder::notifyGroup(const NotifyGroup &group)
{
    using Mailboxes = NotifyGroup::Mailboxes;
    text("(").text(notifyMailboxes(group.mailboxes)).text(" ");
    if (group.mailboxes == Mailboxes::Subtree || group.mailboxes == Mailboxes::Named) {
        if (group.names.empty())
            return refuse("no mailbox is named");
        text("(");
        Spaced list(*this);
        for (const mail::MailboxName &name : group.names)
            list.next().mailbox(name);
        text(") ");
    }
    if (group.events == 0)
        return text("NONE)");
    const bool isNew = (group.events & NotifyGroup::MessageNew) != 0;
    const bool isExpunge = (group.events & NotifyGroup::MessageExpunge) != 0;
    const bool isFlagChange = (group.events & NotifyGroup::FlagChange) != 0;
    if (isNew != isExpunge || (isFlagChange && !isNew))
        return refuse("MessageNew and MessageExpunge go together, FlagChange needs both");
    text("(");
    Spaced list(*this);
    list.word(isNew, "MessageNew");
    if (isNew && group.newMessages)
        text(" ").fetchItems(*group.newMessages, true);
    list.word(isExpunge, "MessageExpunge");
    list.word(isFlagChange, "FlagChange");
    list.word((group.events & NotifyGroup::MailboxName) != 0, "MailboxName");
    list.word((group.events & NotifyGroup::SubscriptionChange) != 0, "SubscriptionChange");
    return text("))");
}

CommandBuilder &CommandBuilder::refuse(const char *why)
{
    if (!m_content.defect)
        m_content.defect = why;
    return *this;
}

} // namespace kittiwake::imap
