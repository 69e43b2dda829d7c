// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/sequenceset.h"
#include "core/store/rowidentity.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kittiwake::sync
{

/** What the server says of one message besides its UID. */
struct ServerIdentity {
    Uid uid;
    std::uint64_t size = 0;
    std::int64_t internalDate = 0;
    std::uint64_t emailId = 0; ///< store::identityHash; 0: none
    std::uint64_t messageId = 0; ///< likewise, once it was asked for
};

/**
 * Finds the cached messages of a mailbox again under their new UIDs: the right ones or none. By EMAILID where each side
 * has it once, and the sizes agree. Else by RFC822.SIZE and INTERNALDATE, which cost no header; Message-IDs are asked
 * for only where several messages have the same, of those that something is about to be done to, and of a sample of
 * the others: where one of the sample is another message than it seemed, all are asked for. What stays ambiguous is not
 * found. Pure; memory 48 bytes a cached and 40 a server's message, of which no more are taken than limit() says.
 * One thread.
 */
class IdentityMatch
{
public:
    /**
     * exact: UIDs in the cache whose message must not be mistaken; its Message-ID decides, or an EMAILID. hasSameUids:
     * the UIDVALIDITY is the same, so of several copies of one message each is the one that has its UID.
     */
    explicit IdentityMatch(std::vector<store::RowIdentity> rows, imap::UidSet exact = {}, bool hasSameUids = false);

    void add(const ServerIdentity &message);
    /** How many messages of the server are looked at: more answers than these are no mailbox that was cached. */
    [[nodiscard]] std::size_t limit() const { return m_limit; }
    /**
     * After all were added: the Message-IDs of these have to be known. Empty: match() can be called. Ask, tell with
     * setMessageId(), ask again: three times at most.
     */
    [[nodiscard]] imap::UidSet wanted();
    void setMessageId(Uid uid, std::uint64_t messageId);

    /** Each row and each UID at most once. */
    [[nodiscard]] const std::vector<store::Renumbered> &match() const { return m_found; }

private:
    /** Messages of equal size and date. */
    struct Group {
        std::size_t firstRow, lastRow; ///< of m_rows, the last one not included
        std::size_t firstMessage, lastMessage;
    };
    enum class Stage { Adding, Asked, AskedAll, Done };

    void forgetTwiceTold();
    void matchByEmailId();
    void sortIntoGroups();
    [[nodiscard]] bool isSingle(const Group &group) const;
    [[nodiscard]] bool isExact(const Group &group) const;
    [[nodiscard]] imap::UidSet sample() const;
    [[nodiscard]] bool sampleHolds() const;
    void takeMessageIds();
    void matchGroups(bool trustSingles);
    /** Message-ID, index */
    using Numbered = std::vector<std::pair<std::uint64_t, std::size_t>>;
    void matchGroup(const Group &group);
    void takeSameUids(Numbered &rows, Numbered &messages);
    void found(const store::RowIdentity &row, const ServerIdentity &message);

    imap::UidSet m_exact;
    bool m_hasSameUids;
    std::size_t m_limit;
    std::vector<store::RowIdentity> m_rows; ///< not found yet
    std::vector<ServerIdentity> m_messages; ///< likewise
    std::vector<Group> m_groups; ///< that have both
    imap::UidSet m_sample;
    std::vector<std::pair<Uid, std::uint64_t>> m_told; ///< Message-IDs, until they are sorted in
    std::vector<store::Renumbered> m_found;
    Stage m_stage = Stage::Adding;
    bool m_isTooMuch = false;
    bool m_trustsSingles = true; ///< the sample was what it seemed
};

} // namespace kittiwake::sync
