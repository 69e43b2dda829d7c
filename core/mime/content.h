// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"
#include "core/mime/messagecontent.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>

#include <vector>

/**
 * From a body structure and the bytes of some parts to what the reader shows. Pure functions of values without shared
 * state: meant for a thread pool. Nothing here fails; damage is said in MessageContent::defects.
 */
namespace kittiwake::mime
{

/** Section ("1", "2.1") -> the bytes that BODY[section] gave, still in their transfer encoding. */
using PartBodies = QHash<QByteArray, QByteArray>;

struct ContentLimits {
    static constexpr qsizetype textBytes = 8 * 1024 * 1024; ///< decoded text of all shown parts; the rest is not shown
    static constexpr qsizetype inlineImageBytes = 32 * 1024 * 1024; ///< decoded, of all inline images
    static constexpr std::size_t inlineImages = 500;
    static constexpr std::size_t parts = 10000; ///< leaves of one message that are looked at
    static constexpr int depth = 100; ///< of nested parts; what lies deeper is not looked at
    static constexpr qsizetype fileNameBytes = 200; ///< of an attachment, in UTF-8: file systems end at 255
};

/** One text that is shown, in order. */
struct ShownText {
    QByteArray section;
    bool isHtml = false;
};

/** What to fetch first, and what is known before anything is fetched. */
struct ReadPlan {
    std::vector<ShownText> texts; ///< of an alternative: HTML where there is some, else plain text
    std::vector<Attachment> attachments; ///< images that the HTML may refer to are among them
    [[nodiscard]] QByteArrayList sections() const; ///< of the texts
};

/** Step one: chooses the texts (RFC 2046 section 5.1.4, RFC 2387, RFC 2183) and lists the attachments. */
[[nodiscard]] ReadPlan planReading(const mail::BodyPart &root);

/**
 * Step two: the sections of the images that the fetched HTML refers to by cid: (RFC 2392); png, jpeg, gif and webp
 * only. Decodes and parses the HTML once more than makeContent, so it belongs into the thread pool as well. Empty for
 * messages that hold no image with a Content-ID, without parsing anything.
 */
[[nodiscard]] QByteArrayList planInlineImages(const mail::BodyPart &root, const PartBodies &texts);

/** How a content is to be made. */
struct ContentOptions {
    QByteArray charset; ///< of its texts, whatever they say themselves; empty: as they say, or as it looks
};

/** Step three. A text that bodies does not hold is left out, and said in defects; a missing inline image is not. */
[[nodiscard]] MessageContent makeContent(const mail::BodyPart &root, const PartBodies &bodies,
                                         const ContentOptions &options = {});

/** A whole message (RFC 5322 bytes; lines may end in LF): for files, and where BODYSTRUCTURE cannot be trusted. */
[[nodiscard]] MessageContent contentOfMessage(const QByteArray &rfc5322, const ContentOptions &options = {});

/**
 * Undoes a transfer encoding: base64, quoted-printable; 7bit, 8bit, binary and unknown ones (uuencode too: its decoders
 * have a history) are returned as they are. Damaged input gives what can be read. Linear.
 */
[[nodiscard]] QByteArray decodePart(QByteArrayView encoding, const QByteArray &bytes);

} // namespace kittiwake::mime
