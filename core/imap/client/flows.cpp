// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/flows.h"

#include "core/imap/session/imaperrors.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace kittiwake::imap::flows
{

Result<void> outcomeOf(Connection &connection, const Operation &operation)
{
    if (operation.error())
        return failure(*operation.error());
    const StatusResponse *refusal = operation.refusal();
    if (refusal == nullptr)
        return {};
    if (isNotConnected(*refusal)) {
        // Every further command would be refused the same way.
        Error error = notConnectedError(connection.where(), *refusal);
        connection.die(error, true);
        return failure(std::move(error));
    }
    return failure(refusedError(connection.where(), *refusal));
}

Result<CommandReply> replyOf(Connection &connection, const Operation &operation)
{
    CommandReply reply;
    bool conditional = false;
    for (const StatusResponse &answer : operation.answers()) {
        if (const auto *modified = answer.codeAs<ModifiedCode>()) {
            reply.notModified.unite(UidSet(modified->numbers));
            conditional = true;
        }
        if (answer.kind != StatusKind::Ok)
            continue;
        reply.code = answer.code;
        reply.text = answer.displayText();
        if (const auto *copied = answer.codeAs<CopyUidCode>())
            reply.copyUids.push_back(*copied);
        if (const auto *appended = answer.codeAs<AppendUidCode>())
            reply.appendUid = *appended;
    }
    const Result<void> outcome = outcomeOf(connection, operation);
    // RFC 7162 section 3.1.3: a conditional STORE may say NO with MODIFIED for what it left alone.
    if (!outcome && !(conditional && outcome.error().kind == ErrorKind::ServerRefused))
        return failure(outcome.error());
    return reply;
}

async::Task<Result<CommandReply>> run(ConnectionPtr connection, std::vector<Command> commands)
{
    if (commands.empty())
        co_return CommandReply();
    Operation operation(*connection);
    for (const Command &command : commands)
        operation.submit(command);
    co_await operation.finished();
    co_return replyOf(*connection, operation);
}

std::vector<UidSet> piecesOf(const Connection &connection, const UidSet &uids, qsizetype extra)
{
    return uids.split(std::max<qsizetype>(connection.session().quirks().maxCommandLength - extra, 100));
}

Uid limitOf(const Operation &operation)
{
    Uid lowest;
    for (const StatusResponse &answer : operation.answers()) {
        if (const auto *limit = answer.codeAs<MessageLimitCode>())
            lowest = std::max(lowest, limit->lowestProcessed);
    }
    return lowest;
}

Result<UidSet> restBelow(const Connection &connection, const UidSet &uids, Uid lowestWorkedOn)
{
    if (lowestWorkedOn.value() <= 1)
        return UidSet();
    UidSet rest = uids;
    rest.intersect(UidSet::range(Uid(1), Uid(lowestWorkedOn.value() - 1)));
    if (rest == uids) {
        return failure(ErrorKind::Protocol, connection.where(),
                       QCoreApplication::translate("core", "%1 does not tell all of this folder. Try again later.")
                           .arg(connection.where()),
                       QStringLiteral("MESSAGELIMIT %1 does not move on").arg(lowestWorkedOn.value()));
    }
    return rest;
}

} // namespace kittiwake::imap::flows
