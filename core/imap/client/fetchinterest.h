// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/client/clienttypes.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace kittiwake::imap
{

/**
 * What one fetch() waits for: decides which FETCH answers are its own, whatever command they come with. Servers may
 * tell of one message in several answers, and of flags that nobody asked for in between (RFC 9051 section 7.5.2); what
 * is incomplete is held until the rest comes or the command ends. Pure; one thread.
 */
class FetchInterest
{
public:
    FetchInterest(UidSet uids, FetchItems items, FetchSink sink);
    FetchInterest(const FetchInterest &) = delete;
    FetchInterest &operator=(const FetchInterest &) = delete;

    enum class Claim {
        No,
        Weak, ///< only flags where more was asked: perhaps the first half of an answer; or much more than was asked
        Yes,
    };
    [[nodiscard]] Claim claim(const FetchData &data) const;
    /** Has had an answer for this message: another fetch() that asks for the same may still wait for its own. */
    [[nodiscard]] bool had(Uid uid) const { return m_had.contains(uid); }
    /** Takes a claimed answer: to the sink when complete, else held. */
    void take(FetchData &&data);
    /** The command is over. What is held goes to the sink; flags that turned out to be nobody's answer are returned. */
    [[nodiscard]] std::vector<FetchData> close();
    [[nodiscard]] std::uint64_t delivered() const { return m_delivered; }

private:
    [[nodiscard]] bool answersAnything(const FetchData &data) const;
    [[nodiscard]] bool isComplete(const FetchData &data) const;
    void deliver(FetchData &&data);

    UidSet m_uids;
    FetchItems m_items;
    FetchSink m_sink;
    bool m_wantsMoreThanFlags = false;
    std::unordered_map<std::uint32_t, FetchData> m_held; ///< by UID
    UidSet m_had;
    std::uint64_t m_delivered = 0;
};

} // namespace kittiwake::imap
