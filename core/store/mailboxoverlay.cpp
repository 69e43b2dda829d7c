// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mailboxoverlay.h"

#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/mailboxqueries.h"
#include "core/store/mailboxwriter.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace kittiwake::store
{

namespace
{

MailboxOverlay readOverlay(const Statement &row)
{
    MailboxOverlay overlay;
    overlay.mailbox = row.id<MailboxId>(0);
    overlay.name = row.text(1);
    overlay.hidden = row.boolean(2);
    if (row.integer(3) >= 0)
        overlay.subscribed = row.integer(3) > 0;
    return overlay;
}

/** As readMailboxes() orders them. */
auto orderOf(const MailboxRow &row)
{
    return std::tuple(row.account.value(), row.role == mail::MailboxRole::None, static_cast<int>(row.role),
                      row.name.text, row.name.wire);
}

/** A name that no server can tell: LIST with control characters is not believed. */
constexpr QLatin1String waitingName("\x01waiting");

} // namespace

Result<bool> hasMailboxOverlay(Database &database)
{
    const auto some = database.integer("SELECT EXISTS (SELECT 1 FROM mailbox_overlay) OR "
                                       "EXISTS (SELECT 1 FROM mailbox WHERE provisional = 1)");
    if (!some)
        return failure(some.error());
    return *some != 0;
}

Result<void> showMailboxes(Database &database, std::vector<MailboxRow> &rows)
{
    auto statement = database.prepare("SELECT mailbox, name, hidden, subscribed FROM mailbox_overlay");
    if (!statement)
        return failure(std::move(statement.error()));
    QHash<MailboxId, MailboxOverlay> overlays;
    auto read = statement->each([&overlays](const Statement &row) {
        const MailboxOverlay overlay = readOverlay(row);
        overlays.insert(overlay.mailbox, overlay);
    });
    if (!read || overlays.isEmpty())
        return read;
    bool isRenamed = false;
    std::erase_if(rows, [&overlays](const MailboxRow &row) { return overlays.value(row.id).hidden; });
    for (MailboxRow &row : rows) {
        const auto overlay = overlays.constFind(row.id);
        if (overlay == overlays.constEnd())
            continue;
        if (!overlay->name.isEmpty()) {
            row.name = {overlay->name, {}};
            isRenamed = true;
        }
        row.subscribed = overlay->subscribed.value_or(row.subscribed);
    }
    if (isRenamed) {
        std::stable_sort(rows.begin(), rows.end(), [](const MailboxRow &left, const MailboxRow &right) {
            return orderOf(left) < orderOf(right);
        });
    }
    return {};
}

Result<void> MailboxOverlayWriter::set(AccountId account, std::span<const MailboxOverlay> overlays)
{
    auto known = m_database.prepare("SELECT o.mailbox, o.name, o.hidden, o.subscribed FROM mailbox_overlay o JOIN "
                                    "mailbox m ON m.id = o.mailbox WHERE m.account = ?1 ORDER BY o.mailbox");
    if (!known)
        return failure(std::move(known.error()));
    known->bind(1, account);
    const auto before = known->all(readOverlay);
    if (!before)
        return failure(before.error());
    std::vector<MailboxOverlay> after(overlays.begin(), overlays.end());
    std::sort(after.begin(), after.end(),
              [](const MailboxOverlay &left, const MailboxOverlay &right) { return left.mailbox < right.mailbox; });
    if (*before == after)
        return {};
    auto cleared = m_database.prepare("DELETE FROM mailbox_overlay WHERE mailbox IN "
                                      "(SELECT id FROM mailbox WHERE account = ?1)");
    if (!cleared)
        return failure(std::move(cleared.error()));
    cleared->bind(1, account);
    if (auto done = cleared->run(); !done)
        return done;
    auto written = m_database.prepare("INSERT INTO mailbox_overlay (mailbox, name, hidden, subscribed) "
                                      "VALUES (?1, ?2, ?3, ?4)");
    if (!written)
        return failure(std::move(written.error()));
    for (const MailboxOverlay &overlay : after) {
        written->bind(1, overlay.mailbox);
        written->bind(2, QStringView(overlay.name));
        written->bind(3, overlay.hidden);
        written->bind(4, overlay.subscribed ? static_cast<int>(*overlay.subscribed) : -1);
        if (auto done = written->run(); !done)
            return done;
    }
    m_changes.treeChanged();
    return {};
}

Result<void> MailboxOverlayWriter::setProvisional(AccountId account, std::span<const MailboxListing> provisional)
{
    if (provisional.empty()) { // as nearly always: nothing is to be made, and nothing was
        auto some = m_database.prepare("SELECT 1 FROM mailbox WHERE account = ?1 AND provisional = 1 LIMIT 1");
        if (!some)
            return failure(std::move(some.error()));
        some->bind(1, account);
        const auto row = some->step();
        if (!row)
            return failure(row.error());
        if (!*row)
            return {};
    }
    const auto rows = readMailboxes(m_database, account, Mailboxes::WithProvisional);
    if (!rows)
        return failure(rows.error());
    for (const MailboxRow &row : *rows) {
        const bool isWanted
            = std::any_of(provisional.begin(), provisional.end(),
                          [&row](const MailboxListing &listing) { return listing.name.text == row.name.text; });
        if (!row.isProvisional || isWanted)
            continue;
        m_changes.treeChanged();
        if (auto removed = m_mailboxes.remove(row.id); !removed)
            return removed;
    }
    for (const MailboxListing &listing : provisional) {
        const bool isThere = std::any_of(rows->begin(), rows->end(), [&listing](const MailboxRow &row) {
            return row.name.text == listing.name.text;
        });
        if (isThere)
            continue;
        const auto id = m_mailboxes.put(account, listing);
        if (!id)
            return failure(id.error());
        auto marked = m_database.prepare("UPDATE mailbox SET provisional = 1, complete = 1 WHERE id = ?1");
        if (!marked)
            return failure(std::move(marked.error()));
        marked->bind(1, *id);
        if (auto done = marked->run(); !done)
            return done;
    }
    return {};
}

Result<std::optional<MailboxId>> MailboxOverlayWriter::waitingRoom(AccountId account, bool make)
{
    const auto known = readMailbox(m_database, account, mail::MailboxName{QString(waitingName), {}});
    if (!known)
        return failure(known.error());
    if (*known)
        return std::optional((*known)->id);
    if (!make)
        return std::optional<MailboxId>();
    MailboxListing listing;
    listing.name.text = QString(waitingName);
    const auto id = m_mailboxes.put(account, listing);
    if (!id)
        return failure(id.error());
    auto marked
        = m_database.prepare("UPDATE mailbox SET provisional = 2, complete = 1, uidvalidity = ?2 WHERE id = ?1");
    if (!marked)
        return failure(std::move(marked.error()));
    marked->bind(1, *id);
    marked->bind(2, waitingValidity);
    auto done = marked->run();
    return done ? Result<std::optional<MailboxId>>(*id) : failure(std::move(done.error()));
}

} // namespace kittiwake::store
