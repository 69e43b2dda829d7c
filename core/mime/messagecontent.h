// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/linkhonesty.h"
#include "core/mime/listunsubscribe.h"
#include "core/mime/remoteimages.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

namespace kittiwake::mime
{

/** A part that is listed beside the text: what people call an attachment. */
struct Attachment {
    QByteArray section; ///< "2.1": fetched with BODY[section]
    QString fileName; ///< decoded, for display and as a suggestion: base name only, no control or bidi characters,
                      ///< never empty
    QByteArray mimeType; ///< "application/pdf", lower case, as the part itself says
    QByteArray encoding; ///< transfer encoding, lower case
    std::uint64_t size = 0; ///< octets when decoded, estimated from the encoded size
    bool isMessage = false; ///< message/rfc822
    bool hasHiddenName = false; ///< its name as it came held characters that hide what it is (hidesItsKind())
};

/** An image of the message itself that its HTML refers to by cid:. */
struct InlineImage {
    QByteArray contentId; ///< without angle brackets
    QByteArray mimeType; ///< image/png, image/jpeg, image/gif or image/webp: nothing else is shown
    QByteArray data; ///< decoded
};

/** What the reader shows of a message: decoded, sanitised, bounded. Lives in memory only. */
struct MessageContent {
    QString plainText; ///< of the text/plain part, or made from the HTML
    QString html; ///< a whole sanitised document, empty where the message has no HTML
    std::vector<InlineImage> inlineImages;
    std::vector<Attachment> attachments;
    std::vector<RemoteImage> remoteImages; ///< those of blocked that the person may ask for, each once
    std::vector<MisleadingLink> misleadingLinks; ///< links of html that pretend to lead elsewhere
    std::vector<QString> blocked; ///< what the sanitiser took out: remote references as the mail had them, for counting
    QStringList
        defects; ///< sentences for people: "This message's structure is damaged; it is shown as well as possible."
    ListUnsubscribe unsubscribe; ///< how to leave the list that it came from; empty: no list
    QString notice; ///< a sentence to show where there is no text: why there is none; empty where there is one
    QByteArray charset; ///< in which the first text was read, lower case; empty where it is ASCII or there is none
    bool isCharsetGuessed = false; ///< it is not the one that the message names
    std::uint64_t bytes = 0; ///< what it costs to keep
};

} // namespace kittiwake::mime

Q_DECLARE_METATYPE(kittiwake::mime::MessageContent)
