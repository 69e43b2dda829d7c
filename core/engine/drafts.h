// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/engine/drafttypes.h"
#include "core/engine/mailing.h"
#include "core/engine/messageaccess.h"
#include "core/engine/messagefetcher.h"
#include "core/engine/offload.h"
#include "core/sync/drafts/draftbox.h"
#include "core/sync/drafts/draftcontent.h"
#include "core/sync/operations/journal.h"

#include <functional>
#include <map>
#include <vector>

namespace kittiwake::engine
{

/** Messages that are being written, as requests of the engine. Part of EngineCore; engine thread. */
class Drafts
{
public:
    using StateHandler = std::function<void(const DraftState &)>;

    /** What it works with; all outlive it. */
    struct Parts {
        const sync::Environment &environment;
        store::PendingStore &pending;
        sync::Journal &journal;
        Mailing &mailing;
        MessageAccess &access;
        MessageFetcher &messages;
        Offload &offload;
        Mailing::AccountFinder findAccount;
        bool isPaused = false; ///< "--offline"
        std::chrono::milliseconds pause{15'000};
    };

    Drafts(const Parts &parts, StateHandler changed);
    Drafts(const Drafts &) = delete;
    Drafts &operator=(const Drafts &) = delete;
    ~Drafts();

    async::Task<Result<DraftState>> save(DraftContent content);
    async::Task<Result<DraftState>> close(mail::DraftId id, bool wait);
    async::Task<Result<void>> discard(mail::DraftId id, bool wait);
    async::Task<Result<std::vector<DraftInfo>>> list();
    async::Task<Result<OpenedDraft>> open(mail::DraftId id);
    async::Task<Result<OpenedDraft>> openMessage(MessageId message);
    async::Task<Result<OpenedDraft>> openFrom(MessageRef message);
    async::Task<Result<OpenedDraft>> editAsNew(MessageId message);
    async::Task<Result<SendReport>> send(DraftSendRequest request);
    async::Task<Result<OpenedDraft>> takeBack(OperationId operation);

    /** What the person has taught the spell checker. */
    async::Task<Result<QStringList>> knownWords();
    async::Task<Result<void>> setKnownWord(QString word, bool known);

    [[nodiscard]] Result<void> forget(AccountId account);
    /** After a start, once the outbox has been restored. */
    void restore() { followOutbox(); }

private:
    [[nodiscard]] DraftState stateOf(const store::DraftRow &row) const;
    [[nodiscard]] Result<DraftState> state(const mail::DraftId &id) const;
    void tell(const mail::DraftId &id);
    void pushed(const mail::DraftId &id, const sync::DraftServer &server);
    async::Task<void> settled(AccountId account);
    [[nodiscard]] DraftContext contextFor(AccountId account, const mime::Composition &composition) const;

    // To and from the outbox: draftsending.cpp
    [[nodiscard]] Result<smtp::PreparedMessage> prepare(const store::DraftRow &row, sync::DraftText text,
                                                        const sync::DraftServer &server);
    [[nodiscard]] std::vector<store::PendingOperation> removalOf(const sync::Outgoing &outgoing) const;
    [[nodiscard]] Result<void> accepted(const sync::Outgoing &outgoing);
    [[nodiscard]] Result<mail::DraftId> draftOf(const store::PendingOperation &operation);
    void followOutbox();

    Parts m_parts;
    StateHandler m_changed;
    sync::DraftBox m_box;
    std::map<mail::DraftId, QString> m_told; ///< of those in the outbox: how they stood when that was last told
    std::map<mail::DraftId, sync::DraftServer> m_awaited; ///< of those whose closing somebody waits for: where they are
    bool m_isFollowing = false;
};

} // namespace kittiwake::engine
