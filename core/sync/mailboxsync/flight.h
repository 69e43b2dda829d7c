// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sync/mailboxsync/mailboxsync.h"

#include <utility>

namespace kittiwake::sync
{

/**
 * One FETCH of headers on its way. What was told is stored in pieces while the rest is still coming; it is over when
 * everything has been told or the command has ended, whichever comes first. Dovecot answers pipelined FETCH commands in
 * order, but holds back all their tagged answers until the last one is done (cmd_sync of src/imap/imap-sync.c in 2.3,
 * seen November 2026): who waits for those leaves it idle after each round.
 */
class MailboxSync::Flight
{
public:
    /**
     * pieceReady is set when there is something to store, or nothing more to wait for. newest: only so many of those
     * that are wanted are asked for, the newest ones; 0: all of them.
     */
    Flight(imap::UidSet wanted, std::uint64_t newest, async::Signal &pieceReady, Clock::Duration now)
        : m_uids(std::move(wanted)), m_newest(newest), m_expected(m_uids.count()),
          m_asked(newest > 0 ? newest : m_expected), m_pieceReady(pieceReady), m_launched(now)
    {
    }

    /** Asked for are only so many of uids(): which ones is known after limitTo(). 0: all of them. */
    [[nodiscard]] std::uint64_t newest() const { return m_newest; }

    [[nodiscard]] const imap::UidSet &uids() const { return m_uids; }
    [[nodiscard]] std::uint64_t asked() const { return m_asked; }
    [[nodiscard]] Clock::Duration launched() const { return m_launched; }
    [[nodiscard]] HeaderBatch &batch() { return m_batch; } ///< told, not stored yet
    [[nodiscard]] HeaderBatch takeBatch()
    {
        m_unusable += m_batch.unusable();
        return std::exchange(m_batch, {});
    }

    void take(const imap::FetchedMessage &message)
    {
        const int unusable = m_batch.unusable();
        m_batch.take(message);
        // A message that is told twice, after the first one was stored, is stored twice, which changes its flags.
        if (m_batch.unusable() == unusable && m_uids.contains(message.uid) && !m_told.contains(message.uid)) {
            m_told.add(message.uid);
            ++m_toldCount;
        }
        look();
    }
    /** The server has expunged these: what was told of them goes, and nothing more is told. */
    void remove(const imap::UidSet &gone)
    {
        m_batch.remove(gone);
        m_uids.subtract(gone);
        recount();
    }
    /** There are no others to be told. */
    void limitTo(const imap::UidSet &existing)
    {
        m_uids.intersect(existing);
        if (m_newest > 0)
            m_uids = m_uids.takeLargest(m_newest);
        recount();
    }
    /** Of those that are there, what the server has said nothing about. */
    [[nodiscard]] imap::UidSet untold() const
    {
        imap::UidSet result = m_uids;
        result.subtract(m_told);
        return result;
    }
    void end(Result<void> result)
    {
        m_ended = std::move(result);
        m_pieceReady.set();
    }

    [[nodiscard]] bool hasPiece() const { return m_batch.headers().size() >= storeSize; }
    /**
     * Everything was told, or the command has ended. A page ends with its command: until then the client takes any
     * message for one of its.
     */
    [[nodiscard]] bool isOver() const { return m_ended || (m_newest == 0 && isWhole()); }
    /** Why the command failed, if it did. */
    [[nodiscard]] const Error *error() const { return m_ended && !*m_ended ? &m_ended->error() : nullptr; }

    bool landed = false; ///< out of the air: what still comes for it is news about cached messages

private:
    [[nodiscard]] bool isWhole() const
    {
        // Where an answer was unusable nobody knows whose it was, and the command's end decides.
        return m_unusable == 0 && m_batch.unusable() == 0 && m_toldCount >= m_expected;
    }
    void recount()
    {
        m_told.intersect(m_uids);
        m_toldCount = m_told.count();
        m_expected = m_uids.count();
        look();
    }
    void look()
    {
        if (hasPiece() || isWhole())
            m_pieceReady.set();
    }

    imap::UidSet m_uids;
    std::uint64_t m_newest;
    imap::UidSet m_told;
    std::uint64_t m_toldCount = 0;
    std::uint64_t m_expected; ///< messages that are there to be told; far too many where uids ends in "*"
    std::uint64_t m_asked;
    HeaderBatch m_batch;
    int m_unusable = 0; ///< in the batches that were taken
    async::Signal &m_pieceReady;
    Clock::Duration m_launched;
    std::optional<Result<void>> m_ended;
};

} // namespace kittiwake::sync
