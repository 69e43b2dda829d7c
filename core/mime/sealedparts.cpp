// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/sealedparts.h"

#include "core/mime/content.h"

#include <QCoreApplication>

namespace kittiwake::mime
{

namespace
{

using mail::BodyPart;

Seal sealOfLeaf(const BodyPart &part)
{
    const bool isPkcs7 = part.type == "application" && (part.subtype == "pkcs7-mime" || part.subtype == "x-pkcs7-mime");
    if (!isPkcs7)
        return Seal::None;
    const QByteArray kind = BodyPart::parameter(part.parameters, "smime-type").toLower();
    if (kind == "certs-only")
        return Seal::None;
    return kind == "signed-data" ? Seal::SignedOpaquely : Seal::Encrypted;
}

Seal look(const BodyPart &part, int depth, std::size_t &left)
{
    if (left == 0 || depth > ContentLimits::depth)
        return Seal::None;
    --left;
    if (!part.isMultipart())
        return sealOfLeaf(part);
    if (part.subtype == "encrypted")
        return Seal::Encrypted;
    for (const BodyPart &child : part.children) {
        const Seal seal = look(child, depth + 1, left);
        if (seal != Seal::None)
            return seal;
    }
    return Seal::None;
}

} // namespace

Seal sealOf(const mail::BodyPart &root)
{
    std::size_t left = ContentLimits::parts;
    return look(root, 0, left);
}

bool holdsPgpMessage(const QString &text)
{
    static const QString mark = QStringLiteral("-----BEGIN PGP MESSAGE-----");
    return text.startsWith(mark) || text.contains(u'\n' + mark);
}

QString sentenceBesideText(Seal seal)
{
    switch (seal) {
    case Seal::Encrypted:
        return QCoreApplication::translate("core",
                                           "A part of this message is encrypted; Kittiwake cannot decrypt it yet.");
    case Seal::SignedOpaquely:
        return QCoreApplication::translate(
            "core", "A part of this message is packed into its signature (S/MIME); Kittiwake cannot open it yet.");
    case Seal::None:
        break;
    }
    return {};
}

QString sentenceInsteadOfText(Seal seal, const MessageContent &content, bool isMissing)
{
    if (seal == Seal::Encrypted) {
        return QCoreApplication::translate("core",
                                           "This message is encrypted. Kittiwake cannot decrypt messages yet; save it "
                                           "and open it in a program that has your key.");
    }
    if (seal == Seal::SignedOpaquely) {
        return QCoreApplication::translate("core",
                                           "The text of this message is packed into its signature (S/MIME). Kittiwake "
                                           "cannot open it yet; save it and open it in a program that can.");
    }
    if (isMissing)
        return QCoreApplication::translate("core", "The text of this message could not be fetched; try again later.");
    if (!content.blocked.empty()) {
        return QCoreApplication::translate("core",
                                           "This message has no text; all that it shows would have to be loaded from "
                                           "the Internet.");
    }
    if (!content.attachments.empty())
        return QCoreApplication::translate("core", "This message has no text, only attachments.");
    return QCoreApplication::translate("core", "This message has no text.");
}

} // namespace kittiwake::mime
