// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace kittiwake::remote
{

struct ImageFacts {
    QByteArray mimeType; ///< "image/png", "image/jpeg", "image/gif" or "image/webp"
    int width = 0;
    int height = 0;
};

struct ImageLimits {
    static constexpr int side = 16384; ///< pixels
    static constexpr qint64 pixels = 40LL * 1000 * 1000;
};

/**
 * What the bytes themselves say, whatever their server called them: a PNG, JPEG, GIF or WebP with a size within the
 * limits; nothing for everything else (SVG is a document, not a picture). Looks at headers only. Linear.
 */
[[nodiscard]] std::optional<ImageFacts> checkImage(const QByteArray &bytes);

} // namespace kittiwake::remote
