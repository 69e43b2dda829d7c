// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/fileicon.h"

namespace kittiwake::ui
{

QString fileIcon(const QByteArray &type)
{
    if (type == "message/rfc822")
        return QStringLiteral("mail");
    if (type.startsWith("image/"))
        return QStringLiteral("file-image");
    if (type.startsWith("audio/"))
        return QStringLiteral("file-headphone");
    if (type.startsWith("video/"))
        return QStringLiteral("file-play");
    if (type == "text/calendar")
        return QStringLiteral("calendar");
    if (type.contains("zip") || type.contains("compressed") || type.contains("x-tar") || type.contains("x-7z"))
        return QStringLiteral("file-archive");
    if (type.contains("spreadsheet") || type.contains("excel") || type == "text/csv")
        return QStringLiteral("file-spreadsheet");
    if (type.startsWith("text/") || type == "application/pdf" || type.contains("wordprocessing")
        || type == "application/msword" || type.contains("opendocument.text"))
        return QStringLiteral("file-text");
    return QStringLiteral("file");
}

} // namespace kittiwake::ui
