// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/arrivals.h"

#include "core/store/limits.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace kittiwake::sync
{

namespace
{

/** Equal for what is the same message: copies may have dates of their own, which count where nothing better does. */
using Key = std::tuple<QByteArray, std::uint64_t, std::int64_t>;

Key keyOf(const store::MessageIdentity &identity)
{
    return {identity.messageId, identity.size, identity.messageId.isEmpty() ? identity.internalDate : 0};
}

} // namespace

std::vector<Uid> findArrivals(const std::vector<WantedMessage> &wanted, const std::vector<ArrivedMessage> &arrived,
                              Likeness likeness)
{
    std::vector<Uid> result(wanted.size());
    std::map<Uid, const ArrivedMessage *> free;
    for (const ArrivedMessage &message : arrived)
        free.emplace(message.uid, &message);

    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto hinted = free.find(wanted[i].hint);
        if (hinted == free.end() || keyOf(hinted->second->identity) != keyOf(wanted[i].identity))
            continue;
        result[i] = hinted->first;
        free.erase(hinted);
    }

    std::map<Key, std::vector<Uid>> byKey; // the smallest last
    for (auto message = free.rbegin(); message != free.rend(); ++message)
        byKey[keyOf(message->second->identity)].push_back(message->first);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (result[i].isValid())
            continue;
        const auto same = byKey.find(keyOf(wanted[i].identity));
        if (same == byKey.end() || same->second.empty())
            continue;
        result[i] = same->second.back();
        same->second.pop_back();
        free.erase(result[i]);
    }
    if (likeness == Likeness::Strict)
        return result;

    std::map<QByteArray, std::vector<Uid>> byId;
    for (auto message = free.rbegin(); message != free.rend(); ++message)
        byId[message->second->identity.messageId].push_back(message->first);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (result[i].isValid() || wanted[i].identity.messageId.isEmpty())
            continue;
        const auto same = byId.find(wanted[i].identity.messageId);
        if (same == byId.end() || same->second.empty())
            continue;
        result[i] = same->second.back();
        same->second.pop_back();
    }
    return result;
}

store::MessageIdentity identityOf(const mail::MessageHeader &header)
{
    const bool isKept = header.messageId.size() <= store::limits::messageId;
    return {isKept ? header.messageId : QByteArray(), header.size, header.internalDate};
}

} // namespace kittiwake::sync
