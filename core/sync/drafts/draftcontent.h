// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"
#include "core/store/pendingstore.h"
#include "core/sync/drafts/draftrecord.h"

namespace kittiwake::sync
{

/** All of a draft as pending.db has it, with what goes along in memory. Errors: Storage. */
struct DraftText {
    DraftRecord record;
    mime::Composition composition; ///< with attachments, in the order of record.files
};
[[nodiscard]] Result<DraftText> readDraft(const store::PendingStore &pending, const store::DraftRow &row);

/**
 * As a message for the mailbox of drafts: with Bcc, with what is no address yet, and with the ids of what it passes on
 * (X-Forwarded-Message-Id, as other programs name it), so that any device can go on with it.
 * date: milliseconds since 1970 UTC. Errors: those of mime::buildMessage().
 */
[[nodiscard]] Result<QByteArray> draftMessage(DraftText text, const QByteArray &messageId, std::int64_t date);

} // namespace kittiwake::sync
