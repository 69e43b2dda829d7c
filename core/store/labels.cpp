// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/labels.h"

#include "core/mail/flags.h"
#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/limits.h"
#include "core/store/rowcodec.h"

#include <algorithm>

namespace kittiwake::store
{

namespace
{

constexpr QChar separator(0x1E);

} // namespace

QStringList storedLabels(QStringList labels)
{
    for (QString &label : labels) {
        label = storedText(label.left(limits::label));
        label.replace(separator, QLatin1Char(' '));
    }
    labels.removeAll(QString());
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    return labels.mid(0, limits::labels);
}

Result<QHash<MessageId, QStringList>> readLabels(Database &database, std::span<const MessageId> ids)
{
    auto statement = database.prepare("SELECT labels FROM message_label WHERE message = ?1 AND labels <> ''");
    if (!statement)
        return failure(std::move(statement.error()));
    QHash<MessageId, QStringList> result;
    for (const MessageId id : ids) {
        statement->bind(1, id);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (*row)
            result.insert(id, statement->text(0).split(separator));
        statement->reset();
    }
    return result;
}

Result<std::vector<Uid>> LabelWriter::set(MailboxId mailbox, std::span<const LabelUpdate> updates)
{
    auto statement = m_database.prepare(
        "INSERT INTO message_label (message, gm_msgid, labels) "
        "SELECT id, ?4, ?3 FROM message WHERE mailbox = ?1 AND uid = ?2 "
        "ON CONFLICT (message) DO UPDATE SET labels = excluded.labels WHERE labels <> excluded.labels "
        "RETURNING message");
    if (!statement)
        return failure(std::move(statement.error()));
    std::vector<Uid> changed;
    MailboxChanges &changes = m_changes.of(mailbox);
    for (const LabelUpdate &update : updates) {
        const QString text = storedLabels(update.labels).join(separator);
        statement->bind(1, mailbox);
        statement->bind(2, update.uid);
        statement->bind(3, QStringView(text));
        // SQLite's integers are signed; only equality matters here.
        statement->bind(4, static_cast<std::int64_t>(update.message));
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (*row) {
            changes.changed.push_back(statement->id<MessageId>(0));
            changed.push_back(update.uid);
        }
        statement->reset();
    }
    return changed;
}

Result<void> LabelWriter::shareFlags(MailboxId mailbox, std::span<const Uid> uids)
{
    auto find = m_database.prepare(
        "SELECT copy.id, copy.mailbox, copy.flags, origin.flags, origin.keywords FROM message AS origin "
        "JOIN message_label AS own ON own.message = origin.id "
        "JOIN message_label AS other ON other.gm_msgid = own.gm_msgid JOIN message AS copy ON copy.id = other.message "
        "JOIN mailbox ON mailbox.id = copy.mailbox WHERE origin.mailbox = ?1 AND origin.uid = ?2 "
        "AND own.gm_msgid <> 0 AND copy.id <> origin.id AND mailbox.is_label = 1 "
        "AND mailbox.account = (SELECT account FROM mailbox WHERE id = ?1) "
        "AND (copy.flags <> origin.flags OR copy.keywords <> origin.keywords)");
    if (!find)
        return failure(std::move(find.error()));
    auto write = m_database.prepare("UPDATE message SET flags = ?2, keywords = ?3 WHERE id = ?1");
    if (!write)
        return failure(std::move(write.error()));
    auto count = m_database.prepare("UPDATE mailbox SET cached_unseen = cached_unseen + ?2 WHERE id = ?1");
    if (!count)
        return failure(std::move(count.error()));
    struct Copy {
        MessageId id;
        MailboxId mailbox;
        std::int64_t before, flags;
        QByteArray keywords;
    };
    constexpr std::int64_t seen = static_cast<std::uint32_t>(mail::SystemFlag::Seen);
    for (const Uid uid : uids) {
        // Read to the end first: what is read must not be written meanwhile.
        std::vector<Copy> copies;
        find->bind(1, mailbox);
        find->bind(2, uid);
        for (;;) {
            const auto row = find->step();
            if (!row)
                return failure(row.error());
            if (!*row)
                break;
            copies.push_back(
                {find->id<MessageId>(0), find->id<MailboxId>(1), find->integer(2), find->integer(3), find->blob(4)});
        }
        find->reset();
        for (const Copy &copy : copies) {
            write->bind(1, copy.id);
            write->bind(2, copy.flags);
            write->bind(3, QByteArrayView(copy.keywords));
            auto done = write->run();
            if (!done)
                return done;
            write->reset();
            m_changes.of(copy.mailbox).changed.push_back(copy.id);
            const int unseen = ((copy.flags & seen) == 0 ? 1 : 0) - ((copy.before & seen) == 0 ? 1 : 0);
            if (unseen == 0)
                continue;
            count->bind(1, copy.mailbox);
            count->bind(2, unseen);
            done = count->run();
            if (!done)
                return done;
            count->reset();
            m_changes.rowChanged(copy.mailbox);
        }
    }
    return {};
}

Result<void> LabelWriter::setIsLabel(MailboxId mailbox, bool isLabel)
{
    auto statement = m_database.prepare("UPDATE mailbox SET is_label = ?2 WHERE id = ?1 AND is_label <> ?2");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, isLabel);
    auto done = statement->run();
    if (done && m_database.changes() > 0)
        m_changes.treeChanged();
    return done;
}

Result<void> LabelWriter::setNewestOnly(MailboxId mailbox, std::int64_t messages)
{
    auto statement = m_database.prepare("UPDATE mailbox SET newest_only = ?2 WHERE id = ?1 AND newest_only <> ?2");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, messages);
    auto done = statement->run();
    if (done && m_database.changes() > 0)
        m_changes.rowChanged(mailbox);
    return done;
}

} // namespace kittiwake::store
