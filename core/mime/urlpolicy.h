// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace kittiwake::mime
{

/** A URL of an attribute as browsers read it: blanks at the ends, tabs and line ends within do not count. */
[[nodiscard]] QByteArray normalisedUrl(const QByteArray &value);

/** Something that would be fetched from elsewhere: http, https, ftp, file, "//host", "\\host". url is normalised. */
[[nodiscard]] bool isRemoteUrl(const QByteArray &url);

/** A link that may be followed: http and https with a host, mailto, and "#place". Null otherwise. url is normalised. */
[[nodiscard]] QByteArray filterLink(const QByteArray &url);

/** The Content-ID of a cid: URL (RFC 2392), percent escapes undone; null where url (normalised) is none. */
[[nodiscard]] QByteArray contentIdOfUrl(const QByteArray &url);

/** "cid:…" for a Content-ID, percent-encoded. */
[[nodiscard]] QByteArray contentIdUrl(const QByteArray &contentId);

/** A data: URL of a png, jpeg, gif or webp image, written anew; null for anything else. url is normalised. */
[[nodiscard]] QByteArray filterDataImage(const QByteArray &url);

/** "image/png", "image/jpeg", "image/gif" or "image/webp" by how the bytes start; null otherwise. */
[[nodiscard]] QByteArray imageTypeOf(const QByteArray &bytes);

} // namespace kittiwake::mime
