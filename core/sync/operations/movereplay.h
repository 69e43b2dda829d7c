// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/store/pendingstore.h"
#include "core/sync/account/environment.h"
#include "core/sync/account/lease.h"
#include "core/sync/operations/arrivals.h"
#include "core/sync/operations/moveoperation.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace kittiwake::sync
{

class AccountSync;

/**
 * Replays move operations of one source, one target and one kind of replay to the server, each message once:
 *
 * - Before MOVE or COPY is sent it is noted down what is under way and which UID the target gives next. Where no answer
 *   came, the target is searched from that UID on before anything is repeated, by identity and not by number.
 * - Where there is no MOVE, the copies are looked at in the target before the originals are deleted, and then only
 * those UIDs are expunged (UIDPLUS). Without UIDPLUS they are marked and stay: EXPUNGE would take along what other
 * clients have marked, and to ask first whether they have any helps only until one of them marks the next.
 * - COPYUID is a hint where to look, never a proof.
 *
 * Only one mailbox is borrowed at a time: an account may have a single connection. Engine thread; lives as long as
 * run().
 */
class MoveReplay
{
public:
    struct Item {
        store::PendingOperation record;
        MoveOperation operation;
        MoveProgress progress;
        std::int64_t unfound = 0; ///< known by identity only, and not there
        std::int64_t kept = 0; ///< copies that were to be deleted, and whose originals are not there
        QByteArray noted = {}; ///< the payload that pending.db has, as far as this replay knows

        /** record, as it is now, speaks of the messages otherwise: see renumberOperations(). */
        [[nodiscard]] bool isReaddressed(const store::PendingOperation &now) const
        {
            const bool isParked = now.state == store::OperationState::Failed;
            return now.payload != noted || (isParked && record.state != store::OperationState::Failed);
        }
    };

    /** Messages in one command; fewer where the server says so (MESSAGELIMIT, RFC 9738). */
    static constexpr std::size_t largestChunk = 2000;
    /** Up to so many, where they went is looked at each time, and their headers are taken along into the cache. */
    static constexpr std::size_t smallChunk = 500;

    /** isReferenced: whether something else in the journal speaks of one of these messages of the source. */
    MoveReplay(const Environment &environment, store::PendingStore &pending, AccountSync &sync, std::vector<Item> items,
               std::function<bool(const imap::UidSet &)> isReferenced);

    /**
     * Success: nothing is left to do, for better or worse (Item::progress says which). An error stops all items; what
     * was done until then is in their progress.
     */
    async::Task<Result<void>> run();
    [[nodiscard]] std::vector<Item> &items() { return m_items; }
    /** The source was open. */
    [[nodiscard]] bool hasBegun() const { return m_hasBegun; }
    /** Headers of messages that were seen in the target, under targetValidity(). */
    [[nodiscard]] const std::vector<mail::MessageHeader> &arrivals() const { return m_arrivals; }
    [[nodiscard]] UidValidity arrivalsValidity() const { return m_arrivalsValidity; }

private:
    struct Slot {
        std::size_t item = 0;
        std::size_t message = 0;
    };
    struct Chunk {
        std::vector<Slot> slots;
        bool isAsked = false; ///< was under way when the last answer was lost
    };
    /** source UID -> target UID */
    using Found = std::map<Uid, Uid>;
    struct Sent {
        imap::UidSet present; ///< were in the source
        imap::UidSet sent; ///< copied or moved, as the server says
        std::vector<imap::CopyUidCode> hints;
        bool isMoved = false; ///< and gone from the source
        bool mayBePart = false; ///< the server has left some out
        UidValidity validity; ///< of the target before
        Uid next;
    };

    [[nodiscard]] const MoveOperation &first() const { return m_items.front().operation; }
    [[nodiscard]] bool takesAway() const { return mail::takesAway(first().kind); }
    [[nodiscard]] const MovedMessage &messageOf(const Slot &slot) const;
    [[nodiscard]] imap::UidSet uidsOf(const std::vector<Slot> &slots) const;
    [[nodiscard]] std::vector<Slot> slotsOf(const std::vector<Slot> &slots, const imap::UidSet &uids) const;
    [[nodiscard]] Chunk nextChunk() const;

    [[nodiscard]] Result<void> findFolders();
    async::Task<Result<void>> identify(std::size_t item);
    async::Task<Result<void>> runChunk(Chunk chunk);
    async::Task<Result<Sent>> send(std::vector<Slot> slots, imap::UidSet leaveOut);
    async::Task<Result<void>> sendTo(const Lease &lease, const std::vector<Slot> &slots, Sent &sent);
    async::Task<Result<void>> changeFlags(const Lease &lease, const std::vector<Slot> &slots);
    async::Task<Result<void>> takeAway(imap::UidSet uids);
    async::Task<Result<Found>> look(std::vector<Slot> slots, std::vector<imap::CopyUidCode> hints, UidValidity validity,
                                    Uid from, Likeness likeness);
    async::Task<Result<Found>> lookEverywhere(std::vector<Slot> slots);
    async::Task<Result<void>> lookForAsked(std::vector<Slot> slots);
    async::Task<Result<void>> keepLastOnes(std::vector<Slot> slots);
    async::Task<Result<imap::UidSet>> originalsOf(std::vector<Slot> slots);
    async::Task<Result<bool>> mayHaveLeft(UidValidity validity, Uid next);
    async::Task<Result<void>> findMovedOn(std::vector<Slot> slots);
    [[nodiscard]] imap::UidSet arrivedOf(const imap::UidSet &uids) const;
    void originalsHaveGone(const imap::UidSet &uids);
    [[nodiscard]] Result<void> noteOthers(MoveProgress &progress, const std::vector<Slot> &slots) const;
    async::Task<Result<Lease>> borrowSource();
    async::Task<Result<void>> lookAtTarget();
    [[nodiscard]] Result<void> note(const std::vector<Slot> &slots, const Sent &sent, bool isCopied);
    void settle(const std::vector<Slot> &slots, const Found &found, const Sent &sent, bool isVerified);
    void keep(std::vector<mail::MessageHeader> headers, UidValidity validity, const Found &found);

    const Environment &m_environment;
    store::PendingStore &m_pending;
    AccountSync &m_sync;
    bool m_hasBegun = false;
    std::vector<Item> m_items;
    std::function<bool(const imap::UidSet &)> m_isReferenced;
    MailboxId m_source;
    MailboxId m_target;
    bool m_isTargetOther = false; ///< the server has another mailbox of that name than the cache
    bool m_isTargetSeen = false; ///< it was opened because of that
    std::uint64_t m_seenSince = 0; ///< look(): messages that are there from that UID on
    std::vector<mail::MessageHeader> m_arrivals;
    UidValidity m_arrivalsValidity;
};

} // namespace kittiwake::sync
