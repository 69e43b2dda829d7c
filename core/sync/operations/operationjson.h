// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/sequenceset.h"
#include "core/mail/flags.h"
#include "core/mail/mailboxname.h"
#include "core/sync/operations/messageat.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

#include <optional>
#include <vector>

/** The parts of operations as they stand in pending.db. Reading is strict: what is wrong there must not be guessed. */
namespace kittiwake::sync::json
{

[[nodiscard]] QJsonArray flags(const mail::Flags &flags);
[[nodiscard]] mail::Flags flags(const QJsonValue &value);

/** Puts a name under key, and its bytes under key + "Wire" where it has some of its own ("wire" for "mailbox"). */
void putMailbox(QJsonObject &object, const QString &key, const QString &wireKey, const mail::MailboxName &name);
/** Empty text where there is none. */
[[nodiscard]] mail::MailboxName mailbox(const QJsonObject &object, const QString &key, const QString &wireKey);

[[nodiscard]] UidValidity uidValidity(const QJsonValue &value);
[[nodiscard]] Uid uid(const QJsonValue &value);
/** Empty for the empty text; nothing for what is no set. */
[[nodiscard]] std::optional<imap::UidSet> uids(const QJsonValue &value);

[[nodiscard]] QJsonArray places(const std::vector<MessageAt> &places);
[[nodiscard]] std::vector<MessageAt> places(const QJsonValue &value);

} // namespace kittiwake::sync::json
