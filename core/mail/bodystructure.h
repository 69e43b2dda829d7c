// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/envelope.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace kittiwake::mail
{

/** A parameter as it came: "charset" -> "utf-8". RFC 2231 pieces are put together by core/mime, not here. */
using BodyParameter = std::pair<QByteArray, QByteArray>;
using BodyParameters = std::vector<BodyParameter>;

/** A MIME part as BODYSTRUCTURE tells it (RFC 9051 section 7.5.2). Types are lower case; the rest is as it came. */
struct BodyPart {
    QByteArray type; ///< "text", "multipart", "message" …; lower case
    QByteArray subtype; ///< "plain", "alternative", "rfc822" …; lower case
    BodyParameters parameters;
    QByteArray id; ///< Content-ID with its angle brackets
    QByteArray description;
    QByteArray encoding; ///< lower case
    std::uint64_t size = 0; ///< octets in the transfer encoding
    std::uint64_t lines = 0; ///< text/* and message/rfc822 only
    QByteArray md5;
    QByteArray disposition; ///< "inline", "attachment" or empty; lower case
    BodyParameters dispositionParameters;
    QByteArrayList languages;
    QByteArray location;
    std::vector<BodyPart> children; ///< of a multipart; of a message/rfc822 its one body
    std::shared_ptr<const Envelope> envelope; ///< of a message/rfc822

    [[nodiscard]] bool isMultipart() const { return type == "multipart"; }
    [[nodiscard]] bool isMessage() const { return type == "message" && (subtype == "rfc822" || subtype == "global"); }
    /** The value of a parameter, its name compared without regard to case. */
    [[nodiscard]] static QByteArray parameter(const BodyParameters &parameters, QByteArrayView name);
    /** Deep: the envelopes themselves are compared. */
    bool operator==(const BodyPart &other) const;
};

/** A part and the section number under which BODY[section] fetches it ("1", "2.1"; RFC 9051 section 6.4.5.1). */
struct NumberedPart {
    QByteArray section;
    const BodyPart *part = nullptr;
};

/** All leaves (parts that are no multipart) in order. Depth is bounded by the parser that made the tree. */
[[nodiscard]] std::vector<NumberedPart> leafParts(const BodyPart &root);

/** Whether people would say that the message has an attachment: a leaf that is not shown as text, HTML or inline image.
 */
[[nodiscard]] bool hasAttachment(const BodyPart &root);

} // namespace kittiwake::mail
