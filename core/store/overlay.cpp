// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/overlay.h"

#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/mailboxerrors.h"
#include "core/store/rowcodec.h"

#include <algorithm>

namespace kittiwake::store
{

namespace
{

// overlay.hidden: 0 no, 1 from everybody, -n because mailbox n shows it.

std::int64_t hiddenNumber(const OverlayChange &change)
{
    if (!change.hide)
        return 0;
    return change.target.isValid() ? -change.target.value() : 1;
}

OverlayChange readChange(const Statement &statement, int column)
{
    const std::int64_t hidden = statement.integer(column + 4);
    return {{parseFlags(static_cast<std::uint32_t>(statement.integer(column)), statement.blob(column + 1)),
             parseFlags(static_cast<std::uint32_t>(statement.integer(column + 2)), statement.blob(column + 3))},
            hidden != 0,
            hidden < 0 ? MailboxId(-hidden) : MailboxId()};
}

/** The mailbox that shows a message; none: no mailbox does. */
MailboxId placeOf(MailboxId mailbox, const OverlayChange &change)
{
    return change.hide ? change.target : mailbox;
}

Result<bool> hasRow(Database &database, std::string_view sql, MailboxId mailbox)
{
    auto statement = database.prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    auto row = statement->step();
    if (!row)
        return failure(std::move(row.error()));
    return *row;
}

/** Gives onRow each row of a query for a mailbox (?1) and UIDs from ?2 to ?3, one range after the other. */
template <typename OnRow>
Result<void> eachRow(Statement &statement, MailboxId mailbox, std::span<const UidRange> uids, OnRow onRow)
{
    for (const UidRange &range : uids) {
        statement.bind(1, mailbox);
        statement.bind(2, range.first);
        statement.bind(3, range.last);
        auto read = statement.each(onRow);
        if (!read)
            return read;
        statement.reset();
    }
    return {};
}

} // namespace

Result<bool> hasOverlay(Database &database)
{
    const auto some = database.integer("SELECT EXISTS (SELECT 1 FROM overlay)");
    if (!some)
        return failure(some.error());
    return *some != 0;
}

Result<bool> hasHidden(Database &database, MailboxId mailbox)
{
    return hasRow(database,
                  "SELECT 1 FROM overlay o JOIN message m ON m.id = o.message "
                  "WHERE o.hidden <> 0 AND m.mailbox = ?1 LIMIT 1",
                  mailbox);
}

Result<bool> hasGuests(Database &database, MailboxId mailbox)
{
    return hasRow(database, "SELECT 1 FROM overlay WHERE hidden = -?1 LIMIT 1", mailbox);
}

Result<std::vector<std::pair<MailboxId, Uid>>> readGuests(Database &database, MailboxId mailbox)
{
    auto statement = database.prepare("SELECT m.mailbox, m.uid FROM overlay o JOIN message m ON m.id = o.message "
                                      "WHERE o.hidden = -?1 ORDER BY m.mailbox, m.uid");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    return statement->all([](const Statement &row) { return std::pair(row.id<MailboxId>(0), row.id<Uid>(1)); });
}

Result<void> layOver(Database &database, std::span<MessageRow> rows)
{
    const auto some = hasOverlay(database);
    if (!some)
        return failure(some.error());
    if (!*some)
        return {};
    auto statement = database.prepare("SELECT set_flags, set_keywords, clear_flags, clear_keywords, hidden "
                                      "FROM overlay WHERE message = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    for (MessageRow &message : rows) {
        statement->bind(1, message.id);
        const auto row = statement->step();
        if (!row)
            return failure(row.error());
        if (*row) {
            const OverlayChange change = readChange(*statement, 0);
            message.header.flags = change.flags.appliedTo(std::move(message.header.flags));
            if (change.hide && change.target.isValid()) {
                message.mailbox = change.target;
                message.header.uid = {};
            }
        }
        statement->reset();
    }
    return {};
}

Result<void> layOver(Database &database, std::span<MailboxRow> rows)
{
    const auto some = hasOverlay(database);
    if (!some)
        return failure(some.error());
    if (!*some)
        return {};
    // 1 is \Seen (mail::SystemFlag): what is unread below and not above, or the other way round.
    auto statement
        = database.prepare("SELECT m.mailbox, -sum(o.hidden <> 0), sum(CASE WHEN o.hidden <> 0 THEN 0 ELSE "
                           "((m.flags & ~o.clear_flags) | o.set_flags) & 1 = 0 END) - sum(m.flags & 1 = 0) "
                           "FROM overlay o JOIN message m ON m.id = o.message GROUP BY m.mailbox UNION ALL "
                           "SELECT -o.hidden, count(*), sum(((m.flags & ~o.clear_flags) | o.set_flags) & 1 = 0) "
                           "FROM overlay o JOIN message m ON m.id = o.message WHERE o.hidden < 0 GROUP BY o.hidden");
    if (!statement)
        return failure(std::move(statement.error()));
    return statement->each([&rows](const Statement &sum) {
        const auto mailbox = sum.id<MailboxId>(0);
        for (MailboxRow &row : rows) {
            if (row.id == mailbox) {
                row.messages = std::max<std::int64_t>(0, row.messages + sum.integer(1));
                row.unseen = std::max<std::int64_t>(0, row.unseen + sum.integer(2));
            }
        }
    });
}

Result<std::vector<ShownFlags>> readShownFlags(Database &database, MailboxId mailbox, std::span<const UidRange> uids)
{
    auto statement = database.prepare(
        "SELECT m.uid, m.flags, m.keywords, o.message, o.set_flags, o.set_keywords, o.clear_flags, o.clear_keywords, "
        "o.hidden FROM message m LEFT JOIN overlay o ON o.message = m.id "
        "WHERE m.mailbox = ?1 AND m.uid BETWEEN ?2 AND ?3 ORDER BY m.uid");
    if (!statement)
        return failure(std::move(statement.error()));
    std::vector<ShownFlags> result;
    auto read = eachRow(*statement, mailbox, uids, [&result](const Statement &row) {
        mail::Flags flags = parseFlags(static_cast<std::uint32_t>(row.integer(1)), row.blob(2));
        bool isElsewhere = false;
        if (row.integer(3) != 0) {
            const OverlayChange change = readChange(row, 4);
            if (change.hide && !change.target.isValid())
                return;
            isElsewhere = change.hide;
            flags = change.flags.appliedTo(std::move(flags));
        }
        result.push_back({row.id<Uid>(0), std::move(flags), isElsewhere});
    });
    if (!read)
        return failure(std::move(read.error()));
    return result;
}

Result<std::vector<FlagUpdate>> readServerFlags(Database &database, MailboxId mailbox, std::span<const UidRange> uids)
{
    auto statement = database.prepare("SELECT uid, flags, keywords, modseq FROM message WHERE mailbox = ?1 "
                                      "AND uid BETWEEN ?2 AND ?3 ORDER BY uid");
    if (!statement)
        return failure(std::move(statement.error()));
    std::vector<FlagUpdate> result;
    auto read = eachRow(*statement, mailbox, uids, [&result](const Statement &row) {
        result.push_back(
            {row.id<Uid>(0), parseFlags(static_cast<std::uint32_t>(row.integer(1)), row.blob(2)), row.id<ModSeq>(3)});
    });
    if (!read)
        return failure(std::move(read.error()));
    return result;
}

void OverlayWriter::changed(MailboxId mailbox, MessageId message, const OverlayChange &before,
                            const OverlayChange &after)
{
    const MailboxId from = placeOf(mailbox, before);
    const MailboxId to = placeOf(mailbox, after);
    if (from == to) {
        if (to.isValid())
            m_changes.of(to).changed.push_back(message);
    } else {
        if (from.isValid())
            m_changes.of(from).removed.push_back(message);
        if (to.isValid())
            m_changes.of(to).added.push_back(message);
    }
    for (const MailboxId place : {from, to}) {
        if (place.isValid())
            m_changes.rowChanged(place);
    }
}

Result<std::int64_t> OverlayWriter::apply(MailboxId mailbox, UidValidity uidValidity, std::span<const UidRange> uids,
                                          const OverlayChange &change)
{
    auto owner = m_database.prepare("SELECT uidvalidity, is_label FROM mailbox WHERE id = ?1");
    if (!owner)
        return failure(std::move(owner.error()));
    owner->bind(1, mailbox);
    const auto known = owner->step();
    if (!known)
        return failure(known.error());
    if (!*known)
        return failure(unknownMailboxError(mailbox));
    auto same = checkUidValidity(mailbox, owner->id<UidValidity>(0), uidValidity);
    if (!same)
        return failure(std::move(same.error()));
    const bool isLabel = owner->integer(1) != 0;
    owner->reset();

    auto read = m_database.prepare(
        m_gathers ? "SELECT id FROM message WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3"
                  : "SELECT m.id, o.message, o.set_flags, o.set_keywords, o.clear_flags, o.clear_keywords, o.hidden "
                    "FROM message m LEFT JOIN overlay o ON o.message = m.id WHERE m.mailbox = ?1 AND m.uid BETWEEN ?2 "
                    "AND ?3");
    if (!read)
        return failure(std::move(read.error()));
    // Read to the end before writing: what a SELECT sees of changes made under it is undefined.
    std::vector<Target> targets;
    auto found = eachRow(*read, mailbox, uids, [this, &targets, mailbox](const Statement &row) {
        const auto id = row.id<MessageId>(0);
        const bool isBare = m_gathers || row.integer(1) == 0;
        targets.push_back({id, mailbox, isBare ? gathered(id) : readChange(row, 2)});
    });
    if (!found)
        return failure(std::move(found.error()));
    const auto count = static_cast<std::int64_t>(targets.size());
    if (isLabel && !change.flags.isEmpty()) {
        auto copies = addCopies(mailbox, uids, targets);
        if (!copies)
            return failure(std::move(copies.error()));
    }
    for (const Target &target : targets) {
        OverlayChange after{target.before.flags.then(change.flags), target.before.hide, target.before.target};
        const bool isCopy = target.mailbox != mailbox;
        if (change.hide && !isCopy) { // The last move counts; one that leads back shows it again.
            after.hide = change.target != mailbox;
            after.target = after.hide ? change.target : MailboxId();
        }
        if (m_gathers) {
            m_after.insert_or_assign(target.id, Laid{target.mailbox, std::move(after)});
            continue;
        }
        if (auto done = write(target.id, after); !done)
            return failure(std::move(done.error()));
        changed(target.mailbox, target.id, target.before, after);
    }
    if (count > 0 && !m_gathers)
        m_changes.rowChanged(mailbox);
    return count;
}

Result<void> OverlayWriter::write(MessageId message, const OverlayChange &change)
{
    auto statement
        = m_database.prepare("INSERT OR REPLACE INTO overlay (message, set_flags, set_keywords, clear_flags, "
                             "clear_keywords, hidden) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    if (!statement)
        return failure(std::move(statement.error()));
    const QByteArray added = joinKeywords(change.flags.add);
    const QByteArray removed = joinKeywords(change.flags.remove);
    statement->bind(1, message);
    statement->bind(2, change.flags.add.systemBits());
    statement->bind(3, QByteArrayView(added));
    statement->bind(4, change.flags.remove.systemBits());
    statement->bind(5, QByteArrayView(removed));
    statement->bind(6, hiddenNumber(change));
    return statement->run();
}

/** What of it has been applied again. */
OverlayChange OverlayWriter::gathered(MessageId message) const
{
    const auto found = m_after.find(message);
    return found == m_after.end() ? OverlayChange() : found->second.change;
}

/**
 * Gmail shows one message in several mailboxes, and marks are the message's: what is pending shows under all of its
 * labels, as LabelWriter::shareFlags() does with what the server has told.
 */
Result<void> OverlayWriter::addCopies(MailboxId mailbox, std::span<const UidRange> uids, std::vector<Target> &targets)
{
    auto read = m_database.prepare(
        "SELECT copy.id, copy.mailbox, o.message, o.set_flags, o.set_keywords, o.clear_flags, o.clear_keywords, "
        "o.hidden FROM message AS origin JOIN message_label AS own ON own.message = origin.id "
        "JOIN message_label AS other ON other.gm_msgid = own.gm_msgid JOIN message AS copy ON copy.id = other.message "
        "JOIN mailbox ON mailbox.id = copy.mailbox LEFT JOIN overlay o ON o.message = copy.id "
        "WHERE origin.mailbox = ?1 AND origin.uid BETWEEN ?2 AND ?3 AND own.gm_msgid <> 0 "
        "AND copy.mailbox <> ?1 AND mailbox.is_label = 1 "
        "AND mailbox.account = (SELECT account FROM mailbox WHERE id = ?1)");
    if (!read)
        return failure(std::move(read.error()));
    return eachRow(*read, mailbox, uids, [this, &targets](const Statement &row) {
        const auto id = row.id<MessageId>(0);
        const bool isBare = m_gathers || row.integer(2) == 0;
        targets.push_back({id, row.id<MailboxId>(1), isBare ? gathered(id) : readChange(row, 3)});
    });
}

Result<void> OverlayWriter::clear(AccountId account)
{
    if (auto finished = finish(); !finished)
        return finished;
    m_gathers = true;
    const auto some = hasOverlay(m_database);
    if (!some)
        return failure(some.error());
    if (!*some)
        return {};
    auto statement = m_database.prepare(
        "SELECT o.message, m.mailbox, o.set_flags, o.set_keywords, o.clear_flags, o.clear_keywords, o.hidden "
        "FROM overlay o JOIN message m ON m.id = o.message JOIN mailbox b ON b.id = m.mailbox WHERE b.account = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    return statement->each([this](const Statement &row) {
        m_before.insert_or_assign(row.id<MessageId>(0), Laid{row.id<MailboxId>(1), readChange(row, 2)});
    });
}

Result<void> OverlayWriter::finish()
{
    if (!m_gathers)
        return {};
    for (const auto &[message, laid] : m_before) {
        if (m_after.contains(message))
            continue;
        auto removed = m_database.prepare("DELETE FROM overlay WHERE message = ?1");
        if (!removed)
            return failure(std::move(removed.error()));
        removed->bind(1, message);
        if (auto done = removed->run(); !done)
            return done;
        changed(laid.mailbox, message, laid.change, {});
    }
    for (const auto &[message, laid] : m_after) {
        const auto before = m_before.find(message);
        const OverlayChange was = before == m_before.end() ? OverlayChange() : before->second.change;
        if (before != m_before.end() && was == laid.change)
            continue;
        if (auto done = write(message, laid.change); !done)
            return done;
        changed(laid.mailbox, message, was, laid.change);
    }
    forget();
    return {};
}

void OverlayWriter::forget()
{
    m_gathers = false;
    m_before.clear();
    m_after.clear();
}

Result<void> OverlayWriter::leave(MailboxId mailbox, std::span<const UidRange> uids)
{
    const auto some = hasOverlay(m_database);
    if (!some)
        return failure(some.error());
    if (!*some)
        return {};
    auto statement = m_database.prepare("SELECT m.id, -o.hidden FROM overlay o JOIN message m ON m.id = o.message "
                                        "WHERE o.hidden < 0 AND m.mailbox = ?1 AND m.uid BETWEEN ?2 AND ?3");
    if (!statement)
        return failure(std::move(statement.error()));
    return eachRow(*statement, mailbox, uids, [this](const Statement &row) {
        const auto host = row.id<MailboxId>(1);
        m_changes.of(host).removed.push_back(row.id<MessageId>(0));
        m_changes.rowChanged(host);
    });
}

} // namespace kittiwake::store
