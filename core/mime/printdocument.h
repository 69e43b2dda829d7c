// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <utility>
#include <vector>

namespace kittiwake::mime
{

/** What stands above a message that is printed. Text, escaped here. */
struct PrintedHead {
    QString subject;
    std::vector<std::pair<QString, QString>> fields; ///< "From" -> "Anna <anna@example.org>"
};

/**
 * A message for paper: a document made by DocumentWriter with its head above it, in the light scheme. Where document is
 * empty, or none of ours, plainText is what is printed. The message's own part is what was shown, octet for octet.
 */
[[nodiscard]] QString printedDocument(const QString &document, const QString &plainText, const PrintedHead &head);

} // namespace kittiwake::mime
