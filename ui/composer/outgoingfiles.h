// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/mime/composition.h"

#include <QImage>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

/** What goes along with a message, as values. */
namespace kittiwake::ui
{

/** What a chip says of an attachment. */
struct PartSummary {
    QString name;
    QByteArray type;
    std::int64_t size = 0; ///< octets, decoded
};

/** The size of a file that is named by a path is not looked up: size is 0 then, and known. */
[[nodiscard]] PartSummary summaryOf(const mime::OutgoingPart &part);

/** A file that can go along, or why it cannot. */
struct FoundFile {
    mime::OutgoingFile file;
    std::int64_t size = 0;
    QString refusal; ///< a sentence; empty: it can
};

/** Looks at files on the disk; blocks, for a worker thread. Reads their beginnings to know what they are. */
[[nodiscard]] std::vector<FoundFile> lookAtFiles(const QStringList &paths);

/** Octets as they travel: base64 with its line ends. */
[[nodiscard]] constexpr std::int64_t sizeOnTheWay(std::int64_t octets)
{
    return octets * 78 / 57; // 57 octets are a line of 76 characters and its end
}

/** A picture as a file: PNG, or JPEG where that is much smaller, as for photographs. Costly; for a worker thread. */
[[nodiscard]] mime::OutgoingFile pictureFile(const QImage &picture, const QString &name);

} // namespace kittiwake::ui
