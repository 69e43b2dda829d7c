// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/mailboxsync/patientfetch.h"

#include <utility>
#include <vector>

namespace kittiwake::sync
{

namespace
{

/** A dozen for each message that is sought among thousands. */
constexpr int mostRefusals = 300;
/** More halvings than a mailbox has: as long as nothing was told, it is not one message that is refused. */
constexpr int mostRefusalsAtFirst = 34;

} // namespace

async::Task<Result<PatientResult>> fetchPatiently(imap::Client &client, imap::UidSet uids, imap::FetchItems items,
                                                  imap::FetchSink sink)
{
    PatientResult result;
    imap::UidSet told;
    bool anyAnswer = false;
    int refusals = 0;
    const imap::FetchSink note = [&told, &sink](imap::FetchedMessage &&message) {
        told.add(message.uid);
        sink(std::move(message));
    };
    std::vector<imap::UidSet> wanted;
    wanted.push_back(std::move(uids));
    while (!wanted.empty()) {
        imap::UidSet piece = std::move(wanted.back());
        wanted.pop_back();
        told = {};
        const auto fetched = co_await client.fetch(piece, items, note);
        anyAnswer = anyAnswer || fetched || !told.isEmpty();
        if (fetched) {
            result.vanished.unite(fetched->vanished);
            continue;
        }
        if (fetched.error().kind != ErrorKind::ServerRefused || !client.isConnected())
            co_return failure(fetched.error());
        if (++refusals > (anyAnswer ? mostRefusals : mostRefusalsAtFirst))
            co_return failure(fetched.error());
        if (piece.numbers().isOpen()) {
            const std::vector<imap::SearchKey> those{imap::SearchKey::uids(piece)};
            auto found = co_await client.search(those);
            if (!found)
                co_return failure(found.error());
            piece = std::move(*found);
        }
        piece.subtract(told);
        const std::uint64_t count = piece.count();
        if (count == 1) {
            result.refused.unite(piece);
        } else if (count > 1) {
            imap::UidSet upper = piece.takeLargest(count / 2);
            wanted.push_back(std::move(piece));
            wanted.push_back(std::move(upper));
        }
    }
    co_return result;
}

} // namespace kittiwake::sync
