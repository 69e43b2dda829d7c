// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/smtp/preparation.h"

#include "core/mime/headers.h"
#include "core/mime/headerwriter.h"
#include "core/mime/messagebuilder.h"
#include "core/smtp/content.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cstring>

namespace kittiwake::smtp
{

namespace
{

Failure unusable(const QString &sentence)
{
    return failure(ErrorKind::Input, {}, sentence);
}

bool isEightBit(QByteArrayView bytes)
{
    return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/** In place: QByteArray::replace() would make room for it in front of a copy of tens of megabytes. */
void replaceStart(QByteArray &bytes, qsizetype length, const QByteArray &start)
{
    const qsizetype rest = bytes.size() - length;
    if (start.size() > length)
        bytes.resize(start.size() + rest);
    char *data = bytes.data();
    std::memmove(data + start.size(), data + length, static_cast<std::size_t>(rest));
    std::memcpy(data, start.constData(), static_cast<std::size_t>(start.size()));
    if (start.size() < length)
        bytes.resize(start.size() + rest);
}

/** Every line ends in CRLF already, and nothing else is an end of a line. */
bool hasWireLines(QByteArrayView bytes)
{
    if (!bytes.endsWith("\r\n"))
        return false;
    for (qsizetype at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r')
            return false;
    }
    for (qsizetype at = bytes.indexOf('\r'); at >= 0; at = bytes.indexOf('\r', at + 1)) {
        if (bytes[at + 1] != '\n')
            return false;
    }
    return true;
}

Result<void> checkLines(QByteArrayView bytes, bool isOwn)
{
    if (bytes.contains('\0'))
        return unusable(QCoreApplication::translate(
            "core", "The message holds a NUL, which cannot travel by mail; send such data as an attachment."));
    qsizetype begin = 0;
    for (qsizetype number = 1; begin < bytes.size(); ++number) {
        qsizetype end = bytes.indexOf('\n', begin);
        if (end < 0)
            end = bytes.size();
        if (end - begin > longestMessageLine + 1 && !isOwn) // with its CR
            return unusable(
                QCoreApplication::translate("core",
                                            "The message has lines of more than 998 octets, so mail servers would "
                                            "change it on the way; forward it as an attachment instead."));
        if (end - begin > longestMessageLine + 1)
            return unusable(QCoreApplication::translate("core",
                                                        "Line %1 of the message has more than 998 octets, which cannot "
                                                        "travel by mail; wrap it, or encode that part.")
                                .arg(number));
        begin = end + 1;
    }
    return {};
}

/** The end of the header block: where the empty line begins, or the end. */
qsizetype headerEnd(QByteArrayView message)
{
    if (message.startsWith("\r\n"))
        return 0;
    const qsizetype gap = message.indexOf("\r\n\r\n");
    return gap < 0 ? message.size() : gap + 2;
}

bool isFieldName(QByteArrayView name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/** The header without Bcc, byte by byte, what was taken out, and how long its longest field with recipients is. */
struct KeptHeader {
    QByteArray bytes;
    QByteArray hidden;
    qsizetype longestRecipients = 0;
};

/** Nothing where a line is neither a field nor goes on with one. */
std::optional<KeptHeader> withoutBcc(QByteArrayView header)
{
    KeptHeader result;
    result.bytes.reserve(header.size());
    bool hasRecipients = false;
    qsizetype fieldBegin = 0;
    bool isHidden = false;
    bool hasField = false;
    qsizetype begin = 0;
    while (begin < header.size()) {
        qsizetype end = header.indexOf('\n', begin);
        end = end < 0 ? header.size() : end + 1;
        const QByteArrayView line = header.sliced(begin, end - begin);
        begin = end;
        if (!line.startsWith(' ') && !line.startsWith('\t')) {
            const qsizetype colon = line.indexOf(':');
            const QByteArrayView name = colon < 0 ? QByteArrayView() : line.first(colon).trimmed();
            if (!isFieldName(name))
                return std::nullopt;
            isHidden
                = name.compare("Bcc", Qt::CaseInsensitive) == 0 || name.compare("Resent-Bcc", Qt::CaseInsensitive) == 0;
            hasRecipients = name.compare("Bcc", Qt::CaseInsensitive) == 0
                || name.compare("To", Qt::CaseInsensitive) == 0 || name.compare("Cc", Qt::CaseInsensitive) == 0;
            fieldBegin = begin - line.size();
            hasField = true;
        } else if (!hasField) {
            return std::nullopt;
        }
        if (hasRecipients)
            result.longestRecipients = std::max(result.longestRecipients, begin - fieldBegin);
        (isHidden ? result.hidden : result.bytes).append(line);
    }
    return result;
}

Failure tooManyRecipients()
{
    return unusable(QCoreApplication::translate("core",
                                                "The message has more than %1 recipients; send it in several messages, "
                                                "or through a mailing list.")
                        .arg(mostRecipients));
}

Result<void> addRecipients(PreparedMessage &message, const mail::AddressList &addresses)
{
    for (const mail::Address &address : addresses) {
        if (address.address.isEmpty())
            continue; // an empty group: "undisclosed-recipients:;"
        const auto path = Path::parse(address.address);
        if (!path)
            return failure(path.error());
        if (std::find_if(message.recipients.begin(), message.recipients.end(),
                         [&](const Path &one) { return one.wire() == path->wire(); })
            != message.recipients.end())
            continue;
        if (message.recipients.size() >= mostRecipients)
            return tooManyRecipients();
        message.recipients.push_back(*path);
    }
    return {};
}

Result<void> addRecipients(PreparedMessage &message, QByteArrayView value)
{
    const mail::AddressList addresses = mime::parseAddressList(value);
    // What the reader of headers leaves out for its limits, nobody would get.
    if (addresses.size() >= mime::HeaderLimits::addresses)
        return tooManyRecipients();
    return addRecipients(message, addresses);
}

QByteArray dateText(const QDateTime &now)
{
    const int offset = now.offsetFromUtc() / 60;
    const QString zone = QStringLiteral("%1%2%3")
                             .arg(offset < 0 ? QLatin1String("-") : QLatin1String("+"))
                             .arg(std::abs(offset) / 60, 2, 10, QLatin1Char('0'))
                             .arg(std::abs(offset) % 60, 2, 10, QLatin1Char('0'));
    // RFC 5322 section 3.3: English names, whatever the language of the person.
    return QLocale::c().toString(now, QStringLiteral("ddd, d MMM yyyy HH:mm:ss ")).toLatin1() + zone.toLatin1();
}

QByteArray dateField(const QDateTime &now)
{
    return "Date: " + dateText(now) + "\r\n";
}

/** The sender of the envelope, and From where the message has none. */
Result<void> takeSender(PreparedMessage &message, QByteArrayView header, const PrepareOptions &options,
                        QByteArray &added)
{
    const mail::AddressList authors = mime::parseAddressList(mime::headerFieldValue(header, "From"));
    QString from = options.from;
    if (from.isEmpty()) {
        const mail::AddressList sender = mime::parseAddressList(mime::headerFieldValue(header, "Sender"));
        if (!sender.empty())
            from = sender.front().address;
        else if (!authors.empty())
            from = authors.front().address;
    }
    if (from.isEmpty())
        return unusable(QCoreApplication::translate("core", "The message does not say who sends it; add a From."));
    const auto path = Path::parse(from);
    if (!path)
        return failure(path.error());
    message.sender = *path;
    if (authors.empty())
        added += "From: " + path->wire() + "\r\n";
    return {};
}

/** What is written above a message that is redirected, and its envelope. */
Result<QByteArray> resentBlock(PreparedMessage &message, const Resending &resending, const QDateTime &now,
                               Random &random)
{
    const auto sender = Path::parse(resending.from.address);
    if (!sender)
        return failure(sender.error());
    message.sender = *sender;
    message.messageId = mime::makeMessageId(random, resending.from);
    mime::HeaderWriter writer;
    writer.words("Resent-Date", dateText(now));
    writer.words("Resent-Message-ID", message.messageId);
    const std::pair<const char *, mail::AddressList> fields[]{
        {"Resent-From", {resending.from}}, {"Resent-To", resending.to}, {"Resent-Cc", resending.cc}};
    for (const auto &[name, list] : fields) {
        for (const mail::Address &one : list)
            writer.addAddress(one.name, mime::wireAddress(one.address));
        writer.addresses(name);
    }
    for (const mail::AddressList *list : {&resending.to, &resending.cc, &resending.bcc}) {
        if (auto added = addRecipients(message, *list); !added)
            return failure(std::move(added.error()));
    }
    if (message.recipients.empty())
        return unusable(QCoreApplication::translate("core", "Say who is to get the message."));
    return writer.take();
}

} // namespace

Result<PreparedMessage> prepareMessage(QByteArray raw, const PrepareOptions &options, Random &random)
{
    if (raw.size() > largestMessage)
        return unusable(QCoreApplication::translate("core",
                                                    "The message has more than 64 MB, and no provider takes that; send "
                                                    "a link to the files instead."));
    PreparedMessage message;
    if (hasWireLines(raw)) {
        message.bytes = std::move(raw); // no copy of tens of megabytes
    } else {
        ContentEncoder encoder(ContentEncoder::Dots::Plain);
        message.bytes = encoder.encode(raw);
        message.bytes += encoder.finish();
        raw = QByteArray(); // it may have tens of megabytes
    }
    if (auto sound = checkLines(message.bytes, !options.resending); !sound)
        return failure(std::move(sound.error()));
    const qsizetype end = headerEnd(message.bytes);
    const QByteArray header = message.bytes.left(end);
    const auto kept = withoutBcc(header);
    if (!kept || kept->bytes.isEmpty())
        return unusable(QCoreApplication::translate("core",
                                                    "This is no message: it has to begin with header lines such as "
                                                    "“To:” and “Subject:”, and an empty line after them."));
    if (options.resending) {
        const auto block = resentBlock(message, *options.resending, options.now, random);
        if (!block)
            return failure(block.error());
        message.subject = mime::decodeHeaderText(mime::headerFieldValue(header, "Subject"));
        message.hasUtf8Header = isEightBit(header) || isEightBit(*block);
        message.hasEightBit = isEightBit(QByteArrayView(message.bytes).sliced(end));
        replaceStart(message.bytes, end, *block + kept->bytes);
        return message;
    }
    if (kept->longestRecipients >= mime::HeaderLimits::bytes)
        return tooManyRecipients();
    const std::vector<mime::HeaderField> fields = mime::parseHeaderBlock(header);
    if (fields.size() >= mime::HeaderLimits::fields)
        return unusable(QCoreApplication::translate("core", "The message has too many header fields to be sent."));
    for (const mime::HeaderField &field : fields) {
        const QByteArray name = field.name.toLower();
        if (name != "to" && name != "cc" && name != "bcc")
            continue;
        if (auto added = addRecipients(message, field.value); !added)
            return failure(std::move(added.error()));
    }
    if (message.recipients.empty())
        return unusable(
            QCoreApplication::translate("core", "The message has no recipient; name at least one in To, Cc or Bcc."));
    QByteArray added;
    if (auto sender = takeSender(message, header, options, added); !sender)
        return failure(std::move(sender.error()));
    message.messageId = mime::cleanMessageId(mime::headerFieldValue(header, "Message-ID"));
    if (message.messageId.isEmpty()) {
        message.messageId = mime::makeMessageId(random, {{}, message.sender.text()});
        added += "Message-ID: " + message.messageId + "\r\n";
    }
    if (mime::headerFieldValue(header, "Date").isEmpty())
        added += dateField(options.now);
    message.answers = mime::parseMessageIds(mime::headerFieldValue(header, "In-Reply-To"));
    message.forwards = mime::parseMessageIds(mime::headerFieldValue(header, "X-Forwarded-Message-Id"));
    message.subject = mime::decodeHeaderText(mime::headerFieldValue(header, "Subject"));
    message.hasEightBit = isEightBit(QByteArrayView(message.bytes).sliced(end));
    message.hiddenFields = kept->hidden;
    const QByteArray complete = kept->bytes + added;
    message.hasUtf8Header = isEightBit(complete);
    replaceStart(message.bytes, end, complete);
    if (end == header.size() && !message.bytes.contains("\r\n\r\n"))
        message.bytes += "\r\n";
    return message;
}

} // namespace kittiwake::smtp
