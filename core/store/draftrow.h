// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/draftid.h"

#include <QByteArray>
#include <QString>

#include <cstdint>

namespace kittiwake::store
{

/** A file, or a part of another message, that goes along with a draft. */
using DraftPartId = StrongId<struct DraftPartIdTag>;

/** A message that is being written, as pending.db has it. The text is in it, its files are parts of their own. */
struct DraftRow {
    mail::DraftId id;
    AccountId account;
    std::int64_t createdAt = 0; ///< milliseconds since 1970 UTC
    std::int64_t changedAt = 0; ///< likewise, when it was last saved
    std::int64_t revision = 0; ///< grows with each save
    std::int64_t synced = 0; ///< the revision that the server has; 0: none
    std::int64_t syncedAt = 0; ///< milliseconds since 1970 UTC
    bool isOpen = true; ///< somebody writes: it stays here, also once the server has it
    OperationId push; ///< brings it to the server
    OperationId outgoing; ///< sends it
    QString notice; ///< a sentence for the person
    QByteArray written; ///< what was written, without its files; up to 64 MiB
    QByteArray server; ///< what the server has of it, and may have

    bool operator==(const DraftRow &) const = default;
};

} // namespace kittiwake::store
