// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/strongid.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <span>
#include <vector>

namespace kittiwake::store
{

class ChangeCollector;
class Database;

/** All labels of a message, as the server told them. */
struct LabelUpdate {
    Uid uid;
    std::uint64_t message = 0; ///< X-GM-MSGID: the same in every mailbox; 0: not told
    QStringList labels;

    bool operator==(const LabelUpdate &) const = default;
};

/** labels as they are stored: sorted, each once, cut at the limits of limits.h. */
[[nodiscard]] QStringList storedLabels(QStringList labels);

/** The labels of messages that have any. */
[[nodiscard]] Result<QHash<MessageId, QStringList>> readLabels(Database &database, std::span<const MessageId> ids);

/** What is kept for services with labels (Gmail) and windows (Yahoo), behind CacheTransaction. Part of CacheWriter. */
class LabelWriter
{
public:
    LabelWriter(Database &database, ChangeCollector &changes) : m_database(database), m_changes(changes) { }

    /** Returns the UIDs of cached messages whose labels were others before. */
    [[nodiscard]] Result<std::vector<Uid>> set(MailboxId mailbox, std::span<const LabelUpdate> updates);
    /** CacheTransaction::shareFlags. */
    [[nodiscard]] Result<void> shareFlags(MailboxId mailbox, std::span<const Uid> uids);
    [[nodiscard]] Result<void> setIsLabel(MailboxId mailbox, bool isLabel);
    [[nodiscard]] Result<void> setNewestOnly(MailboxId mailbox, std::int64_t messages);

private:
    Database &m_database;
    ChangeCollector &m_changes;
};

} // namespace kittiwake::store
