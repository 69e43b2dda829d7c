// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/comparison.h"

#include <algorithm>

namespace kittiwake::sync
{

FlagComparison::FlagComparison(std::vector<store::UidFlagsHash> cached)
    : m_cached(std::move(cached)), m_seen(m_cached.size(), false)
{
}

std::optional<store::FlagUpdate> FlagComparison::take(const imap::FetchData &data)
{
    if (!data.uid.isValid())
        return std::nullopt;
    // Both sides ascend nearly always; a server that answers otherwise costs a binary search each.
    if (m_next >= m_cached.size() || m_cached[m_next].uid != data.uid) {
        const auto place = std::lower_bound(m_cached.begin(), m_cached.end(), data.uid,
                                            [](const store::UidFlagsHash &known, Uid uid) { return known.uid < uid; });
        m_next = static_cast<std::size_t>(place - m_cached.begin());
        if (place == m_cached.end() || place->uid != data.uid) {
            if (!m_unknown.contains(data.uid)) {
                m_unknown.add(data.uid);
                ++m_answered;
            }
            return std::nullopt;
        }
    }
    const std::size_t index = m_next++;
    if (!m_seen[index]) {
        m_seen[index] = true;
        ++m_answered;
    }
    if (!data.flags || store::flagsHash(*data.flags) == m_cached[index].hash)
        return std::nullopt;
    return store::FlagUpdate{data.uid, *data.flags, data.modseq};
}

std::vector<Uid> FlagComparison::unseen() const
{
    std::vector<Uid> result;
    for (std::size_t i = 0; i < m_cached.size(); ++i) {
        if (!m_seen[i])
            result.push_back(m_cached[i].uid);
    }
    return result;
}

std::vector<store::UidRange> rangesOf(const std::vector<Uid> &uids)
{
    std::vector<store::UidRange> ranges;
    for (const Uid uid : uids) {
        if (!ranges.empty() && ranges.back().last.value() + 1 == uid.value())
            ranges.back().last = uid;
        else
            ranges.push_back({uid, uid});
    }
    return ranges;
}

std::vector<store::UidRange> rangesOf(const imap::UidSet &uids)
{
    std::vector<store::UidRange> ranges;
    for (const imap::NumberRange &range : uids.ranges())
        ranges.push_back({Uid(range.first), Uid(range.last)});
    return ranges;
}

bool explainsCounters(const imap::SelectResult &selected, const LocalMailbox &local, const RemoteMailbox &remote)
{
    if (selected.changed.empty() && selected.vanished.isEmpty())
        return false;
    if (!remote.uidNext.isValid() || remote.uidNext == local.uidNext)
        return true;
    if (remote.uidNext < local.uidNext)
        return false;
    imap::UidSet untold = imap::UidSet::range(local.uidNext, Uid(remote.uidNext.value() - 1));
    untold.subtract(selected.vanished);
    imap::UidSet told;
    for (const imap::FetchData &data : selected.changed) {
        if (data.uid >= local.uidNext)
            told.add(data.uid);
    }
    untold.subtract(told);
    return untold.isEmpty();
}

} // namespace kittiwake::sync
