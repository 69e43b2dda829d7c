// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mail/draftid.h"
#include "core/mime/composition.h"
#include "core/sync/drafts/draftcontext.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <vector>

/**
 * Messages that are being written, as the window and kittiwakectl see them. The course of one:
 *
 *     const auto id = engine.newDraft();                      // no waiting; nothing is stored yet
 *     engine.saveDraft({id, context, composition}).then(…);   // every few seconds, whole: the newest replaces the
 * others engine.closeDraft(id).then(…);                          // the window closes when this has answered
 *     engine.sendDraft({id, …}).then(…);                      // or this
 */
namespace kittiwake::engine
{

using DraftOrigin = sync::DraftOrigin;
using DraftContext = sync::DraftContext;

/** All of a draft. What it says may be incomplete: no recipient, half an address, nothing at all. */
struct DraftContent {
    mail::DraftId id;
    DraftContext context;
    /**
     * messageId, date and utcOffset are the engine's: they need not be set. Files that are named by a path are read and
     * copied when they are first saved; what happens to them later does not matter.
     */
    mime::Composition composition;
};

/** How safe a draft is, for one line below the text. */
struct DraftState {
    enum class Place {
        Nowhere, ///< never saved, discarded, or sent
        Here, ///< "Saved on this computer"
        Server, ///< "Saved to server": what the server has is what was last saved here
        Outbox, ///< on its way out: operation
    };
    mail::DraftId id;
    mail::DraftId identity; ///< by which other devices know it; it changes when they have parted (isConflict)
    AccountId account;
    Place place = Place::Nowhere;
    std::int64_t savedAt = 0; ///< when it came to that place, milliseconds since 1970 UTC
    OperationId operation; ///< in the outbox
    /**
     * A sentence for the person, to be shown until the next state without one: why the server does not have it, why it
     * was not sent, or that somebody has changed it on another device and both versions are kept.
     */
    QString notice;
    /** Another device has changed this draft as well. Its version is in the mailbox of drafts, where other says. */
    MailboxId mailbox; ///< where the server has a version of it; none: nowhere
    Uid uid;
    bool isConflict = false;
    MailboxId otherMailbox;
    Uid otherUid; ///< none: it is not there any more
};

/** A line in a list of drafts that are on this computer. */
struct DraftInfo {
    DraftState state;
    QString subject;
    QString recipients; ///< names, separated by commas
    std::int64_t changedAt = 0; ///< milliseconds since 1970 UTC
    bool isOpen = false; ///< it was saved or opened since the program began, and not closed
};

/** A draft that was opened, to go on writing. */
struct OpenedDraft {
    DraftContent content;
    DraftState state;
};

/** A draft to be sent as it was last saved. */
struct DraftSendRequest {
    mail::DraftId id;
    /** How long it can be taken back, in seconds: 0 (off) to 60. */
    int undoSeconds = 10;
    /** Send later: milliseconds since 1970 UTC; 0 or past: as soon as it cannot be taken back any more. */
    std::int64_t notBefore = 0;
    bool wait = false; ///< until one attempt was made; else the answer comes when the message is safe in the outbox
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(kittiwake::engine::DraftState)
