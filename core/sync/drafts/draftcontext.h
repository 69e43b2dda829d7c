// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonValue>
#include <QString>

#include <vector>

namespace kittiwake::sync
{

/** A message that a draft answers or passes on: it gets \Answered or $Forwarded when the draft was sent. */
struct DraftOrigin {
    enum class How { Answers, Forwards };
    How how = How::Answers;
    AccountId account; ///< where it lies; it may be another account than the one that sends
    QString mailbox; ///< by its full name; empty: wherever the account has it
    QByteArray messageId; ///< with angle brackets; without one it cannot be marked

    bool operator==(const DraftOrigin &) const = default;
};

[[nodiscard]] QJsonArray toJson(const std::vector<DraftOrigin> &origins);
[[nodiscard]] std::vector<DraftOrigin> originsFromJson(const QJsonValue &value);

/** What belongs to a draft besides what is written in it. */
struct DraftContext {
    enum class Kind {
        Message, ///< a draft, in the mailbox of drafts
        Template, ///< what new messages begin with: in the mailbox of templates (core/mail/templates.h)
        /** Somebody's message that goes to others as it is (RFC 5322 section 3.6.6): a ForwardedMessage, and who gets
         * it. It never goes to the server as a draft. */
        Redirect,
    };
    AccountId account; ///< keeps the draft, and sends it
    QString identity; ///< accounts::Identity::key; empty: the account's first
    std::vector<DraftOrigin> origins;
    bool isRich = false; ///< the person writes HTML
    /** Of whoever writes, and given back as it was: the places of the cursor, what was asked already. Up to 64 KiB. */
    QByteArray window;
    Kind kind = Kind::Message;
    bool wantsDeliveryReport = false; ///< Outgoing::wantsDeliveryReport

    bool operator==(const DraftContext &) const = default;
};

} // namespace kittiwake::sync
