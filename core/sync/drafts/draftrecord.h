// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"
#include "core/store/draftrow.h"
#include "core/sync/drafts/draftcontext.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** What goes along with a draft: what it is called, and where its bytes are. */
struct DraftFile {
    enum class Kind { File, Part, Message }; ///< mime::OutgoingFile, ForwardedPart, ForwardedMessage
    Kind kind = Kind::File;
    store::DraftPartId part; ///< none: still to be read from path
    QString name;
    QByteArray type;
    QByteArray contentId;
    QByteArray header; ///< of a Part
    QString path; ///< that it was read from, and how that was then
    std::int64_t pathSize = 0;
    std::int64_t pathTime = 0; ///< milliseconds since 1970 UTC

    bool operator==(const DraftFile &) const = default;
};

/** DraftRow::written: what was written and what belongs to it, with its files by name only. */
struct DraftRecord {
    DraftContext context; ///< without its account, which the row has
    mime::Composition composition; ///< without attachments
    std::vector<DraftFile> files;

    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<DraftRecord> fromBytes(const QByteArray &bytes);
};

} // namespace kittiwake::sync
