// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/sequenceset.h"
#include "core/mail/flagchange.h"
#include "core/store/flagupdate.h"

#include <QByteArray>

#include <optional>
#include <span>
#include <vector>

namespace kittiwake::sync
{

/** Messages that were alike. */
struct FlagState {
    mail::Flags flags;
    imap::UidSet uids;

    bool operator==(const FlagState &) const = default;
};

/**
 * What is known of an attempt at a FlagOperation, for PendingOperation::progress. It is written down before the first
 * STORE: when the answer is lost, nobody knows whether the server has done it, and another device may have taken it
 * back since. What is done twice then would undo what the other person did.
 */
struct FlagProgress {
    UidValidity uidValidity; ///< of the rest
    ModSeq since; ///< nothing of these messages was newer; none without CONDSTORE (RFC 7162)
    std::vector<FlagState> before; ///< what the messages were like on the server

    /** JSON, also for a progress of which only is known that there was an attempt. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing for no bytes; damaged ones say only that there was an attempt. */
    [[nodiscard]] static std::optional<FlagProgress> fromBytes(const QByteArray &bytes);
    /** before and since of messages as the cache has them. */
    [[nodiscard]] static FlagProgress of(UidValidity validity, std::span<const store::FlagUpdate> messages);

    bool operator==(const FlagProgress &) const = default;
};

/**
 * Which of the messages need change no more, after an attempt whose answer was lost. now: as the server has them. Those
 * that are as wanted; and those that have changed since, and are all the same what they were before: the change had
 * arrived, and somebody has taken it back. (Somebody who did two things that cancel each other out, while the change
 * was lost, looks the same. That takes two changes instead of one, so it is the less likely.) All others get the change
 * again: what the person did must not be lost.
 */
[[nodiscard]] imap::UidSet doneBefore(const FlagProgress &earlier, std::span<const store::FlagUpdate> now,
                                      const mail::FlagChange &change);

} // namespace kittiwake::sync
