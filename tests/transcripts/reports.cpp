// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/transcripts/reports.h"

namespace kittiwake::reports
{

namespace
{

QByteArray number(std::uint64_t value)
{
    return QByteArray::number(static_cast<qulonglong>(value));
}

QByteArray ofRanges(const imap::NumberRanges &ranges)
{
    QByteArrayList texts;
    for (const imap::NumberRange &range : ranges)
        texts.append(range.first == range.last ? number(range.first) : number(range.first) + ':' + number(range.last));
    return texts.join(',');
}

QByteArray ofFlags(const mail::Flags &flags)
{
    return '(' + flags.names().join(' ') + ')';
}

} // namespace

QByteArray of(const Error &error)
{
    return "error " + errorKindName(error.kind).toUtf8() + ' ' + error.userText.toUtf8();
}

QByteArray of(const imap::SelectResult &result)
{
    const imap::SelectedMailbox &mailbox = result.mailbox;
    QByteArray text = "ok " + mailbox.name.text.toUtf8() + " exists=" + number(mailbox.exists)
        + " validity=" + number(mailbox.uidValidity.value()) + " next=" + number(mailbox.uidNext.value());
    if (mailbox.highestModSeq.isValid())
        text += " modseq=" + number(mailbox.highestModSeq.value());
    text += mailbox.readOnly ? " readonly" : " readwrite";
    text += " permanent=" + ofFlags(mailbox.permanentFlags);
    if (mailbox.newKeywords)
        text += " newkeywords";
    if (mailbox.uidNotSticky)
        text += " notsticky";
    if (!mailbox.mailboxId.isEmpty())
        text += " id=" + mailbox.mailboxId;
    if (!result.vanished.isEmpty())
        text += " vanished=" + result.vanished.toBytes();
    if (!result.changed.empty())
        text += " changed=" + number(result.changed.size());
    return text;
}

QByteArray of(const imap::ListedMailbox &mailbox)
{
    QByteArray text = '"' + mailbox.name.text.toUtf8() + '"';
    text += mailbox.delimiter.isNull() ? QByteArray(" flat") : " delimiter=" + QString(mailbox.delimiter).toUtf8();
    if (mailbox.role != mail::MailboxRole::None)
        text += " role=" + mail::mailboxRoleName(mailbox.role).toUtf8() + (mailbox.roleGuessed ? " guessed" : "");
    if (!mailbox.selectable)
        text += " noselect";
    if (mailbox.subscribed)
        text += " subscribed";
    if (mailbox.noInferiors)
        text += " noinferiors";
    if (mailbox.hasChildren)
        text += *mailbox.hasChildren ? " children" : " nochildren";
    if (mailbox.status)
        text += ' ' + of(*mailbox.status);
    return text;
}

QByteArray of(const imap::MailboxStatusData &status)
{
    QByteArray text = "status(";
    if (status.messages)
        text += " messages=" + number(*status.messages);
    if (status.unseen)
        text += " unseen=" + number(*status.unseen);
    if (status.uidNext.isValid())
        text += " next=" + number(status.uidNext.value());
    if (status.uidValidity.isValid())
        text += " validity=" + number(status.uidValidity.value());
    if (status.highestModSeq)
        text += " modseq=" + number(*status.highestModSeq);
    return text + " )";
}

QByteArray of(const imap::FetchedMessage &message)
{
    QByteArray text = "uid=" + number(message.uid.value());
    if (message.flags)
        text += " flags=" + ofFlags(*message.flags);
    if (message.modseq.isValid())
        text += " modseq=" + number(message.modseq.value());
    if (message.size)
        text += " size=" + number(*message.size);
    if (message.envelope)
        text += " subject=" + message.envelope->subject;
    for (const imap::FetchedSection &section : message.sections)
        text += " BODY[" + section.section.toBytes()
            + "]=" + (section.data ? section.data->toPercentEncoding(" :<>@()[]/,;=") : QByteArray("missing"));
    return text;
}

QByteArray of(const imap::CommandReply &reply)
{
    QByteArray text = "ok";
    for (const imap::CopyUidCode &code : reply.copyUids)
        text += " copyuid=" + number(code.validity.value()) + '/' + ofRanges(code.source) + "->"
            + ofRanges(code.destination);
    if (reply.appendUid)
        text += " appenduid=" + number(reply.appendUid->validity.value()) + '/' + ofRanges(reply.appendUid->uids);
    if (!reply.notModified.isEmpty())
        text += " notmodified=" + reply.notModified.toBytes();
    return text;
}

QByteArray of(const imap::MailboxUpdate &update)
{
    if (const auto *arrived = std::get_if<imap::Arrived>(&update))
        return "arrived exists=" + number(arrived->exists);
    if (const auto *vanished = std::get_if<imap::Vanished>(&update))
        return "vanished " + vanished->uids.toBytes() + " unknown=" + number(vanished->unknown)
            + " exists=" + number(vanished->exists);
    if (const auto *changed = std::get_if<imap::FlagsChanged>(&update)) {
        QByteArray text = "flags";
        for (const imap::FlagChange &change : changed->changes)
            text += ' ' + number(change.uid.value()) + ofFlags(change.flags);
        return text + " unknown=" + number(changed->unknown);
    }
    if (const auto *inconsistent = std::get_if<imap::Inconsistent>(&update))
        return "inconsistent " + inconsistent->reason.toUtf8();
    if (const auto *gone = std::get_if<imap::Disconnected>(&update))
        return "disconnected " + errorKindName(gone->error.kind).toUtf8();
    return {};
}

QByteArray of(const imap::ServerReport &report)
{
    if (const auto *status = std::get_if<imap::MailboxStatusData>(&report))
        return status->mailbox.text.toUtf8() + ' ' + of(*status);
    if (const auto *list = std::get_if<imap::ListData>(&report)) {
        QByteArray text = "list " + list->mailbox.text.toUtf8();
        if (list->oldName)
            text += " old=" + list->oldName->text.toUtf8();
        if (list->attributes.has(imap::ListAttribute::NonExistent))
            text += " gone";
        if (list->attributes.has(imap::ListAttribute::Subscribed))
            text += " subscribed";
        return text;
    }
    if (const auto *lost = std::get_if<imap::ReportsLost>(&report))
        return lost->stopped ? "lost and stopped" : "lost";
    return {};
}

} // namespace kittiwake::reports
