// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/messagecontent.h"

#include <QString>

#include <utility>
#include <vector>

/**
 * HTML for a reply and for forwarding (for paper: printdocument.h), made of the same sanitised document that was shown.
 * None of it refers to anything on the Internet; what a reply or a forwarded message shows is only what could be seen.
 * Pure functions, meant for a thread pool.
 */
namespace kittiwake::mime
{

/** Lines above a message: name ("From") and value, both plain text. */
using HeaderLines = std::vector<std::pair<QString, QString>>;

/**
 * A blockquote with the message in it, below attribution ("On … wrote:", plain text). Without the message's style
 * sheets and without what its inline styles hide (CVE-2018-12373), so that nobody sends on what they have not seen.
 * Pictures of the message itself stay as cid:, whoever builds the mail attaches them; others are left out.
 */
[[nodiscard]] QString quotedHtml(const MessageContent &content, const QString &attribution);

/** The message as quotedHtml() has it, without a quotation mark, below its header lines. */
[[nodiscard]] QString forwardedHtml(const MessageContent &content, const HeaderLines &headers);

/** A whole document around a quotation, with the policy of DocumentWriter: for an editor to start from. */
[[nodiscard]] QString quotationDocument(const QString &quotation);

} // namespace kittiwake::mime
