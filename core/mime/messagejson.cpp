// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/messagejson.h"

#include "core/mime/bodycharset.h"
#include "core/mime/content.h"
#include "core/mime/contenttype.h"
#include "core/mime/filename.h"
#include "core/mime/headers.h"
#include "core/mime/parsedmessage.h"
#include "core/mime/plaintext.h"
#include "core/mime/sendersentences.h"
#include "core/mime/textlines.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>
#include <map>

namespace kittiwake::mime
{

namespace
{

QString latin(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes);
}

QJsonArray toJson(const mail::AddressList &list)
{
    QJsonArray array;
    for (const mail::Address &address : list) {
        array.append(QJsonObject{{QStringLiteral("name"), address.name},
                                 {QStringLiteral("address"), address.address},
                                 {QStringLiteral("valid"), address.isValid()}});
    }
    return array;
}

QJsonArray toJson(const QByteArrayList &list)
{
    QJsonArray array;
    for (const QByteArray &entry : list)
        array.append(latin(entry));
    return array;
}

bool isAddressField(const QByteArray &name)
{
    return name == "from" || name == "sender" || name == "reply-to" || name == "to" || name == "cc" || name == "bcc";
}

/// Addresses are taken apart before they are decoded, so that a name cannot bring an address of its own.
QString addressText(const QByteArray &value)
{
    QStringList entries;
    for (const mail::Address &address : parseAddressList(value)) {
        entries.append(address.name.isEmpty() ? address.address
                                              : QString(address.name + u" <" + address.address + u'>'));
    }
    return entries.join(QStringLiteral(", "));
}

QJsonObject headersToJson(const std::vector<HeaderField> &fields)
{
    std::map<QByteArray, QStringList> values;
    for (const HeaderField &field : fields) {
        const QByteArray name = field.name.toLower();
        values[name].append(isAddressField(name) ? addressText(field.value) : decodeHeaderText(field.value));
    }
    QJsonObject headers;
    for (const auto &[name, all] : values)
        headers.insert(latin(name), all.join(u'\n'));
    return headers;
}

/// Walks the structure as the sections are numbered, into messages within the message as well.
class PartsWriter
{
public:
    explicit PartsWriter(const ParsedMessage &message) : m_message(message) { }

    QJsonArray write()
    {
        const mail::BodyPart &root = m_message.structure();
        add(root, root.isMultipart() ? QByteArray() : QByteArrayLiteral("1"), {});
        return std::move(m_parts);
    }

private:
    /// The depth of the structure is bounded by the parser. A multipart that is the body of a message has no section
    /// of its own: IMAP calls it "2.TEXT".
    void add(const mail::BodyPart &part, const QByteArray &section, const QByteArray &path)
    {
        append(part, section, path.isNull() ? section : path);
        if (part.isMessage()) {
            for (const mail::BodyPart &child : part.children) {
                if (child.isMultipart())
                    add(child, section, section + ".TEXT");
                else
                    add(child, section + ".1", {});
            }
            return;
        }
        int number = 0;
        for (const mail::BodyPart &child : part.children) {
            const QByteArray digits = QByteArray::number(++number);
            add(child, section.isEmpty() ? digits : QByteArray(section + '.' + digits), {});
        }
    }

    void append(const mail::BodyPart &part, const QByteArray &section, const QByteArray &path)
    {
        const bool container = part.isMultipart();
        const bool named = !decodedParameter(part.dispositionParameters, "filename").isEmpty()
            || !decodedParameter(part.parameters, "name").isEmpty();
        QJsonObject object{
            {QStringLiteral("path"), latin(path)},
            {QStringLiteral("type"), latin(QByteArray(part.type + '/' + part.subtype))},
            {QStringLiteral("charset"), latin(mail::BodyPart::parameter(part.parameters, "charset").toLower())},
            {QStringLiteral("encoding"), latin(part.encoding)},
            {QStringLiteral("name"), named ? attachmentName(part) : QString()},
            {QStringLiteral("disposition"), latin(part.disposition)},
            {QStringLiteral("content_id"), latin(part.id)},
        };
        if (container) {
            object.insert(QStringLiteral("size"), static_cast<qint64>(part.size));
        } else {
            const QByteArray decoded = decodePart(part.encoding, m_message.body(section));
            object.insert(QStringLiteral("size"), decoded.size());
            if (part.type == "text")
                object.insert(QStringLiteral("text"), textOf(part, decoded));
        }
        m_parts.append(object);
    }

    QString textOf(const mail::BodyPart &part, const QByteArray &decoded)
    {
        const qsizetype left = ContentLimits::textBytes - m_textBytes;
        const QByteArray shown = decoded.first(std::min(decoded.size(), left));
        m_textBytes += shown.size();
        const QString text = readBody(mail::BodyPart::parameter(part.parameters, "charset"), shown).text;
        const bool flowed = part.subtype == "plain"
            && mail::BodyPart::parameter(part.parameters, "format").compare("flowed", Qt::CaseInsensitive) == 0;
        if (!flowed)
            return normaliseText(text);
        return joinFlowedLines(normaliseText(text),
                               mail::BodyPart::parameter(part.parameters, "delsp").compare("yes", Qt::CaseInsensitive)
                                   == 0);
    }

    const ParsedMessage &m_message;
    QJsonArray m_parts;
    qsizetype m_textBytes = 0;
};

/// What the lines of a plain text are, for each run of lines that are alike.
QJsonArray linesToJson(const QString &text)
{
    QJsonArray runs;
    const std::vector<TextLine> lines = arrangeText(text).lines;
    for (std::size_t from = 0; from < lines.size();) {
        std::size_t to = from;
        while (to < lines.size() && lines[to] == lines[from])
            ++to;
        const TextLine &line = lines[from];
        runs.append(QJsonObject{
            {QStringLiteral("lines"), static_cast<qint64>(to - from)},
            {QStringLiteral("depth"), int{line.depth}},
            {QStringLiteral("signature"), line.isSignature},
            {QStringLiteral("fixed"), line.isFixed},
            {QStringLiteral("direction"), line.isRightToLeft ? QStringLiteral("rtl") : QStringLiteral("ltr")}});
        from = to;
    }
    return runs;
}

} // namespace

QJsonObject messageToJson(const QByteArray &rfc5322)
{
    const ParsedMessage message(rfc5322);
    const std::vector<HeaderField> fields = parseHeaderBlock(message.header());
    const auto value = [&](QByteArrayView name) { return headerFieldValue(message.header(), name); };
    QJsonObject object{
        {QStringLiteral("headers"), headersToJson(fields)},
        {QStringLiteral("subject"), decodeHeaderText(value("Subject"))},
        {QStringLiteral("from"), toJson(parseAddressList(value("From")))},
        {QStringLiteral("to"), toJson(parseAddressList(value("To")))},
        {QStringLiteral("cc"), toJson(parseAddressList(value("Cc")))},
        {QStringLiteral("reply_to"), toJson(parseAddressList(value("Reply-To")))},
        {QStringLiteral("message_id"), latin(parseMessageIds(value("Message-ID")).value(0))},
        {QStringLiteral("references"), toJson(parseMessageIds(value("References")))},
        {QStringLiteral("parts"), PartsWriter(message).write()},
    };
    const auto date = parseDate(value("Date"));
    object.insert(QStringLiteral("date"), date ? QJsonValue(static_cast<qint64>(*date)) : QJsonValue());
    QJsonArray defects = QJsonArray::fromStringList(message.defects());
    for (const QString &defect : contentOfMessage(rfc5322).defects) {
        if (!message.defects().contains(defect))
            defects.append(defect);
    }
    object.insert(QStringLiteral("defects"), defects);
    return object;
}

QJsonObject renderToJson(const QByteArray &rfc5322)
{
    const ParsedMessage message(rfc5322);
    const mail::AddressList from = addressesOf(message.header()).from;
    const MessageContent content = contentOfMessage(rfc5322);
    const mail::Address sender = from.empty() ? mail::Address() : from.front();
    QString kind = QStringLiteral("empty");
    if (!content.html.isEmpty())
        kind = QStringLiteral("html");
    else if (!content.plainText.isEmpty())
        kind = QStringLiteral("plain");
    QJsonArray attachments;
    for (const Attachment &attachment : content.attachments) {
        attachments.append(QJsonObject{{QStringLiteral("section"), latin(attachment.section)},
                                       {QStringLiteral("name"), attachment.fileName},
                                       {QStringLiteral("type"), latin(attachment.mimeType)},
                                       {QStringLiteral("size"), static_cast<qint64>(attachment.size)}});
    }
    const QStringList blocked(content.blocked.begin(), content.blocked.end());
    return QJsonObject{
        {QStringLiteral("sender"),
         QJsonObject{
             {QStringLiteral("name"), sender.name},
             {QStringLiteral("address"), sender.address},
             {QStringLiteral("warnings"), QJsonArray::fromStringList(sentencesOf(remarksOnHeader(message.header())))}}},
        {QStringLiteral("kind"), kind},
        {QStringLiteral("body"), content.html.isEmpty() ? content.plainText : content.html},
        {QStringLiteral("lines"),
         content.html.isEmpty() && !content.plainText.isEmpty() ? linesToJson(content.plainText) : QJsonArray()},
        {QStringLiteral("notice"), content.notice},
        {QStringLiteral("charset"), latin(content.charset)},
        {QStringLiteral("charset_guessed"), content.isCharsetGuessed},
        {QStringLiteral("blocked"), QJsonArray::fromStringList(blocked)},
        {QStringLiteral("attachments"), attachments},
        {QStringLiteral("defects"), QJsonArray::fromStringList(content.defects)},
    };
}

} // namespace kittiwake::mime
