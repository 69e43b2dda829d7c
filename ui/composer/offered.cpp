// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/offered.h"

#include <QMimeData>
#include <QUrl>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype mostFiles = 200;

} // namespace

QStringList offeredFiles(const QMimeData &data)
{
    QStringList result;
    if (!data.hasUrls())
        return result;
    for (const QUrl &url : data.urls()) {
        // "file://server/share" would ask another computer for the file, with the person's name (CVE-2023-35636).
        if (url.isLocalFile() && url.host().isEmpty() && result.size() < mostFiles)
            result.push_back(url.toLocalFile());
    }
    return result;
}

QImage offeredPicture(const QMimeData &data)
{
    if (!data.hasImage() || data.hasText())
        return {};
    return qvariant_cast<QImage>(data.imageData());
}

} // namespace kittiwake::ui
