// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/bodystructure.h"
#include "core/mail/envelope.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

namespace kittiwake::imap
{

/** Text where the bytes are UTF-8, else {"base64": "…"}. */
[[nodiscard]] QJsonValue bytesJson(const QByteArray &bytes);
[[nodiscard]] QJsonArray textsJson(const QByteArrayList &texts);
/** A number, or a string above 2^53, where JSON numbers lose digits. */
[[nodiscard]] QJsonValue numberJson(std::uint64_t value);
[[nodiscard]] QJsonObject envelopeJson(const mail::Envelope &envelope);
[[nodiscard]] QJsonObject bodyJson(const mail::BodyPart &part);

} // namespace kittiwake::imap
