// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/drafts/draftbox.h"
#include "core/sync/drafts/draftcontent.h"
#include "core/sync/operations/journal.h"

/** The part of DraftBox that ends the writing: handed over and back, closed, discarded, chosen of two. */
namespace kittiwake::sync
{

Result<void> DraftBox::handOver(store::DraftRow row, OperationId outgoing)
{
    if (row.push.isValid()) {
        if (auto removed = m_pending.remove(row.push); !removed)
            return removed;
    }
    row.push = {};
    row.outgoing = outgoing;
    row.isOpen = false;
    row.notice.clear();
    auto noted = m_pending.putDraft(row);
    if (noted)
        m_open.erase(row.id);
    return noted;
}

Result<void> DraftBox::comeBack(store::DraftRow row, const QString &notice)
{
    row.outgoing = {};
    row.notice = notice;
    if (row.synced != row.revision) {
        if (auto queued = ensurePush(row, now()); !queued)
            return queued;
    }
    return m_pending.putDraft(row);
}

Result<void> DraftBox::close(const mail::DraftId &id)
{
    m_open.erase(id);
    m_adopted.erase(id);
    const auto found = m_pending.draft(id);
    if (!found)
        return failure(found.error());
    if (!*found || (*found)->outgoing.isValid())
        return {}; // never saved, or on its way
    store::DraftRow row = **found;
    auto done = m_pending.inTransaction([&]() -> Result<void> {
        const bool isOnServer = row.synced == row.revision && !row.push.isValid();
        // What is not redirected after all is where it was.
        if (isOnServer || kindOf(row) == DraftContext::Kind::Redirect)
            return m_pending.removeDraft(id);
        row.isOpen = false;
        if (auto queued = ensurePush(row, now()); !queued)
            return queued;
        return m_pending.putDraft(row);
    });
    if (done)
        m_hooks.changed(id);
    return done;
}

Result<void> DraftBox::discard(const mail::DraftId &id)
{
    const auto adopted = m_adopted.extract(id);
    const auto found = known(id);
    if (!found)
        return failure(found.error());
    store::DraftRow row = found->value_or(store::DraftRow());
    if (!*found) {
        if (adopted.empty())
            return {};
        row.id = id;
        row.account = adopted.mapped().account;
        row.server = adopted.mapped().server.toBytes();
    }
    const DraftServer gone = DraftServer::fromBytes(row.server);
    std::vector<mail::DraftId> settled;
    auto done = m_pending.inTransaction([&]() -> Result<void> {
        const auto kept = keptInsteadOf(row.account, gone);
        if (!kept)
            return failure(kept.error());
        if (auto left = leave(row, row.account, *kept); !left)
            return left;
        if (auto removed = m_pending.removeDraft(id); !removed)
            return removed;
        return settleConflicts(row.account, gone, settled);
    });
    if (!done)
        return done;
    m_open.erase(id);
    m_hooks.followed(row.account);
    m_hooks.changed(id);
    for (const mail::DraftId &one : settled)
        m_hooks.changed(one);
    return done;
}

Result<std::optional<KeptVersion>> DraftBox::keptInsteadOf(AccountId account, const DraftServer &gone) const
{
    const auto isThere = [&gone](const DraftServer &server, Uid uid) {
        return server.mailbox == gone.mailbox && server.validity == gone.validity && server.base && uid.isValid()
            && server.base->uid == uid;
    };
    const auto rows = m_pending.drafts(account);
    if (!rows)
        return failure(rows.error());
    // What is kept is what the other device has written: where it is open here, one knows what else it is called.
    if (gone.isConflict && gone.other.isValid()) {
        KeptVersion kept{{}, {}, gone.other};
        for (const store::DraftRow &row : *rows) {
            if (const DraftServer server = DraftServer::fromBytes(row.server); isThere(server, gone.other))
                kept = {row.id, server.identity, gone.other};
        }
        for (const auto &[id, adopted] : m_adopted) {
            if (adopted.account == account && isThere(adopted.server, gone.other))
                kept.identity = adopted.server.identity;
        }
        return std::optional(kept);
    }
    for (const store::DraftRow &row : *rows) {
        const DraftServer server = DraftServer::fromBytes(row.server);
        if (server.isConflict && gone.base && server.other == gone.base->uid && server.mailbox == gone.mailbox
            && server.validity == gone.validity)
            return std::optional(KeptVersion{row.id, server.identity, server.base ? server.base->uid : Uid()});
    }
    return std::optional<KeptVersion>();
}

/** Of two versions of one draft the person has chosen: what is gone is nobody's other version any more. */
Result<void> DraftBox::settleConflicts(AccountId account, const DraftServer &gone, std::vector<mail::DraftId> &settled)
{
    if (!gone.base || !gone.base->uid.isValid())
        return {};
    const auto rows = m_pending.drafts(account);
    if (!rows)
        return failure(rows.error());
    for (store::DraftRow row : *rows) {
        DraftServer server = DraftServer::fromBytes(row.server);
        if (!server.isConflict || server.other != gone.base->uid || server.mailbox != gone.mailbox
            || server.validity != gone.validity)
            continue;
        server.isConflict = false;
        server.other = {};
        row.server = server.toBytes();
        if (auto noted = m_pending.putDraft(row); !noted)
            return noted;
        settled.push_back(row.id);
    }
    return {};
}

} // namespace kittiwake::sync
