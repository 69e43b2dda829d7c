// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/response.h"
#include "core/imap/session/mailboxupdate.h"
#include "core/imap/session/sequencemap.h"

#include <optional>
#include <vector>

namespace kittiwake::imap
{

/**
 * The one reducer for everything that the server tells about the selected mailbox, whatever command it comes with.
 * Sequence numbers end here: above, messages have UIDs, or it is said that the UID is not known. What the server says
 * against its own words becomes one Inconsistent a selection, and no sequence number is trusted after it.
 * Protocol without I/O; one thread.
 */
class MailboxState
{
public:
    enum class Phase { None, Selecting, Open };
    /** More messages than any mailbox has, at four bytes each: whoever says more is not believed. */
    static constexpr std::uint32_t maxMessages = 20'000'000;

    /** SELECT or EXAMINE was sent. numbersLie: this server does not renumber (Quirks::sequenceNumbersLie). */
    void beginSelect(const mail::MailboxName &name, bool readOnly, bool numbersLie);
    /** Its tagged OK came, with or without READ-ONLY or READ-WRITE. */
    void finishSelect(const StatusResponse &tagged);
    /** NO or BAD to SELECT, UNSELECT, CLOSE: nothing is selected. */
    void close();

    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] std::optional<SelectedMailbox> current() const; ///< only when Open
    [[nodiscard]] std::optional<UidSet> knownUids() const;

    void exists(const ExistsData &data);
    void expunge(const ExpungeData &data);
    void vanished(const VanishedData &data); ///< without EARLIER
    void flags(const FlagsData &data);
    /** Untagged OK with one of the codes that describe the selected mailbox. */
    void code(const ResponseCode &code);
    /** Learns from it, and puts in the UID where that is missing and known. */
    void fetch(FetchData &data);
    /** The answer to UID SEARCH ALL. */
    void allUids(const SequenceSet &uids);

    /** What has happened since the last call, in order. Nothing while a SELECT is being answered. */
    [[nodiscard]] std::vector<MailboxUpdate> takeUpdates();

private:
    void contradiction(const char *reason);
    void learn(FetchData &data);
    void removed(Uid uid, std::uint32_t unknown);

    Phase m_phase = Phase::None;
    SelectedMailbox m_mailbox;
    SequenceMap m_map;
    bool m_permanentFlagsTold = false;
    bool m_numbersLie = false;
    bool m_broken = false; ///< contradicted itself since it was selected
    std::vector<MailboxUpdate> m_updates;
};

} // namespace kittiwake::imap
