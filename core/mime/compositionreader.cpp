// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/compositionreader.h"

#include "core/mime/bodycharset.h"
#include "core/mime/content.h"
#include "core/mime/contenttype.h"
#include "core/mime/filename.h"
#include "core/mime/headers.h"
#include "core/mime/parsedmessage.h"
#include "core/mime/plaintext.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

namespace
{

/** Made anew with each version, or written by servers on its way. */
constexpr std::array<const char *, 7> passingFields{
    "message-id", "date", "mime-version", "received", "return-path", "delivered-to", "x-envelope-to",
};
/** A line that cannot be folded would be too long for mail (RFC 5322 section 2.1.1). */
constexpr qsizetype longestWord = 900;

/** What is no address is what somebody had begun to type. */
mail::AddressList recipients(const QByteArray &value)
{
    mail::AddressList result;
    for (mail::Address &one : parseAddressList(value)) {
        if (one.address.isEmpty())
            result.push_back({{}, one.name});
        else
            result.push_back(std::move(one));
    }
    return result;
}

bool isPassing(const QByteArray &name)
{
    return name.startsWith("content-")
        || std::any_of(passingFields.begin(), passingFields.end(), [&name](const char *one) { return name == one; });
}

bool canBeFolded(const QByteArray &value)
{
    const QByteArrayList words = value.split(' ');
    return std::all_of(words.begin(), words.end(),
                       [](const QByteArray &word) { return word.size() <= longestWord && !word.contains('\0'); });
}

class Reader
{
public:
    Reader(const QByteArray &message, ReadAs how) : m_message(message), m_how(how) { }

    ReadComposition read()
    {
        for (const HeaderField &field : parseHeaderBlock(m_message.header()))
            take(field.name.toLower(), field);
        readBodies();
        return std::move(m_result);
    }

private:
    /** Each counts once: the first, as everywhere. */
    bool isFirst(const QByteArray &name)
    {
        const bool first = !m_seen.contains(name);
        m_seen.append(name);
        return first;
    }

    void take(const QByteArray &name, const HeaderField &field)
    {
        Composition &to = m_result.composition;
        const bool isDraft = m_how == ReadAs::Draft;
        mail::AddressList *addresses = name == "to" ? &to.to
            : name == "cc"                          ? &to.cc
            : name == "bcc"                         ? &to.bcc
            : name == "reply-to"                    ? &to.replyTo
                                                    : nullptr;
        if (addresses != nullptr) {
            // Several fields of one name are not allowed, and whoever writes them means all.
            const mail::AddressList more = recipients(field.value);
            addresses->insert(addresses->end(), more.begin(), more.end());
        } else if (name == "from" && isFirst(name)) {
            const mail::AddressList from = parseAddressList(field.value);
            if (!from.empty())
                to.from = from.front();
        } else if (name == "subject" && isFirst(name)) {
            to.subject = decodeHeaderText(field.value);
        } else if (name == "x-priority" || name == "importance" || name == "priority") {
            takePriority(field.value.toLower());
        } else if (!isDraft) {
            return;
        } else if (name == "sender" && isFirst(name)) {
            const mail::AddressList sender = parseAddressList(field.value);
            if (!sender.empty())
                to.sender = sender.front();
        } else if (name == "in-reply-to") {
            to.inReplyTo += parseMessageIds(field.value);
        } else if (name == "references") {
            to.references += parseMessageIds(field.value);
        } else if (name == "x-forwarded-message-id") {
            m_result.forwards += parseMessageIds(field.value);
        } else if (name == "disposition-notification-to") {
            to.wantsReceipt = true;
        } else if (name == "user-agent" && isFirst(name)) {
            to.userAgent = field.value;
        } else if (!isPassing(name) && canBeFolded(field.value)) {
            to.otherFields.push_back({field.name, field.value});
        }
        if (name == "message-id")
            to.messageId = cleanMessageId(field.value);
    }

    void takePriority(const QByteArray &value)
    {
        Composition &to = m_result.composition;
        if (value.startsWith('1') || value.startsWith('2') || value.startsWith("high") || value.startsWith("urgent"))
            to.priority = Composition::Priority::High;
        else if (value.startsWith('4') || value.startsWith('5') || value.startsWith("low")
                 || value.startsWith("non-urgent"))
            to.priority = Composition::Priority::Low;
    }

    QString textOf(const mail::BodyPart &part, const QByteArray &section) const
    {
        const QByteArray bytes = decodePart(part.encoding, m_message.body(section));
        return readBody(mail::BodyPart::parameter(part.parameters, "charset"), bytes).text;
    }

    /** Line ends as everywhere here, and not the one that every part ends in. */
    QString htmlOf(const mail::BodyPart &part, const QByteArray &section) const
    {
        QString html = textOf(part, section);
        html.replace(QLatin1String("\r\n"), QLatin1String("\n"));
        if (html.endsWith(u'\n'))
            html.chop(1);
        return html;
    }

    QString plainOf(const mail::BodyPart &part, const QByteArray &section) const
    {
        const QString text = normaliseText(textOf(part, section));
        const QByteArray format = mail::BodyPart::parameter(part.parameters, "format").toLower();
        const QByteArray deleteSpace = mail::BodyPart::parameter(part.parameters, "delsp").toLower();
        return format == "flowed" ? joinFlowedLines(text, deleteSpace == "yes") : text;
    }

    void readBodies()
    {
        Composition &to = m_result.composition;
        const mail::BodyPart &root = m_message.structure();
        const ReadPlan plan = planReading(root);
        const auto isAttached = [&plan](const QByteArray &section) {
            return std::any_of(plan.attachments.begin(), plan.attachments.end(),
                               [&section](const Attachment &one) { return one.section == section; });
        };
        const bool hasHtml
            = std::any_of(plan.texts.begin(), plan.texts.end(), [](const ShownText &text) { return text.isHtml; });
        const std::vector<mail::NumberedPart> leaves = mail::leafParts(root);
        for (const mail::NumberedPart &leaf : leaves) {
            const bool isShown = std::any_of(plan.texts.begin(), plan.texts.end(),
                                             [&leaf](const ShownText &text) { return text.section == leaf.section; });
            const bool isPlain = leaf.part->type == "text" && leaf.part->subtype == "plain";
            const bool isHtml = leaf.part->type == "text" && leaf.part->subtype == "html";
            if (isHtml && isShown)
                to.html += htmlOf(*leaf.part, leaf.section);
            else if ((isPlain && (isShown || hasHtml) && !isAttached(leaf.section)) || isShown)
                to.text += (to.text.isEmpty() ? QString() : QStringLiteral("\n\n")) + plainOf(*leaf.part, leaf.section);
        }
        for (const mail::NumberedPart &leaf : leaves) {
            const auto listed = std::find_if(plan.attachments.begin(), plan.attachments.end(),
                                             [&leaf](const Attachment &one) { return one.section == leaf.section; });
            if (listed != plan.attachments.end())
                attach(*leaf.part, *listed);
        }
    }

    void attach(const mail::BodyPart &part, const Attachment &listed)
    {
        Composition &to = m_result.composition;
        QByteArray id = part.id;
        if (id.startsWith('<') && id.endsWith('>'))
            id = id.mid(1, id.size() - 2);
        const QByteArray body = m_message.body(listed.section);
        if (!id.isEmpty() && to.html.contains(QLatin1String("cid:") + QString::fromUtf8(id))) {
            const bool isNamed = !decodedName(part).isEmpty();
            to.attachments.push_back(OutgoingFile{isNamed ? listed.fileName : QString(), listed.mimeType, id,
                                                  decodePart(part.encoding, body)});
        } else if (part.isMessage() && part.encoding != "base64" && part.encoding != "quoted-printable") {
            to.attachments.push_back(ForwardedMessage{listed.fileName, body});
        } else {
            to.attachments.push_back(ForwardedPart{m_message.mimeHeader(listed.section), body});
        }
    }

    static QString decodedName(const mail::BodyPart &part)
    {
        const QString name = decodedParameter(part.dispositionParameters, "filename");
        return name.isEmpty() ? decodedParameter(part.parameters, "name") : name;
    }

    ParsedMessage m_message;
    ReadAs m_how;
    QByteArrayList m_seen;
    ReadComposition m_result;
};

} // namespace

ReadComposition readComposition(const QByteArray &rfc5322, ReadAs how)
{
    return Reader(rfc5322, how).read();
}

} // namespace kittiwake::mime
