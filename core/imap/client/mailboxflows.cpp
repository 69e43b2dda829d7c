// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with a mailbox besides fetching.
#include "core/imap/client/flows.h"
#include "core/imap/session/imaperrors.h"

#include <algorithm>
#include <utility>

namespace kittiwake::imap::flows
{

namespace
{

constexpr std::size_t maxChanges = 200'000;

} // namespace

async::Task<Result<SelectResult>> select(ConnectionPtr connection, mail::MailboxName mailbox, SelectMode mode)
{
    const Session &session = connection->session();
    SelectOptions options;
    // Where ENABLE is missing, this is how CONDSTORE is switched on (RFC 7162 section 3.1.8).
    options.condstore = session.capabilities().has("CONDSTORE") && !session.capabilities().has("ENABLE");
    options.qresync = std::move(mode.qresync);

    SelectResult result;
    Operation operation(*connection);
    operation.onData = [&result](Response &&data) {
        if (const auto *vanished = std::get_if<VanishedData>(&data)) {
            result.vanished.unite(vanished->uids);
        } else if (auto *fetch = std::get_if<FetchData>(&data)) {
            if (fetch->uid.isValid() && result.changed.size() < maxChanges)
                result.changed.push_back(std::move(*fetch));
            else
                result.tooManyChanges = true;
        } else if (std::holds_alternative<StatusResponse>(data)) {
            result = SelectResult();
        }
    };
    Session::Hints hints;
    hints.mailbox = mailbox;
    operation.submit(mode.readOnly ? Command::examine(mailbox, options) : Command::select(mailbox, options), hints);
    co_await operation.finished();

    const Result<void> outcome = outcomeOf(*connection, operation);
    if (!outcome)
        co_return failure(outcome.error());
    const std::optional<SelectedMailbox> selected = session.mailbox().current();
    if (!selected)
        co_return failure(cancelledError(connection->where())); // another SELECT came between
    result.mailbox = *selected;
    co_return result;
}

async::Task<Result<void>> unselect(ConnectionPtr connection)
{
    const Session &session = connection->session();
    if (session.state() != SessionState::Selected && session.isQuiet() && !connection->endError())
        co_return Result<void>();
    Operation operation(*connection);
    // Without UNSELECT there is only CLOSE, which expunges; EXAMINE of a mailbox that cannot be there deselects without
    // (RFC 9051 section 6.3.2), as the RFC of UNSELECT itself suggests (RFC 3691 section 1).
    const bool proper = session.capabilities().has("UNSELECT") || session.capabilities().has("IMAP4REV2");
    if (proper) {
        operation.submit(Command::unselect());
    } else {
        Session::Hints hints;
        hints.mailbox.text = QStringLiteral("No such mailbox, only to deselect");
        operation.submit(Command::examine(hints.mailbox), hints);
    }
    co_await operation.finished();
    if (!proper && !operation.error())
        co_return Result<void>();
    const Result<void> outcome = outcomeOf(*connection, operation);
    co_return outcome;
}

async::Task<Result<CommandReply>> noop(ConnectionPtr connection)
{
    const std::int64_t askedAt = connection->now();
    auto reply = co_await run(connection, {Command::noop()});
    if (reply)
        connection->proved(askedAt);
    co_return reply;
}

async::Task<Result<UidSet>> search(ConnectionPtr connection, std::vector<SearchKey> keys, bool learn, SearchEnd end)
{
    // With MESSAGELIMIT only the tagged answer says whether that was all.
    const QByteArrayList names = connection->session().capabilities().names();
    const bool endsWhenTold = end == SearchEnd::Told
        && std::none_of(names.begin(), names.end(),
                        [](const QByteArray &name) { return name.startsWith("MESSAGELIMIT"); });
    Session::Hints hints;
    // One answer may be a part of all where there is MESSAGELIMIT; Yahoo, the only such service, numbers wrongly
    // anyway.
    hints.searchesAll = learn && !connection->session().quirks().sequenceNumbersLie;
    // iCloud answers some ESEARCH with COUNT only: then it is asked again the old way.
    bool extended = connection->session().capabilities().has("ESEARCH");
    UidSet all;
    UidSet rest = UidSet::range(Uid(1), Uid(UINT32_MAX)); // what a server with MESSAGELIMIT has not looked at yet
    bool isPart = false;
    while (true) {
        SequenceSet found;
        bool answered = false;
        SearchReturn what;
        what.all = extended;
        Operation operation(*connection);
        operation.onData = [&found, &answered, &operation, endsWhenTold](Response &&data) {
            if (const auto *plain = std::get_if<SearchData>(&data)) {
                found.unite(plain->numbers);
                answered = true;
            } else if (const auto *esearch = std::get_if<ESearchData>(&data)) {
                if (!esearch->uid)
                    return;
                if (esearch->all)
                    found.unite(*esearch->all);
                answered = esearch->all || !esearch->count || *esearch->count == 0;
                if (endsWhenTold && esearch->all && !esearch->tag.isEmpty())
                    operation.settle();
            }
        };
        std::vector<SearchKey> wanted = keys;
        if (isPart)
            wanted.push_back(SearchKey::uids(rest));
        operation.submit(Command::uidSearch(wanted, what), hints);
        co_await operation.finished();
        const Result<void> outcome = outcomeOf(*connection, operation);
        if (!outcome)
            co_return failure(outcome.error());
        if (!answered && extended) {
            extended = false;
            continue;
        }
        all.unite(UidSet(std::move(found)));
        const Uid lowest = limitOf(operation);
        if (!lowest.isValid())
            co_return all;
        const auto below = restBelow(*connection, rest, lowest);
        if (!below)
            co_return failure(below.error());
        if (below->isEmpty())
            co_return all;
        rest = *below;
        isPart = true;
    }
}

async::Task<Result<CommandReply>> move(ConnectionPtr connection, UidSet uids, mail::MailboxName target, bool keep)
{
    const qsizetype extra = 200 + 4 * target.text.size();
    UidCommand command = [target = std::move(target), keep](const UidSet &piece) {
        return keep ? Command::uidCopy(piece, target) : Command::uidMove(piece, target);
    };
    Result<CommandReply> reply = co_await changeUids(connection, std::move(uids), std::move(command), extra);
    if (reply && connection->session().quirks().copyUidPermuted)
        std::erase_if(reply->copyUids, [](const CopyUidCode &code) { return countOf(code.source) != 1; });
    co_return reply;
}

} // namespace kittiwake::imap::flows
