// SPDX-License-Identifier: GPL-3.0-or-later
// What changes many messages at once: STORE, COPY, MOVE and EXPUNGE, where servers work on so many a command only.
#include "core/imap/client/flows.h"

#include <QCoreApplication>

#include <algorithm>
#include <memory>
#include <utility>

namespace kittiwake::imap::flows
{

namespace
{

/** One command, what it is about, and what was told of it before it was over. */
struct Piece {
    Piece(Connection &connection, UidSet messages) : uids(std::move(messages)), operation(connection)
    {
        operation.onCopyUid = [this](const CopyUidCode &code) { early.push_back(code); };
    }

    UidSet uids;
    Operation operation;
    std::vector<CopyUidCode> early;
};

/** MESSAGELIMIT=n and SAVELIMIT=n (RFC 9738 section 3): messages in one command; 0 where there is no limit. */
std::uint64_t announcedLimit(const Capabilities &capabilities)
{
    std::uint64_t smallest = 0;
    for (const QByteArray &name : capabilities.names()) {
        if (!name.startsWith("MESSAGELIMIT=") && !name.startsWith("SAVELIMIT="))
            continue;
        const std::uint64_t limit = name.mid(name.indexOf('=') + 1).toULongLong();
        if (limit > 0)
            smallest = smallest == 0 ? limit : std::min(smallest, limit);
    }
    return smallest;
}

/** In rising order, so that copies come in the order of their originals; at most limit messages each (0: any). */
std::vector<UidSet> commandsFor(const Connection &connection, UidSet uids, std::uint64_t limit, qsizetype extra)
{
    std::vector<UidSet> parts;
    while (limit > 0 && !uids.isEmpty() && !uids.numbers().isOpen())
        parts.push_back(uids.takeLargest(limit));
    if (!uids.isEmpty())
        parts.push_back(std::move(uids));
    std::vector<UidSet> pieces;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        for (UidSet &piece : piecesOf(connection, *part, extra))
            pieces.push_back(std::move(piece));
    }
    return pieces;
}

Error stuckError(const Connection &connection)
{
    return {ErrorKind::Protocol, connection.where(),
            QCoreApplication::translate("core",
                                        "%1 has changed only some of the messages, and does not go on with the "
                                        "others. Try again later.")
                .arg(connection.where()),
            QStringLiteral("MESSAGELIMIT does not move on")};
}

/** What of piece, which is over, is still to be done (RFC 9738 section 3.1), as sets for further commands. */
Result<std::vector<UidSet>> leftOf(const Connection &connection, const Piece &piece, qsizetype extra)
{
    for (const StatusResponse &answer : piece.operation.answers()) {
        const auto *limit = answer.codeAs<MessageLimitCode>();
        if (limit == nullptr)
            continue;
        if (answer.kind == StatusKind::Ok) {
            if (limit->lowestProcessed.value() <= 1)
                return std::vector<UidSet>();
            UidSet rest = piece.uids;
            rest.intersect(UidSet::range(Uid(1), Uid(limit->lowestProcessed.value() - 1)));
            if (rest == piece.uids)
                return failure(stuckError(connection));
            return commandsFor(connection, std::move(rest), limit->limit, extra);
        }
        // COPY is done as a whole or not at all: nothing was copied.
        if (limit->limit == 0 || limit->limit >= piece.uids.count())
            return failure(stuckError(connection));
        return commandsFor(connection, piece.uids, limit->limit, extra);
    }
    return std::vector<UidSet>();
}

bool isOverLimit(const Operation &operation)
{
    const StatusResponse *refusal = operation.refusal();
    return !operation.error() && refusal != nullptr && refusal->codeAs<MessageLimitCode>() != nullptr;
}

void addTo(CommandReply &all, CommandReply &&more, const std::vector<CopyUidCode> &early)
{
    all.code = std::move(more.code);
    all.text = std::move(more.text);
    // RFC 6851 section 4.3: MOVE tells COPYUID before the EXPUNGEs, untagged.
    all.copyUids.insert(all.copyUids.end(), early.begin(), early.end());
    all.copyUids.insert(all.copyUids.end(), more.copyUids.begin(), more.copyUids.end());
    all.notModified.unite(more.notModified);
}

} // namespace

async::Task<Result<CommandReply>> changeUids(ConnectionPtr connection, UidSet uids, UidCommand command, qsizetype extra)
{
    CommandReply reply;
    const std::uint64_t limit = announcedLimit(connection->session().capabilities());
    std::vector<UidSet> wanted = commandsFor(*connection, std::move(uids), limit, extra);
    while (!wanted.empty()) {
        std::vector<std::unique_ptr<Piece>> pieces;
        for (UidSet &set : wanted) {
            pieces.push_back(std::make_unique<Piece>(*connection, std::move(set)));
            pieces.back()->operation.submit(command(pieces.back()->uids));
        }
        wanted.clear();
        std::optional<Error> failed;
        for (const std::unique_ptr<Piece> &piece : pieces) {
            Operation &operation = piece->operation;
            co_await operation.finished();
            if (!isOverLimit(operation)) {
                Result<CommandReply> done = replyOf(*connection, operation);
                if (done)
                    addTo(reply, std::move(*done), piece->early);
                else if (!failed)
                    failed = done.error();
            }
            Result<std::vector<UidSet>> left = leftOf(*connection, *piece, extra);
            if (left)
                wanted.insert(wanted.end(), left->begin(), left->end());
            else if (!failed)
                failed = left.error();
        }
        if (failed)
            co_return failure(*failed);
    }
    co_return reply;
}

} // namespace kittiwake::imap::flows
