// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/verify/mailboxverifier.h"

#include "core/async/awaiters.h"
#include "core/store/rowcodec.h"

#include <algorithm>

namespace kittiwake::sync
{

namespace
{

/** Rows that are read from the cache in one go. */
constexpr std::int64_t rowsAtOnce = 1000;
/** Octets of a command beside its set of UIDs. */
constexpr qsizetype commandRoom = 200;

bool isBefore(const mail::MessageHeader &left, const mail::MessageHeader &right)
{
    return left.uid < right.uid;
}

/** Whether the cache speaks of other UIDs. A server that keeps no UIDVALIDITY leaves only the UIDs to compare. */
bool isRenumberedSince(const store::MailboxRow &row, const imap::SelectedMailbox &selected)
{
    return row.uidValidity.isValid() && selected.uidValidity.isValid() && row.uidValidity != selected.uidValidity;
}

imap::FetchItems comparedItems()
{
    imap::FetchItems items = headerItems(false);
    items.bodies.clear(); // references are not stored, so there is nothing to compare them with
    return items;
}

} // namespace

/** Messages on their way from the server. */
struct MailboxVerifier::Slice {
    Slice(Clock &clock, imap::UidSet wanted) : uids(std::move(wanted)), expected(uids.count()), done(clock) { }

    void take(const imap::FetchedMessage &message)
    {
        batch.take(message);
        landIfWhole();
    }
    void remove(const imap::UidSet &gone)
    {
        batch.remove(gone);
        imap::UidSet never = uids;
        never.intersect(gone);
        uids.subtract(never);
        expected = uids.count();
        landIfWhole();
    }
    void landIfWhole()
    {
        if (batch.unusable() == 0 && batch.headers().size() >= expected)
            done.complete({});
    }
    /** What the server told, as the cache would hold it, by rising UID. */
    [[nodiscard]] std::vector<mail::MessageHeader> told() const
    {
        std::vector<mail::MessageHeader> result;
        result.reserve(batch.headers().size());
        for (const mail::MessageHeader &header : batch.headers())
            result.push_back(store::asStored(header));
        std::sort(result.begin(), result.end(), isBefore);
        return result;
    }
    /** What it left out although it has it. */
    [[nodiscard]] std::vector<Uid> silent() const
    {
        if (batch.headers().size() >= expected)
            return {};
        imap::UidSet rest = uids;
        for (const mail::MessageHeader &header : batch.headers())
            rest.subtract(imap::UidSet(header.uid));
        std::vector<Uid> result;
        for (const imap::NumberRange &range : rest.ranges()) {
            for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
                result.emplace_back(static_cast<std::uint32_t>(uid));
        }
        return result;
    }

    imap::UidSet uids; ///< never open, at most sliceSize
    std::uint64_t expected;
    HeaderBatch batch;
    async::Completion<Result<void>> done;
};

MailboxVerifier::MailboxVerifier(Clock &clock, imap::Client &client, const store::CacheStore &store)
    : m_clock(clock), m_client(client), m_store(store)
{
    m_client.setUpdateHandler([this](const imap::MailboxUpdate &update) { apply(update); });
}

MailboxVerifier::~MailboxVerifier()
{
    m_client.setUpdateHandler({});
}

async::Task<Result<MailboxVerdict>> MailboxVerifier::verify(MailboxId mailbox, mail::MailboxName name,
                                                            Progress progress)
{
    m_mailbox = mailbox;
    MailboxVerdict verdict;
    verdict.mailbox = mailbox;
    verdict.name = name.text;
    // Before the server is asked: what comes into the cache later is not looked at.
    const auto row = m_store.mailbox(mailbox);
    if (!row)
        co_return failure(row.error());
    const auto bounds = m_store.uidBounds(mailbox);
    if (!bounds)
        co_return failure(bounds.error());

    imap::SelectMode mode;
    mode.readOnly = true;
    const auto selected = co_await m_client.select(name, mode);
    if (!selected) {
        if (selected.error().kind != ErrorKind::ServerRefused || !m_client.isConnected())
            co_return failure(selected.error());
        verdict.state = MailboxVerdict::State::NotOpened;
        verdict.error = selected.error();
        co_return verdict;
    }
    imap::UidSet server;
    if (selected->mailbox.exists > 0) {
        const std::vector<imap::SearchKey> everything{imap::SearchKey::all()};
        auto found = co_await m_client.search(everything);
        if (!found)
            co_return failure(found.error());
        server = std::move(*found);
    }
    const bool isRenumbered = *row && isRenumberedSince(**row, selected->mailbox);
    Result<void> compared;
    if (!*row || isRenumbered) {
        verdict.state = *row ? MailboxVerdict::State::Renumbered : MailboxVerdict::State::NotHere;
        for (const imap::NumberRange &range : server.ranges())
            m_comparison.addMissing({Uid(range.first), Uid(range.last)});
        compared = co_await compareRenumbered();
    } else {
        const Uid last = std::max(*bounds ? (*bounds)->last : Uid(), server.largest());
        compared = co_await compareAll(server, last, std::move(progress));
    }
    if (!compared)
        co_return failure(compared.error());
    if (*row) {
        const auto checked = checkMailbox(verdict, **row, selected->mailbox);
        if (!checked)
            co_return failure(checked.error());
        verdict.here = m_here.result((*row)->uidValidity, (*row)->uidNext);
    }
    verdict.there = m_there.result(selected->mailbox.uidValidity, selected->mailbox.uidNext);
    m_comparison.deliver(verdict);
    co_return verdict;
}

/** Nothing of the cache has a counterpart on the server. */
async::Task<Result<void>> MailboxVerifier::compareRenumbered()
{
    const auto bounds = m_store.uidBounds(m_mailbox);
    if (!bounds)
        co_return failure(bounds.error());
    if (!*bounds)
        co_return Result<void>();
    const auto nothing = std::make_shared<Slice>(m_clock, imap::UidSet());
    const auto compared = co_await compareStretch(nothing, Uid(1), (*bounds)->last);
    co_return compared;
}

async::Task<Result<void>> MailboxVerifier::compareAll(imap::UidSet server, Uid end, Progress progress)
{
    const auto total = static_cast<std::int64_t>(server.count());
    std::int64_t done = 0;
    Uid from(1);
    UidSlices slices(server);
    while (true) {
        const auto slice = co_await nextSlice(slices);
        if (!slice)
            co_return failure(slice.error());
        if (!*slice)
            break;
        if ((*slice)->uids.isEmpty())
            continue; // all of it went meanwhile
        const Uid to = (*slice)->uids.largest();
        const auto compared = co_await compareStretch(*slice, from, to);
        if (!compared)
            co_return failure(compared.error());
        from = Uid(to.value() + 1);
        done += static_cast<std::int64_t>((*slice)->uids.count());
        if (progress)
            progress(std::min(done, total), total);
    }
    if (from.isValid() && from <= end) {
        const auto nothing = std::make_shared<Slice>(m_clock, imap::UidSet());
        const auto compared = co_await compareStretch(nothing, from, end);
        if (!compared)
            co_return failure(compared.error());
    }
    std::vector<Uid> suspects = m_comparison.suspects(mostSuspects + 1);
    if (!suspects.empty() && suspects.size() <= mostSuspects) {
        const auto looked = co_await lookAgain(std::move(suspects));
        if (!looked)
            co_return failure(looked.error());
    }
    co_return Result<void>();
}

/** Both sides once more, of what did not agree; only what does not agree now counts. */
async::Task<Result<void>> MailboxVerifier::lookAgain(std::vector<Uid> suspects)
{
    // A server need not tell of what others did to the mailbox until it is asked (RFC 9051 section 7).
    const auto asked = co_await m_client.noop();
    if (!asked && (asked.error().kind != ErrorKind::ServerRefused || !m_client.isConnected()))
        co_return failure(asked.error());
    const imap::UidSet wanted = imap::UidSet::fromUids(suspects);
    imap::UidSet present;
    for (const imap::UidSet &piece : wanted.split(m_client.quirks().maxCommandLength - commandRoom)) {
        const std::vector<imap::SearchKey> those{imap::SearchKey::uids(piece)};
        const auto found = co_await m_client.search(those);
        if (!found)
            co_return failure(found.error());
        present.unite(*found);
    }
    std::vector<mail::MessageHeader> there;
    std::vector<Uid> silent;
    UidSlices slices(present);
    while (true) {
        const auto slice = co_await nextSlice(slices);
        if (!slice)
            co_return failure(slice.error());
        if (!*slice)
            break;
        for (mail::MessageHeader &header : (*slice)->told())
            there.push_back(std::move(header));
        for (const Uid uid : (*slice)->silent())
            silent.push_back(uid);
    }
    std::vector<mail::MessageHeader> here;
    for (const Uid uid : suspects) {
        auto cached = m_store.headers(m_mailbox, {uid, uid}, 1);
        if (!cached)
            co_return failure(cached.error());
        here.insert(here.end(), cached->begin(), cached->end());
    }
    m_comparison = RowComparison();
    m_comparison.compare(here, there, silent);
    co_return Result<void>();
}

std::shared_ptr<MailboxVerifier::Slice> MailboxVerifier::launch(imap::UidSet uids)
{
    auto slice = std::make_shared<Slice>(m_clock, std::move(uids));
    const auto run = [](MailboxVerifier &self, std::shared_ptr<Slice> wanted) -> async::Task<void> {
        const imap::FetchItems items = comparedItems();
        const imap::FetchSink sink = [wanted](imap::FetchedMessage &&message) { wanted->take(message); };
        const imap::UidSet asked = wanted->uids;
        const auto fetched = co_await self.m_client.fetch(asked, items, sink);
        wanted->done.complete(fetched ? Result<void>() : Result<void>(failure(fetched.error())));
    };
    m_scope.start(run(*this, slice));
    return slice;
}

async::Task<Result<std::shared_ptr<MailboxVerifier::Slice>>> MailboxVerifier::nextSlice(UidSlices &slices)
{
    while (true) {
        while (m_slices.size() < slicesInFlight && !slices.isEmpty()
               && (m_slices.empty() || m_scope.count() < commandsInFlight))
            m_slices.push_back(launch(slices.next(sliceSize)));
        if (m_slices.empty())
            co_return std::shared_ptr<Slice>();
        const std::shared_ptr<Slice> slice = m_slices.front();
        const async::Completion<Result<void>> done = slice->done;
        const Result<void> fetched = co_await done;
        m_slices.pop_front();
        if (fetched)
            co_return slice;
        if (fetched.error().kind != ErrorKind::ServerRefused || !m_client.isConnected())
            co_return failure(fetched.error());
        // One message that the server cannot read makes it refuse all of them (imapsync issue 119, Yahoo): halves
        // until it is found.
        if (slice->uids.count() <= 1)
            co_return slice;
        UidSlices halves(slice->uids);
        const std::uint64_t half = slice->uids.count() / 2;
        const auto lower = launch(halves.next(half));
        m_slices.push_front(launch(halves.next(sliceSize)));
        m_slices.push_front(lower);
    }
}

async::Task<Result<void>> MailboxVerifier::compareStretch(std::shared_ptr<Slice> slice, Uid from, Uid to)
{
    const std::vector<mail::MessageHeader> there = slice->told();
    const std::vector<Uid> silent = slice->silent();
    for (const mail::MessageHeader &header : there)
        m_there.add(header);
    std::span restThere(there);
    std::span restSilent(silent);
    while (true) {
        const auto here = m_store.headers(m_mailbox, {from, to}, rowsAtOnce);
        if (!here)
            co_return failure(here.error());
        const bool isLast = here->size() < static_cast<std::size_t>(rowsAtOnce);
        const Uid last = isLast ? to : here->back().uid;
        const auto upToThere
            = std::partition_point(restThere.begin(), restThere.end(),
                                   [last](const mail::MessageHeader &header) { return header.uid <= last; });
        const auto upToSilent = std::upper_bound(restSilent.begin(), restSilent.end(), last);
        m_comparison.compare(*here, {restThere.begin(), upToThere}, {restSilent.begin(), upToSilent});
        for (const mail::MessageHeader &header : *here)
            m_here.add(header);
        restThere = {upToThere, restThere.end()};
        restSilent = {upToSilent, restSilent.end()};
        if (isLast || last >= to)
            co_return Result<void>();
        from = Uid(last.value() + 1);
        // Only a cache that holds far more than the server gets here: others have their turn in between.
        async::SleepFor turn(m_clock, Clock::Duration::zero());
        co_await turn;
    }
}

Result<void> MailboxVerifier::checkMailbox(MailboxVerdict &verdict, const store::MailboxRow &row,
                                           const imap::SelectedMailbox &selected) const
{
    const auto differ = [&verdict](const char *field, std::uint64_t here, std::uint64_t there) {
        verdict.mailboxFields.push_back({QString::fromLatin1(field), QString::number(here), QString::number(there)});
    };
    if (isRenumberedSince(row, selected))
        differ("uidvalidity", row.uidValidity.value(), selected.uidValidity.value());
    // Behind the server is how every cache starts; ahead of it, news would be taken for known.
    else if (selected.uidNext.isValid() && row.uidNext > selected.uidNext)
        differ("uidnext", row.uidNext.value(), selected.uidNext.value());
    else if (selected.highestModSeq.isValid() && row.highestModSeq > selected.highestModSeq)
        differ("highestmodseq", row.highestModSeq.value(), selected.highestModSeq.value());
    const auto counted = m_store.recount(m_mailbox);
    const auto messages = m_store.countMessages(m_mailbox);
    const auto unseen = m_store.countUnseen(m_mailbox);
    for (const auto *result : {&messages, &unseen}) {
        if (!*result)
            return failure(result->error());
    }
    if (!counted)
        return failure(counted.error());
    if (*messages != counted->messages)
        differ("messages", static_cast<std::uint64_t>(*messages), static_cast<std::uint64_t>(counted->messages));
    if (*unseen != counted->unseen)
        differ("unseen", static_cast<std::uint64_t>(*unseen), static_cast<std::uint64_t>(counted->unseen));
    return {};
}

void MailboxVerifier::apply(const imap::MailboxUpdate &update)
{
    if (const auto *vanished = std::get_if<imap::Vanished>(&update)) {
        for (const auto &slice : m_slices)
            slice->remove(vanished->uids);
    } else if (const auto *flags = std::get_if<imap::FlagsChanged>(&update)) {
        for (const imap::FlagChange &change : flags->changes) {
            for (const auto &slice : m_slices)
                slice->batch.updateFlags(change.uid, change.flags, change.modseq);
        }
    }
}

} // namespace kittiwake::sync
