// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/random.h"
#include "core/base/strongid.h"
#include "core/mail/address.h"
#include "core/mail/draftid.h"
#include "core/mail/mailboxname.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <vector>

/**
 * How a draft is known on the server. Each version that is stored there is a message with a Message-ID of its own,
 * "<IDENTITY.draft.VERSION@domain>", so every device knows which ones belong together, and which one exactly it has
 * seen; what is sent in the end is "<IDENTITY@domain>". A header field of ours would say the same to us alone: servers
 * and caches know messages by their Message-ID, and few servers search for anything else.
 */
namespace kittiwake::sync
{

/** A version of a draft in a mailbox. */
struct DraftVersion {
    Uid uid;
    QByteArray messageId; ///< empty: some program wrote none
    std::uint64_t size = 0; ///< as the server counts it; 0: not known

    bool operator==(const DraftVersion &) const = default;
};

/** DraftRow::server, and what a removal has to know: what there is of the draft on the server, and may be. */
struct DraftServer {
    mail::DraftId identity;
    mail::MailboxName mailbox; ///< empty: nothing is there
    UidValidity validity;
    std::optional<DraftVersion> base; ///< what the text here was written on top of
    QByteArray attempt; ///< Message-ID of a version that was sent, and of which nobody knows whether it came
    std::int64_t attempted = 0; ///< which revision that is
    /**
     * Message-IDs of attempts that were not found when they were looked for. A server goes on with what has reached it
     * after the connection has ended, so they may come yet; they are older versions of ours then, and nobody else's.
     */
    std::vector<QByteArray> late;
    Uid seen; ///< all up to this one were looked at: what belongs to the draft and is not base is above it
    bool isLost = false; ///< what had been there was taken away by somebody else, and was stored again
    bool isConflict = false; ///< another device has changed it as well, and its version is kept
    Uid other; ///< that one

    [[nodiscard]] bool isEmpty() const { return !base && attempt.isEmpty() && late.empty(); }
    /** The attempt has not been found: it failed, or comes late. The oldest one is forgotten when there are many. */
    void giveUpAttempt();
    /** An old version of ours that has come late. */
    [[nodiscard]] bool isLate(const QByteArray &messageId) const;
    [[nodiscard]] QByteArray toBytes() const;
    /** Empty bytes, and damaged ones, know of nothing: then there is a draft too many rather than one too few. */
    [[nodiscard]] static DraftServer fromBytes(const QByteArray &bytes);

    bool operator==(const DraftServer &) const = default;
};

/** "<IDENTITY.draft.VERSION@domain of from>" with a version that never was before. */
[[nodiscard]] QByteArray draftMessageId(const mail::DraftId &identity, const mail::Address &from, Random &random);
/** "<IDENTITY@domain of from>". */
[[nodiscard]] QByteArray sentMessageId(const mail::DraftId &identity, const mail::Address &from, Random &random);
/** Whose version that is; none where it is not one of Kittiwake's. */
[[nodiscard]] mail::DraftId draftIdentity(const QByteArray &messageId);
/** The identity that every device gives to a draft of another program: made of its Message-ID; none without one. */
[[nodiscard]] mail::DraftId adoptedIdentity(const QByteArray &messageId);

/** Of two versions of a draft the one that the person has kept: what it is known by. */
struct KeptVersion {
    mail::DraftId draft; ///< on this computer; none: it is on the server only
    mail::DraftId identity; ///< none: it is not known
    Uid uid; ///< in the mailbox of the other one; none: it was not there yet

    bool operator==(const KeptVersion &) const = default;
};

/** "draft" in pending.db: brings a draft to the server, or takes away what is there of one that has gone. */
struct DraftOperation {
    static constexpr const char *kind = "draft";

    mail::DraftId draft; ///< to be brought there; none: to be taken away
    DraftServer server; ///< what is to be taken away
    /**
     * In favour of this one, and only while that is still there: on another device the person may have kept the other
     * one at the same time, and nothing would be left.
     */
    std::optional<KeptVersion> kept;

    [[nodiscard]] static bool isKind(const QString &name) { return name == QLatin1String(kind); }
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<DraftOperation> fromBytes(const QString &name, const QByteArray &bytes);
};

} // namespace kittiwake::sync
