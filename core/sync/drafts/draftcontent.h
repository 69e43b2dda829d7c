// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"
#include "core/mime/messagebuilder.h"
#include "core/store/pendingstore.h"
#include "core/sync/drafts/draftrecord.h"
#include "core/sync/operations/rolefolder.h"

namespace kittiwake::sync
{

/** What a draft says, with what goes along in the order of record.files. */
struct DraftText {
    DraftRecord record;
    mime::Composition composition;
};
/** All of a draft as pending.db has it, with what goes along in memory. Errors: Storage. */
[[nodiscard]] Result<DraftText> readDraft(const store::PendingStore &pending, const store::DraftRow &row);
/**
 * Likewise, but what goes along stays where it is, since it may have tens of megabytes: draftFiles() reads it while the
 * message is put together.
 */
[[nodiscard]] Result<DraftText> readDraftText(const store::DraftRow &row);
/** For mime::BuildOptions::attachments. pending outlives it; nothing is written there meanwhile. */
[[nodiscard]] mime::AttachmentOpener draftFiles(const store::PendingStore &pending, const DraftRecord &record);

/** What it is; a Message where that cannot be read. */
[[nodiscard]] DraftContext::Kind kindOf(const store::DraftRow &row);

/** Where drafts of that kind are on the server, and the role with which that is made. */
struct DraftFolder : RoleFolder {
    mail::MailboxRole role = mail::MailboxRole::Drafts;
};
[[nodiscard]] DraftFolder draftFolder(const std::vector<store::MailboxRow> &tree, DraftContext::Kind kind);

/**
 * As a message for the mailbox of drafts: with Bcc, with what is no address yet, and with the ids of what it passes on
 * (X-Forwarded-Message-Id, as other programs name it), so that any device can go on with it.
 * text: of readDraftText(). date: milliseconds since 1970 UTC. Errors: those of mime::buildMessage().
 */
[[nodiscard]] Result<QByteArray> draftMessage(const store::PendingStore &pending, DraftText text,
                                              const QByteArray &messageId, std::int64_t date);

} // namespace kittiwake::sync
