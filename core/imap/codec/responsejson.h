// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/response.h"

#include <QByteArrayView>
#include <QJsonObject>

namespace kittiwake::imap
{

/**
 * A response as JSON, its "type" first among equals: "status", "fetch", "list" … Numbers above 2^53 are strings, bytes
 * are UTF-8 text where they are UTF-8, else {"base64": …}. Not for Rejected, which describeStream() lists apart.
 */
[[nodiscard]] QJsonObject describe(const Response &response);

/** How describeStream() feeds the bytes. */
struct DescribeOptions {
    qsizetype split = 0; ///< in pieces of so many bytes; 0: all at once
    bool utf8 = false; ///< as ParserOptions::utf8
};

/**
 * What `kittiwakectl debug parse-imap` prints: {"responses": [{"type", "offset", …}], "rejected": [{"offset", "why"}],
 * "incomplete": true when the bytes end within a message}. Offsets count from the first byte of input.
 */
[[nodiscard]] QJsonObject describeStream(QByteArrayView input, const DescribeOptions &options = {});

} // namespace kittiwake::imap
