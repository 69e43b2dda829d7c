// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/drafts/draftrecord.h"
#include "core/sync/drafts/draftserver.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

/** What the drafts of this computer need of others, and tell them. Engine thread. */
struct DraftHooks {
    /** An operation of the account was added to pending.db, or may begin sooner. */
    std::function<void(AccountId)> followed;
    /** Something about it is another thing than before; it may have gone. */
    std::function<void(const mail::DraftId &)> changed;
};

/**
 * The messages that are being written, on this computer: all of one is in pending.db when save() returns, and stays
 * until the server has it, it was sent, or the person discards it. What it says is written as a whole each time; files
 * that go along are written once. Each save sees to it that an operation of the journal brings the draft to the server
 * (DraftReplay), which waits a little for more to come. Engine thread.
 */
class DraftBox
{
public:
    /** How long the server waits for what was written: so long, and longer for what is large to send. */
    static constexpr std::chrono::milliseconds usualPause{15'000};
    static constexpr std::chrono::milliseconds pausePerMebibyte{10'000};
    static constexpr std::chrono::minutes longestPause{5};

    struct Loaded {
        store::DraftRow row;
        DraftContext context;
        mime::Composition composition;
    };

    /** All outlive it. */
    DraftBox(const Environment &environment, store::PendingStore &pending, DraftHooks hooks,
             std::chrono::milliseconds pause = usualPause);

    /**
     * Durable when it returns. What could not be kept of what goes along (a file that cannot be read, more than 64 MB)
     * does not stop the text from being kept; the row's notice tells. Errors: Storage; Input while it is sent.
     */
    [[nodiscard]] Result<store::DraftRow> save(const mail::DraftId &id, const DraftContext &context,
                                               const mime::Composition &composition);
    /** Nobody writes any more: it goes to the server at once, and from here when it has come there. */
    [[nodiscard]] Result<void> close(const mail::DraftId &id);
    /** Away with it, here and on the server. Errors: Storage; Input while it is sent. */
    [[nodiscard]] Result<void> discard(const mail::DraftId &id);
    /** All of it, to go on writing. Errors: Storage; Input where there is no such draft. */
    [[nodiscard]] Result<Loaded> load(const mail::DraftId &id);
    /** A draft that was opened from the server; nothing is stored before it is saved. */
    void adopt(const mail::DraftId &id, AccountId account, const DraftServer &server)
    {
        m_adopted[id] = {account, server};
    }
    /** The account of a draft that was opened from the server and not saved yet; none for others. */
    [[nodiscard]] AccountId adoptedBy(const mail::DraftId &id) const
    {
        const auto found = m_adopted.find(id);
        return found == m_adopted.end() ? AccountId() : found->second.account;
    }
    /** The draft whose version on the server that is, where it is on this computer, or was opened from there. */
    [[nodiscard]] Result<mail::DraftId> findVersion(AccountId account, const mail::MailboxName &mailbox,
                                                    UidValidity validity, Uid uid) const;
    /** Somebody writes on it, as far as this run of the program knows. */
    [[nodiscard]] bool isOpen(const mail::DraftId &id) const { return m_open.find(id) != m_open.end(); }

    /** The pause before a draft whose files have so many octets goes to the server. */
    [[nodiscard]] static std::chrono::milliseconds pauseFor(std::chrono::milliseconds usual, std::int64_t octets);
    /** It is sent, or comes back from that: nobody writes; a new operation brings it to the server where need be. */
    [[nodiscard]] Result<void> handOver(store::DraftRow row, OperationId outgoing);
    [[nodiscard]] Result<void> comeBack(store::DraftRow row, const QString &notice);

private:
    [[nodiscard]] Result<OperationId> addPush(const store::DraftRow &row, std::int64_t when);

    /** A file as it was given, and where it is kept. */
    struct Kept {
        mime::OutgoingPart part;
        DraftFile file;
    };
    struct Open {
        std::vector<Kept> kept;
    };
    struct Adopted {
        AccountId account;
        DraftServer server;
    };

    [[nodiscard]] Result<DraftFile> keep(const mail::DraftId &id, const mime::OutgoingPart &part);
    [[nodiscard]] Result<void> leave(store::DraftRow &row, AccountId account,
                                     const std::optional<KeptVersion> &kept = {});
    /** Of two versions of one draft, gone being the other one. None where there are not two. */
    [[nodiscard]] Result<std::optional<KeptVersion>> keptInsteadOf(AccountId account, const DraftServer &gone) const;
    [[nodiscard]] Result<void> settleConflicts(AccountId account, const DraftServer &gone,
                                               std::vector<mail::DraftId> &settled);
    [[nodiscard]] Result<void> ensurePush(store::DraftRow &row, std::int64_t when);
    [[nodiscard]] Result<std::optional<store::DraftRow>> known(const mail::DraftId &id) const;
    [[nodiscard]] std::int64_t now() const;

    const Environment &m_environment;
    store::PendingStore &m_pending;
    DraftHooks m_hooks;
    std::chrono::milliseconds m_pause;
    std::map<mail::DraftId, Open> m_open;
    std::map<mail::DraftId, Adopted> m_adopted;
};

} // namespace kittiwake::sync
