// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/hostname.h"

#include <QByteArray>
#include <QUrl>

#include <optional>

namespace kittiwake::remote
{

/** Where a picture is asked for. */
struct ImageTarget {
    net::HostName host;
    QByteArray path; ///< and query, encoded: "/a/b.png?c"
    QUrl url; ///< https; what a relative redirect is relative to
};

/**
 * Takes an address apart. http becomes https: nothing is fetched in the clear. Nothing for other schemes and ports,
 * names with a password, names that cannot be public (isLocalName()), and addresses that are not (isPublicAddress()).
 */
[[nodiscard]] std::optional<ImageTarget> imageTarget(const QUrl &url);

} // namespace kittiwake::remote
