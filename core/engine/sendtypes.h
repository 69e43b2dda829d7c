// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <cstdint>
#include <functional>

namespace kittiwake::engine
{

/** How far a message on its way out has come. */
struct SendProgress {
    OperationId operation;
    std::uint64_t octets = 0; ///< that have left this computer
    std::uint64_t total = 0;
};

/** A message to be sent. */
struct SendRequest {
    AccountId account;
    QString from; ///< the envelope's sender, and From where the message has none; empty: what the message says
    QByteArray message; ///< RFC 5322; who receives it stands in To, Cc and Bcc, of which Bcc is taken out
    std::int64_t notBefore = 0; ///< milliseconds since 1970 UTC: undo send, send later; 0: at once
    bool wantsCopy = true; ///< in Sent
    bool wantsDeliveryReport = false; ///< sync::Outgoing::wantsDeliveryReport
    bool wait = false; ///< until one attempt was made; else the answer comes when the message is safe in the outbox
};

/** What became of a message. It is on the disk, or sent, in any case. */
struct SendReport {
    OperationId operation;
    QString state; ///< "queued", "sending", "unknown", "failed", "sent"
    QString messageId;
    QString error; ///< of the last attempt, a sentence for people
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(kittiwake::engine::SendProgress)
