// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/messagewriter.h"

#include "core/base/log.h"
#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/limits.h"
#include "core/store/mailboxerrors.h"
#include "core/store/rowcodec.h"
#include "core/store/rowidentity.h"

#include <algorithm>
#include <limits>

namespace kittiwake::store
{

namespace
{

constexpr auto seenBit = static_cast<std::uint32_t>(mail::SystemFlag::Seen);

/** SQLite's integers are signed; RFC 9051 and RFC 7162 have 63 bits, a hostile server has not. */
std::int64_t clamped(std::uint64_t number)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max()));
}

int unseen(std::int64_t flags)
{
    return (flags & seenBit) == 0 ? 1 : 0;
}

} // namespace

MessageWriter::MessageWriter(Database &database, ChangeCollector &changes)
    : m_database(database), m_changes(changes), m_linker(database, changes)
{
}

Result<void> MessageWriter::start()
{
    // AUTOINCREMENT's own memory of the largest id ever used. A new thread is named after its first message, so the id
    // is needed before the row is there.
    const auto last = m_database.integer("SELECT seq FROM sqlite_sequence WHERE name = 'message'");
    if (!last)
        return failure(last.error());
    m_nextId = *last + 1;
    return {};
}

Result<AccountId> MessageWriter::account(MailboxId mailbox, UidValidity expected)
{
    auto statement = m_database.prepare("SELECT account, uidvalidity FROM mailbox WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    if (!*row)
        return failure(unknownMailboxError(mailbox));
    auto same = checkUidValidity(mailbox, statement->id<UidValidity>(1), expected);
    if (!same)
        return failure(std::move(same.error()));
    return statement->id<AccountId>(0);
}

Result<void> MessageWriter::check(MailboxId mailbox, UidValidity uidValidity)
{
    const auto owner = account(mailbox, uidValidity);
    if (!owner)
        return failure(owner.error());
    return {};
}

Result<void> MessageWriter::count(MailboxId mailbox, const Tally &tally)
{
    if (tally.messages == 0 && tally.unseen == 0)
        return {};
    auto statement = m_database.prepare("UPDATE mailbox SET cached = cached + ?2, cached_unseen = cached_unseen + ?3 "
                                        "WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, mailbox);
    statement->bind(2, tally.messages);
    statement->bind(3, tally.unseen);
    m_changes.rowChanged(mailbox);
    return statement->run();
}

Result<InsertReport> MessageWriter::insert(MailboxId mailbox, UidValidity uidValidity,
                                           std::span<const mail::MessageHeader> headers)
{
    const auto owner = account(mailbox, uidValidity);
    if (!owner)
        return failure(owner.error());
    auto statement = m_database.prepare(
        "INSERT INTO message (id, mailbox, uid, thread, flags, modseq, internal_date, date, size, has_attachment, "
        "keywords, message_id, subject, from_name, from_address, from_others, to_list, cc_list, reply_to_list, "
        "email_id) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) "
        "ON CONFLICT (mailbox, uid) DO NOTHING");
    if (!statement)
        return failure(std::move(statement.error()));

    InsertReport report;
    Tally tally;
    MailboxChanges &changes = m_changes.of(mailbox);
    for (const mail::MessageHeader &header : headers) {
        if (!header.uid.isValid()) {
            qCWarning(logStore) << "a message without a UID was not stored in mailbox" << mailbox;
            continue;
        }
        const MessageId id(m_nextId);
        const auto thread = m_linker.choose(*owner, header, id);
        if (!thread)
            return failure(thread.error());
        const auto inserted = insertRow(*statement, mailbox, *thread, header);
        if (!inserted)
            return failure(inserted.error());
        if (*inserted) {
            ++m_nextId;
            ++report.added;
            ++tally.messages;
            tally.unseen += unseen(header.flags.systemBits());
            changes.added.push_back(id);
            auto linked = m_linker.link(*owner);
            if (!linked)
                return failure(std::move(linked.error()));
        } else {
            const auto changed = updateFlags(mailbox, {header.uid, header.flags, header.modseq}, tally);
            if (!changed)
                return failure(changed.error());
            report.changed += *changed ? 1 : 0;
        }
    }
    auto linked = m_linker.flush();
    if (!linked)
        return failure(std::move(linked.error()));
    auto counted = count(mailbox, tally);
    if (!counted)
        return failure(std::move(counted.error()));
    return report;
}

Result<bool> MessageWriter::insertRow(Statement &statement, MailboxId mailbox, ThreadId thread,
                                      const mail::MessageHeader &header)
{
    const auto list = [&](int index, std::span<const mail::Address> addresses) {
        m_addresses.resize(0);
        appendAddresses(addresses, m_addresses);
        statement.bind(index, QStringView(m_addresses));
    };
    const bool hasAuthor = !header.from.empty();
    const QByteArray keywords = joinKeywords(header.flags);
    const bool tooLong = header.messageId.size() > limits::messageId;
    statement.bind(1, m_nextId);
    statement.bind(2, mailbox);
    statement.bind(3, header.uid);
    statement.bind(4, thread);
    statement.bind(5, header.flags.systemBits());
    statement.bind(6, clamped(header.modseq.value()));
    statement.bind(7, header.internalDate);
    statement.bind(8, header.date);
    statement.bind(9, clamped(header.size));
    statement.bind(10, header.hasAttachment);
    statement.bindUncopied(11, keywords);
    statement.bindUncopied(12, tooLong ? QByteArrayView() : QByteArrayView(header.messageId));
    statement.bind(13, cut(header.subject, limits::subject));
    statement.bind(14, hasAuthor ? cut(header.from.front().name, limits::addressName) : QStringView());
    statement.bind(15, hasAuthor ? cut(header.from.front().address, limits::address) : QStringView());
    list(16, std::span(header.from).subspan(hasAuthor ? 1 : 0));
    list(17, header.to);
    list(18, header.cc);
    list(19, header.replyTo);
    statement.bindUncopied(20, isObjectId(header.emailId) ? QByteArrayView(header.emailId) : QByteArrayView());
    auto done = statement.run();
    if (!done)
        return failure(std::move(done.error()));
    return m_database.changes() > 0;
}

Result<bool> MessageWriter::updateFlags(MailboxId mailbox, const FlagUpdate &update, Tally &tally)
{
    auto current
        = m_database.prepare("SELECT id, flags, keywords, modseq FROM message WHERE mailbox = ?1 AND uid = ?2");
    if (!current)
        return failure(std::move(current.error()));
    current->bind(1, mailbox);
    current->bind(2, update.uid);
    const auto row = current->step();
    if (!row)
        return failure(row.error());
    if (!*row)
        return false;
    const auto id = current->id<MessageId>(0);
    const std::int64_t flagsBefore = current->integer(1);
    const std::int64_t flags = update.flags.systemBits();
    const QByteArray keywords = joinKeywords(update.flags);
    const std::int64_t modseqBefore = current->integer(3);
    const std::int64_t modseq = update.modseq.isValid() ? clamped(update.modseq.value()) : modseqBefore;
    const bool changed = flags != flagsBefore || QByteArrayView(keywords) != current->view(2);
    if (!changed && modseq == modseqBefore)
        return false;
    current->reset();

    auto statement = m_database.prepare("UPDATE message SET flags = ?2, keywords = ?3, modseq = ?4 WHERE id = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, id);
    statement->bind(2, flags);
    statement->bind(3, QByteArrayView(keywords));
    statement->bind(4, modseq);
    auto done = statement->run();
    if (!done)
        return failure(std::move(done.error()));
    if (changed) {
        tally.unseen += unseen(flags) - unseen(flagsBefore);
        m_changes.of(mailbox).changed.push_back(id);
    }
    return changed;
}

Result<std::vector<Uid>> MessageWriter::setFlags(MailboxId mailbox, UidValidity uidValidity,
                                                 std::span<const FlagUpdate> updates)
{
    const auto owner = account(mailbox, uidValidity);
    if (!owner)
        return failure(owner.error());
    std::vector<Uid> result;
    Tally tally;
    for (const FlagUpdate &update : updates) {
        const auto changed = updateFlags(mailbox, update, tally);
        if (!changed)
            return failure(changed.error());
        if (*changed)
            result.push_back(update.uid);
    }
    auto counted = count(mailbox, tally);
    if (!counted)
        return failure(std::move(counted.error()));
    return result;
}

Result<std::vector<Uid>> MessageWriter::remove(MailboxId mailbox, UidValidity uidValidity,
                                               std::span<const UidRange> uids)
{
    const auto owner = account(mailbox, uidValidity);
    if (!owner)
        return failure(owner.error());
    auto statement = m_database.prepare("DELETE FROM message WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3 "
                                        "RETURNING id, uid, flags");
    if (!statement)
        return failure(std::move(statement.error()));
    std::vector<Uid> result;
    Tally tally;
    MailboxChanges &changes = m_changes.of(mailbox);
    for (const UidRange &range : uids) {
        statement->bind(1, mailbox);
        statement->bind(2, range.first);
        statement->bind(3, range.last);
        for (;;) {
            const auto row = statement->step();
            if (!row)
                return failure(row.error());
            if (!*row)
                break;
            changes.removed.push_back(statement->id<MessageId>(0));
            result.push_back(statement->id<Uid>(1));
            --tally.messages;
            tally.unseen -= unseen(statement->integer(2));
        }
        statement->reset();
    }
    auto counted = count(mailbox, tally);
    if (!counted)
        return failure(std::move(counted.error()));
    std::sort(result.begin(), result.end());
    return result;
}

} // namespace kittiwake::store
