// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/readsteps.h"

#include "core/mime/contenttype.h"
#include "core/mime/headers.h"
#include "core/mime/parsedmessage.h"
#include "core/mime/partindex.h"

#include <QCoreApplication>

#include <algorithm>

namespace kittiwake::engine
{

namespace
{

using mail::BodyPart;

constexpr QByteArrayView localPrefix("local/");

bool isEncoded(const BodyPart &part)
{
    return part.encoding == "base64" || part.encoding == "quoted-printable";
}

/** The header of a part itself; of a message that has no parts, its own. */
imap::Section headerOf(const BodyPart &root, const QByteArray &section)
{
    if (root.isMultipart())
        return imap::Section::mimeOf(section);
    return imap::Section::headerFields(
        {QByteArrayLiteral("CONTENT-TYPE"), QByteArrayLiteral("CONTENT-TRANSFER-ENCODING")});
}

const imap::FetchedSection *find(const imap::FetchData &answer, const imap::Section &section)
{
    const auto found = std::find_if(answer.sections.begin(), answer.sections.end(), [&](const auto &fetched) {
        return fetched.data && fetched.section == section && fetched.origin.value_or(0) == 0;
    });
    return found == answer.sections.end() ? nullptr : &*found;
}

/** What the header does not say, or says in a way that servers mend each in their own way, contradicts nothing. */
bool contradicts(const BodyPart &part, const QByteArray &header)
{
    const QByteArray type = mime::parseParameterisedValue(mime::headerFieldValue(header, "Content-Type")).value;
    const qsizetype slash = type.indexOf('/');
    const bool isType = slash > 0 && slash + 1 < type.size() && type.indexOf('/', slash + 1) < 0;
    if (isType && type != part.type + '/' + part.subtype)
        return true;
    const QByteArray encoding
        = mime::parseParameterisedValue(mime::headerFieldValue(header, "Content-Transfer-Encoding")).value;
    const bool isEncodedHere = encoding == "base64" || encoding == "quoted-printable";
    const bool isPlainHere = encoding == "7bit" || encoding == "8bit" || encoding == "binary";
    if (isEncodedHere)
        return part.encoding != encoding;
    return isPlainHere && isEncoded(part);
}

void takeEncodingAway(BodyPart &part, const QByteArray &section, const QByteArrayList &decoded)
{
    if (!part.isMultipart()) {
        if (decoded.contains(section.isEmpty() ? QByteArrayLiteral("1") : section))
            part.encoding = "binary";
        return;
    }
    int number = 0;
    for (BodyPart &child : part.children) {
        const QByteArray digits = QByteArray::number(++number);
        takeEncodingAway(child, section.isEmpty() ? digits : QByteArray(section + '.' + digits), decoded);
    }
}

} // namespace

std::uint64_t announcedSize(const mail::BodyPart &root, const QByteArrayList &sections)
{
    const mime::PartIndex index(root);
    std::uint64_t sum = 0;
    for (const QByteArray &section : sections) {
        const BodyPart *part = index.part(section);
        // A server may say anything; what is absurd must not turn into little.
        constexpr std::uint64_t absurd = std::uint64_t{1} << 50;
        sum += part != nullptr ? std::min(part->size, absurd) : 0;
    }
    return sum;
}

imap::FetchItems askForParts(const mail::BodyPart &root, const QByteArrayList &sections,
                             const MessageAccess::Abilities &abilities, bool check)
{
    const mime::PartIndex index(root);
    imap::FetchItems items;
    for (const QByteArray &section : sections) {
        imap::FetchItems::Body body = MessageAccess::bodyItem(imap::Section::ofPart(section));
        const BodyPart *part = index.part(section);
        body.binary = abilities.binary && part != nullptr && isEncoded(*part);
        // Only giants are cut: some servers answer partial fetches wrongly, all answer whole ones.
        if (part != nullptr && part->size > ReadLimits::text && abilities.partial)
            body.partial = imap::FetchPartial{0, ReadLimits::text};
        items.bodies.push_back(std::move(body));
        if (check && (root.isMultipart() || items.bodies.size() == 1))
            items.bodies.push_back(MessageAccess::bodyItem(headerOf(root, section)));
    }
    return items;
}

ReadParts takeParts(const mail::BodyPart &root, const QByteArrayList &sections, const imap::FetchData &answer)
{
    const mime::PartIndex index(root);
    ReadParts parts;
    for (const QByteArray &section : sections) {
        const BodyPart *part = index.part(section);
        const imap::FetchedSection *body = find(answer, imap::Section::ofPart(section));
        constexpr std::uint64_t lineEnds = 4; // what some count and others do not
        if (part == nullptr || body == nullptr || (body->data->isEmpty() && part->size > lineEnds)) {
            parts.isTruthful = false;
            continue;
        }
        const imap::FetchedSection *header = find(answer, headerOf(root, section));
        if (header != nullptr && contradicts(*part, *header->data))
            parts.isTruthful = false;
        parts.bodies.insert(section, *body->data);
        if (body->binary)
            parts.decoded.append(section);
    }
    return parts;
}

Structure withoutEncodings(const Structure &root, const QByteArrayList &decoded)
{
    if (decoded.isEmpty())
        return root;
    auto copy = std::make_shared<BodyPart>(*root);
    takeEncodingAway(*copy, {}, decoded);
    return copy;
}

QByteArray localSection(const QByteArray &section)
{
    return localPrefix.toByteArray() + section;
}

std::optional<QByteArray> numberOfLocal(const QByteArray &section)
{
    if (!section.startsWith(localPrefix))
        return std::nullopt;
    return section.mid(localPrefix.size());
}

Error noSuchPart(const QString &where, const QByteArray &section)
{
    return {ErrorKind::Input,
            where,
            QCoreApplication::translate("core", "This message has no part %1.").arg(QString::fromLatin1(section)),
            {}};
}

void nameLocally(mime::MessageContent &content)
{
    for (mime::Attachment &attachment : content.attachments)
        attachment.section = localSection(attachment.section);
}

std::optional<QByteArray> partOfWhole(const QByteArray &message, const QByteArray &section)
{
    const mime::ParsedMessage parsed(message);
    const mime::PartIndex index(parsed.structure());
    const BodyPart *part = index.part(section);
    if (part == nullptr)
        return std::nullopt;
    return mime::decodePart(part->encoding, parsed.body(section));
}

QByteArrayList withinLimit(const mail::BodyPart &root, const QByteArrayList &sections, std::uint64_t limit)
{
    const mime::PartIndex index(root);
    QByteArrayList kept;
    std::uint64_t left = limit;
    for (const QByteArray &section : sections) {
        const BodyPart *part = index.part(section);
        if (part == nullptr || part->size > left)
            continue;
        left -= part->size;
        kept.append(section);
    }
    return kept;
}

} // namespace kittiwake::engine
