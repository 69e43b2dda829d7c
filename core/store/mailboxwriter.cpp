// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mailboxwriter.h"

#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/limits.h"
#include "core/store/mailboxerrors.h"
#include "core/store/mailboxmatch.h"
#include "core/store/mailboxqueries.h"
#include "core/store/rowcodec.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <utility>

namespace kittiwake::store
{

/** A mailbox that the cache has, with what LIST can change of it. */
struct MailboxWriter::Known {
    MailboxId id;
    MailboxListing listing; ///< its mark is empty
    MailboxMark mark;
    int provisional = 0; ///< not on the server, as far as is known
};

namespace
{

/** The listing as it comes back from the database. */
MailboxListing asStored(const MailboxListing &listing)
{
    MailboxListing result = listing;
    result.name.text = storedText(listing.name.text);
    result.mark.oldName.text = storedText(listing.mark.oldName.text);
    if (!isObjectId(listing.mark.objectId))
        result.mark.objectId.clear();
    return result;
}

QByteArray nameKey(const mail::MailboxName &name)
{
    return name.text.toUtf8() + '\0' + name.wire;
}

bool isTooLong(const mail::MailboxName &name)
{
    return name.text.size() > limits::mailboxName || name.wire.size() > limits::mailboxName;
}

} // namespace

template <typename... Values>
Result<void> MailboxWriter::run(const char *sql, const Values &...values)
{
    auto statement = m_database.prepare(sql);
    if (!statement)
        return failure(std::move(statement.error()));
    int index = 0;
    (statement->bind(++index, values), ...);
    return statement->run();
}

Result<std::vector<MailboxWriter::Known>> MailboxWriter::known(AccountId account)
{
    auto statement = m_database.prepare("SELECT id, name, wire, delimiter, role, selectable, subscribed, attributes, "
                                        "object_id, uidvalidity, uidnext, server_messages, provisional "
                                        "FROM mailbox WHERE account = ?1");
    if (!statement)
        return failure(std::move(statement.error()));
    statement->bind(1, account);
    return statement->all([](const Statement &row) {
        Known one;
        one.id = row.id<MailboxId>(0);
        one.listing.name = {row.text(1), row.blob(2)};
        one.listing.delimiter = QChar(static_cast<char16_t>(row.integer(3)));
        one.listing.role = static_cast<mail::MailboxRole>(row.integer(4));
        one.listing.selectable = row.boolean(5);
        one.listing.subscribed = row.boolean(6);
        const QByteArray attributes = row.blob(7);
        if (!attributes.isEmpty())
            one.listing.attributes = attributes.split(' ');
        one.mark.objectId = row.blob(8);
        one.mark.uidValidity = row.id<UidValidity>(9);
        one.mark.uidNext = row.id<Uid>(10);
        one.mark.messages = row.integer(11);
        one.provisional = static_cast<int>(row.integer(12));
        return one;
    });
}

Result<void> MailboxWriter::makeAccount(AccountId account)
{
    return run("INSERT INTO account (id) VALUES (?1) ON CONFLICT DO NOTHING", account);
}

Result<MailboxId> MailboxWriter::insert(AccountId account, const MailboxListing &listing)
{
    auto done = run("INSERT INTO mailbox (account, name, wire, delimiter, role, selectable, subscribed, attributes) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    account, QStringView(listing.name.text), QByteArrayView(listing.name.wire),
                    listing.delimiter.unicode(), static_cast<int>(listing.role), listing.selectable, listing.subscribed,
                    QByteArrayView(listing.attributes.join(' ')));
    if (!done)
        return failure(std::move(done.error()));
    m_changes.treeChanged();
    return MailboxId(m_database.lastInsertId());
}

Result<void> MailboxWriter::update(const Known &before, const MailboxListing &listing)
{
    if (listing == before.listing)
        return {};
    MailboxListing visible = before.listing;
    visible.attributes = listing.attributes;
    visible.mark = listing.mark;
    if (!(visible == listing))
        m_changes.treeChanged();
    return run("UPDATE mailbox SET delimiter = ?2, role = ?3, selectable = ?4, subscribed = ?5, attributes = ?6 "
               "WHERE id = ?1",
               before.id, listing.delimiter.unicode(), static_cast<int>(listing.role), listing.selectable,
               listing.subscribed, QByteArrayView(listing.attributes.join(' ')));
}

Result<std::vector<MailboxId>> MailboxWriter::replace(AccountId account, std::span<const MailboxListing> listings)
{
    if (listings.size() > static_cast<std::size_t>(limits::mailboxes)) {
        return failure(ErrorKind::Protocol, QString(),
                       QCoreApplication::translate("core",
                                                   "The server has more mailboxes than Kittiwake can show. Ask "
                                                   "whoever runs it to list fewer of them."),
                       QStringLiteral("%1 mailboxes").arg(listings.size()));
    }
    auto done = makeAccount(account);
    if (!done)
        return failure(std::move(done.error()));
    auto rows = known(account);
    if (!rows)
        return failure(std::move(rows.error()));
    // What the server is still to have cannot have gone from it; where it has the name by now, that is the one.
    std::erase_if(*rows, [&listings](const Known &one) {
        return one.provisional != 0
            && std::none_of(listings.begin(), listings.end(), [&one](const MailboxListing &listing) {
                   return asStored(listing).name == one.listing.name;
               });
    });
    // Those that are only to be made come last: a mailbox that has been given such a name is what it was before.
    const auto toMake
        = std::stable_partition(rows->begin(), rows->end(), [](const Known &one) { return one.provisional == 0; });
    std::vector<KnownMailbox> knownMarks;
    for (auto one = rows->begin(); one != toMake; ++one)
        knownMarks.push_back({one->id, one->listing.name, one->mark});
    std::vector<MailboxListing> stored; // each name once
    std::vector<std::optional<std::size_t>> places; // of the listings in it
    QHash<QByteArray, std::size_t> byName;
    for (const MailboxListing &raw : listings) {
        if (isTooLong(raw.name)) {
            places.emplace_back();
            continue;
        }
        MailboxListing listing = asStored(raw);
        const QByteArray name = nameKey(listing.name);
        if (!byName.contains(name)) {
            byName.insert(name, stored.size());
            stored.push_back(std::move(listing));
        }
        places.emplace_back(byName.value(name));
    }
    auto matches = matchMailboxes(knownMarks, stored);
    for (std::size_t place = 0; place < stored.size(); ++place) {
        const auto made = std::find_if(
            toMake, rows->end(), [&stored, place](const Known &one) { return one.listing.name == stored[place].name; });
        if (!matches[place] && made != rows->end())
            matches[place] = MailboxMatch{static_cast<std::size_t>(made - rows->begin()), true};
    }
    // Out of the way first: two mailboxes may have exchanged their names.
    for (std::size_t place = 0; place < stored.size(); ++place) {
        if (matches[place] && (*rows)[matches[place]->known].listing.name != stored[place].name) {
            const Known &before = (*rows)[matches[place]->known];
            done = rename(before, {before.listing.name.text, "\xFF" + QByteArray::number(before.id.value())});
            if (!done)
                return failure(std::move(done.error()));
        }
    }

    std::vector<bool> isThere(rows->size(), false);
    for (const auto &match : matches) {
        if (match)
            isThere[match->known] = true;
    }
    // Before names are given anew: what has gone may have had one of them.
    for (std::size_t of = 0; of < rows->size(); ++of) {
        if (isThere[of])
            continue;
        done = remove((*rows)[of].id);
        if (!done)
            return failure(std::move(done.error()));
    }
    std::vector<MailboxId> ids;
    for (std::size_t place = 0; place < stored.size(); ++place) {
        MailboxListing &listing = stored[place];
        const MailboxMark mark = std::exchange(listing.mark, {});
        Result<MailboxId> id;
        if (matches[place]) {
            const Known &before = (*rows)[matches[place]->known];
            id = before.id;
            if (before.listing.name != listing.name)
                done = rename(before, listing.name);
            // The next sync finds the messages again, the right ones or none.
            if (done && !matches[place]->isCertain)
                done = run("UPDATE mailbox SET doubtful = 1, highestmodseq = 0, complete = 0, synced_at = 0 "
                           "WHERE id = ?1",
                           before.id);
            if (done)
                done = update(before, listing);
            if (done && before.provisional != 0) {
                m_changes.treeChanged();
                done = run("UPDATE mailbox SET provisional = 0, complete = 0 WHERE id = ?1", before.id);
            }
            if (!done)
                return failure(std::move(done.error()));
        } else {
            id = insert(account, listing);
        }
        if (!id)
            return failure(std::move(id.error()));
        done = setObjectId(*id, mark.objectId);
        if (!done)
            return failure(std::move(done.error()));
        ids.push_back(*id);
    }
    std::vector<MailboxId> result;
    result.reserve(places.size());
    for (const auto &place : places)
        result.push_back(place ? ids[*place] : MailboxId());
    return result;
}

Result<void> MailboxWriter::rename(const Known &before, const mail::MailboxName &name)
{
    m_changes.treeChanged();
    return run("UPDATE mailbox SET name = ?2, wire = ?3 WHERE id = ?1", before.id, QStringView(name.text),
               QByteArrayView(name.wire));
}

/** An empty one is not told: what is known stays. */
Result<void> MailboxWriter::setObjectId(MailboxId mailbox, const QByteArray &objectId)
{
    if (!isObjectId(objectId))
        return {};
    return run("UPDATE mailbox SET object_id = ?2 WHERE id = ?1 AND object_id <> ?2", mailbox,
               QByteArrayView(objectId));
}

Result<MailboxId> MailboxWriter::put(AccountId account, const MailboxListing &raw)
{
    if (isTooLong(raw.name))
        return MailboxId();
    auto done = makeAccount(account);
    if (!done)
        return failure(std::move(done.error()));
    auto rows = known(account);
    if (!rows)
        return failure(std::move(rows.error()));
    const MailboxListing listing = asStored(raw);
    for (const Known &before : *rows) {
        if (before.listing.name == listing.name) {
            done = update(before, listing);
            if (!done)
                return failure(std::move(done.error()));
            return before.id;
        }
    }
    return insert(account, listing);
}

Result<void> MailboxWriter::remove(MailboxId mailbox)
{
    auto done = resetHosts(mailbox);
    if (!done)
        return done;
    done = run("DELETE FROM message WHERE mailbox = ?1", mailbox);
    if (!done)
        return done;
    done = run("DELETE FROM mailbox WHERE id = ?1", mailbox);
    if (done && m_database.changes() > 0) {
        m_changes.treeChanged();
        m_changes.resetMailbox(mailbox);
    }
    return done;
}

Result<void> MailboxWriter::dropAccount(AccountId account)
{
    const auto rows = known(account);
    if (!rows)
        return failure(rows.error());
    for (const Known &one : *rows) {
        auto done = remove(one.id);
        if (!done)
            return done;
    }
    for (const char *sql :
         {"DELETE FROM thread_link WHERE account = ?1", "DELETE FROM thread_link_recent WHERE account = ?1",
          "DELETE FROM thread_merge WHERE account = ?1", "DELETE FROM account WHERE id = ?1"}) {
        auto done = run(sql, account);
        if (!done)
            return done;
    }
    return {};
}

Result<void> MailboxWriter::reset(MailboxId mailbox, UidValidity uidValidity)
{
    auto done = run("DELETE FROM message WHERE mailbox = ?1", mailbox);
    if (!done)
        return done;
    done = run("DELETE FROM unlinked WHERE mailbox = ?1", mailbox);
    if (!done)
        return done;
    // What the server said of its own counts stays true.
    done = run("UPDATE mailbox SET uidvalidity = ?2, uidnext = 0, highestmodseq = 0, lowest_fetched = 0, complete = 0, "
               "cached = 0, cached_unseen = 0, synced_at = 0, doubtful = 0 WHERE id = ?1",
               mailbox, uidValidity);
    if (!done)
        return done;
    if (m_database.changes() == 0)
        return failure(unknownMailboxError(mailbox));
    m_changes.resetMailbox(mailbox);
    m_changes.rowChanged(mailbox);
    return {};
}

Result<void> MailboxWriter::setState(MailboxId mailbox, const MailboxState &state)
{
    const auto before = readState(m_database, mailbox);
    if (!before)
        return failure(before.error());
    if (!*before)
        return failure(unknownMailboxError(mailbox));
    auto same = checkUidValidity(mailbox, (*before)->uidValidity, state.uidValidity);
    if (!same || **before == state)
        return same;
    m_changes.rowChanged(mailbox);
    auto done = run("UPDATE mailbox SET uidnext = ?2, highestmodseq = ?3, lowest_fetched = ?4, complete = ?5, "
                    "server_messages = ?6, server_unseen = ?7, synced_at = ?8 WHERE id = ?1",
                    mailbox, state.uidNext, state.highestModSeq, state.lowestFetched, state.complete, state.messages,
                    state.unseen, state.syncedAt);
    if (done && state.objectId != (*before)->objectId)
        done = setObjectId(mailbox, state.objectId);
    return done;
}

Result<void> MailboxWriter::distrust(MailboxId mailbox)
{
    auto done = run("UPDATE mailbox SET uidnext = 0, highestmodseq = 0, lowest_fetched = 0, complete = 0, "
                    "synced_at = 0, cached = (SELECT count(*) FROM message WHERE mailbox = ?1), "
                    "cached_unseen = (SELECT count(*) FROM message WHERE mailbox = ?1 AND flags & 1 = 0) WHERE id = ?1",
                    mailbox);
    if (!done)
        return done;
    if (m_database.changes() == 0)
        return failure(unknownMailboxError(mailbox));
    m_changes.rowChanged(mailbox);
    return {};
}

Result<void> MailboxWriter::setServerCounts(MailboxId mailbox, std::int64_t messages, std::int64_t unseen)
{
    auto done = run("UPDATE mailbox SET server_messages = ?2, server_unseen = ?3 "
                    "WHERE id = ?1 AND (server_messages <> ?2 OR server_unseen <> ?3)",
                    mailbox, messages, unseen);
    if (done && m_database.changes() > 0)
        m_changes.rowChanged(mailbox);
    return done;
}

Result<void> MailboxWriter::clear()
{
    {
        auto statement = m_database.prepare("SELECT id FROM mailbox");
        if (!statement)
            return failure(std::move(statement.error()));
        auto told = statement->each([this](const Statement &row) { m_changes.resetMailbox(row.id<MailboxId>(0)); });
        if (!told)
            return told;
    }
    m_changes.treeChanged();
    // sqlite_sequence stays: ids are not reused, so that nobody who still holds one meets another message.
    return m_database.execute(
        "DELETE FROM message; DELETE FROM unlinked; DELETE FROM mailbox; DELETE FROM account; DELETE FROM thread_link; "
        "DELETE FROM thread_link_recent; "
        "DELETE FROM thread_merge");
}

} // namespace kittiwake::store
