// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <cstdint>
#include <vector>

namespace kittiwake::engine
{

/** One file below the profile, and what it may hold. */
struct AuditedFile {
    QString path; ///< relative to the profile
    QString kind; ///< "accounts", "header cache", "pending work", "settings", "lock", "unknown"
    bool encrypted = false;
    std::int64_t bytes = 0;
    std::int64_t bodyBytes = 0; ///< bytes in it that are, or may be, text of messages that stay on the server
};

struct AuditReport {
    std::vector<AuditedFile> files;
    std::int64_t bodyBytes = 0;
};

/**
 * Lists every file below profile. Only the tables and columns that the header cache is made of are known to hold no
 * body; whatever else is found in it, and every file of a kind Kittiwake does not write, is counted as body. Errors:
 * Storage.
 */
[[nodiscard]] Result<AuditReport> auditProfile(const QString &profile);

/**
 * Feeds bytes to the response parser, in one piece (split <= 0) or in pieces of split bytes; nothing is connected.
 * Fields as in "kittiwakectl debug parse-imap". partial: what is incomplete at the end is no error.
 */
[[nodiscard]] QJsonObject parseImapForDisplay(const QByteArray &bytes, int split);

/** The part tree of a message with decoded headers, as "kittiwakectl debug parse-mime" prints it. */
[[nodiscard]] QJsonObject parseMimeForDisplay(const QByteArray &message);
/** What the reader would show of a message: as mime::renderToJson. */
[[nodiscard]] QJsonObject renderForDisplay(const QByteArray &message);

} // namespace kittiwake::engine
