// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/flagchange.h"
#include "core/store/messageidentity.h"
#include "core/sync/operations/messageat.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** One message that is meant wherever it is: other clients may move it at any time. */
struct SoughtMessage {
    /** In how many places it may have been found and be gone again before nobody looks any more. */
    static constexpr std::size_t mostPlaces = 4;

    store::MessageIdentity identity; ///< by its Message-ID; size 0: none is known, and the Message-ID is enough
    std::vector<MessageAt> left; ///< where it was

    [[nodiscard]] QJsonObject toJson() const;
    /** Nothing where it has no Message-ID. */
    [[nodiscard]] static std::optional<SoughtMessage> fromJson(const QJsonObject &object);

    bool operator==(const SoughtMessage &) const = default;
};

/**
 * "mark" in pending.db: flags of a message of which nobody knows where it is. When that is known it becomes a
 * FlagOperation of that place, under its own number; where the message is nowhere it has come to its end.
 */
struct MarkOperation {
    static constexpr const char *kind = "mark";

    SoughtMessage message;
    mail::FlagChange change;

    [[nodiscard]] static bool isKind(const QString &name) { return name == QLatin1String(kind); }
    /** For PendingOperation::payload: JSON. */
    [[nodiscard]] QByteArray toBytes() const;
    /** Nothing when it is something else: a newer program's, or damaged. */
    [[nodiscard]] static std::optional<MarkOperation> fromBytes(const QString &name, const QByteArray &bytes);

    bool operator==(const MarkOperation &) const = default;
};

} // namespace kittiwake::sync
