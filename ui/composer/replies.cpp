// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/replies.h"

#include "core/mime/compositionreader.h"
#include "core/mime/headers.h"
#include "core/mime/mailto.h"
#include "core/mime/quotation.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype longestName = 120;

/** Those of the message's account first: one of them answers where no other was written to. */
mail::AddressList addressesOf(const std::vector<WriterIdentity> &own, AccountId account)
{
    mail::AddressList result;
    for (const bool wanted : {true, false}) {
        for (const WriterIdentity &one : own) {
            if ((one.account == account) == wanted)
                result.push_back(one.from);
        }
    }
    return result;
}

mime::OriginalMessage originalOf(const ReadMessage &message)
{
    const mail::MessageHeader &header = message.row.header;
    mime::OriginalMessage result;
    result.from = header.from;
    // An ENVELOPE names the author there where no field does (RFC 9051 section 7.5.2).
    if (header.replyTo != header.from)
        result.replyTo = header.replyTo;
    result.to = header.to;
    result.cc = header.cc;
    result.listPost = listOf(message);
    result.subject = header.subject;
    result.messageId = header.messageId;
    result.references = header.references;
    if (!message.header.isEmpty()) {
        result.references = mime::parseMessageIds(mime::headerFieldValue(message.header, "References"));
        result.inReplyTo = mime::parseMessageIds(mime::headerFieldValue(message.header, "In-Reply-To"));
    }
    result.date = message.date;
    result.text = message.selection.isEmpty() ? message.content.plainText : message.selection;
    if (result.text.size() > longestQuote)
        result.text = result.text.first(longestQuote) + QLatin1String("\n[\u2026]");
    return result;
}

/** The identity with the address that answers. */
void setSender(Writing &writing, const ReadMessage &message, const std::vector<WriterIdentity> &own)
{
    writing.context.account = message.account;
    const auto found = std::find_if(own.begin(), own.end(), [&writing](const WriterIdentity &one) {
        return one.from.address == writing.composition.from.address;
    });
    if (found == own.end())
        return;
    writing.context.account = found->account;
    writing.context.identity = found->key;
    writing.composition.replyTo = found->replyTo;
}

void setOrigin(Writing &writing, const ReadMessage &message, engine::DraftOrigin::How how)
{
    if (!message.row.header.messageId.isEmpty())
        writing.context.origins = {{how, message.account, message.mailbox, message.row.header.messageId}};
}

/** The message's own pictures that the quote shows. */
std::vector<mime::OutgoingFile> picturesOf(const mime::MessageContent &content, const QString &html)
{
    std::vector<mime::OutgoingFile> result;
    for (const mime::InlineImage &image : content.inlineImages) {
        if (!html.contains(QLatin1String("cid:")))
            break;
        mime::OutgoingFile file;
        file.type = image.mimeType;
        file.contentId = image.contentId;
        file.content = image.data;
        result.push_back(std::move(file));
    }
    return result;
}

/** What follows one's own formatted text; the plain one below it is the same for those who read that. */
void setQuote(Writing &writing, const ReadMessage &message, QString html, QString text)
{
    writing.context.isRich = true;
    writing.composition.text.clear();
    writing.quote.pictures = picturesOf(message.content, html);
    writing.quote.html = std::move(html);
    writing.quote.text = std::move(text);
    if (!message.row.header.from.empty())
        writing.quote.about = message.row.header.from.front().shortText();
}

bool isFormatted(const ReadMessage &message)
{
    return !message.content.html.isEmpty() && message.selection.isEmpty();
}

} // namespace

mail::Address listOf(const ReadMessage &message)
{
    return mime::listPostAddress(mime::headerFieldValue(message.header, "List-Post"));
}

Writing replyTo(const ReadMessage &message, mime::ReplyTo whom, const std::vector<WriterIdentity> &own, bool preferRich)
{
    const mime::OriginalMessage original = originalOf(message);
    Writing result;
    result.composition = mime::replyComposition(original, whom, addressesOf(own, message.account));
    setSender(result, message, own);
    setOrigin(result, message, engine::DraftOrigin::How::Answers);
    if (isFormatted(message)) {
        setQuote(result, message, mime::quotedHtml(message.content, mime::attribution(original)),
                 mime::attribution(original) + u'\n' + mime::quotedText(original.text));
    } else {
        result.context.isRich = preferRich;
    }
    return result;
}

Writing forwardOf(const ReadMessage &message, const std::vector<WriterIdentity> &own, bool preferRich)
{
    const mime::OriginalMessage original = originalOf(message);
    Writing result;
    result.composition = mime::forwardComposition(original, addressesOf(own, message.account));
    setSender(result, message, own);
    setOrigin(result, message, engine::DraftOrigin::How::Forwards);
    if (isFormatted(message)) {
        const QString text = result.composition.text.trimmed();
        setQuote(result, message, mime::forwardedHtml(message.content, mime::passedOnFields(original)), text);
    } else {
        result.context.isRich = preferRich;
    }
    return result;
}

Writing forwardAttached(const ReadMessage &message, const QByteArray &raw, const std::vector<WriterIdentity> &own)
{
    Writing result;
    result.composition = mime::forwardComposition(originalOf(message), addressesOf(own, message.account));
    result.composition.text.clear();
    setSender(result, message, own);
    setOrigin(result, message, engine::DraftOrigin::How::Forwards);
    QString name = message.row.header.subject.left(longestName);
    if (name.isEmpty())
        name = QCoreApplication::translate("ui::composer", "Message");
    result.composition.attachments = {mime::ForwardedMessage{name + QLatin1String(".eml"), raw}};
    return result;
}

Writing editAsNew(const ReadMessage &message, const QByteArray &raw, const std::vector<WriterIdentity> &own)
{
    Writing result;
    result.composition = mime::readComposition(raw, mime::ReadAs::New).composition;
    result.context.isRich = !result.composition.html.isEmpty();
    setSender(result, message, own);
    return result;
}

std::vector<mime::OutgoingPart> forwardedFiles(const QByteArray &raw)
{
    std::vector<mime::OutgoingPart> parts = mime::readComposition(raw, mime::ReadAs::New).composition.attachments;
    // Pictures of the text go with the quote.
    std::erase_if(parts, [](const mime::OutgoingPart &part) {
        const auto *file = std::get_if<mime::OutgoingFile>(&part);
        return file != nullptr && file->isInline();
    });
    return parts;
}

} // namespace kittiwake::ui
