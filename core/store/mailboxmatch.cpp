// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/mailboxmatch.h"

#include <QHash>

namespace kittiwake::store
{

namespace
{

/** Nothing is there, or several are: neither is taken. */
constexpr std::size_t none = SIZE_MAX;

QByteArray nameKey(const mail::MailboxName &name)
{
    return name.text.toUtf8() + '\0' + name.wire;
}

template <typename Key>
void note(QHash<Key, std::size_t> &places, const Key &key, std::size_t place)
{
    const auto known = places.find(key);
    if (known == places.end())
        places.insert(key, place);
    else
        *known = none;
}

/** What one side has once, by what. */
struct Index {
    QHash<QByteArray, std::size_t> names;
    QHash<QByteArray, std::size_t> objectIds;
    QHash<std::uint32_t, std::size_t> validities;

    void add(const mail::MailboxName &name, const MailboxMark &mark, std::size_t place)
    {
        names.insert(nameKey(name), place);
        if (!mark.objectId.isEmpty())
            note(objectIds, mark.objectId, place);
        if (mark.uidValidity.isValid())
            note(validities, mark.uidValidity.value(), place);
    }
};

bool hasSameValidity(const MailboxMark &left, const MailboxMark &right)
{
    return left.uidValidity.isValid() && left.uidValidity == right.uidValidity;
}

bool hasOtherValidity(const MailboxMark &left, const MailboxMark &right)
{
    return left.uidValidity.isValid() && right.uidValidity.isValid() && left.uidValidity != right.uidValidity;
}

bool hasOtherId(const MailboxMark &left, const MailboxMark &right)
{
    return !left.objectId.isEmpty() && !right.objectId.isEmpty() && left.objectId != right.objectId;
}

bool hasSameCounters(const MailboxMark &left, const MailboxMark &right)
{
    return left.uidNext.isValid() && left.uidNext == right.uidNext && left.messages && left.messages == right.messages;
}

class Matcher
{
public:
    Matcher(std::span<const KnownMailbox> known, std::span<const MailboxListing> listed)
        : m_known(known), m_listed(listed), m_result(listed.size()), m_taken(known.size(), false)
    {
        for (std::size_t of = 0; of < known.size(); ++of)
            m_knownBy.add(known[of].name, known[of].mark, of);
        for (std::size_t place = 0; place < listed.size(); ++place)
            m_listedBy.add(listed[place].name, listed[place].mark, place);
    }

    std::vector<std::optional<MailboxMatch>> run()
    {
        for (std::size_t place = 0; place < m_listed.size(); ++place)
            byObjectId(place);
        for (std::size_t place = 0; place < m_listed.size(); ++place)
            byOldName(place);
        byValidity(true);
        for (std::size_t place = 0; place < m_listed.size(); ++place) {
            const std::size_t of = knownNamed(m_listed[place].name);
            if (!m_result[place] && of != none && !m_taken[of])
                match(place, of, true);
        }
        byValidity(false);
        return std::move(m_result);
    }

private:
    void match(std::size_t place, std::size_t of, bool isCertain)
    {
        m_result[place] = MailboxMatch{of, isCertain};
        m_taken[of] = true;
    }
    std::size_t knownNamed(const mail::MailboxName &name) const { return m_knownBy.names.value(nameKey(name), none); }
    std::size_t listedNamed(const mail::MailboxName &name) const { return m_listedBy.names.value(nameKey(name), none); }
    bool isUnique(UidValidity validity) const
    {
        return m_knownBy.validities.value(validity.value(), none) != none
            && m_listedBy.validities.value(validity.value(), none) != none;
    }
    /** Both have the UIDVALIDITY that no other mailbox has. */
    bool isProven(std::size_t place, std::size_t of) const
    {
        const MailboxMark &mark = m_listed[place].mark;
        return hasSameValidity(m_known[of].mark, mark) && isUnique(mark.uidValidity);
    }

    void byObjectId(std::size_t place)
    {
        const MailboxListing &listing = m_listed[place];
        const std::size_t of = m_knownBy.objectIds.value(listing.mark.objectId, none);
        if (of == none || m_listedBy.objectIds.value(listing.mark.objectId, none) != place
            || m_known[of].name.isInbox() != listing.name.isInbox())
            return;
        if (m_known[of].name == listing.name) {
            match(place, of, true);
            return;
        }
        // An id that goes from one mailbox to another which stays what it was is none (RFC 8474 section 4.1).
        const std::size_t rival = knownNamed(listing.name);
        if (rival != none && hasSameValidity(m_known[rival].mark, listing.mark)
            && hasOtherValidity(m_known[of].mark, listing.mark))
            return;
        const std::size_t holder = listedNamed(m_known[of].name);
        if (holder != none && isProven(holder, of))
            return;
        match(place, of, isProven(place, of));
    }

    void byOldName(std::size_t place)
    {
        const MailboxListing &listing = m_listed[place];
        if (m_result[place] || listing.mark.oldName.text.isEmpty() || listing.name.isInbox()
            || knownNamed(listing.name) != none || listedNamed(listing.mark.oldName) != none)
            return;
        const std::size_t of = knownNamed(listing.mark.oldName);
        if (of == none || m_taken[of] || m_known[of].name.isInbox() || hasOtherId(m_known[of].mark, listing.mark))
            return;
        match(place, of, isProven(place, of));
    }

    /** Whether it is not where its name is. */
    bool isAway(std::size_t of) const
    {
        const std::size_t place = listedNamed(m_known[of].name);
        return place == none || m_result[place] || hasOtherValidity(m_known[of].mark, m_listed[place].mark);
    }
    bool isCandidate(std::size_t place, std::size_t of, bool withCounters) const
    {
        const KnownMailbox &known = m_known[of];
        const MailboxListing &listing = m_listed[place];
        if (m_taken[of] || m_result[place] || known.name.isInbox() || listing.name.isInbox()
            || !hasSameValidity(known.mark, listing.mark) || hasOtherId(known.mark, listing.mark) || !isAway(of))
            return false;
        // A mailbox that keeps its name and UIDVALIDITY is the one that it was.
        const std::size_t named = knownNamed(listing.name);
        if (named != none && !hasOtherValidity(m_known[named].mark, listing.mark))
            return false;
        if (withCounters)
            return hasSameCounters(known.mark, listing.mark);
        // UIDs only grow, so what has fewer is another one (RFC 9051 section 2.3.1.1).
        return known.mark.uidNext.isValid() && listing.mark.uidNext >= known.mark.uidNext;
    }

    /** Those who have the same UIDVALIDITY, where each is the only candidate of the other. */
    void byValidity(bool withCounters)
    {
        QHash<std::uint32_t, std::vector<std::size_t>> away;
        for (std::size_t of = 0; of < m_known.size(); ++of) {
            if (!m_taken[of] && m_known[of].mark.uidValidity.isValid())
                away[m_known[of].mark.uidValidity.value()].push_back(of);
        }
        struct Pair {
            std::size_t place, of;
        };
        std::vector<Pair> found;
        std::vector<int> ofKnown(m_known.size(), 0);
        for (std::size_t place = 0; place < m_listed.size(); ++place) {
            if (m_result[place] || !m_listed[place].mark.uidValidity.isValid())
                continue;
            const auto same = away.constFind(m_listed[place].mark.uidValidity.value());
            // Where so many were made in one second, telling them apart is not worth what it costs.
            if (same == away.constEnd() || same->size() > mostOfOneSecond)
                continue;
            int count = 0;
            std::size_t only = none;
            for (const std::size_t of : *same) {
                if (isCandidate(place, of, withCounters)) {
                    ++count;
                    ++ofKnown[of];
                    only = of;
                }
            }
            if (count == 1)
                found.push_back({place, only});
        }
        for (const Pair &pair : found) {
            if (ofKnown[pair.of] == 1)
                match(pair.place, pair.of, withCounters && isProven(pair.place, pair.of));
        }
    }

    static constexpr std::size_t mostOfOneSecond = 100;

    std::span<const KnownMailbox> m_known;
    std::span<const MailboxListing> m_listed;
    Index m_knownBy;
    Index m_listedBy;
    std::vector<std::optional<MailboxMatch>> m_result;
    std::vector<bool> m_taken;
};

} // namespace

std::vector<std::optional<MailboxMatch>> matchMailboxes(std::span<const KnownMailbox> known,
                                                        std::span<const MailboxListing> listed)
{
    return Matcher(known, listed).run();
}

} // namespace kittiwake::store
