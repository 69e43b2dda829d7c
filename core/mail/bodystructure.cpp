// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mail/bodystructure.h"

namespace kittiwake::mail
{

namespace
{

void collectLeaves(const BodyPart &part, const QByteArray &section, std::vector<NumberedPart> &leaves)
{
    if (!part.isMultipart()) {
        leaves.push_back({section.isEmpty() ? QByteArrayLiteral("1") : section, &part});
        return;
    }
    int number = 0;
    for (const BodyPart &child : part.children) {
        QByteArray childSection = section.isEmpty() ? QByteArray() : section + '.';
        childSection += QByteArray::number(++number);
        collectLeaves(child, childSection, leaves);
    }
}

/** A property of the message, not something that its sender attached, though mailers mark it as an attachment. */
bool isSignature(const BodyPart &part)
{
    return part.type == "application"
        && (part.subtype == "pgp-signature" || part.subtype == "pkcs7-signature" || part.subtype == "x-pkcs7-signature"
            || part.subtype == "pgp-encrypted");
}

bool isShownInline(const BodyPart &part)
{
    if (isSignature(part))
        return true;
    if (part.disposition == "attachment")
        return false;
    if (part.type == "text" && (part.subtype == "plain" || part.subtype == "html"))
        return BodyPart::parameter(part.dispositionParameters, "filename").isEmpty()
            && BodyPart::parameter(part.parameters, "name").isEmpty();
    return part.type == "image" && !part.id.isEmpty();
}

} // namespace

QByteArray BodyPart::parameter(const BodyParameters &parameters, QByteArrayView name)
{
    for (const auto &[key, value] : parameters) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

bool BodyPart::operator==(const BodyPart &other) const
{
    const bool sameEnvelope
        = envelope == other.envelope || (envelope && other.envelope && *envelope == *other.envelope);
    return sameEnvelope && type == other.type && subtype == other.subtype && parameters == other.parameters
        && id == other.id && description == other.description && encoding == other.encoding && size == other.size
        && lines == other.lines && md5 == other.md5 && disposition == other.disposition
        && dispositionParameters == other.dispositionParameters && languages == other.languages
        && location == other.location && children == other.children;
}

std::vector<NumberedPart> leafParts(const BodyPart &root)
{
    std::vector<NumberedPart> leaves;
    collectLeaves(root, {}, leaves);
    return leaves;
}

bool hasAttachment(const BodyPart &root)
{
    if (root.isMultipart()) {
        if (root.subtype == "encrypted")
            return false; // what it holds is not known before it is decrypted (RFC 1847 section 2.2)
        for (const BodyPart &child : root.children) {
            if (hasAttachment(child))
                return true;
        }
        return false;
    }
    return !isShownInline(root);
}

} // namespace kittiwake::mail
