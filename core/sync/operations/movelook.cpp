// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/account/accountsync.h"
#include "core/sync/account/hearnews.h"
#include "core/sync/mailboxsync/headerbatch.h"
#include "core/sync/operations/elsewhere.h"
#include "core/sync/operations/movereplay.h"
#include "core/sync/operations/replayerrors.h"

#include <QCoreApplication>

#include <algorithm>

/** How a replayed move finds messages again. */
namespace kittiwake::sync
{

namespace
{

/** After a lost answer, messages that are neither here nor there are searched for one by one: not for ever. */
constexpr std::size_t mostSearches = 100;

struct Scan {
    std::vector<Uid> places; ///< of those wanted, in their order
    std::vector<mail::MessageHeader> headers; ///< of all that were looked at
};

async::Task<Result<std::vector<mail::MessageHeader>>> fetchHeaders(const Lease &lease, imap::UidSet uids, bool isWhole)
{
    imap::Client *client = lease.client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    imap::FetchItems items;
    if (isWhole) {
        items = headerItems(client->capabilities().has("CONDSTORE"));
    } else {
        items.flags = true;
        items.internalDate = true;
        items.size = true;
        items.envelope = true;
    }
    std::vector<mail::MessageHeader> headers;
    const imap::FetchSink sink = [&headers](imap::FetchedMessage &&message) {
        if (auto header = headerFromFetch(message))
            headers.push_back(std::move(*header));
    };
    const auto fetched = co_await client->fetch(uids, items, sink);
    if (!fetched)
        co_return failure(fetched.error());
    co_return headers;
}

std::vector<Uid> match(const std::vector<WantedMessage> &wanted, const std::vector<mail::MessageHeader> &headers,
                       Uid from, Likeness likeness)
{
    std::vector<ArrivedMessage> arrived;
    for (const mail::MessageHeader &header : headers) {
        // "n:*" names the last message even when its UID is below n (RFC 9051 section 9, seq-range).
        if (header.uid >= from)
            arrived.push_back({header.uid, identityOf(header)});
    }
    return findArrivals(wanted, arrived, likeness);
}

/** Looks where the hints lead, and where they do not lead to the right messages, at all from a UID on. */
async::Task<Result<Scan>> scan(const Lease &lease, std::vector<WantedMessage> wanted, Uid from, Likeness likeness,
                               bool isWhole)
{
    Scan result;
    // Where the mailbox was open already, FETCH is answered from what this session has been told so far, and what
    // another one has just copied there is not part of that.
    const auto told = co_await hearNews(lease);
    if (!told)
        co_return failure(told.error());
    imap::UidSet hinted;
    for (const WantedMessage &message : wanted) {
        if (message.hint.isValid())
            hinted.add(message.hint);
    }
    if (hinted.count() == wanted.size()) {
        auto headers = co_await fetchHeaders(lease, hinted, isWhole);
        if (!headers)
            co_return failure(headers.error());
        result.headers = std::move(*headers);
        result.places = match(wanted, result.headers, Uid(1), Likeness::Strict);
        if (std::all_of(result.places.begin(), result.places.end(), [](Uid uid) { return uid.isValid(); }))
            co_return result;
    }
    const imap::UidSet all = imap::UidSet::from(from);
    auto headers = co_await fetchHeaders(lease, all, isWhole);
    if (!headers)
        co_return failure(headers.error());
    result.headers = std::move(*headers);
    result.places = match(wanted, result.headers, from, likeness);
    co_return result;
}

} // namespace

async::Task<Result<void>> MoveReplay::identify(std::size_t item)
{
    const Result<Lease> lease = co_await m_sync.borrow(m_source);
    if (!lease)
        co_return failure(lease.error());
    MoveOperation &operation = m_items[item].operation;
    const bool isSame = lease->uidValidity() == operation.uidValidity;
    std::vector<WantedMessage> wanted;
    wanted.reserve(operation.messages.size());
    for (const MovedMessage &message : operation.messages)
        wanted.push_back({isSame ? message.uid : Uid(), message.identity});
    const Uid from = isSame ? operation.searchFrom : Uid(1);
    const auto found = co_await scan(*lease, wanted, from, isSame ? Likeness::Lenient : Likeness::Strict, false);
    if (!found)
        co_return failure(found.error());
    std::vector<MovedMessage> there;
    for (std::size_t i = 0; i < operation.messages.size(); ++i) {
        if (!found->places[i].isValid())
            continue;
        there.push_back(operation.messages[i]);
        there.back().uid = found->places[i];
    }
    if (there.empty())
        co_return failure(
            refusal(operation.source,
                    QCoreApplication::translate("core",
                                                "The messages are not in “%1” any more, so they cannot be "
                                                "brought back.")
                        .arg(operation.source.text)));
    m_items[item].unfound = static_cast<std::int64_t>(operation.messages.size() - there.size());
    operation.messages = std::move(there);
    operation.uidValidity = lease->uidValidity();
    operation.searchFrom = {};
    // Their UIDs are known from here on, also after a crash.
    const auto record = m_pending.find(m_items[item].record.id);
    if (!record)
        co_return failure(record.error());
    if (*record && !m_items[item].isReaddressed(**record)) {
        store::PendingOperation known = **record;
        known.payload = operation.toBytes();
        auto written = m_pending.update(known);
        if (!written)
            co_return written;
        m_items[item].noted = known.payload;
    }
    co_return Result<void>();
}

async::Task<Result<MoveReplay::Found>> MoveReplay::look(std::vector<Slot> slots, std::vector<imap::CopyUidCode> hints,
                                                        UidValidity validity, Uid from, Likeness likeness)
{
    const auto lease = co_await m_sync.borrow(m_target);
    if (!lease)
        co_return failure(lease.error());
    const UidValidity now = lease->uidValidity();
    Found told;
    if (!validity.isValid() || validity == now) {
        for (const imap::CopyUidCode &code : hints) {
            if (code.validity == now)
                told.merge(pairsOf(code));
        }
    } else {
        from = Uid(1); // The folder was made anew: its numbers begin again.
    }
    std::vector<WantedMessage> wanted;
    for (const Slot &slot : slots) {
        const auto hint = told.find(messageOf(slot).uid);
        wanted.push_back({hint == told.end() ? Uid() : hint->second, messageOf(slot).identity});
    }
    const bool isWhole = slots.size() <= smallChunk;
    auto seen = co_await scan(*lease, wanted, from.isValid() ? from : Uid(1), likeness, isWhole);
    if (!seen)
        co_return failure(seen.error());
    m_seenSince = static_cast<std::uint64_t>(
        std::count_if(seen->headers.begin(), seen->headers.end(),
                      [from](const mail::MessageHeader &header) { return header.uid >= from; }));
    Found found;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (seen->places[i].isValid())
            found.emplace(messageOf(slots[i]).uid, seen->places[i]);
    }
    keep(isWhole ? std::move(seen->headers) : std::vector<mail::MessageHeader>(), now, found);
    co_return found;
}

/**
 * Messages that went from the source and are not among what came to the target: the server may have had them there
 * already (Gmail's All Mail), under an older UID. Where it does not search for Message-IDs (Yandex, iCloud), there is
 * no telling.
 */
async::Task<Result<MoveReplay::Found>> MoveReplay::lookEverywhere(std::vector<Slot> slots)
{
    const auto lease = co_await m_sync.borrow(m_target);
    if (!lease)
        co_return failure(lease.error());
    Found found;
    for (std::size_t i = 0; i < std::min(slots.size(), mostSearches); ++i) {
        const MovedMessage &message = messageOf(slots[i]);
        imap::Client *client = lease->client();
        if (client == nullptr)
            co_return failure(connectionLostError());
        if (message.identity.messageId.isEmpty())
            continue;
        const std::vector<imap::SearchKey> keys{
            imap::SearchKey::header(QByteArrayLiteral("Message-ID"), message.identity.messageId)};
        const auto uids = co_await client->search(keys);
        if (!uids && uids.error().kind != ErrorKind::ServerRefused)
            co_return failure(uids.error());
        if (!uids || uids->isEmpty())
            continue;
        imap::UidSet some = *uids;
        some = some.takeLargest(mostSearches);
        auto headers = co_await fetchHeaders(*lease, some, true);
        if (!headers)
            co_return failure(headers.error());
        const std::vector<WantedMessage> wanted{{Uid(), message.identity}};
        const std::vector<Uid> places = match(wanted, *headers, Uid(1), Likeness::Lenient);
        if (places.front().isValid())
            found.emplace(message.uid, places.front());
    }
    keep({}, lease->uidValidity(), found);
    co_return found;
}

/** What may have been copied or moved when the last answer was lost: where it was to arrive, and beyond. */
async::Task<Result<void>> MoveReplay::lookForAsked(std::vector<Slot> slots)
{
    const MoveProgress &before = m_items[slots.front().item].progress;
    const UidValidity validity = before.targetValidity;
    const Uid next = before.targetNext;
    const std::vector<imap::CopyUidCode> noHints;
    const auto arrived = co_await look(slots, noHints, validity, next, Likeness::Strict);
    if (!arrived)
        co_return failure(arrived.error());
    settle(slots, *arrived, Sent(), true);
    imap::UidSet missing = uidsOf(slots);
    missing.subtract(arrivedOf(missing));
    if (missing.isEmpty() || !m_items[slots.front().item].progress.others)
        co_return Result<void>();
    const auto isDoubtful = co_await mayHaveLeft(validity, next);
    if (!isDoubtful)
        co_return failure(isDoubtful.error());
    if (!*isDoubtful)
        co_return Result<void>();
    const std::vector<Slot> lost = slotsOf(slots, missing);
    const auto found = co_await findMovedOn(lost);
    co_return found;
}

/** Whether messages have come into the target since, and left it again. */
async::Task<Result<bool>> MoveReplay::mayHaveLeft(UidValidity validity, Uid next)
{
    // A session that has the target open may not know: what came and went unseen has left no trace in it.
    const auto lease = co_await borrowSource();
    if (!lease)
        co_return failure(lease.error());
    imap::Client *client = lease->client();
    if (client == nullptr)
        co_return failure(connectionLostError());
    const imap::StatusItems items{imap::StatusItem::UidNext, imap::StatusItem::UidValidity};
    const mail::MailboxName target = *first().target;
    const auto status = co_await client->status(target, items);
    if (!status && status.error().kind != ErrorKind::ServerRefused)
        co_return failure(status.error());
    if (!status || !status->uidNext.isValid() || status->uidValidity != validity || !next.isValid())
        co_return true;
    co_return status->uidNext > next &&m_seenSince < status->uidNext.value() - next.value();
}

/** Another device may have moved the copies on: then they are not copied again, and their originals are to go. */
async::Task<Result<void>> MoveReplay::findMovedOn(std::vector<Slot> slots)
{
    const std::size_t index = slots.front().item;
    const MoveOperation &operation = m_items[index].operation;
    ElsewhereSearch search{m_items[index].record.account, m_target, {}, *m_items[index].progress.others};
    for (const MovedMessage &message : operation.messages)
        search.known.push_back({operation.source, operation.uidValidity, message.uid});
    for (const Slot &slot : slots)
        search.wanted.push_back(messageOf(slot).identity);
    const auto places = co_await findElsewhere(m_environment, m_sync, std::move(search));
    if (!places)
        co_return failure(places.error());
    MoveProgress &progress = m_items[index].progress;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const std::optional<MessageAt> &place = (*places)[i];
        if (!place)
            continue;
        const Uid uid = messageOf(slots[i]).uid;
        progress.done.push_back(
            {place->mailbox, codeOf(place->validity, {{uid, place->uid}}), Uid(), true, takesAway()});
        progress.inFlight.subtract(imap::UidSet(uid));
    }
    co_return Result<void>();
}

/** Many at once are not looked for elsewhere: that would be a command for each in each mailbox. */
Result<void> MoveReplay::noteOthers(MoveProgress &progress, const std::vector<Slot> &slots) const
{
    if (slots.size() > mostSearches)
        return {};
    const MoveOperation &operation = m_items[slots.front().item].operation;
    std::vector<MessageAt> others;
    for (const Slot &slot : slots) {
        const MovedMessage &message = messageOf(slot);
        const auto places
            = placesOf(m_environment.store, m_items[slot.item].record.account, message.identity.messageId);
        if (!places)
            return failure(places.error());
        const MessageAt original{operation.source, operation.uidValidity, message.uid};
        for (const MessageAt &place : *places) {
            if (place != original && std::find(others.begin(), others.end(), place) == others.end())
                others.push_back(place);
        }
    }
    progress.others = std::move(others);
    return {};
}

} // namespace kittiwake::sync
