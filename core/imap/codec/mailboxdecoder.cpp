// SPDX-License-Identifier: GPL-3.0-or-later
// LIST and STATUS.
#include "core/imap/codec/listattributes.h"
#include "core/imap/codec/responsedecoder.h"

#include <algorithm>

namespace kittiwake::imap
{

namespace
{

constexpr int maximumListItems = 1000;

void addAttribute(QByteArrayView flag, ListData &list)
{
    if (flag.startsWith('\\')) {
        for (const ListAttributeName &known : listAttributeNames) {
            if (flag.sliced(1).compare(known.spelled, Qt::CaseInsensitive) == 0) {
                list.attributes.set(known.attribute);
                return;
            }
        }
    }
    list.otherAttributes.append(flag.toByteArray());
}

/** "(" [mbx-list-flags] ")" */
bool expectAttributes(Decoder &decoder, ListData &list)
{
    if (!decoder.expectEnter())
        return false;
    while (decoder.more()) {
        QByteArrayView flag;
        if (list.otherAttributes.size() >= maximumListItems)
            return decoder.fail("too many attributes");
        if (!decoder.expectAtom(flag))
            return false;
        addAttribute(flag, list);
        decoder.spaces();
    }
    return !decoder.isFailed();
}

bool expectMailbox(Decoder &decoder, MailboxEncoding encoding, mail::MailboxName &mailbox)
{
    StringToken token;
    if (!decoder.expectAString(token))
        return false;
    mailbox = decodeMailbox(token.view, encoding);
    return true;
}

/**
 * The mailbox of LIST. Exchange has sent names with spaces and control characters unquoted: then everything up to the
 * end of the line is the name, unless extended data follows.
 */
bool expectListedMailbox(Decoder &decoder, MailboxEncoding encoding, mail::MailboxName &mailbox)
{
    const bool isAtom = decoder.peek() != '"' && decoder.peek() != '{' && decoder.peek() != '~';
    const QByteArrayView line = decoder.rest();
    if (!expectMailbox(decoder, encoding, mailbox))
        return false;
    decoder.spaces();
    if (!isAtom || decoder.atEnd() || decoder.peek() == '(' || line.contains('\n'))
        return true;
    decoder.skip(line.size());
    mailbox = decodeMailbox(line.trimmed(), encoding);
    return true;
}

/** mbox-list-extended-item = tag SP value (RFC 9051 section 9, RFC 5258, RFC 5465). */
bool expectExtendedItem(Decoder &decoder, MailboxEncoding encoding, ListData &list)
{
    StringToken name;
    if (!decoder.expectAString(name))
        return false;
    decoder.spaces();
    if (isWord(name.view, "OLDNAME")) {
        const bool enclosed = decoder.enter();
        return expectMailbox(decoder, encoding, list.oldName.emplace()) && (!enclosed || decoder.expectLeave());
    }
    if (isWord(name.view, "CHILDINFO")) {
        if (!decoder.expectStringList(list.childInfo, maximumListItems))
            return false;
        for (QByteArray &info : list.childInfo)
            info = info.toUpper();
        return true;
    }
    return decoder.expectAnyValue();
}

/** status-att-val */
bool expectStatusItem(Decoder &decoder, MailboxStatusData &status)
{
    QByteArrayView name;
    if (!decoder.expectKeyword(name))
        return false;
    decoder.spaces();
    std::uint32_t number = 0;
    const auto expectCount = [&](std::optional<std::uint32_t> &count) { return decoder.expectNumber(count.emplace()); };
    if (isWord(name, "MESSAGES"))
        return expectCount(status.messages);
    if (isWord(name, "RECENT"))
        return expectCount(status.recent);
    if (isWord(name, "UNSEEN"))
        return expectCount(status.unseen);
    if (isWord(name, "DELETED"))
        return expectCount(status.deleted);
    if (isWord(name, "UIDNEXT")) {
        const bool read = decoder.expectNumber(number);
        status.uidNext = Uid(number);
        return read;
    }
    if (isWord(name, "UIDVALIDITY")) {
        const bool read = decoder.expectNumber(number);
        status.uidValidity = UidValidity(number);
        return read;
    }
    if (isWord(name, "HIGHESTMODSEQ"))
        return decoder.expectModSeq(status.highestModSeq.emplace());
    if (isWord(name, "SIZE"))
        return decoder.expectSize(status.size.emplace());
    if (isWord(name, "MAILBOXID")) {
        QByteArrayList ids;
        if (!decoder.expectStringList(ids, 1))
            return false;
        status.mailboxId = ids.isEmpty() ? QByteArray() : ids.first();
        return true;
    }
    if (isWord(name, "APPENDLIMIT")) // NIL: no limit for this mailbox (RFC 7889)
        return decoder.nil() || decoder.expectNumber64(status.appendLimit.emplace());
    return decoder.expectAnyValue();
}

} // namespace

bool expectList(Decoder &decoder, MailboxEncoding encoding, ListData &list)
{
    StringToken delimiter;
    decoder.spaces();
    if (!expectAttributes(decoder, list))
        return false;
    decoder.spaces();
    if (!decoder.expectNString(delimiter))
        return false;
    if (!delimiter.view.isEmpty())
        list.delimiter = QLatin1Char(delimiter.view.front());
    decoder.spaces();
    if (!expectListedMailbox(decoder, encoding, list.mailbox))
        return false;
    decoder.spaces();
    if (decoder.enter()) {
        while (decoder.more()) {
            if (!expectExtendedItem(decoder, encoding, list))
                return false;
            decoder.spaces();
        }
    }
    return decoder.expectEnd();
}

bool expectMailboxStatus(Decoder &decoder, MailboxEncoding encoding, MailboxStatusData &status)
{
    decoder.spaces();
    const bool isAtom = decoder.peek() != '"' && decoder.peek() != '{' && decoder.peek() != '~';
    const QByteArrayView line = decoder.rest();
    if (!expectMailbox(decoder, encoding, status.mailbox))
        return false;
    decoder.spaces();
    if (isAtom && decoder.peek() != '(') {
        // As in LIST: a name with spaces, not quoted. The items stand in the last parentheses.
        const qsizetype open = line.lastIndexOf('(');
        const qsizetype taken = line.size() - decoder.rest().size();
        if (open < taken || line.first(open).contains('\n'))
            return decoder.fail("the items of STATUS are missing");
        decoder.skip(open - taken);
        status.mailbox = decodeMailbox(line.first(open).trimmed(), encoding);
    }
    if (!decoder.expectEnter())
        return false;
    while (decoder.more()) {
        if (!expectStatusItem(decoder, status))
            return false;
        decoder.spaces();
    }
    return decoder.expectEnd();
}

} // namespace kittiwake::imap
