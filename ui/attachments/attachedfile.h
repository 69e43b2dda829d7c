// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/messagecontent.h"
#include "core/mime/openrule.h"

#include <memory>

namespace kittiwake::ui
{

/** A file that came with a message: a part of it, or one that was inside such a part. */
struct AttachedFile {
    mime::Attachment attachment;
    std::shared_ptr<const QByteArray> bytes; ///< of what was unpacked (winmail.dat); null: a part of the message

    [[nodiscard]] mime::OpenRule rule() const
    {
        return mime::openRule(attachment.fileName, attachment.mimeType, attachment.hasHiddenName);
    }
};

/** What can be shown of a file without another program. */
enum class PreviewKind { None, Image, Pdf, Text };

/** By the type that its part claims and by its name; what it is in truth is seen when it is looked into. */
[[nodiscard]] PreviewKind previewKind(const AttachedFile &file);

} // namespace kittiwake::ui
