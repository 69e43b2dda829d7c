// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/mail/messageheader.h"
#include "core/mime/messagecontent.h"
#include "core/mime/parsedmessage.h"

#include <memory>

namespace kittiwake::mime
{

/** A message that is here as a whole: from a file, or attached to another one. Immutable; meant to be shared. */
struct WholeMessage {
    static constexpr qsizetype maxBytes = 150 * 1024 * 1024; ///< what no server takes is not opened either

    QByteArray bytes; ///< as it came, without the line that mbox files put before a message
    ParsedMessage parsed;
    mail::MessageHeader header; ///< as a server's ENVELOPE would have given it
    MessageContent content;

    explicit WholeMessage(const QByteArray &message);
};

/**
 * Takes a message apart; linear, for a worker thread. Errors: Input, where the bytes are no message: not one of the
 * fields that every message has stands at their beginning, or they are longer than WholeMessage::maxBytes. where is
 * what the error names.
 */
[[nodiscard]] Result<std::shared_ptr<const WholeMessage>> readWholeMessage(const QByteArray &bytes,
                                                                           const QString &where);

/** One part of it, decoded. Errors: Input where there is no such part. */
[[nodiscard]] Result<QByteArray> partOfMessage(const WholeMessage &message, const QByteArray &section);

/** The header of a message as the cache would have it; no UID, no flags. The date is 0 where there is none. */
[[nodiscard]] mail::MessageHeader headerOfMessage(QByteArrayView headerBlock);

} // namespace kittiwake::mime
