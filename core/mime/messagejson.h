// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>

namespace kittiwake::mime
{

/**
 * A whole message for "kittiwakectl debug parse-mime":
 * headers: {lower-case name: decoded value}, the values of a repeated field joined by '\n';
 * from, to, cc, reply_to: [{name, address, valid}]; subject, date (seconds since 1970 UTC or null), message_id,
 * references; parts: [{path, type, charset, encoding, name, disposition, size, text}] in order, containers included
 * (path is the IMAP section, "" for the root multipart, "2.TEXT" for the multipart of a message within; size is in
 * octets when decoded; text only for text parts); defects: [sentence].
 */
[[nodiscard]] QJsonObject messageToJson(const QByteArray &rfc5322);

/**
 * What the reader would show, for "kittiwakectl debug render": sender: {name, address, warnings: [sentence]}, kind
 * ("html", "plain" or "empty"), body, notice (a sentence where there is no text), charset (in which the text was read),
 * charset_guessed, lines (of plain text, runs of lines that are alike: [{lines, depth, signature, fixed, direction}]),
 * blocked: [reference], attachments: [{section, name, type, size}],
 * defects: [sentence].
 */
[[nodiscard]] QJsonObject renderToJson(const QByteArray &rfc5322);

} // namespace kittiwake::mime
